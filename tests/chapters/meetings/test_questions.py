"""What a meeting answers, on a day."""

from __future__ import annotations

from datetime import date

import pytest
from tests.chapters.meetings import scenarios as at
from tests.chapters.meetings.scenarios import Room

from comity.chapters.meetings import acts

JULY, DAY, LATER = date(2024, 7, 1), date(2024, 8, 15), date(2024, 8, 30)


def waits(room: Room, on: date) -> list[tuple[str, str, str]]:
    return [(wait["for"], wait["party"], wait["ref"]) for wait in room.ask("waits_for", on)]


def dates(room: Room, on: date) -> list[tuple[str, str]]:
    return [(entry["on"], entry["standing"]) for entry in room.ask("next_dates", on)]


STATES = [
    (at.main_path, JULY, "minutes_approved", ""),
    (at.counter_date, JULY, "date_agreed", ""),
    (at.counter_date, LATER, "date_passed", "held"),
    (at.crossed_dates, JULY, "crossed", "new_agreement"),
    (at.crossed_then_settled, JULY, "date_agreed", ""),
    (at.postponed, JULY, "date_agreed", ""),
    (at.cancelled, JULY, "cancelled", ""),
    (at.cancellation_crossed, JULY, "crossed", "new_agreement"),
    (at.corrected_day, JULY, "held", "minutes"),
    (at.minutes_withdrawn, JULY, "minutes_approved", ""),
    (at.crossed_minutes, JULY, "minutes_crossed", "new_minutes"),
    (at.without_mandate, JULY, "not_open", "convened"),
]


@pytest.mark.parametrize(("room", "on", "word", "needed"), STATES)
def test_the_state_says_in_one_word_how_it_stands_and_what_is_needed(room, on, word, needed) -> None:
    found = room().ask("state", on)
    assert (found["is"], found["needed"]) == (word, needed)


def test_a_postponed_meeting_needs_a_date() -> None:
    room = Room()
    room.convene()
    room.agree_off("TUR", room.call_off("IRQ", "postponed"))
    assert room.ask("state", JULY)["needed"] == "date"


def test_an_agreed_date_is_ahead_until_its_day_has_passed() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    assert dates(room, JULY) == [("2024-08-15", "agreed")]
    assert dates(room, DAY) == [("2024-08-15", "agreed")]
    assert dates(room, date(2024, 8, 16)) == []


def test_dates_that_crossed_are_both_ahead() -> None:
    assert dates(at.crossed_dates(), JULY) == [("2024-08-15", "crossed"), ("2024-08-20", "crossed")]


def test_a_proposed_date_is_ahead_beside_the_agreed_one() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    room.date("IRQ", 20)
    assert dates(room, JULY) == [("2024-08-15", "agreed"), ("2024-08-20", "proposed")]


def test_a_date_that_was_taken_back_or_overtaken_is_not_ahead() -> None:
    room = Room()
    first = room.convene()
    room.date("IRQ", 20, first)
    room.no("IRQ", room.date("IRQ", 21, first))
    room.yes("IRQ", first)
    assert dates(room, JULY) == [("2024-08-15", "agreed")]


def test_the_other_side_is_awaited_until_it_accepts() -> None:
    room = Room()
    first = room.convene()
    assert room.ask("waits_for", JULY) == [
        {"for": "date", "party": "IRQ", "ref": "TUR/1", "since": "2024-08-15T12:00:00+00:00"}
    ]
    room.yes("IRQ", first)
    assert waits(room, JULY) == []


def test_a_counter_date_is_an_answer_and_turns_the_wait_round() -> None:
    """Seen to fail when a counter-proposal is not counted as an answer."""
    room = Room()
    first = room.convene()
    counter = room.date("IRQ", 20, first)
    assert waits(room, JULY) == [("date", "TUR", "IRQ/1")]
    room.no("IRQ", counter)
    assert waits(room, JULY) == [("date", "IRQ", "TUR/1")]


def test_with_three_parties_only_the_silent_one_is_awaited() -> None:
    room = Room(("IRQ", "SYR", "TUR"))
    room.yes("IRQ", room.convene())
    assert waits(room, JULY) == [("date", "SYR", "TUR/1")]


def test_a_party_that_took_its_yes_back_is_awaited_since_then() -> None:
    room = Room(("IRQ", "SYR", "TUR"))
    first = room.convene()
    room.yes("IRQ", first)
    room.no("IRQ", first, time=at.hour(3))
    assert waits(room, JULY) == [("date", "IRQ", "TUR/1"), ("date", "SYR", "TUR/1")]
    assert room.ask("waits_for", JULY)[0]["since"] == "2024-08-03T10:00:00+03:00"


def test_nobody_is_awaited_on_a_date_that_has_passed() -> None:
    room = Room()
    room.convene()
    assert waits(room, date(2024, 8, 16)) == []


def test_a_new_agreement_is_awaited_from_all_where_dates_crossed() -> None:
    assert waits(at.crossed_dates(), JULY) == [
        ("new_agreement", "IRQ", "TUR/1"),
        ("new_agreement", "TUR", "TUR/1"),
    ]
    assert waits(at.crossed_then_settled(), JULY) == []


def test_after_the_day_all_are_awaited_to_state_that_it_was_held_then_to_draft_minutes() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    assert waits(room, DAY) == []
    assert waits(room, LATER) == [("held", "IRQ", "TUR/1"), ("held", "TUR", "TUR/1")]
    room.held("TUR")
    assert waits(room, LATER) == [("held", "IRQ", "TUR/1")]
    room.held("IRQ")
    assert waits(room, LATER) == [("minutes_text", "IRQ", "TUR/1"), ("minutes_text", "TUR", "TUR/1")]
    text = room.minutes("TUR")
    assert waits(room, LATER) == [("minutes", "IRQ", str(text))]
    room.approve("IRQ", text)
    assert waits(room, LATER) == []


def test_two_who_state_different_days_are_both_awaited() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    room.held("TUR", date(2024, 8, 14))
    room.held("IRQ")
    assert waits(room, LATER) == [("held", "IRQ", "TUR/1"), ("held", "TUR", "TUR/1")]


def test_one_text_is_awaited_from_all_where_minutes_crossed() -> None:
    assert waits(at.crossed_minutes(), LATER) == [
        ("new_minutes", "IRQ", "TUR/1"),
        ("new_minutes", "TUR", "TUR/1"),
    ]


def test_a_cancelled_meeting_waits_for_nobody() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    room.item("TUR", "Water")
    room.agree_off("IRQ", room.call_off("TUR", "cancelled"))
    assert waits(room, JULY) == []


def test_a_decision_is_told_with_its_item_and_the_reservations_on_it() -> None:
    assert at.main_path().ask("decisions", DAY) == [
        {
            "ref": "TUR/6#D1",
            "minutes": "TUR/6",
            "id": "D1",
            "item": "TUR/2",
            "text": {"en": "A centre is set up in Baghdad."},
            "valid": True,
            "reservations": [
                {"party": "IRQ", "decision": "D1", "paragraph": 0, "text": {"en": "Subject to the budget."}}
            ],
        }
    ]


def test_decisions_of_minutes_that_not_all_approved_are_none() -> None:
    room, item = at.held_meeting()
    room.minutes("TUR", item=item)
    assert room.ask("decisions", DAY) == []


def test_decisions_of_replaced_minutes_stay_and_are_marked() -> None:
    found = at.minutes_withdrawn().ask("decisions", DAY)
    assert [(taken["ref"], taken["valid"]) for taken in found] == [("IRQ/7#D1", True), ("TUR/6#D1", False)]


def test_the_reservations_are_those_of_the_yes_that_binds() -> None:
    """A yes that was withdrawn in the other's sight takes its reservations with it."""
    room, item = at.held_meeting()
    text = room.minutes("TUR", item=item)
    room.say("TUR", "meeting.minutes_approval_withdrawn/1", acts.MinutesApprovalWithdrawn(), answers=[text])
    room.approve("IRQ", text, acts.Reservation({"en": "First."}), sees={"TUR": text.number + 1})
    found = room.chapter.describe(room.view())["minutes"][0]
    assert found["standing"] == "agreed"
    assert [made["text"] for made in found["reservations"]] == [{"en": "First."}]
    assert found["yes"] == {"IRQ": 4, "TUR": text.number}
