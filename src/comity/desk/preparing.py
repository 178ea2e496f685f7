"""What the first pages would wait for, made ready beside them: what lists are made of, and the search index.

    recall(house)                     before anybody can ask: what an earlier process made ready and put away
    with preparing(house): ...        in a thread, for as long as the block lasts and there is anything to do

A record that has never been asked about has thousands of dockets to fold and as many texts to take in. That goes in
steps of a few milliseconds, each once nobody waits for an answer (`comity.desk.turns`). Where somebody always does, a
step is taken all the same four times a second, so that it comes to an end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from comity.core.errors import ComityError
from comity.desk.glance import glance
from comity.desk.house import House
from comity.node.record import Record

__all__ = ["prepare", "preparing", "recall"]

_DOCKETS, _ACTS = 4, 100
"""How much is folded, and taken into the index, in one step: a page may have to wait for it, about 5 ms."""
_AT_FIRST = 200
"""How many dockets are folded before anybody can ask, beside those that were put away: two tenths of a second."""
_PATIENCE = 0.25
_BREATH = 0.001
"""Seconds between two steps, in which a thread that waits for the record itself, as a round does, gets it."""


def recall(house: House) -> None:
    """Take up what was put away, and all there is of a small record.

    For ten thousand dockets that takes a second, in steps that cannot be made shorter, so that pages would wait for
    them. What cannot be had is left, as in `prepare`.
    """
    with suppress(ComityError):
        for record in house.mechanisms():
            with suppress(ComityError), record.reading():
                record.summaries.in_part(_AT_FIRST, partial(glance, record, house.today()))


@contextmanager
def preparing(house: House) -> Iterator[None]:
    """Prepare every mechanism of the house in a thread; the block's end ends it after the step that it is at."""
    stop = threading.Event()
    thread = threading.Thread(target=prepare, args=(house, stop), name="comity-preparing")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def prepare(house: House, stop: threading.Event) -> None:
    """All of it, until `stop` is set. What cannot be prepared is left: whoever asks for it is told why."""
    for work in (_fold, _take_in):
        with suppress(ComityError):
            for record in house.mechanisms():
                with suppress(ComityError):
                    work(house, record, stop)


def _fold(house: House, record: Record, stop: threading.Event) -> None:
    """What the first glance would fold; put away, so that the next process need not."""
    on = house.today()
    while not stop.is_set():
        with record.reading():
            done = record.summaries.in_part(_DOCKETS, lambda: glance(record, on))
        if done:
            return record.put_away()
        _give_way(house, stop)
    return None


def _take_in(house: House, record: Record, stop: threading.Event) -> None:
    """What the first search would take in."""
    search, left = house.search(record), sum(record.ready.values()) + 1
    while not stop.is_set():
        before, left = left, search.keep_up(record, _ACTS)
        if not 0 < left < before:  # all is taken in, or somebody else is at it
            return
        _give_way(house, stop)


def _give_way(house: House, stop: threading.Event) -> None:
    house.turns.give_way(_PATIENCE)
    stop.wait(_BREATH)
