"""The papers of a record: listed as soon as all have said yes, in the languages they are in, and not before."""

from __future__ import annotations

from datetime import date

import pytest
from tests.node.committees import Room

from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.desk.documents import documents, made, packed

ON = date(2025, 1, 1)


def test_a_paper_is_there_from_the_last_yes_on() -> None:
    room = Room()
    before = [(one.sort, one.ref) for one in documents(room.node("IRQ"), ON)]
    docket, _ = room.meeting(date(2024, 10, 1))
    for party in ("IRQ", "TUR"):
        found = documents(room.node(party), ON)
        assert [(one.sort, one.ref) for one in found] == [("minutes", str(docket)), *before]
        assert found[0].languages == ("en",)
        assert found[0].day >= "2024-10-01"


def test_a_recorded_instrument_in_force_can_be_packed_and_one_to_come_cannot() -> None:
    record = Room().node("TUR")
    (one,) = documents(record, ON)
    assert (one.sort, one.registrable, one.signed) == ("instrument", True, ())
    (one,) = documents(record, date(2023, 12, 31))
    assert not one.registrable


def test_other_languages_and_other_matters_are_refused() -> None:
    room = Room()
    step = room.agreed()
    record = room.node("TUR")
    with pytest.raises(Malformed):
        made(record, Ref("TUR", 1), Ref("TUR", 1), ("xx",))
    with pytest.raises(Malformed):
        made(record, Ref("TUR", 1), Ref("TUR", 1), ("en", "tr", "ar", "en"))
    with pytest.raises(Refused):
        packed(record, step, ON)
