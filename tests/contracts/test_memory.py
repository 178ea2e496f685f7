"""What the store in memory promises beyond every store: little, since it is for tests and for looking at a pouch."""

from __future__ import annotations

import pytest
from tests.contracts.shelf import add, begun, everything, fill, row, undone, writes

from comity.core.errors import Unavailable
from comity.storage.memory import MemoryStore


def test_nothing_survives_closing() -> None:
    """A closed store has no logs any more, and says so."""
    store = fill(begun(MemoryStore()))
    store.close()
    assert store.parties() == []
    with pytest.raises(Unavailable, match="memory: has no log of TUR"):
        store.size("TUR")


def test_two_stores_share_nothing() -> None:
    """Two nodes of a test hold what each of them was told."""
    one, other = begun(MemoryStore()), begun(MemoryStore())
    before = everything(other)
    fill(one)
    assert everything(other) == before


def test_what_is_handed_out_is_a_copy() -> None:
    """Nobody changes the store by changing an answer."""
    store = fill(begun(MemoryStore()))
    before = everything(store)
    store.entries("TUR", 0, 9).clear()
    store.docket(row(0).docket, {}).clear()
    store.notes("TUR", 2).clear()
    dict(store.named("")).clear()
    assert everything(store) == before


def test_everything_is_taken_back_in_reverse() -> None:
    """All verbs, each twice, in one transaction that fails: the store is as if nobody had asked."""
    store = fill(begun(MemoryStore()))
    before = everything(store)
    with undone(store):
        for write in [*writes(store).values()] * 2:
            write()
    assert everything(store) == before
    assert store._undo == []
    add(store, row(2))
    assert store.size("TUR") == 3
