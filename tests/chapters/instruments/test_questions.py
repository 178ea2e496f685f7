"""What is asked is answered in plain data, on any day, and never says more than has been agreed."""

from __future__ import annotations

import json
from datetime import date

from tests.chapters.instruments.drafts import Room, at, files
from tests.chapters.instruments.scenarios import bracketed, edits, lived

from comity.chapters.instruments.reader import read_text


def test_in_force_says_since_when_until_when_and_why() -> None:
    room = lived()
    asked = {
        day: room.ask("in_force", date.fromisoformat(day))
        for day in ("2024-10-09", "2024-10-10", "2026-12-31", "2027-01-01")
    }
    assert [answer["in_force"] for answer in asked.values()] == [False, True, True, False]
    assert [answer["why"] for answer in asked.values()] == ["not_yet", "entered", "entered", "terminated"]
    assert asked["2026-12-31"]["until"] == "2027-01-01"


def test_what_is_missing_is_told_apart() -> None:
    room = Room()
    room.propose()
    assert room.ask("in_force", date(2024, 9, 1)) == {
        "in_force": False,
        "since": None,
        "until": None,
        "why": "not_adopted",
    }
    for party in room.parties:
        room.do(party, "accepted")
    assert room.ask("in_force", date(2024, 9, 1))["why"] == "conditions_open"


def test_next_dates_are_those_on_the_day_and_after_in_order() -> None:
    room = Room()
    room.enter()
    assert room.ask("next_dates", date(2024, 9, 12)) == [
        {"date": "2024-10-10", "what": "entry_into_force"},
        {"date": "2029-04-10", "what": "last_day_to_denounce"},
        {"date": "2029-04-10", "what": "last_day_to_refuse"},
        {"date": "2029-10-10", "what": "renewal"},
    ]
    late = room.ask("next_dates", date(2031, 5, 1))
    assert [one["date"] for one in late] == ["2031-10-10", "2032-04-10", "2032-04-10"]


def test_who_has_answered_an_amendment_is_not_reminded() -> None:
    room = Room()
    room.enter()
    day = at(date(2025, 1, 1))
    first = room.do("IRQ", "amendment_proposed", edits=edits(), time=day)
    due = [one for one in room.ask("next_dates", date(2025, 1, 2)) if one["what"] == "reply_due"]
    assert [(one["date"], one["party"]) for one in due] == [("2025-04-01", "TUR")]
    second = room.do("TUR", "amendment_proposed", edits=edits(2), answers=(first,), time=day)
    due = [one for one in room.ask("next_dates", date(2025, 1, 2)) if one["what"] == "reply_due"]
    assert [(one["ref"], one["party"]) for one in due] == [(str(second), "IRQ")]
    room.do("IRQ", "declined", version=str(second), time=day)
    assert not [one for one in room.ask("next_dates", date(2025, 1, 2)) if one["what"] == "reply_due"]


def test_the_text_of_a_day_is_the_consolidated_one() -> None:
    room = lived()
    before, after = (room.ask("text", date.fromisoformat(day)) for day in ("2025-05-30", "2025-05-31"))
    assert (before["amendments"], after["amendments"]) == ([], ["IRQ/4"])
    ids = [[row["id"] for row in one["provisions"]] for one in (before, after)]
    assert set(ids[1]) - set(ids[0]) == {"art-1.2-1"}
    assert before["text"] != after["text"]


def test_before_adoption_the_text_is_what_is_on_the_table() -> None:
    room = Room()
    room.propose()
    revised = room.do("IRQ", "revised", text=read_text(files(more=" More."))["text"])
    told = room.ask("text", date(2024, 8, 15))
    assert (told["status"], told["version"]) == ("on_the_table", str(revised))


def test_the_adopted_text_has_the_agreed_words_and_no_brackets() -> None:
    told = bracketed().ask("text", date(2024, 8, 15))
    said = json.dumps(told, ensure_ascii=False)
    assert "thirty days" in said
    assert "sixty days" not in said
    assert "observers" not in said
    assert "[TUR" not in said


def test_who_acted_lists_each_partys_consent_up_to_the_day() -> None:
    told = lived().ask("who_acted", date(2024, 9, 5))
    assert told["IRQ"]["notified"] == ["IRQ/3"]
    assert told["TUR"]["notified"] == []
