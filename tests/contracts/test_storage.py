"""What every store promises, held by one suite over every adapter.

`test_a_broken_store_is_noticed` breaks the adapters on purpose, one promise at a time, and sees this suite fail.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contracts.shelf import add, begun, everything, fill, note, reads, row, undone, writes

from comity.core.act import Cut, Ref
from comity.core.entry import Entry
from comity.core.errors import Unavailable
from comity.storage.memory import MemoryStore
from comity.storage.port import BLOCK, Row, StoredNote
from comity.storage.sqlite import SqliteStore

ADAPTERS = ("memory", "sqlite")
WRITES = tuple(writes(begun(MemoryStore())))
READS = tuple(reads(begun(MemoryStore())))


@pytest.fixture(params=ADAPTERS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Makes stores of one adapter, each empty."""
    made: list[Any] = []
    count = itertools.count()

    def build() -> Any:
        database = tmp_path / f"{next(count)}.db"
        made.append(MemoryStore() if request.param == "memory" else SqliteStore(database, busy_ms=200))
        return made[-1]

    yield build
    for store in made:
        store.close()


@pytest.fixture
def store(make: Callable[[], Any]) -> Any:
    return begun(make())


# ------------------------------------------------------------------------------------------- logs


def test_an_entry_comes_back_as_the_bytes_that_were_stored(store: Any) -> None:
    """Bytes are the truth (law 7): any bytes, and content that is absent is not content that is empty."""
    rows = [
        Row(Entry(b"\x00\xff", bytes(range(256))), Ref("TUR", 0)),
        Row(Entry(b"x", b""), Ref("TUR", 0)),
        Row(Entry(b"y", None), Ref("TUR", 0)),
        Row(Entry(b"z", bytes(70_000)), Ref("TUR", 0)),
    ]
    add(store, *rows)
    assert store.entries("TUR", 0, 4) == [one.entry for one in rows]
    assert list(store.scan("TUR", 1)) == [one.entry for one in rows[1:]]


def test_append_is_compare_and_swap_on_the_size(store: Any) -> None:
    """Two writers who both read size 1 cannot both write act 1; the loser is told what to do."""
    add(store, row(0))
    for wrong in (0, 2):
        with (
            pytest.raises(Unavailable, match=rf"TUR has 1 acts, not {wrong}: read it again"),
            store.transaction(),
        ):
            store.append("TUR", wrong, [row(1)])
    assert store.size("TUR") == 1
    with undone(store):
        store.append("TUR", 1, [row(1)])
        with pytest.raises(Unavailable, match="has 2 acts, not 1"):  # the size counts what was just appended
            store.append("TUR", 1, [row(1)])
    assert everything(store)[0]["TUR"][:2] == (1, [row(0).entry])


def test_an_append_that_lost_the_race_does_nothing_even_if_the_transaction_goes_on(store: Any) -> None:
    """Whoever catches the refusal inside the transaction has written nothing by it."""
    with store.transaction():
        with pytest.raises(Unavailable):
            store.append("TUR", 5, [row(5, noun="meeting")])
        with pytest.raises(Unavailable):
            store.append("TUR", 0, [row(0), row(1, Ref("XXX", 0))])
        store.append("TUR", 0, [row(0)])
    assert list(store.scan("TUR")) == [row(0).entry]
    assert (store.docket_count(), store.nouns()) == (1, [])


def test_logs_are_numbered_apart(store: Any) -> None:
    """What one party says moves no other log, in one transaction or in several."""
    with store.transaction():
        store.append("TUR", 0, [row(0), row(1)])
        store.append("IRQ", 0, [row(0, party="IRQ")])
        store.append("TUR", 2, [row(2)])
    assert (store.size("TUR"), store.size("IRQ")) == (3, 1)
    assert list(store.scan("TUR")) == [row(n).entry for n in range(3)]
    assert store.entries("IRQ", 0, 10) == [row(0, party="IRQ").entry]
    assert store.parties() == ["IRQ", "TUR"]


def test_acts_lie_in_the_order_of_their_numbers(store: Any) -> None:
    """However many came in one transaction, and across the pieces in which a scan reads."""
    count = 0
    for more in (1, 49, 50, 51, 1, 130, 2100):
        add(store, *[row(n) for n in range(count, count + more)])
        count += more
    wanted = [row(n).entry for n in range(count)]
    assert store.size("TUR") == count
    assert list(store.scan("TUR")) == store.entries("TUR", 0, count) == wanted
    assert list(store.scan("TUR", 1999)) == wanted[1999:]
    assert store.entries("TUR", 100, 103) == wanted[100:103]
    assert store.entries("TUR", count - 1, count + 99) == wanted[-1:]
    assert store.entries("TUR", count, count + 99) == store.entries("TUR", 5, 5) == []
    assert list(store.scan("TUR", count)) == []


def test_entries_stop_at_the_byte_limit_but_give_at_least_one(store: Any) -> None:
    """Pages are bounded by bytes, leaf and content together, and always move on."""
    add(store, *[row(n, content=b"x" * 100) for n in range(10)])
    add(store, row(10, content=None), row(11, content=None))
    size = len(row(0).entry.leaf) + 100
    assert len(store.entries("TUR", 0, 10, 1)) == 1
    assert len(store.entries("TUR", 0, 10, 3 * size)) == 3
    assert len(store.entries("TUR", 0, 10, 4 * size - 1)) == 3
    assert len(store.entries("TUR", 8, 10, 1 << 20)) == 2
    assert len(store.entries("TUR", 10, 12, 100)) == 2
    assert store.entries("TUR", 12, 14, 5) == []


def test_a_log_that_is_not_there_is_unavailable(store: Any) -> None:
    """No silent empty log for a party that nobody added, whatever is asked of it; and the party is named."""
    for ask in (
        lambda: store.size("XXX"),
        lambda: store.entries("XXX", 0, 1),
        lambda: list(store.scan("XXX")),
        lambda: store.docket(Ref("XXX", 0), {}),
        lambda: store.nodes("XXX", 0, 0, 1),
        lambda: store.node_count("XXX"),
        lambda: store.notes("XXX", 1),
        lambda: store.newest_note("XXX"),
        lambda: list(store.all_notes("XXX")),
    ):
        with pytest.raises(Unavailable, match="no log of XXX"):
            ask()
    for write in (
        lambda: store.append("XXX", 0, [row(0)]),
        lambda: store.append("TUR", 0, [row(0, Ref("XXX", 0))]),
        lambda: store.erase(Ref("XXX", 0)),
        lambda: store.put_nodes("XXX", 8, 0, [b"n" * 32]),
        lambda: store.put_note("XXX", note(1)),
    ):
        with pytest.raises(Unavailable, match="no log of XXX"), store.transaction():
            write()


def test_adding_a_party_again_changes_nothing(store: Any) -> None:
    """A node adds its parties each time that it starts."""
    fill(store)
    before = everything(store)
    begun(store)
    assert everything(store) == before


# ------------------------------------------------------------------------------------ transactions


@pytest.mark.parametrize("which", WRITES)
def test_a_failure_in_the_middle_leaves_everything_as_it_was(store: Any, which: str) -> None:
    """Every verb that writes is taken back whole, on an empty store and on a filled one."""
    for prepare in (lambda: None, lambda: fill(store)):
        prepare()
        if which == "erase" and not store.size("TUR"):
            continue
        before = everything(store)
        with undone(store):
            writes(store)[which]()
        assert everything(store) == before
    with store.transaction():
        writes(store)[which]()
        inside = everything(store)
    assert everything(store) == inside


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WRITES), min_size=1, max_size=6), st.booleans())
def test_a_transaction_is_all_or_nothing(make: Callable[[], Any], which: list[str], read: bool) -> None:
    """Whatever was written, in whatever order, read in between or not; and what it reads is what it will commit."""
    store = fill(begun(make()))
    before = everything(store)
    with undone(store):
        for name in which:
            writes(store)[name]()
            if read:
                everything(store)
    assert everything(store) == before
    with store.transaction():
        for name in which:
            writes(store)[name]()
        inside = everything(store)
    assert everything(store) == inside, "what a transaction reads is not what it has committed"


def test_what_was_taken_back_can_be_done_otherwise(store: Any) -> None:
    """A party, a number, a noun, a name of an undone transaction are free again, and mean what they are given next."""
    with undone(store):
        store.add_party("JOR")
        store.append("JOR", 0, [row(0, noun="meeting", party="JOR")])
        store.put_note("JOR", note(1))
    with store.transaction():
        store.add_party("NLD")
        store.append("NLD", 0, [row(0, noun="course", party="NLD")])
    assert store.nouns() == ["course"]
    for ask in (
        lambda: store.size("JOR"),
        lambda: store.entries("JOR", 0, 1),
        lambda: store.newest_note("JOR"),
    ):
        with pytest.raises(Unavailable, match="no log of JOR"):
            ask()
    assert list(store.all_notes("NLD")) == []
    assert store.opened("course", None, 9) == [Ref("NLD", 0)]


@pytest.mark.parametrize("which", WRITES)
def test_nothing_is_written_outside_a_transaction(store: Any, which: str) -> None:
    """So that nothing is ever half written; the same from a thread beside the one whose transaction it is."""
    fill(store)
    before = everything(store)
    with pytest.raises(Unavailable, match="inside a transaction"):
        writes(store)[which]()
    assert everything(store) == before
    refused: list[Unavailable] = []

    def intrude() -> None:
        try:
            writes(store)[which]()
        except Unavailable as error:
            refused.append(error)

    intruder = threading.Thread(target=intrude, daemon=True)
    with store.transaction():
        intruder.start()
        intruder.join(0.1)  # it may wait for this transaction to end, but not write in it
    intruder.join(60)
    assert len(refused) == 1
    assert everything(store) == before


@pytest.mark.parametrize("which", READS)
def test_another_thread_sees_what_was_last_committed(store: Any, which: str) -> None:
    """It may have to wait; it never sees half of a transaction, nor one that is taken back later."""
    fill(store)
    ask = reads(store)[which]
    before, seen = ask(), []
    reader = threading.Thread(target=lambda: seen.append(ask()), daemon=True)
    with undone(store):
        for write in writes(store).values():
            write()
        reader.start()
        reader.join(0.1)
    reader.join(60)
    assert seen == [before]


def test_a_transaction_has_no_other_inside(store: Any) -> None:
    """A mistake in the program, told as such, and harmless."""
    with store.transaction():
        store.append("TUR", 0, [row(0)])
        with pytest.raises(Unavailable), store.transaction():
            pass
        store.append("TUR", 1, [row(1)])
    assert list(store.scan("TUR")) == [row(0).entry, row(1).entry]


def test_two_threads_never_share_a_transaction(store: Any) -> None:
    """The second waits or is refused; what it wrote is not taken back with the first one's."""
    done: list[bool] = []

    def second() -> None:
        try:
            add(store, row(0, party="IRQ"), party="IRQ")
            done.append(True)
        except Unavailable:
            done.append(False)

    thread = threading.Thread(target=second, daemon=True)
    with undone(store):
        store.append("TUR", 0, [row(0)])
        thread.start()
        thread.join(0.1)
    thread.join(60)
    assert (store.size("TUR"), store.size("IRQ")) == (0, done[0])


def test_nobody_else_has_written(store: Any) -> None:
    """One's own writing is not news."""
    fill(store)
    with store.transaction():
        assert not store.changed()
    assert store.faults() == []


# -------------------------------------------------------------------------------- dockets and lists


def test_a_docket_gives_its_acts_by_party_in_order_and_from_a_number_on(store: Any) -> None:
    """Opening a docket reads that docket's acts and no others; what was read before need not be read again."""
    docket = Ref("TUR", 1)
    add(store, row(0), row(1), row(2, docket), row(3), row(4, docket))
    add(store, row(0, party="IRQ"), row(1, docket, party="IRQ"), party="IRQ")
    found = store.docket(docket, {})
    assert {party: [n for n, _ in acts] for party, acts in found.items()} == {"TUR": [1, 2, 4], "IRQ": [1]}
    assert found["TUR"][1][1] == row(2).entry
    for cut, wanted in (
        ({"TUR": 2, "IRQ": 2}, {"TUR": [2, 4]}),
        ({"TUR": 3}, {"TUR": [4], "IRQ": [1]}),
        ({"TUR": 5, "IRQ": 1}, {"IRQ": [1]}),
        ({"TUR": 5, "IRQ": 9}, {}),
    ):
        since = store.docket(docket, cut)
        assert {party: [n for n, _ in acts] for party, acts in since.items()} == wanted
    assert store.docket(Ref("IRQ", 99), {}) == {}
    assert store.docket_count() == 7


def test_a_docket_shows_that_a_content_was_destroyed(store: Any) -> None:
    """The act stays in its docket; its content does not come back from anywhere."""
    add(store, row(0), row(1, Ref("TUR", 0)))
    with store.transaction():
        store.erase(Ref("TUR", 1))
        store.erase(Ref("TUR", 1))  # already gone: nothing to do
    gone = Entry(row(1).entry.leaf, None)
    assert store.docket(Ref("TUR", 0), {}) == {"TUR": [(0, row(0).entry), (1, gone)]}
    assert store.entries("TUR", 0, 9) == list(store.scan("TUR")) == [row(0).entry, gone]
    with pytest.raises(Unavailable, match="no act TUR/2"), store.transaction():
        store.erase(Ref("TUR", 2))


def test_opened_dockets_are_listed_in_pages_by_noun(store: Any) -> None:
    """Lists come from an index, each docket once, by party and number, from where the last page stopped."""
    with store.transaction():
        store.add_party("JOR")
    add(store, *[row(n, noun="meeting" if n % 2 else "course") for n in range(9)])
    add(store, *[row(n, noun="meeting", party="IRQ") for n in range(3)], party="IRQ")
    add(store, row(0, noun="meeting", party="JOR"), party="JOR")
    wanted = [*(Ref("IRQ", n) for n in range(3)), Ref("JOR", 0), *(Ref("TUR", n) for n in (1, 3, 5, 7))]
    for size in range(1, 10):
        found: list[Ref] = []
        after: Ref | None = None
        while page := store.opened("meeting", after, size):
            assert len(page) <= size
            found += page
            assert len(found) <= len(wanted), "pages that overlap never end"
            after = page[-1]
        assert found == wanted
    assert store.opened("meeting", Ref("JOR", 7), 9) == wanted[4:]
    assert store.opened("meeting", Ref("KAZ", 0), 9) == wanted[4:]
    assert store.opened("meet", None, 10) == store.opened("", None, 10) == []
    assert store.nouns() == ["course", "meeting"]


def test_named_values(store: Any) -> None:
    """Small values by name; a prefix is taken as it is written, and an empty value is not an absent one."""
    with store.transaction():
        for name in ("fault/TUR", "fault/IRQ", "faultless", "x", "%", "ğ/1"):
            store.put(name, name.encode())
        store.put("x", None)
        store.put("never", None)
        store.put("empty", b"")
        store.put("faultless", b"again")
    assert list(store.named("fault/").items()) == [("fault/IRQ", b"fault/IRQ"), ("fault/TUR", b"fault/TUR")]
    assert (store.get("x"), store.get("empty"), store.get("faultless")) == (None, b"", b"again")
    assert dict(store.named("fault_")) == dict(store.named("x")) == {}
    assert dict(store.named("%")) == {"%": b"%"}
    assert dict(store.named("ğ")) == {"ğ/1": "ğ/1".encode()}


# ------------------------------------------------------------------------------------ nodes, notes


@pytest.mark.parametrize("count", [BLOCK, 3 * BLOCK])
def test_leaf_hashes_come_back_from_any_place(store: Any, count: int) -> None:
    """Blocks are invisible to who reads them, and other logs and levels lie apart."""
    hashes = [n.to_bytes(32, "big") for n in range(count)]
    with store.transaction():
        for at in range(0, count, BLOCK):
            store.put_nodes("TUR", 0, at, hashes[at : at + BLOCK])
        store.put_nodes("IRQ", 0, 0, [b"i" * 32] * BLOCK)
        store.put_nodes("TUR", 8, 0, [b"8" * 32])
    for start, stop in (
        (0, 1),
        (5, 300),
        (255, 257),
        (count - 1, count),
        (count, count + 5),
        (0, count + 999),
    ):
        assert store.nodes("TUR", 0, start, stop) == b"".join(hashes[start:stop])
    assert store.nodes("TUR", 8, 0, 9) == b"8" * 32
    assert store.nodes("TUR", 16, 0, 9) == store.nodes("IRQ", 8, 0, 9) == b""


def test_nodes_of_every_level_come_back_and_are_counted(store: Any) -> None:
    """Whole blocks count once at level 0, each node once above it, and only those of the log that was asked for."""
    above = {8: 700, 16: 300, 24: 2}
    with store.transaction():
        store.put_nodes("TUR", 0, 0, [b"0" * 32] * BLOCK * 3)
        for level, count in above.items():
            for first in range(0, count, 100):
                nodes = [b"%02d %029d" % (level, n) for n in range(first, min(count, first + 100))]
                store.put_nodes("TUR", level, first, nodes)
    for level, count in above.items():
        nodes = [b"%02d %029d" % (level, n) for n in range(count)]
        for start, stop in ((0, count), (count - 1, count + 7), (1, 2), (count, count + 3)):
            assert store.nodes("TUR", level, start, stop) == b"".join(nodes[start:stop])
    assert store.node_count("TUR") == 3 + 700 + 300 + 2
    assert store.node_count("IRQ") == 0


def test_a_note_with_the_same_text_takes_the_place_of_the_one_before(store: Any) -> None:
    """Signatures gather on a head; another head of the same size is kept beside it, as it may prove something."""
    first, more, other = note(5, b"R", b"one"), note(5, b"R", b"one", b"two"), note(5, b"S", b"one")
    with store.transaction():
        for one in (first, other, note(6), more):
            store.put_note("TUR", one)
        store.put_note("IRQ", first)
    assert store.notes("TUR", 5) == [more, other]
    assert store.notes("TUR", 6) == [note(6)]
    assert store.notes("TUR", 7) == store.notes("IRQ", 6) == []
    assert list(store.all_notes("TUR")) == [more, other, note(6)]
    assert list(store.all_notes("IRQ")) == [first]


def test_the_newest_note_is_the_one_put_last_within_a_size(store: Any) -> None:
    """Also where the sizes are not in order, and after one of them gained a signature."""
    assert store.newest_note("TUR") is None
    with store.transaction():
        for one in (note(3), note(9), note(7), note(3, b"R", b"sig", b"more")):
            store.put_note("TUR", one)
    assert store.newest_note("TUR") == store.newest_note("TUR", 8) == note(7)
    assert store.newest_note("TUR", 6) == store.newest_note("TUR", 3) == note(3, b"R", b"sig", b"more")
    assert store.newest_note("TUR", 2) is None
    assert store.newest_note("IRQ") is None


def test_every_note_is_kept_in_order(store: Any) -> None:
    """More of them than are read at once."""
    with store.transaction():
        for size in range(1203):
            store.put_note("TUR", note(size))
    assert [kept.size for kept in store.all_notes("TUR")] == list(range(1203))
    assert store.newest_note("TUR", 777) == note(777)


# ------------------------------------------------------------------------------ broken on purpose


class NoSwap:
    def append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        super().append(party, self.size(party), rows)


class NoRollback:
    @contextmanager
    def transaction(self) -> Iterator[None]:
        failed = None
        with super().transaction():
            try:
                yield
            except BaseException as error:  # noqa: BLE001 - that is what is wrong with it
                failed = error
        if failed is not None:
            raise failed


class NoCut:
    def docket(self, docket: Ref, since: Cut) -> Any:
        return super().docket(docket, {})


class NoLimit:
    def entries(self, party: str, start: int, stop: int, limit: int = 0) -> list[Entry]:
        return super().entries(party, start, stop)


class NoneFits:
    def entries(self, party: str, start: int, stop: int, limit: int = 0) -> list[Entry]:
        found = super().entries(party, start, stop, limit)
        return found[:-1] if limit else found


class SameSizeReplaces:
    def put_note(self, party: str, note: StoredNote) -> None:
        before = self.notes(party, note.size)
        super().put_note(party, StoredNote(note.size, before[0].note) if before else note)


class NothingErased:
    def erase(self, ref: Ref) -> None:
        self.size(ref.party)


class PagesSkip:
    def opened(self, noun: str, after: Ref | None, limit: int) -> list[Ref]:
        return super().opened(noun, after, limit + 1)[0 if after is None else 1 :]


BROKEN = (
    (NoSwap, test_append_is_compare_and_swap_on_the_size),
    (NoRollback, lambda store: test_a_failure_in_the_middle_leaves_everything_as_it_was(store, "append")),
    (NoRollback, lambda store: test_a_failure_in_the_middle_leaves_everything_as_it_was(store, "put")),
    (NoCut, test_a_docket_gives_its_acts_by_party_in_order_and_from_a_number_on),
    (NoLimit, test_entries_stop_at_the_byte_limit_but_give_at_least_one),
    (NoneFits, test_entries_stop_at_the_byte_limit_but_give_at_least_one),
    (SameSizeReplaces, test_a_note_with_the_same_text_takes_the_place_of_the_one_before),
    (NothingErased, test_a_docket_shows_that_a_content_was_destroyed),
    (PagesSkip, test_opened_dockets_are_listed_in_pages_by_noun),
)


@pytest.mark.parametrize(("wrong", "promise"), BROKEN, ids=[wrong.__name__ for wrong, _ in BROKEN])
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_broken_store_is_noticed(
    tmp_path: Path, adapter: str, wrong: type, promise: Callable[[Any], None]
) -> None:
    """Each promise fails on a store that breaks it, and holds on the same store unbroken."""
    for number, parts in enumerate(((), (wrong,))):
        kind = MemoryStore if adapter == "memory" else SqliteStore
        arguments = () if adapter == "memory" else (tmp_path / f"{number}.db",)
        with closing(type("Tried", (*parts, kind), {})(*arguments)) as store:
            begun(store)
            if not parts:
                promise(store)
                continue
            with pytest.raises((AssertionError, pytest.fail.Exception)):
                promise(store)
