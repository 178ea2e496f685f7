"""Group commit: many callers share one transaction, and so one wait for the disk.

The first caller to find nobody at work becomes the leader: it takes everything that waits, runs it in one
transaction, and tells each caller its own result. While the disk is busy, the next group gathers. One caller
alone pays one transaction and no thread is ever started.

A piece of work that fails before it wrote anything fails alone. If one fails after it had begun to write, the
transaction is undone and the others are run again, each by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from comity.storage.port import Store

__all__ = ["Failed", "GroupCommit"]

LARGEST = 256
PATIENCE = 0.001  # seconds


class Failed(NamedTuple):
    """What a piece of work raised, where several were done for one caller."""

    error: BaseException


class _Job:
    """One caller's work, and what came of it. Its gate opens when it is done, or when its caller is to lead."""

    __slots__ = ("done", "error", "first", "gate", "result", "work")

    def __init__(self, work: Callable[[], Any], *, first: bool) -> None:
        self.work, self.first = work, first  # the first of what its caller brought
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False
        self.gate = threading.Lock()
        self.gate.acquire()


class GroupCommit:
    """Runs pieces of work for many threads in shared transactions of `store`.

    lock: held around each transaction: it guards what memory derives from the store.
    before: called first in each transaction (to notice that another process has written).
    after: called last in each transaction, when all work was done, before it is committed.
    undone: called after a transaction was undone, to forget what was derived from it.
    writes: a number that grows whenever work has begun to write.
    """

    def __init__(
        self,
        store: Store,
        lock: AbstractContextManager[Any],
        before: Callable[[], None],
        after: Callable[[], None],
        undone: Callable[[], None],
        writes: Callable[[], int],
    ) -> None:
        self._store, self._lock = store, lock
        self._before, self._after, self._undone, self._writes = before, after, undone, writes
        self._waiting: deque[_Job] = deque()
        self._callers = 0  # how many have brought what waits
        self._turn = threading.Lock()
        self._busy = False
        self._leader = 0
        self._expected = 1
        self._goal = 0  # how many callers the leader waits for
        self._full = threading.Lock()
        self._full.acquire()

    def run(self, work: Callable[[], Any]) -> Any:
        """Do `work` in a transaction and return its result once that is on disk. Raises what the work raised."""
        done = self.run_each([work])[0]
        if isinstance(done, Failed):
            raise done.error
        return done

    def run_each(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        """Do several pieces of work for one caller, each as `run` would; what failed gives `Failed`.

        For a caller that has collected the work of many: it waits once, not once for each of them.
        """
        if self._leader == threading.get_ident():
            raise RuntimeError("work inside a transaction must not start another")
        jobs = [_Job(work, first=not at) for at, work in enumerate(works)]
        if not jobs:
            return []
        with self._turn:
            self._waiting.extend(jobs)
            self._callers += 1
            if self._goal and self._callers >= self._goal:
                self._goal = 0
                self._full.release()
            leads = not self._busy
            self._busy = True
        for job in jobs:
            if not (leads and job.first):
                job.gate.acquire()
            if not job.done:
                self._lead()
        return [job.result if job.error is None else Failed(job.error) for job in jobs]

    def _lead(self) -> None:
        """Run one group, which holds this caller's own work; then open the gate of the next leader, if any waits."""
        self._gather()
        with self._turn:
            group = [self._waiting.popleft() for _ in range(min(LARGEST, len(self._waiting)))]
            came = sum(job.first for job in group)
            self._callers -= came
        self._expected = came
        self._leader = threading.get_ident()
        try:
            if not self._together(group):
                for job in group:
                    self._together([job])
                    job.done = True
        except BaseException as error:  # noqa: BLE001 - even forgetting failed: whoever is not done yet must hear of it
            for job in group:
                if not job.done:
                    job.result, job.error = None, error
        finally:
            self._leader = 0
            for job in group:
                job.done = True
            with self._turn:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for job in group:
                job.gate.release()
            if following is not None:
                following.gate.release()

    def _gather(self) -> None:
        """Where the last group was large its callers are on their way back: wait a moment until as many have come.

        One caller alone never waits. The caller who completes the group opens the gate.
        """
        with self._turn:
            missing = self._callers < min(self._expected, LARGEST)
            self._goal = self._expected if missing else 0
        if missing and not self._full.acquire(timeout=PATIENCE):
            with self._turn:
                if not self._goal:  # completed just after the wait had ended
                    self._full.acquire()
                self._goal = 0

    def _together(self, group: list[_Job]) -> bool:
        """Run a group in one transaction; False if one failed half way, so that they must be run one by one."""
        with self._lock:
            return self._transact(group)

    def _transact(self, group: list[_Job]) -> bool:
        torn = False
        try:
            with self._store.transaction():
                self._before()
                for job in group:
                    started = self._writes()
                    job.result = job.error = None
                    try:
                        job.result = job.work()
                    except BaseException as error:
                        job.error = error
                        if self._writes() != started:
                            torn = True
                            raise
                self._after()
        except BaseException as error:  # noqa: BLE001 - each caller gets it back in its own thread
            self._undone()
            if torn and len(group) > 1:
                return False
            for job in group:
                job.result, job.error = None, job.error if torn and job.error else error
        return True
