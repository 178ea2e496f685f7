"""A store whose machine dies: at the k-th write, just before a commit, or just after one.

Once it has died every verb dies, as nothing of a killed process runs on; what was committed is still there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from comity.storage.memory import MemoryStore

WRITES = frozenset({"add_party", "append", "erase", "put_nodes", "put_note", "put"})


class Crash(BaseException):
    """The machine stopped. Not an `Exception`, so that no handler can survive it."""


class Faulty:
    """Passes every verb on to `inner`, counting writes and commits; dies when the count set by `die_at` is reached."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.name = inner, inner.name
        self.dead = False
        self.writes = 0
        self._left: int | None = None

    def die_at(self, write: int) -> None:
        """Die at that write from now on: 0 is the next one. A commit counts twice, before and after it is done."""
        self._left = write

    def _tick(self) -> None:
        if self.dead:
            raise Crash
        self.writes += 1
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                self.dead = True
                raise Crash

    def __getattr__(self, verb: str) -> Any:
        found = getattr(self.inner, verb)

        def call(*args: Any, **kwargs: Any) -> Any:
            if verb in WRITES:
                self._tick()
            elif self.dead:
                raise Crash
            return found(*args, **kwargs)

        return call if callable(found) else found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.inner.transaction():
            before = self.writes
            yield
            if self.writes != before:
                self._tick()
        if self.writes != before:
            self._tick()


def copy_of(store: MemoryStore) -> MemoryStore:
    """A backup of a store in memory."""
    kept = MemoryStore()
    parts = (store._logs, store._dockets, store._opened, store._values)
    kept._logs, kept._dockets, kept._opened, kept._values = copy.deepcopy(parts)
    return kept
