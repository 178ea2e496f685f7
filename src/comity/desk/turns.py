"""Who goes first: somebody who waits for an answer, before work that nobody waits for.

with turns.answering(): ...        from the moment that a request is here until its answer is made, waiting included
turns.give_way(0.25)               between two steps of other work: until nobody waits, or for so many seconds

One interpreter does both: a page of ten milliseconds that shares it with such work takes as long as all of that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

__all__ = ["Turns"]


class Turns:
    """How many wait for an answer. Safe to share between threads and event loops."""

    def __init__(self) -> None:
        self._waiting, self._nobody = 0, Condition()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody waits for as long as the block lasts."""
        with self._nobody:
            self._waiting += 1
        try:
            yield
        finally:
            with self._nobody:
                self._waiting -= 1
                if not self._waiting:
                    self._nobody.notify_all()

    def give_way(self, patience: float) -> bool:
        """Wait until nobody waits for an answer, at most `patience` seconds. Returns whether nobody does."""
        with self._nobody:
            return self._nobody.wait_for(lambda: not self._waiting, patience)
