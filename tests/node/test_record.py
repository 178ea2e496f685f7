"""One record, many hands: threads, two connections, two processes; and what is read while another writes."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.node.forge import Forger
from tests.worlds import pact
from tests.worlds.world import START, World, charter_of, signers

from comity.core.act import Ref
from comity.core.charter import ROOT
from comity.core.errors import ComityError, Malformed, Refused, Unavailable
from comity.node import asking
from comity.node.check import check_record
from comity.node.record import Draft, Record
from comity.storage.sqlite import SqliteStore

PARTIES = ("IRQ", "TUR")
CHAPTERS = {"pact": pact.CHAPTER}


def founded(tmp_path: Path) -> tuple[World, Ref]:
    """A founded world on disk, with a pact of TUR's."""
    world = World(PARTIES, lambda party: SqliteStore(tmp_path / f"{party}.db"))
    world.found()
    docket = world.put("TUR")
    world.meet()
    return world, docket


def another(tmp_path: Path, party: str = "TUR", busy_ms: int = 10_000) -> Record:
    """The same party's record through a connection of its own, as another process would have it."""
    store = SqliteStore(tmp_path / f"{party}.db", busy_ms)
    return Record(store, charter_of(PARTIES), party, CHAPTERS, signers().__getitem__, lambda: START)


def note(docket: Ref, text: str) -> Draft:
    return Draft("pact.noted/1", pact.Noted(text), ROOT, docket=docket, clock_checked=True)


def said_by(record: Record, docket: Ref) -> list[str]:
    return [act.body.text for act in record.folds.view(docket).acts if act.kind == "pact.noted/1"]


def many(say: Callable[[str], Ref | None], threads: int, each: int, errors: list[BaseException]) -> list[Ref]:
    """Say from many threads at once; the references that were acknowledged."""
    found: list[Ref] = []

    def run(who: int) -> None:
        try:
            for number in range(each):
                ref = say(f"{who}.{number}")
                if ref is not None:
                    found.append(ref)
        except BaseException as error:  # noqa: BLE001 -- handed to the test's own thread
            errors.append(error)

    together = [threading.Thread(target=run, args=(who,)) for who in range(threads)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    return found


# ------------------------------------------------------------------------------------------- threads


def test_many_threads_say_each_act_once_in_one_unbroken_log(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    errors: list[BaseException] = []
    refs = many(lambda text: record.say(note(docket, text)).ref, 12, 10, errors)
    assert errors == []
    assert sorted(ref.number for ref in refs) == list(range(2, 122))
    assert sorted(said_by(record, docket)) == sorted(
        f"{who}.{number}" for who in range(12) for number in range(10)
    )
    assert list(check_record(record)) == []


def test_a_refusal_in_one_thread_touches_no_other(tmp_path: Path) -> None:
    """They share transactions; each gets its own answer."""
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    errors: list[BaseException] = []
    refused: list[str] = []

    def say(text: str) -> Ref | None:
        if int(text.partition(".")[0]) % 3:
            return record.say(note(docket, text)).ref
        with pytest.raises(Refused) as refusal:
            record.say(Draft("pact.spent/1", pact.Spent(), ROOT, docket=docket, clock_checked=True))
        refused.append(refusal.value.code)
        return None

    refs = many(say, 12, 8, errors)
    assert errors == []
    assert refused == ["stock_empty"] * 32
    assert sorted(ref.number for ref in refs) == list(range(2, 66))
    assert list(check_record(record)) == []


# --------------------------------------------------------------------------- two connections, two processes


def test_two_connections_see_what_the_other_has_written(tmp_path: Path) -> None:
    """Says, received pages, silence, frozen logs: at once, without being opened anew."""
    world, docket = founded(tmp_path)
    one, two = world.nodes["TUR"], another(tmp_path)
    assert said_by(two, docket) == []
    for number in range(4):
        (one, two)[number % 2].say(note(docket, str(number)))
        for record in (one, two):
            with record.reading():
                assert said_by(record, docket) == [str(n) for n in range(number + 1)]
            assert asking.status(record)["logs"]["TUR"]["held"] == 3 + number
    assert two.heads()["TUR"] == one.heads()["TUR"]
    world.agree("IRQ", docket)
    Forger(world, "IRQ").give("TUR")
    assert asking.status(two)["logs"]["IRQ"]["held"] == 2
    with two.reading():
        assert two.folds.view(docket).agreed(str(docket))
    two.restored()
    assert asking.status(one)["silent"] == ["IRQ"]
    with pytest.raises(Refused):
        one.say(note(docket, "silent"))
    two.told("IRQ", None)
    one.say(note(docket, "again"))
    assert list(check_record(one)) == list(check_record(two)) == []


def test_two_connections_that_say_at_the_same_time_lose_and_fork_nothing(tmp_path: Path) -> None:
    """Each with threads of its own, so that group commits of two meet at one file."""
    world, docket = founded(tmp_path)
    records = [world.nodes["TUR"], another(tmp_path)]
    errors: list[BaseException] = []

    def say(text: str) -> Ref:
        return records[int(text.partition(".")[0]) % 2].say(note(docket, text)).ref

    refs = many(say, 6, 15, errors)
    assert errors == []
    assert sorted(ref.number for ref in refs) == list(range(2, 92))
    for record in records:
        with record.reading():
            assert len(said_by(record, docket)) == 90
        assert list(check_record(record)) == []
    assert records[0].heads()["TUR"] == records[1].heads()["TUR"]


def other_process(path: Path, docket: Ref, start: Any, results: Any, texts: list[str]) -> None:
    """Says acts, and looks at the record between them, as a CLI beside `comity serve` does."""
    record = another(path)
    start.wait()
    refs = []
    for text in texts:
        refs.append(record.say(note(docket, text)).ref.number)
        asking.status(record)
        record.heads()
    results.put(refs)


def test_two_processes_interleave_says_heads_and_questions_on_one_file(tmp_path: Path) -> None:
    """No act is lost or said twice; every head that either signed lies in the one log that there is."""
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    record.heads()
    world.stores["TUR"].inner.close()
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    texts = [[f"{who}.{number}" for number in range(25)] for who in range(2)]
    runs = [
        context.Process(target=other_process, args=(tmp_path, docket, start, results, mine)) for mine in texts
    ]
    for run in runs:
        run.start()
    refs = [results.get(timeout=120) for _ in runs]
    for run in runs:
        run.join(120)
        assert run.exitcode == 0
    assert sorted(refs[0] + refs[1]) == list(range(2, 52))
    after = another(tmp_path)
    assert sorted(said_by(after, docket)) == sorted(texts[0] + texts[1])
    assert list(check_record(after)) == []
    assert after.frozen == {}


def test_reading_while_another_connection_receives_and_says_never_fails(tmp_path: Path) -> None:
    """Seen to fail where the ready cut was read after the logs: 'does not fit the logs', now and then."""
    world, docket = founded(tmp_path)
    reader, irq = another(tmp_path), world.nodes["IRQ"]
    stop = threading.Event()
    errors: list[BaseException] = []
    looks = 0

    def look() -> None:
        nonlocal looks
        try:
            while not stop.is_set():
                status = asking.status(reader)
                assert status["logs"]["TUR"]["ready"] <= status["logs"]["TUR"]["held"]
                with reader.reading():
                    said_by(reader, docket)
                looks += 1
        except BaseException as error:  # noqa: BLE001 -- handed to the test's own thread
            errors.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    began, number = time.monotonic(), 0
    while (time.monotonic() - began < 2.5 or (looks <= 3 and time.monotonic() - began < 60)) and not errors:
        irq.say(note(docket, f"irq {number}"))
        start, since = world.nodes["TUR"].held("IRQ")
        irq.heads()
        world.nodes["TUR"].receive(irq.page("IRQ", start, since))
        world.nodes["TUR"].say(note(docket, f"tur {number}"))
        number += 1
    stop.set()
    thread.join()
    assert errors == []
    assert looks > 3
    assert asking.digest(reader) == asking.digest(world.nodes["TUR"])


def test_the_ready_cut_is_read_before_the_logs(tmp_path: Path) -> None:
    """Another process writes at the worst moment: between the two reads of one who opens the record."""
    world, docket = founded(tmp_path)
    irq, tur = world.nodes["IRQ"], world.nodes["TUR"]
    irq.say(note(docket, "x"))
    irq.heads()
    page = irq.page("IRQ", *tur.held("IRQ"))
    inner = SqliteStore(tmp_path / "TUR.db")
    received: list[int] = []

    class Slow:
        """Lets the other process write after the first log's size was read."""

        def __getattr__(self, verb: str) -> Any:
            found = getattr(inner, verb)
            if verb != "size":
                return found

            def size(party: str) -> int:
                answer = int(found(party))
                if party == "TUR" and not received:
                    received.append(tur.receive(page))
                return answer

            return size

    record = Record(Slow(), charter_of(PARTIES), "TUR", CHAPTERS, signers().__getitem__, lambda: START)  # type: ignore[arg-type]
    assert received == [1]
    assert asking.status(record)["logs"]["IRQ"]["ready"] == 2


# -------------------------------------------------------------------------------------- locked and broken


def test_a_database_that_another_holds_is_unavailable_after_its_time_and_free_later(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record = another(tmp_path, busy_ms=60)
    other = sqlite3.connect(tmp_path / "TUR.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    before = time.monotonic()
    with pytest.raises(Unavailable, match="another program is writing"):
        record.say(note(docket, "locked"))
    assert 0.03 < time.monotonic() - before < 9
    assert asking.status(record)["logs"]["TUR"]["held"] == 2, "reading goes on meanwhile"
    other.execute("ROLLBACK")
    other.close()
    assert record.say(note(docket, "free")).ref == Ref("TUR", 2)
    assert said_by(record, docket) == ["free"]
    assert world.nodes["TUR"].say(note(docket, "and the other")).ref == Ref("TUR", 3)


def test_a_say_that_waits_for_another_process_goes_on_from_what_that_one_wrote(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    one, two = world.nodes["TUR"], another(tmp_path)
    said: list[Ref] = []
    inner = world.stores["TUR"].inner
    with inner.transaction():
        waiting = threading.Thread(target=lambda: said.append(two.say(note(docket, "two")).ref))
        waiting.start()
        time.sleep(0.1)
        assert said == []
    one.say(note(docket, "one"))
    waiting.join(60)
    assert sorted(said_by(another(tmp_path), docket)) == ["one", "two"]
    assert {ref.number for ref in said} <= {2, 3}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ready", b"no JSON"),
        ("ready", b'{"IRQ":99}'),
        ("ready", b'{"XXX":1}'),
        ("silent", b"7"),
        ("silent", b"\xff"),
    ],
)
def test_a_small_value_that_is_not_what_was_written_is_malformed(
    tmp_path: Path, name: str, value: bytes
) -> None:
    founded(tmp_path)
    connection = sqlite3.connect(tmp_path / "TUR.db")
    connection.execute("INSERT OR REPLACE INTO value VALUES(?,?)", (name, value))
    connection.commit()
    connection.close()
    with pytest.raises(Malformed, match=name):
        another(tmp_path)


def test_a_record_of_a_party_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Record(
            SqliteStore(tmp_path / "x.db"),
            charter_of(PARTIES),
            "JOR",
            CHAPTERS,
            signers().__getitem__,
            lambda: START,
        )
    assert refused.value.code == "not_a_party"


def test_a_draft_that_is_only_checked_leaves_no_trace(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    before = list(record.store.scan("TUR"))
    for _ in range(3):
        act = record.check_draft(note(docket, "perhaps"))
        assert act.ref == Ref("TUR", 2)
    with pytest.raises(ComityError):
        record.check_draft(note(Ref("TUR", 77), "nowhere"))
    assert list(record.store.scan("TUR")) == before
    assert said_by(record, docket) == []
    assert record.say(note(docket, "now")).ref == Ref("TUR", 2)


def test_keys_of_a_party_are_those_of_its_card_until_its_log_is_known(tmp_path: Path) -> None:
    world = World(PARTIES)
    node, card = world.nodes["TUR"], world.charter.card("IRQ")
    assert node.node_keys("IRQ") == node.every_node_key("IRQ") == card.node
    world.found()
    assert node.node_keys("IRQ") == node.every_node_key("IRQ") == card.node
