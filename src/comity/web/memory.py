"""What was worked out for a page and may be used again: the newest of it, up to a number, never what is out of date.

    drawn = Memory(2000)
    drawn.get((mechanism, state, ref, language), lambda: draw(ref))

A key holds all that the value depends on; of a record that is `House.state`, so nothing need be thrown away by hand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Memory"]

V = TypeVar("V")


class Memory(Generic[V]):
    """The values that were asked for last. Two threads may make the same value at once; both are right."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value under that key, made if it is not here."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made
