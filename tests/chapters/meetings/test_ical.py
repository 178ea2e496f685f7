"""A meeting as other people's calendars read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest
from tests.chapters.meetings import scenarios as at
from tests.chapters.meetings.scenarios import Room

from comity.chapters.meetings.ical import export
from comity.core.act import Ref


def events(room: Room, language: str = "en") -> list[Any]:
    raw = export(room.view(), "mechanism-1", language)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "RFC 5545 section 3.1: lines of 75 octets"
    return list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))


def said(room: Room) -> list[tuple[str, int, str, str]]:
    return [
        (str(e["status"]), int(e["sequence"]), e["dtstart"].dt.date().isoformat(), str(e["uid"]))
        for e in events(room)
    ]


def test_a_proposed_date_is_tentative_and_an_agreed_one_confirmed_under_the_same_uid() -> None:
    room = Room()
    first = room.convene()
    assert said(room) == [("TENTATIVE", 0, "2024-08-15", "TUR-1@mechanism-1")]
    room.yes("IRQ", first)
    assert said(room) == [("CONFIRMED", 1, "2024-08-15", "TUR-1@mechanism-1")]


def test_each_new_agreement_raises_the_sequence() -> None:
    assert said(at.postponed()) == [("CONFIRMED", 3, "2024-08-29", "TUR-1@mechanism-1")]


def test_dates_that_crossed_are_two_tentative_entries() -> None:
    assert said(at.crossed_dates()) == [
        ("TENTATIVE", 2, "2024-08-20", "TUR-1-IRQ-1@mechanism-1"),
        ("TENTATIVE", 2, "2024-08-15", "TUR-1-TUR-1@mechanism-1"),
    ]


@pytest.mark.parametrize("outcome", ["cancelled", "postponed"])
def test_a_meeting_that_is_called_off_keeps_its_date_marked_cancelled(outcome: str) -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    room.agree_off("IRQ", room.call_off("TUR", outcome))
    assert said(room) == [("CANCELLED", 2, "2024-08-15", "TUR-1@mechanism-1")]


def test_a_meeting_cancelled_before_any_date_was_agreed_cancels_what_was_proposed() -> None:
    room = Room()
    room.convene()
    room.agree_off("IRQ", room.call_off("TUR", "cancelled"))
    assert said(room) == [("CANCELLED", 1, "2024-08-15", "TUR-1@mechanism-1")]


def test_a_postponed_meeting_with_a_new_date_proposed_is_tentative() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    room.agree_off("IRQ", room.call_off("TUR", "postponed"))
    room.date("IRQ", 29)
    assert said(room) == [("TENTATIVE", 2, "2024-08-29", "TUR-1@mechanism-1")]


def test_the_stamp_is_the_time_of_the_newest_act_and_of_no_clock() -> None:
    room = Room()
    first = room.convene()
    room.yes("IRQ", first, time=at.hour(3))
    assert events(room)[0]["dtstamp"].dt == datetime(2024, 8, 15, 12, tzinfo=UTC)
    room.accept_items("IRQ", room.item("TUR", "Water"), time=at.hour(20))
    assert events(room)[0]["dtstamp"].dt == datetime(2024, 8, 20, 7, tzinfo=UTC)
    assert export(room.view(), "m") == export(room.view(), "m")


@pytest.mark.parametrize(("language", "title"), list(at.NAMES.items()))
def test_it_is_worded_in_the_chosen_language(language: str, title: str) -> None:
    event = events(at.main_path(), language)[0]
    assert title in str(event["summary"])
    assert str(event["location"]) == at.ANKARA[language]
    assert str(event["description"]).splitlines() == ["1. The centre in Baghdad", "2. Water"]


def test_a_language_that_nobody_wrote_falls_back_on_english() -> None:
    assert "High-Level" in str(events(at.main_path(), "fr")[0]["summary"])


def test_an_end_and_no_place_are_given_as_they_were_said() -> None:
    room = Room()
    room.convene(ends=at.hour(16), place={})
    event = events(room)[0]
    assert event["dtend"].dt == datetime(2024, 8, 16, 7, tzinfo=UTC)
    assert "location" not in event


def test_a_meeting_without_any_date_in_sight_is_an_empty_calendar() -> None:
    room = Room()
    first = room.convene()
    room.no("TUR", first)
    assert events(room) == []
    assert first == Ref("TUR", 1)
