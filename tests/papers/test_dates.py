"""The dates of an instrument and how each came about, for every way of consenting."""

from __future__ import annotations

from datetime import date

import pytest
from tests.chapters.instruments.drafts import Room
from tests.chapters.instruments.scenarios import lived, on_paper, recorded

from comity.core import canonical
from comity.core.errors import Refused
from comity.papers.dates import consent, dates, has_signed, recorded_originals


def entered() -> Room:
    room = Room()
    room.enter()
    return room


def test_consent_is_told_in_the_order_in_which_it_was_given() -> None:
    """Accepted, signed with place and office, notified; and which acts fixed the entry into force."""
    told = dates(entered().view(), date(2024, 12, 1))
    assert [one["what"] for one in told["parties"]["TUR"]] == ["accepted", "signed", "notified"]
    assert told["parties"]["TUR"][1] | {} == {
        "what": "signed", "on": "2024-08-15", "ref": "TUR/3", "office": "minister", "place": "Ankara",
        "original": "TUR", "method": "",
    }  # fmt: skip
    assert told["entry_into_force"]["clause"] == {"after": "notifications", "days": 30}
    assert canonical.encode(told), "it is plain data"


def test_an_instrument_on_record_was_recorded_by_one_and_affirmed_by_the_others() -> None:
    view = recorded().view()
    told = dates(view, date(2024, 1, 1))
    assert {party: acts[0]["what"] for party, acts in told["parties"].items()} == {
        "IRQ": "affirmed",
        "TUR": "recorded",
    }
    assert has_signed(view, "TUR"), "nothing is to be signed"


def test_what_is_not_in_force_has_no_dates() -> None:
    """Neither before nor after, nor while nothing is adopted."""
    for view, day in (
        (entered().view(), date(2024, 9, 1)),
        (lived().view(), date(2030, 1, 1)),
        (Room().fold().at({}), date(2024, 1, 1)),
    ):
        with pytest.raises(Refused) as refused:
            dates(view, day)
        assert refused.value.code == "not_in_force"


def test_amendments_and_ends_are_told() -> None:
    told = dates(lived().view(), date(2026, 1, 1))
    assert [one["in_force"] for one in told["amendments"]] == ["2025-05-31"]
    assert {end["what"] for end in told["ends"]} >= {"denounced", "terminated"}


def test_the_method_is_ink_where_the_scan_of_that_original_is_recorded() -> None:
    room = on_paper()
    for party in room.parties:
        room.sign(party)
    assert {one["method"] for one in consent(room.view(), "TUR") if one["what"] == "signed"} == {"wet_ink"}
    assert len(recorded_originals(room.view())) == 2
    bare = Room()
    bare.adopt()
    bare.sign_paper("TUR")
    bare.sign("TUR")
    assert [one.get("method") for one in consent(bare.view(), "TUR")] == [None, "electronic"]
    assert has_signed(bare.view(), "TUR")
    assert not has_signed(bare.view(), "IRQ")
    assert list(consent(Room().fold().at({}), "TUR")) == []
    assert has_signed(Room().fold().at({}), "TUR"), "there is nothing to sign"
