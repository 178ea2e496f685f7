"""What people ask of a committee, on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.chapters.committees import scenarios as at

from comity.chapters.committees.questions import SOON

ONE = timedelta(days=1)
DAYS = (date.min, date(2024, 8, 31), date(2024, 9, 1), date(2026, 8, 31), date(2026, 9, 1), date.max)


def test_the_register_says_who_holds_which_seat_on_the_day_and_what_is_empty() -> None:
    room = at.main_path()
    before = room.ask("register", date(2025, 2, 28))
    assert [(s["seat"], s["role"], s["name"]) for s in before["seats"]] == [
        ("IRQ-1", "co_chair", "A. Example"),
        ("TUR-1", "co_chair", "A. Example"),
        ("TUR-2", "secretary", "B. Example"),
    ]
    assert before["vacant"] == {"IRQ": 2, "TUR": 0}
    after = room.ask("register", date(2025, 3, 1))
    assert [s["name"] for s in after["seats"]] == ["A. Example", "A. Example", "C. Example"]
    late = room.ask("register", date(2027, 1, 1))
    assert [s["seat"] for s in late["seats"]] == ["TUR-2"]
    assert late["vacant"] == {"IRQ": 3, "TUR": 1}


def test_a_mandate_that_says_no_numbers_has_no_vacancies() -> None:
    room = at.three_parties()
    assert room.ask("register", at.FIRST)["vacant"] == {}
    assert len(room.ask("register", at.FIRST)["seats"]) == 4
    assert at.without_mandate().ask("register", at.FIRST) == {"seats": [], "vacant": {}}


def test_a_term_ends_soon_from_sixty_days_before_until_its_last_day() -> None:
    room = at.Room()
    room.constitute()
    term = room.fill("TUR")
    room.fill("TUR", 2, until=None)
    asked = {day: room.ask("terms_ending", at.LAST + day * ONE) for day in (-SOON - 1, -SOON, 0, 1)}
    assert [bool(asked[day]) for day in asked] == [False, True, True, False]
    [soon] = asked[-SOON]
    assert (soon["ref"], soon["until"], soon["days"], soon["followed_by"]) == (
        str(term),
        "2026-08-31",
        60,
        "",
    )


def test_a_term_that_ends_soon_names_what_follows_in_its_seat() -> None:
    room = at.Room()
    room.constitute()
    room.fill("TUR")
    later = room.fill("TUR", since=date(2027, 1, 1), until=None)
    sooner = room.fill("TUR", since=date(2026, 10, 1), until=date(2026, 12, 31))
    room.vacate("TUR", room.fill("TUR", since=date(2026, 9, 1), until=date(2026, 9, 30)), date(2026, 9, 1))
    assert [entry["followed_by"] for entry in room.ask("terms_ending", at.LAST)] == [str(sooner)]
    assert [e["followed_by"] for e in room.ask("terms_ending", date(2026, 12, 31))] == [str(later)]


def test_the_days_ahead_are_those_on_which_a_term_begins_or_ends() -> None:
    room = at.Room()
    room.constitute()
    room.fill("TUR")
    room.fill("IRQ", since=date(2025, 1, 1), until=None)
    ahead = [(entry["on"], entry["what"], entry["seat"]) for entry in room.ask("next_dates", at.FIRST)]
    assert ahead == [
        ("2024-09-01", "term_begins", "TUR-1"),
        ("2025-01-01", "term_begins", "IRQ-1"),
        ("2026-08-31", "term_ends", "TUR-1"),
    ]
    assert room.ask("next_dates", at.LAST + ONE) == []


def test_a_report_waits_for_whoever_has_not_accepted_it() -> None:
    room = at.Room()
    room.constitute()
    report = room.report("TUR")
    assert room.ask("waits_for", at.FIRST) == [
        {"for": "report", "party": "IRQ", "ref": str(report), "since": "2024-08-15T12:00:00+00:00"}
    ]
    room.yes("IRQ", report)
    assert room.ask("waits_for", at.FIRST) == []


def test_a_counter_report_is_an_answer() -> None:
    room = at.Room()
    room.constitute()
    counter = room.report("IRQ", room.report("TUR"), text="b")
    assert [(w["party"], w["ref"]) for w in room.ask("waits_for", at.FIRST)] == [("TUR", str(counter))]


def test_reports_that_crossed_wait_for_one_new_report_from_all() -> None:
    waits = at.crossed_reports().ask("waits_for", at.FIRST)
    assert [(w["for"], w["party"], w["ref"]) for w in waits] == [
        ("new_report", "IRQ", "IRQ/1"),
        ("new_report", "TUR", "IRQ/1"),
    ]
    assert at.crossed_then_settled().ask("waits_for", at.FIRST) == []
    assert at.same_reports_crossed().ask("waits_for", at.FIRST) == []


def test_a_report_taken_back_waits_for_nobody() -> None:
    room = at.Room()
    room.constitute()
    room.no("TUR", room.report("TUR"))
    assert room.ask("waits_for", at.FIRST) == []


def test_reports_are_told_once_their_period_has_begun() -> None:
    room = at.two_periods()
    assert [told["ref"] for told in room.ask("reports", date(2024, 12, 31))] == ["TUR/2"]
    assert [told["ref"] for told in room.ask("reports", date(2025, 1, 1))] == ["IRQ/1", "TUR/2"]


@pytest.mark.parametrize("room", at.scenarios())
def test_the_register_counts_every_seat_once(room: at.Room) -> None:
    for day in DAYS:
        seats = [entry["seat"] for entry in room.ask("register", day)["seats"]]
        assert len(seats) == len(set(seats))
