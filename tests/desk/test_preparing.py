"""What the first pages would wait for is made ready beside them, and they never wait long for it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from comity.accounts import Accounts, Settings
from comity.bench import mechanism
from comity.desk import preparing as desk
from comity.desk.glance import glance
from comity.desk.house import House
from comity.desk.preparing import prepare, preparing, recall
from comity.node import shelf
from comity.node.record import Record

QUICK = Settings(argon_iterations=1, argon_memory_kib=8, argon_lanes=1)
COMMITMENTS, ACTS = 100, 1_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    mechanism.found(folder)
    clock = mechanism.Clock()
    nodes = [mechanism.open_node(folder, party, clock) for party in ("ONE", "TWO")]
    mechanism.fill(*(node.record() for node in nodes), clock, COMMITMENTS, ACTS)
    for node in nodes:
        node.close()
    return folder


@pytest.fixture
def house(filled: Path) -> Iterator[House]:
    """A node that has only just begun: nothing is folded, nothing is in the index."""
    clock = mechanism.Clock(datetime(2025, 12, 15, 9, tzinfo=UTC))
    node = mechanism.open_node(filled, "ONE", clock)
    found = House(node, Accounts(node.folder, clock, QUICK), clock, UTC)
    with node.record().store.transaction():
        node.record().store.put("summaries/commitment", None)
    for old in index(found).parent.glob("search.db*"):
        old.unlink()
    yield found
    node.close()


def index(house: House) -> Path:
    return house.node.folder / "mechanisms" / house.node.record().mechanism / "search.db"


def folded(house: House) -> bool:
    """Whether a glance would fold nothing any more."""
    record = house.node.record()
    with record.reading():
        return record.summaries.in_part(0, lambda: glance(record, house.today()))


def indexed(house: House) -> int:
    with closing(sqlite3.connect(index(house))) as database:
        return int(database.execute("SELECT sum(size) FROM reached").fetchone()[0])


class Stop(threading.Event):
    """A stop that is set once it was asked so many times; each time, what others can do is noted."""

    def __init__(self, record: Record, asked: int = 1_000_000) -> None:
        super().__init__()
        self.record, self.left, self.free = record, asked, list[bool]()

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        other = threading.Thread(target=self._other)
        other.start()
        other.join()
        if self.left <= 0:
            self.set()
        return self.is_set()

    def _other(self) -> None:
        got = self.record._lock.acquire(blocking=False)
        self.free.append(got)
        if got:
            self.record._lock.release()


def test_afterwards_the_first_glance_folds_nothing_and_the_index_is_whole(house: House) -> None:
    """And the next process need fold nothing either: what was folded is put away."""
    record = house.node.record()
    assert not folded(house)
    prepare(house, threading.Event())
    assert folded(house)
    assert indexed(house) == sum(record.ready.values()) > ACTS
    assert record.store.get("summaries/commitment") is not None


def test_what_was_put_away_is_taken_up_before_anybody_asks(house: House) -> None:
    """Of a large record nothing is folded for it; of a small one everything."""
    record = house.node.record()
    with mock.patch.object(desk, "_AT_FIRST", 3):
        recall(house)
        assert not folded(house)
    prepare(house, threading.Event())
    record.summaries.forget()
    with mock.patch.object(shelf, "made", wraps=shelf.made) as made:
        recall(house)
    assert folded(house)
    assert made.call_count < COMMITMENTS / 4, "only of chapters so small that they are not put away"


def test_it_goes_in_steps_and_between_two_others_have_their_turn(house: House) -> None:
    """No step folds more than it may, and each ends with the record free. Seen to fail where one step did all."""
    stop, steps, real = Stop(house.node.record()), list[int](), shelf.made

    def made(*args: Any, **how: Any) -> shelf.Kept:
        steps.append(len(stop.free))
        return real(*args, **how)

    with mock.patch.object(desk, "_DOCKETS", 7), mock.patch.object(shelf, "made", made):
        prepare(house, stop)
    assert folded(house)
    assert len(set(steps)) >= COMMITMENTS / 7
    assert max(map(steps.count, steps)) <= 7
    assert stop.free
    assert all(stop.free)


@pytest.mark.parametrize("asked", [1, 3, 20])
def test_it_ends_when_it_is_told_to(house: House, asked: int) -> None:
    stop = Stop(house.node.record(), asked)
    with mock.patch.object(desk, "_DOCKETS", 2), mock.patch.object(desk, "_ACTS", 3):
        prepare(house, stop)
    assert len(stop.free) == asked
    assert not folded(house)


def test_it_takes_no_further_step_while_somebody_waits_for_an_answer(house: House) -> None:
    """Seen to fail where it only breathed between two steps: pages of ten milliseconds then took two seconds."""
    steps, begun, real = list[int](), threading.Event(), shelf.made

    def made(*args: Any, **how: Any) -> shelf.Kept:
        steps.append(1)
        begun.set()
        return real(*args, **how)

    with mock.patch.object(desk, "_PATIENCE", 60), mock.patch.object(shelf, "made", made):
        thread = threading.Thread(target=prepare, args=(house, threading.Event()))
        with house.turns.answering():
            thread.start()
            assert begun.wait(60)
            thread.join(0.3)
            assert len(steps) <= desk._DOCKETS
        thread.join(60)
    assert folded(house)


def test_the_end_of_the_block_ends_the_thread(house: House) -> None:
    """However much is left to do."""
    with mock.patch.object(desk, "_DOCKETS", 1), mock.patch.object(desk, "_BREATH", 3_600), preparing(house):
        [thread] = [one for one in threading.enumerate() if one.name == "comity-preparing"]
        assert thread.is_alive()
    assert not thread.is_alive()
    assert not folded(house)


def test_an_index_that_cannot_be_made_keeps_nobody_from_being_served(house: House) -> None:
    """Whoever searches is told why; the lists are ready all the same."""
    index(house).mkdir()
    try:
        prepare(house, threading.Event())
    finally:
        index(house).rmdir()
    assert folded(house)
