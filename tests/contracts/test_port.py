"""What the port itself promises: the same verbs in every adapter, and two small readers of what is stored."""

from __future__ import annotations

import inspect

import pytest
from tests.contracts.shelf import add, begun, note, reads, row, writes

from comity.core.act import Ref
from comity.core.errors import Malformed
from comity.storage.memory import MemoryStore
from comity.storage.port import Store, entry_at, note_text
from comity.storage.sqlite import SqliteStore

VERBS = {name: verb for name, verb in vars(Store).items() if inspect.isfunction(verb) and name[0] != "_"}


@pytest.mark.parametrize("adapter", [MemoryStore, SqliteStore])
def test_every_adapter_has_the_verbs_of_the_port_and_no_others(adapter: type) -> None:
    """Same names, same arguments, same defaults: whoever writes against the port can take any of them."""
    own = {name: verb for name, verb in vars(adapter).items() if inspect.isfunction(verb) and name[0] != "_"}
    assert set(own) == set(VERBS)
    for name, verb in VERBS.items():
        wanted, found = inspect.signature(verb).parameters, inspect.signature(own[name]).parameters
        assert [(p.name, p.default) for p in found.values()] == [
            (p.name, p.default) for p in wanted.values()
        ], name


def test_the_suite_tries_every_verb() -> None:
    """A verb that is added to the port is added to what these tests read and write, or this fails."""
    tried = {
        name.partition(",")[0].partition(" ")[0]
        for name in (*writes(begun(MemoryStore())), *reads(begun(MemoryStore())))
    }
    assert set(VERBS) - tried == {"transaction", "changed", "faults", "close"}


def test_notes_that_differ_only_in_signatures_have_the_same_text() -> None:
    """The text is what is signed, up to and without the empty line before the signatures."""
    one, more, other = note(5, b"R", b"a"), note(5, b"R", b"a", b"b"), note(5, b"S", b"a")
    assert note_text(one.note) == note_text(more.note) == b"log\n5\nR"
    assert note_text(other.note) != note_text(one.note)


def test_an_act_that_the_database_has_lost_is_told_with_advice() -> None:
    """Not an index error: which act, in which store, and what to do."""
    store = add(begun(MemoryStore()), row(0))
    assert entry_at(store, Ref("TUR", 0)) == row(0).entry
    with pytest.raises(
        Malformed, match="memory: has lost act TUR/1; run `comity check`, then restore a backup"
    ):
        entry_at(store, Ref("TUR", 1))
