"""What SQLite promises beyond every store: about its files, other processes, a full disk, damage, and erased bytes.

Seen to fail: `test_an_unsafe_database_is_noticed` leaves out what makes erasures and commits safe, one thing at a time.
With all logs in one table, as they were at first, the test of random erasures finds bytes of about one run in seven.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contracts.shelf import SECRET, add, begun, bytes_of, everything, fill, note, reads, row, undone

from comity.core.act import Ref
from comity.core.entry import Entry
from comity.core.errors import Malformed, Unavailable
from comity.storage import sqlite as adapter
from comity.storage.port import Row
from comity.storage.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path, busy_ms=200)) as made:
        yield begun(made)


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process, with a store `store` on the first argument."""
    head = (
        "import os, resource, sys\nfrom pathlib import Path\nfrom comity.core.errors import Unavailable\n"
        "from comity.storage.sqlite import SqliteStore\nfrom tests.contracts.shelf import *\n"
        "store = SqliteStore(Path(sys.argv[1]))\n"
    )
    words = [sys.executable, "-c", head + program, *map(str, arguments)]
    home = Path(__file__).parents[2]
    return subprocess.Popen(words, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip()


# --------------------------------------------------------------------------------------- on the disk


def test_everything_survives_reopening(store: SqliteStore, path: Path) -> None:
    """What was committed is in the file, for the next process that opens it."""
    fill(store)
    with store.transaction():
        store.erase(Ref("TUR", 1))
    before = everything(store)
    with closing(SqliteStore(path)) as beside:
        assert everything(beside) == before
    store.close()
    with closing(SqliteStore(path)) as again:
        assert everything(again) == before
        add(again, row(2))
        assert again.faults() == []


def test_what_is_committed_is_on_the_disk_before_anybody_is_told(store: SqliteStore, path: Path) -> None:
    """Write-ahead log and full synchronisation are really set, on every connection: read back, not believed."""
    asked: dict[str, list[object]] = {}

    def ask() -> None:
        connection = store._here()
        for pragma in ("journal_mode", "synchronous", "secure_delete", "trusted_schema"):
            asked.setdefault(pragma, []).extend(connection.execute(f"PRAGMA {pragma}").fetchone())

    ask()
    with store.transaction():
        ask()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert asked == {
        "journal_mode": ["wal"] * 3,
        "synchronous": [2] * 3,
        "secure_delete": [1] * 3,
        "trusted_schema": [0] * 3,
    }
    assert path.read_bytes()[18:20] == b"\x02\x02", "the file itself says that it has a write-ahead log"


def test_a_power_cut_leaves_whole_transactions(tmp_path: Path) -> None:
    """However much of the write-ahead log had reached the disk: some first transactions, each whole, and no other."""
    live, states = tmp_path / "live" / "record.db", []
    live.parent.mkdir()
    with closing(begun(SqliteStore(live))) as store:
        store._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        states.append(everything(store))
        for number in range(0, 24, 3):
            with store.transaction():
                store.append("TUR", number, [row(number + n, noun="meeting") for n in range(3)])
                store.put_note("TUR", note(number + 3))
                store.put("ready", b"%d" % number)
            states.append(everything(store))
        files = {one.name: one.read_bytes() for one in live.parent.iterdir() if not one.name.endswith("-shm")}
    chance, reached = random.Random(4), set()
    whole = len(files["record.db-wal"])
    for number, cut in enumerate([0, whole, *(chance.randrange(whole) for _ in range(40))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, raw in files.items():
            (folder / name).write_bytes(raw[:cut] if name.endswith("-wal") else raw)
        with closing(SqliteStore(folder / "record.db")) as after:
            assert everything(after) in states
            reached.add(states.index(everything(after)))
            assert after.faults() == []
    assert {0, 8} < reached
    assert len(reached) > 4


# -------------------------------------------------------------------------------- other processes


def test_two_stores_on_one_file_tell_each_other(store: SqliteStore, path: Path) -> None:
    """`changed` says once that another has written; one's own writing and one's own rollback are not news."""
    with closing(SqliteStore(path)) as other:
        add(store, row(0))
        with other.transaction():
            assert other.changed()
            assert not other.changed()
            assert other.size("TUR") == 1
            other.append("TUR", 1, [row(1)])
        with undone(other):
            assert not other.changed()
            other.append("TUR", 2, [row(2)])
        with store.transaction():
            assert store.changed()
            assert not store.changed()
        assert everything(store) == everything(other)


@pytest.mark.parametrize("asked", [False, True])
def test_a_size_read_before_another_wrote_is_not_believed(
    store: SqliteStore, path: Path, asked: bool
) -> None:
    """The swap compares with what is on disk now, whether or not anybody asked if something changed."""
    add(store, row(0))
    with closing(SqliteStore(path)) as other:
        add(other, row(1))
    for at in (0, 1):
        with pytest.raises(Unavailable, match=rf"has 2 acts, not {at}: read it again"), store.transaction():
            _ = asked and store.changed()
            store.append("TUR", at, [row(9)])
    assert list(store.scan("TUR")) == [row(0).entry, row(1).entry]


def test_a_party_that_another_process_added_is_known(path: Path) -> None:
    """Two programs that open a new database at once: the later one finds the logs that the earlier one began."""
    with closing(SqliteStore(path)) as first, closing(SqliteStore(path)) as second:
        fill(begun(second))
        assert first.parties() == ["IRQ", "TUR"]
        assert first.opened("meeting", None, 9) == [Ref("TUR", 0)]
        add(first, row(0, Ref("TUR", 0), party="IRQ"), party="IRQ")
        assert everything(first) == everything(second)


def test_two_processes_write_one_log_without_a_gap_or_a_double(store: SqliteStore, path: Path) -> None:
    """Each sees what the other wrote and waits for it; nothing is lost, nothing is there twice."""
    program = (
        "for n in range(60):\n"
        "    with store.transaction():\n"
        "        at = store.size('TUR')\n"
        "        leaf = f'{sys.argv[2]} {n}'.encode()\n"
        "        store.append('TUR', at, [Row(Entry(leaf, None), Ref('TUR', at), '')])\n"
    )
    for writer in [run(program, path, name) for name in "ab"]:
        ended(writer)
    leaves = [entry.leaf for entry in store.scan("TUR")]
    assert store.size("TUR") == len(leaves) == 120
    for name in (b"a", b"b"):
        assert [leaf for leaf in leaves if leaf.startswith(name)] == [b"%s %d" % (name, n) for n in range(60)]
    assert store.faults() == []


def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """Whoever comes while the tables are being made waits for them, and takes the file for what it is."""
    for number in range(3):
        path = tmp_path / f"{number}.db"
        for opener in [run("begun(store)\nprint(*store.parties())", path) for _ in range(6)]:
            assert ended(opener) == "IRQ TUR"
        with closing(SqliteStore(path)) as store:
            assert store.faults() == []


def test_a_locked_database_is_unavailable_after_its_time_and_says_what_to_do(path: Path) -> None:
    """Not at once and not never; once it is free everything goes on. Reading goes on all the while."""
    with closing(begun(SqliteStore(path, busy_ms=150))) as store, closing(SqliteStore(path)) as other:
        add(store, row(0))
        with other.transaction():
            began = time.monotonic()
            with pytest.raises(Unavailable, match="another program is writing to it; wait"):
                add(store, row(1))
            assert time.monotonic() - began > 0.1
            assert list(store.scan("TUR")) == [row(0).entry]
        add(store, row(1))
        assert store.size("TUR") == 2


def test_a_writer_waits_for_another_as_long_as_it_was_told(path: Path) -> None:
    """A short wait for the other process is nothing that anybody hears of."""
    with closing(begun(SqliteStore(path, busy_ms=10_000))) as store:
        other = run(
            "import time\nwith store.transaction():\n    print('in', flush=True)\n    time.sleep(0.4)\n"
            "    store.append('TUR', 0, [row(0)])\n",
            path,
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        add(store, row(0, party="IRQ"), party="IRQ")
        ended(other)
        assert (store.size("TUR"), store.size("IRQ")) == (1, 1)


# ------------------------------------------------------------------------------------ a full disk


@pytest.mark.parametrize("room", range(6))
def test_a_full_database_is_unavailable_and_stays_as_it_was(path: Path, room: int) -> None:
    """No room for one more page, after any number of pages: nothing is kept; with room again it succeeds."""
    with closing(begun(SqliteStore(path))) as store:
        fill(store)
        before = everything(store)
        pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
        store._writer.execute(f"PRAGMA max_page_count={pages + room}")
        more = [row(n, content=b"x" * 4000) for n in range(2, 12)]
        for read in (False, True):
            with pytest.raises(Unavailable, match="full; make room, nothing was lost"), store.transaction():
                store.append("TUR", 2, more)
                _ = (
                    read and store.docket_count()
                )  # the rows are put into the database here, and not at the end
        assert everything(store) == before
        assert store.faults() == []
        store._writer.execute("PRAGMA max_page_count=100000")
        add(store, *more)
        assert list(store.scan("TUR", 2)) == [one.entry for one in more]


def test_a_full_disk_is_unavailable_and_stays_as_it_was(path: Path) -> None:
    """The same from the operating system, where no file may grow any more, the write-ahead log neither."""
    program = (
        "store = begun(store)\n"
        "def limit(size):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))\n"
        "told, failures = 0, 0\n"
        "for size in range(150_000, 600_000, 50_000):\n"
        "    limit(size)\n"
        "    try:\n"
        "        while True:\n"
        "            add(store, *[row(told + n, content=b'x' * 3000) for n in range(3)])\n"
        "            told += 3\n"
        "    except Unavailable as error:\n"
        "        failures += 1\n"
        "        assert 'record.db' in str(error), error\n"
        "    assert [e.leaf for e in store.scan('TUR')] == [row(n).entry.leaf for n in range(told)], told\n"
        "limit(resource.RLIM_INFINITY)\n"
        "add(store, row(told))\n"
        "assert store.faults() == [], store.faults()\n"
        "print(told, failures)\n"
    )
    told, failures = map(int, ended(run(program, path)).split())
    assert told > 20
    assert failures == 9
    with closing(SqliteStore(path)) as store:
        assert [entry.leaf for entry in store.scan("TUR")] == [row(n).entry.leaf for n in range(told + 1)]


def test_a_cleaning_that_fails_is_no_failure_of_what_was_committed(store: SqliteStore, path: Path) -> None:
    """The erasure is on disk and told as done; its bytes go as soon as there is room or nobody is in the way."""
    add(store, row(0, content=SECRET * 50))
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entry_1").fetchone()
    with store.transaction():
        store.erase(Ref("TUR", 0))
    assert store.entries("TUR", 0, 1)[0].content is None
    reader.execute("COMMIT")
    reader.close()
    with store.transaction():
        store.put("tick", b"1")
    assert SECRET[:8] not in bytes_of(path)


# ------------------------------------------------------------------------------------ erased bytes


@pytest.mark.parametrize("size", [40, 3000, 70_000])
@pytest.mark.parametrize("reader", [False, True])
def test_erased_content_leaves_no_byte_in_the_files(path: Path, size: int, reader: bool) -> None:
    """Small, large, over several pages, with another connection open: destroyed is destroyed (law 8)."""
    store = begun(SqliteStore(path))
    body = (SECRET * (size // len(SECRET) + 1))[:size]
    add(store, row(0), row(1, content=body), row(2))
    other = SqliteStore(path) if reader else None
    if other is not None:
        assert other.entries("TUR", 1, 2)[0].content == body
    assert SECRET[:30] in bytes_of(path)
    with store.transaction():
        store.erase(Ref("TUR", 1))
    assert SECRET[:8] not in bytes_of(path)
    assert store.entries("TUR", 0, 9) == [row(0).entry, Entry(row(1).entry.leaf, None), row(2).entry]
    for one in (store, other):
        if one is not None:
            one.close()
    assert SECRET[:8] not in bytes_of(path)


@pytest.mark.parametrize("seed", range(12))
def test_no_byte_of_any_erased_content_is_left_whatever_was_said_around_it(path: Path, seed: int) -> None:
    """Several logs that grow by turns, contents of all sizes, erased in any order: never a copy in a corner of a page."""
    chance = random.Random(seed)
    marks: dict[Ref, bytes] = {}
    with closing(SqliteStore(path)) as store:
        with store.transaction():
            for party in ("IRQ", "JOR", "TUR"):
                store.add_party(party)
        for _ in range(chance.randrange(5, 40)):
            with store.transaction():
                for _ in range(chance.randrange(1, 6)):
                    party = chance.choice(("IRQ", "JOR", "TUR"))
                    at, rows = store.size(party), []
                    for number in range(at, at + chance.randrange(1, 20)):
                        mark = marks[Ref(party, number)] = chance.randbytes(24)
                        body = mark * chance.choice((1, 2, 5, 40, 100, 200, 900))
                        rows.append(Row(Entry(b"leaf" * chance.randrange(1, 100), body), Ref(party, 0)))
                    store.append(party, at, rows)
            gone = chance.sample(sorted(marks), min(len(marks), chance.randrange(8)))
            with store.transaction():
                for ref in gone:
                    store.erase(ref)
            raw = bytes_of(path)
            for ref in gone:
                mark = marks.pop(ref)
                assert mark[:12] not in raw, ref
                assert mark[12:] not in raw, ref


def test_erased_content_is_gone_also_after_a_crash_right_after_it(tmp_path: Path, path: Path) -> None:
    """The process dies between the commit and the cleaning: who opens the database next cleans it."""
    crash = (
        "store = begun(store)\nadd(store, row(0, content=SECRET * 50))\nstore._clean = lambda: os._exit(0)\n"
        "with store.transaction():\n    store.erase(Ref('TUR', 0))\n"
    )
    ended(run(crash, path))
    assert SECRET[:8] in bytes_of(path)
    with closing(SqliteStore(path)) as again:
        with again.transaction():
            again.put("tick", b"1")
        assert again.entries("TUR", 0, 1)[0].content is None
        assert SECRET[:8] not in bytes_of(path)


def test_an_erasure_that_is_undone_keeps_the_content(store: SqliteStore) -> None:
    """Destroyed is destroyed only once it is committed."""
    add(store, row(0))
    with undone(store):
        store.erase(Ref("TUR", 0))
    add(store, row(1))
    assert store.entries("TUR", 0, 1) == [row(0).entry]


# ----------------------------------------------------------------------- files that are not as they should be


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE cats(name)")
        other.commit()


def letter(path: Path) -> None:
    path.write_bytes(b"Dear Sir or Madam,\n" * 500)


def noise(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(30_000))


def ours(path: Path) -> None:
    with closing(begun(SqliteStore(path))) as store:
        add(fill(store), *[row(n) for n in range(2, 200)])


def truncated(path: Path) -> None:
    ours(path)
    path.write_bytes(path.read_bytes()[:5000])


def beheaded(path: Path) -> None:
    ours(path)
    path.write_bytes(path.read_bytes()[:60])


def overwritten(path: Path) -> None:
    ours(path)
    raw = path.read_bytes()
    path.write_bytes(raw[:4096] + random.Random(2).randbytes(len(raw) - 4096))


def without_a_log(path: Path) -> None:
    ours(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE entry_2")


def version(number: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        ours(path)
        with closing(sqlite3.connect(path)) as other:
            other.execute(f"PRAGMA user_version={number}")

    return make


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (foreign, "is not a database of Comity"),
        (letter, "damaged or of another program; restore a backup"),
        (noise, "damaged or of another program; restore a backup"),
        (version(99), "has format 99; this program reads .*: update it"),
        (version(1), "has format 1; this program reads .*: use the version that wrote it"),
        (truncated, "restore a backup"),
        (beheaded, "restore a backup"),
        (overwritten, "restore a backup"),
        (without_a_log, "restore a backup"),
        (Path.mkdir, "cannot be opened; look at the path"),
    ],
    ids=lambda part: getattr(part, "__name__", None),
)
def test_a_file_that_is_not_as_it_should_be_is_told_and_left_alone(
    path: Path, make: Callable[[Path], None], advice: str
) -> None:
    """Another program's, damaged, of a later format, no file at all: told by name, with advice; not one byte changed."""
    make(path)
    before = path.read_bytes() if path.is_file() else b""

    def use() -> None:
        with closing(SqliteStore(path)) as store:
            list(store.scan("TUR"))
            if faults := store.faults():
                raise Unavailable(store.name, faults[0])

    with pytest.raises((Unavailable, Malformed), match=rf"record\.db: .*{advice}"):
        use()
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """A folder that is not there, one that is a file, and one whose write-ahead log cannot be made."""
    with pytest.raises(Unavailable, match="cannot be opened; look at the path and the folder's mode"):
        SqliteStore(tmp_path / "none" / "record.db")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable, match="cannot be opened"):
        SqliteStore(tmp_path / "file" / "record.db")
    blocked = tmp_path / "record.db"
    ours(blocked)
    (tmp_path / "record.db-wal").mkdir()
    with pytest.raises(Unavailable, match="cannot be opened"):
        everything(SqliteStore(blocked))


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_or_file_without_permission_is_told(mode: int) -> None:
    """The advice names the mode. Root may write everywhere, so it first becomes somebody else."""
    program = (
        "begun(store).close()\n"
        "path, mode = Path(sys.argv[1]), int(sys.argv[2])\n"
        "path.chmod(0o444 & mode)\npath.parent.chmod(mode)\n"
        "if os.geteuid() == 0:\n    os.setgroups([])\n    os.setgid(65534)\n    os.setuid(65534)\n"
        "try:\n    add(SqliteStore(path), row(0))\nexcept Unavailable as error:\n    print(error)\n"
    )
    folder = Path(tempfile.mkdtemp())  # where others may go as well, unlike in pytest's own
    folder.chmod(0o755)
    try:
        told = ended(run(program, folder / "record.db", mode))
        assert "record.db" in told
        assert "mode" in told
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_a_database_that_is_only_to_be_read_is_told(path: Path) -> None:
    """A disk that was mounted read-only: reading goes on, writing says what to look at, nothing is left open."""
    with closing(begun(SqliteStore(path))) as store:
        add(store, row(0))
        store._writer.execute("PRAGMA query_only=ON")
        with pytest.raises(Unavailable, match="cannot be written to; look at their owner and mode"):
            add(store, row(1))
        assert list(store.scan("TUR")) == [row(0).entry]
        store._writer.execute("PRAGMA query_only=OFF")
        add(store, row(1))


def test_a_store_that_was_closed_is_unavailable(path: Path) -> None:
    """Never an error of the database module, whatever is asked."""
    store = fill(begun(SqliteStore(path)))
    asked = reads(store)
    store.close()
    for ask in asked.values():
        with pytest.raises(Unavailable, match=r"record\.db"):
            ask()
    with pytest.raises(Unavailable), store.transaction():
        pass


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "record.db"
    ours(path)
    return path


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 1 << 20), bits=st.integers(1, 255), cut=st.booleans())
def test_damage_raises_nothing_but_unavailable(
    tmp_path: Path, good: Path, place: int, bits: int, cut: bool
) -> None:
    """Any byte changed or the file cut off there: told as such, seen as other bytes by `check`, or without effect."""
    folder = tmp_path / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    raw = good.read_bytes()
    path, at = folder / "record.db", place % len(raw)
    path.write_bytes(raw[:at] if cut else raw[:at] + bytes([raw[at] ^ bits]) + raw[at + 1 :])
    with suppress(Unavailable, Malformed), closing(SqliteStore(path)) as store:
        for ask in (*reads(store).values(), store.faults):
            with suppress(Unavailable, Malformed):
                ask()
        with suppress(Unavailable, Malformed):
            add(store, row(200, noun="meeting"))


@pytest.mark.parametrize("cell", ["NULL", "'text'", "7"])
def test_a_cell_of_another_type_is_damage(store: SqliteStore, path: Path, cell: str) -> None:
    """Whatever reads it says so, and nobody is handed a leaf that is no bytes."""
    fill(store)
    with closing(sqlite3.connect(path)) as other:
        other.executescript(
            "DROP TABLE entry_2; CREATE TABLE entry_2(number INTEGER PRIMARY KEY, leaf, content);"
            f"INSERT INTO entry_2 VALUES(0, {cell}, NULL), (1, x'00', NULL);"
        )
    for name in ("entries", "entries, limited", "scan", "docket"):
        with pytest.raises(
            Unavailable, match=r"the file is damaged; run `comity check`, then restore a backup"
        ):
            reads(store)[name]()
    assert store.entries("TUR", 1, 2) == [Entry(b"\0", None)]


def test_faults_names_what_the_verbs_cannot_see(store: SqliteStore, path: Path) -> None:
    """Entries beyond the end of a log or of no log, heads out of order, nodes of no log: one line each."""
    fill(store)
    with store.transaction():
        store.put_note("TUR", note(3))
    assert store.faults() == []
    with closing(sqlite3.connect(path)) as other:
        for sql in (
            "INSERT INTO entry_2 VALUES(77, x'00', NULL)",
            "CREATE TABLE entry_9(number INTEGER PRIMARY KEY)",
            "UPDATE note SET place=place+10",
            "INSERT INTO node VALUES(9<<45, x'00')",
        ):
            other.execute(sql)
        other.commit()
    assert store.faults() == [
        "1 entries in table entry_2 are beyond the end of its log",
        "entries in table entry_9 belong to no log",
        "signed heads of TUR are not in order",
        "Merkle nodes belong to no log",
    ]


# ------------------------------------------------------------------------------ broken on purpose


def small_erasure(path: Path) -> None:
    test_erased_content_leaves_no_byte_in_the_files(path, 3000, reader=False)


def commits(path: Path) -> None:
    with closing(begun(SqliteStore(path))) as store:
        test_what_is_committed_is_on_the_disk_before_anybody_is_told(store, path)


@pytest.mark.parametrize(
    ("without", "promise"),
    [("secure_delete=ON", small_erasure), ("synchronous=FULL", commits), ("journal_mode=WAL", commits)],
)
def test_an_unsafe_database_is_noticed(
    path: Path, monkeypatch: pytest.MonkeyPatch, without: str, promise: Callable[[Path], None]
) -> None:
    """Each setting that safety rests on is left out once, and a test above fails."""
    name = without.partition("=")[0]
    off = {"secure_delete": "OFF", "synchronous": "NORMAL", "journal_mode": "DELETE"}[name]
    pragmas = tuple(f"{name}={off}" if one == without else one for one in adapter.SETTINGS)
    assert pragmas != adapter.SETTINGS
    monkeypatch.setattr(adapter, "SETTINGS", pragmas)
    with pytest.raises(AssertionError):
        promise(path)


def test_an_erasure_without_cleaning_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write-ahead log keeps what it was told until somebody empties it."""
    monkeypatch.setattr(SqliteStore, "_clean", lambda _: None)
    with pytest.raises(AssertionError):
        small_erasure(path)
