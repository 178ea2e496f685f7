"""Titles for lists: what only names a matter is called as that matter is."""

from __future__ import annotations

from tests.node.committees import Room

from comity.core.act import Ref
from comity.desk.titles import title, told


def test_a_reference_as_a_title_becomes_that_matters_own() -> None:
    room = Room()
    step = room.agreed(title="A centre")
    record = room.node("IRQ")
    assert title(record, step) == {"en": "A centre"}
    assert told(record, {"en": str(step), "tr": str(step)}) == {"en": "A centre"}


def test_what_is_not_here_stays_as_it_was_said() -> None:
    record = Room().node("IRQ")
    for names in (
        {},
        {"en": "TUR/9999"},
        {"en": "XXX/1"},
        {"en": "A text", "tr": "Metin"},
        {"en": "TUR/1#art-2"},
    ):
        assert told(record, names) == names
    assert title(record, Ref("TUR", 9999)) == {}
    assert title(record, Ref("XXX", 0)) == {}
