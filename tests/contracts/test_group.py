"""Group commit: each caller gets its own result, after the commit that it is in; nobody is told what did not happen.

`test_a_broken_group_is_noticed` breaks it on purpose, one promise at a time, and sees these tests fail.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.shelf import begun, row

from comity.core.errors import Malformed, Refused, Unavailable
from comity.storage.group import LARGEST, Failed, GroupCommit
from comity.storage.memory import MemoryStore
from comity.storage.sqlite import SqliteStore

LONG = 120  # seconds after which a thread that waits is taken to wait for ever


class House:
    """A store's user as a record is one: counts its writes, its transactions, and what was undone.

    `fail` names moments at which something goes wrong: begin, before, after, commit, undone 1, undone 2. It does so
    from the transaction after `healthy` on.
    """

    def __init__(self, store: Any, kind: type[GroupCommit] = GroupCommit) -> None:
        self.store = store
        self.writes = self.transactions = self.undone = self.healthy = 0
        self.committed: list[int] = []  # the size of TUR's log after each commit
        self.fail: set[str] = set()
        self._real, store.transaction = store.transaction, self._transaction
        self.group = kind(
            store,
            threading.RLock(),
            lambda: self._moment("before"),
            lambda: self._moment("after"),
            self._undone,
            lambda: self.writes,
        )

    def _moment(self, name: str) -> None:
        if name in self.fail and self.transactions > self.healthy:
            raise Unavailable("disk", f"fails at {name}")

    def _undone(self) -> None:
        self.undone += 1
        self._moment(f"undone {self.undone}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.transactions += 1
        self._moment("begin")
        with self._real():
            yield
            self._moment("commit")
        self.committed.append(self.store.size("TUR"))

    def say(self, number: int) -> int:
        """Append an act and return its place."""
        self.writes += 1
        at: int = self.store.size("TUR")
        self.store.append("TUR", at, [row(number)])
        return at

    def refuse(self, number: int) -> int:
        raise Refused(f"rule_{number}")

    def break_off(self, number: int) -> int:
        self.say(number)
        raise Malformed(f"work {number}", "stopped half way")

    def leaves(self) -> list[bytes]:
        return [entry.leaf for entry in self.store.scan("TUR")]


class Call:
    """A call of `run` in a thread of its own, and what came of it."""

    def __init__(self, group: GroupCommit, work: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._group, self._work = group, work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._group.run(self._work)
        except BaseException as error:  # noqa: BLE001 - told to the test in its own thread
            self.error = error

    def end(self) -> Call:
        self._thread.join(LONG)
        assert not self._thread.is_alive(), "a caller was never told"
        return self


def together(house: House, *works: Callable[[], Any]) -> list[Call]:
    """Run works as one group: while a first piece of work holds the disk, all of them queue up behind it."""
    go, busy = threading.Event(), threading.Event()

    def hold() -> None:
        busy.set()
        go.wait(LONG)

    house.healthy = house.transactions + 1
    first = Call(house.group, hold)
    assert busy.wait(LONG)
    calls = []
    for count, work in enumerate(works, 1):
        calls.append(Call(house.group, work))
        until = time.monotonic() + LONG
        while len(house.group._waiting) < count:  # so that they queue up in their order
            assert time.monotonic() < until
            time.sleep(0.0005)
    house.committed = []
    go.set()
    first.end()
    house.committed.pop(0)  # that of the first
    return [call.end() for call in calls]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "record.db")
    with closing(made):
        yield begun(made)


@pytest.fixture
def house(store: Any) -> House:
    return House(store)


def saying(house: House, *numbers: int) -> list[Callable[[], int]]:
    return [lambda number=number: house.say(number) for number in numbers]


# ---------------------------------------------------------------------------------------- all is well


def test_callers_who_wait_share_one_transaction(house: House) -> None:
    """Forty acts, one wait for the disk; each caller gets the place of its own act."""
    calls = together(house, *saying(house, *range(40)))
    assert house.committed == [40]
    assert [call.result for call in calls] == list(range(40))
    assert house.leaves() == [row(n).entry.leaf for n in range(40)]


def test_a_very_long_queue_is_taken_in_pieces(house: House) -> None:
    """So that no caller waits for more than so many others."""
    count = LARGEST + 10
    calls = together(house, *saying(house, *range(count)))
    assert house.committed[0] == LARGEST
    assert house.committed[-1] == count
    assert [call.result for call in calls] == list(range(count))


def test_one_caller_alone_has_a_transaction_for_each_work(house: House) -> None:
    """Nobody else is waited for, and each result is returned only when it is committed."""
    for number in range(20):
        assert house.group.run(lambda number=number: house.say(number)) == number
        assert house.committed == list(range(1, number + 2))


def test_many_threads_need_fewer_transactions_than_works(store: Any) -> None:
    """Twenty callers that come again and again find each other, and nothing is mixed up."""
    house = House(store)
    real = house._moment

    def slowly(name: str) -> None:  # a disk that takes its time
        real(name)
        if name == "commit":
            time.sleep(0.002)

    house._moment = slowly
    told: dict[int, int] = {}
    numbers = itertools.count()

    def talk() -> None:
        for _ in range(20):
            number = next(numbers)
            told[number] = house.group.run(lambda number=number: house.say(number))

    threads = [threading.Thread(target=talk, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(told) == 400
    assert house.transactions < 200
    leaves = house.leaves()
    assert {number: leaves[place] for number, place in told.items()} == {
        number: row(number).entry.leaf for number in range(400)
    }


# ------------------------------------------------------------------------------- somebody's work fails


def test_a_work_that_fails_before_it_wrote_fails_alone(house: House) -> None:
    """A refusal is the caller's own; the others' transaction goes on as if nobody had asked."""
    calls = together(
        house, *saying(house, 0, 1), lambda: house.refuse(2), *saying(house, 3), lambda: house.refuse(4)
    )
    assert house.committed == [3]
    assert [call.result for call in calls] == [0, 1, None, 2, None]
    assert [str(call.error) for call in calls if call.error] == ["rule_2", "rule_4"]
    assert house.undone == 0


def test_a_work_that_fails_half_way_hurts_nobody_else(house: House) -> None:
    """What it wrote is undone; the others are done once each, in their order, and get their own results."""
    runs: list[int] = []

    def counted(number: int) -> int:
        runs.append(number)
        return house.say(number)

    calls = together(
        house,
        lambda: counted(0),
        lambda: house.break_off(1),
        lambda: counted(2),
        lambda: house.refuse(3),
        lambda: house.break_off(4),
        lambda: counted(5),
    )
    assert [call.result for call in calls] == [0, None, 1, None, None, 2]
    assert [type(call.error) for call in calls] == [
        type(None),
        Malformed,
        type(None),
        Refused,
        Malformed,
        type(None),
    ]
    assert "work 1" in str(calls[1].error)
    assert "work 4" in str(calls[4].error)
    assert house.leaves() == [row(n).entry.leaf for n in (0, 2, 5)]
    assert runs == [0, 0, 2, 5], "tried together, undone, and then done once each"


def test_a_work_alone_that_fails_half_way_is_undone(house: House) -> None:
    """And its caller hears its own error, not that of a database."""
    with pytest.raises(Malformed, match="work 7"):
        house.group.run(lambda: house.break_off(7))
    assert (house.leaves(), house.undone) == ([], 1)
    assert house.group.run(lambda: house.say(0)) == 0


@pytest.mark.parametrize("wrote", [False, True])
def test_what_is_no_ordinary_error_reaches_its_caller_too(house: House, wrote: bool) -> None:
    """An interrupt or an exit inside a work ends that work, and neither hangs nor hurts the others."""

    def leave() -> None:
        if wrote:
            house.say(1)
        raise SystemExit("enough")

    calls = together(house, *saying(house, 0), leave, *saying(house, 2))
    assert isinstance(calls[1].error, SystemExit)
    assert [calls[0].result, calls[2].result] == [0, 1]
    assert house.leaves() == [row(n).entry.leaf for n in (0, 2)]


def test_work_inside_work_is_a_mistake_that_is_told(house: House) -> None:
    """And not a thread that waits for itself for ever."""
    with pytest.raises(RuntimeError, match="inside a transaction"):
        house.group.run(lambda: house.group.run(lambda: house.say(1)))
    calls = together(
        house, *saying(house, 0), lambda: house.group.run(lambda: house.say(1)), *saying(house, 2)
    )
    assert [call.result for call in calls] == [0, None, 1]
    assert isinstance(calls[1].error, RuntimeError)


def test_one_caller_may_bring_the_work_of_many(house: House) -> None:
    """They share a transaction, and what is wrong with one of them is told for that one alone."""
    done = house.group.run_each(
        [lambda: house.say(0), lambda: house.refuse(1), lambda: house.break_off(2), lambda: house.say(3)]
    )
    assert [one.error.__class__ if isinstance(one, Failed) else one for one in done] == [
        0,
        Refused,
        Malformed,
        1,
    ]
    assert house.leaves() == [row(n).entry.leaf for n in (0, 3)]
    assert house.group.run_each([]) == []


def test_more_work_than_a_group_holds_is_done_in_several_by_its_one_caller(house: House) -> None:
    done = house.group.run_each([partial(house.say, number) for number in range(600)])
    assert done == list(range(600))
    assert house.committed == [256, 512, 600]


# ------------------------------------------------------------------------------- the database fails


@pytest.mark.parametrize("moment", ["begin", "before", "after", "commit"])
def test_a_failure_of_the_transaction_reaches_every_caller_in_it(house: House, moment: str) -> None:
    """Nobody is told that it is done; nor of a refusal, which may rest on what was undone."""
    house.fail = {moment}
    calls = together(house, *saying(house, 0), lambda: house.refuse(1), *saying(house, 2, 3))
    assert [call.result for call in calls] == [None] * 4
    assert [str(call.error) for call in calls] == [f"disk: fails at {moment}"] * 4
    assert (house.leaves(), house.committed, house.undone) == ([], [], 1)
    house.fail = set()
    assert house.group.run(lambda: house.say(0)) == 0


def test_a_failure_to_forget_reaches_every_caller_who_is_not_done(house: House) -> None:
    """Who cannot know whether memory still fits the store must not be told that all is well."""
    house.fail = {"undone 1"}
    calls = together(house, *saying(house, 0), lambda: house.break_off(1), *saying(house, 2))
    assert [str(call.error) for call in calls] == ["disk: fails at undone 1"] * 3
    assert [call.result for call in calls] == [None] * 3
    assert house.leaves() == []
    assert house.group.run(lambda: house.say(0)) == 0


def test_who_is_done_stays_done_when_forgetting_fails_for_another(house: House) -> None:
    """An act that is on disk is never told as failed: its author would say it again."""
    house.fail = {"undone 2"}
    calls = together(house, *saying(house, 0), lambda: house.break_off(1), *saying(house, 2))
    assert calls[0].error is None
    assert calls[0].result == 0
    assert [str(call.error) for call in calls[1:]] == ["disk: fails at undone 2"] * 2
    assert house.leaves() == [row(0).entry.leaf]
    assert house.group.run(lambda: house.say(3)) == 1


# ------------------------------------------------------------------------------- everything at once


def test_under_load_with_failures_the_store_holds_what_was_acknowledged(store: Any) -> None:
    """Three seconds of many callers while works and disks fail at random: every act told as done is there once, in

    its place; no act told as failed is there; nobody waits for ever.
    """
    house = House(store)
    chance = random.Random(5)
    moments = {"begin": 0.02, "before": 0.02, "after": 0.02, "commit": 0.04, "undone": 0.1}

    def moment(name: str) -> None:
        if chance.random() < moments[name.partition(" ")[0]]:
            raise Unavailable("disk", f"fails at {name}")

    house._moment = moment
    numbers = itertools.count()
    told: dict[int, int] = {}
    failed: set[int] = set()
    began = time.monotonic()

    def talk(seed: int) -> None:
        mine = random.Random(seed)
        while time.monotonic() - began < (3 if len(told) > 100 and len(failed) > 50 else LONG / 2):
            number = next(numbers)
            verb = mine.choice([house.say] * 8 + [house.refuse, house.break_off])
            try:
                told[number] = house.group.run(lambda verb=verb, number=number: verb(number))
            except (Refused, Malformed, Unavailable):
                failed.add(number)
            if mine.random() < 0.05:
                time.sleep(mine.random() / 100)

    threads = [threading.Thread(target=talk, args=(seed,), daemon=True) for seed in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads), "a caller was never told"
    leaves = house.leaves()
    assert len(told) > 100
    assert len(failed) > 50
    assert len(leaves) == len(told), "the store holds something else than what was acknowledged"
    assert all(leaves[place] == row(number).entry.leaf for number, place in told.items())
    assert store.docket_count() == len(leaves)
    assert store.faults() == []


# ------------------------------------------------------------------------------- broken on purpose


class Hasty(GroupCommit):
    """Acknowledges before the commit, and so also where that fails."""

    def _transact(self, group: list[Any]) -> bool:
        whole = super()._transact(group)
        for job in group:
            if isinstance(job.error, Unavailable):
                job.error, job.result = None, 0
        return whole


class Careless(GroupCommit):
    """Forgets those whose transaction another one tore."""

    def _together(self, group: list[Any]) -> bool:
        super()._together(group)
        return True


class Double(GroupCommit):
    """Does again what was done."""

    def _together(self, group: list[Any]) -> bool:
        whole = super()._together(group)
        return super()._together(group) if len(group) == 1 else whole


class Lonely(GroupCommit):
    """Shares nothing."""

    def _together(self, group: list[Any]) -> bool:
        return len(group) == 1 and super()._together(group)


class Vengeful(GroupCommit):
    """One refusal tears the whole group."""

    def _transact(self, group: list[Any]) -> bool:
        whole = super()._transact(group)
        return whole and (len(group) == 1 or not any(job.error for job in group))


@pytest.mark.parametrize(
    ("kind", "promise"),
    [
        (Hasty, lambda house: test_a_failure_of_the_transaction_reaches_every_caller_in_it(house, "commit")),
        (Careless, test_a_work_that_fails_half_way_hurts_nobody_else),
        (Double, test_a_work_that_fails_half_way_hurts_nobody_else),
        (Lonely, test_callers_who_wait_share_one_transaction),
        (Vengeful, test_a_work_that_fails_before_it_wrote_fails_alone),
    ],
    ids=lambda part: getattr(part, "__name__", "").replace("<lambda>", "a failing commit"),
)
def test_a_broken_group_is_noticed(kind: type[GroupCommit], promise: Callable[[House], None]) -> None:
    """Each promise holds for the group commit as it is, and fails for one that breaks it."""
    promise(House(begun(MemoryStore())))
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        promise(House(begun(MemoryStore()), kind))
