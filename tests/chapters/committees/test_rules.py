"""Every refusal is reached, and each forbids only what its author could know."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.chapters.committees import scenarios as at
from tests.chapters.committees.scenarios import FIRST, LAST, YEAR, Room

from comity.chapters.committees import acts, rules
from comity.core import mandates, puts
from comity.core.act import Ref
from comity.core.chapter import Mandate
from comity.core.errors import Refused

CASES: dict[str, Callable[[], object]] = {}
ONE = timedelta(days=1)


def refused(code: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def keep(case: Callable[[], object]) -> Callable[[], object]:
        CASES[f"{code}: {case.__name__}"] = case
        return case

    return keep


def opened(**fields: object) -> Room:
    room = Room()
    room.constitute(**fields)
    return room


@refused("committee_not_constituted")
def a_seat_in_a_committee_that_nobody_was_allowed_to_constitute() -> None:
    room = Room()
    room.force(room.act("TUR", "committee.constituted/1", acts.Constituted("other-body")))
    room.fill("IRQ")


@refused("mandate_differs")
def an_act_under_another_mandate() -> None:
    room = opened()
    other = room.setting.mandates[at.MANDATE]
    room.setting.mandates["TUR/3#art-9"] = Mandate(
        "TUR/3#art-9", {}, other.parties, other.bodies, other.since
    )
    room.fill("TUR", mandate="TUR/3#art-9")


@refused("body_unknown")
def a_body_that_the_mandate_does_not_set_up() -> None:
    room = Room()
    room.say("TUR", "committee.constituted/1", acts.Constituted("centre"))


@refused("body_name_differs")
def a_name_that_is_not_the_mandate_s() -> None:
    opened(names={"en": "Another Committee"})


@refused("parties_differ")
def parties_that_are_not_the_mandate_s() -> None:
    opened(parties=("TUR",))


@refused("seats_differ")
def numbers_of_seats_that_are_not_the_mandate_s() -> None:
    opened(seats={"IRQ": 3, "TUR": 3})


@refused("seat_of_other")
def another_party_s_seat() -> None:
    room = opened()
    room.say("IRQ", "committee.seat_filled/1", acts.SeatFilled("TUR-1", "member", FIRST))


@refused("seat_of_other")
def a_seat_whose_party_only_begins_alike() -> None:
    room = opened()
    room.say("TUR", "committee.seat_filled/1", acts.SeatFilled("TURK-1", "member", FIRST))


@refused("seat_of_other")
def a_name_for_another_party_s_seat() -> None:
    room = opened()
    room.name("IRQ", room.fill("TUR"))


@refused("seat_of_other")
def an_end_for_another_party_s_term() -> None:
    room = opened()
    room.vacate("IRQ", room.fill("TUR"), LAST)


@refused("answers_wrong_act")
def a_name_for_what_is_no_seat() -> None:
    room = opened()
    room.name("TUR", room.docket or Ref("TUR", 1))


@refused("term_ends_before")
def a_term_that_ends_before_it_begins() -> None:
    opened().fill("TUR", since=LAST, until=FIRST)


@refused("seat_taken")
def a_second_term_that_begins_on_the_last_day_of_the_first() -> None:
    room = opened()
    room.fill("TUR")
    room.fill("TUR", since=LAST, until=None)


@refused("seat_taken")
def a_term_around_another() -> None:
    room = opened()
    room.fill("TUR")
    room.fill("TUR", since=FIRST - ONE, until=LAST + ONE)


@refused("seat_taken")
def a_later_end_that_reaches_into_the_next_term() -> None:
    room = opened()
    term = room.fill("TUR")
    room.vacate("TUR", term, date(2025, 1, 1))
    room.fill("TUR", since=date(2025, 1, 1))
    room.vacate("TUR", term, date(2025, 1, 2))


@refused("seats_exceeded")
def a_third_seat_of_two() -> None:
    room = opened()
    for number in (1, 2, 3):
        room.fill("TUR", number)


@refused("seats_exceeded")
def one_seat_too_many_on_a_day_in_the_middle() -> None:
    room = opened()
    room.fill("TUR", 1, FIRST, FIRST + 9 * ONE)
    room.fill("TUR", 2, FIRST + 9 * ONE, LAST)
    room.fill("TUR", 3, FIRST - ONE, LAST)


@refused("seats_exceeded")
def a_seat_beyond_a_mandate_that_gives_none() -> None:
    room = Room(seats={"TUR": 0})
    room.constitute(seats={})
    room.fill("TUR")


@refused("vacated_before")
def an_end_before_the_beginning() -> None:
    room = opened()
    room.vacate("TUR", room.fill("TUR"), FIRST - ONE)


@refused("term_over")
def an_end_after_the_end() -> None:
    room = opened()
    room.vacate("TUR", room.fill("TUR"), LAST + ONE)


@refused("vacated_already")
def the_same_end_again() -> None:
    room = opened()
    term = room.fill("TUR")
    room.vacate("TUR", term, LAST)
    room.vacate("TUR", term, LAST)


@refused("period_ends_before")
def a_period_that_ends_before_it_begins() -> None:
    opened().report("TUR", period=(YEAR[1], YEAR[0]))


@refused("cut_unknown")
def a_report_of_the_acts_of_a_stranger() -> None:
    report = acts.ReportProposed(*YEAR, "0" * 64, {"SYR": 0})
    opened().say("TUR", "committee.report_proposed/1", report)


@refused("cut_unseen")
def a_report_of_acts_that_its_author_had_not_read() -> None:
    room = opened()
    room.fill("IRQ")
    report = acts.ReportProposed(*YEAR, "0" * 64, {"IRQ": 2})
    room.say("TUR", "committee.report_proposed/1", report, sees={"IRQ": 1})


@refused("cut_unseen")
def a_report_of_itself() -> None:
    room = opened()
    report = acts.ReportProposed(*YEAR, "0" * 64, {"TUR": room.sizes["TUR"] + 1})
    room.say("TUR", "committee.report_proposed/1", report)


@refused("answers_wrong_act")
def a_report_that_answers_a_seat() -> None:
    room = opened()
    room.report("TUR", room.fill("TUR"))


@refused("already_accepted")
def a_yes_to_one_s_own_report() -> None:
    room = opened()
    room.yes("TUR", room.report("TUR"))


@refused("already_agreed")
def a_withdrawal_from_an_agreed_report() -> None:
    room = opened()
    report = room.report("TUR")
    room.yes("IRQ", report)
    room.no("TUR", report)


@refused("proposal_withdrawn")
def a_yes_to_a_report_that_was_taken_back() -> None:
    room = opened()
    report = room.report("TUR")
    room.no("TUR", report)
    room.yes("IRQ", report)


@refused("nothing_to_withdraw")
def a_withdrawal_of_a_yes_that_was_not_said() -> None:
    room = opened()
    room.no("IRQ", room.report("TUR"))


@refused("overtaken")
def a_yes_to_a_report_put_before_another_of_that_year_was_agreed() -> None:
    room = opened()
    old = room.report("IRQ", text="b")
    room.yes("IRQ", room.report("TUR", sees={"IRQ": 1}))
    room.yes("TUR", old)


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_reason(case: str) -> None:
    with pytest.raises(Refused) as refusal:
        CASES[case]()
    assert refusal.value.code == case.partition(":")[0]


def test_every_refusal_of_this_chapter_is_reached() -> None:
    """Also of those that it shares with other chapters."""
    raised = {
        node.args[0].value
        for module in (rules, mandates, puts)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    }
    assert raised == {case.partition(":")[0] for case in CASES}


def test_one_term_may_follow_another_from_the_next_day() -> None:
    room = opened()
    room.fill("TUR")
    room.fill("TUR", since=LAST + ONE, until=None)
    room.fill("TUR", since=date.min, until=FIRST - ONE)


def test_a_mandate_that_says_no_number_of_seats_for_a_party_allows_any() -> None:
    room = Room(seats={"IRQ": 0})
    room.constitute(seats={})
    for number in range(1, 8):
        room.fill("TUR", number)
    assert room.refused("IRQ", "committee.seat_filled/1", acts.SeatFilled("IRQ-1", "member", FIRST)) == (
        "seats_exceeded"
    )


def test_seats_that_a_later_mandate_no_longer_gives_can_still_be_vacated() -> None:
    """An amendment takes a seat away: what is held stays held, an end is never refused, nothing new fits."""
    room = opened()
    terms = [room.fill("TUR", number) for number in (1, 2)]
    fold = room.fold()
    room.mandate({"IRQ": 3, "TUR": 1})

    def say(kind: str, body: object, *answers: Ref) -> None:
        act = room.act("TUR", kind, body, answers=answers)
        fold.admit(act, room.setting)
        room.force(act)

    third = acts.SeatFilled("TUR-3", "member", date(2025, 1, 1))
    with pytest.raises(Refused, match="seats_exceeded"):
        say("committee.seat_filled/1", third)
    for term in terms:
        say("committee.seat_vacated/1", acts.SeatVacated(date(2024, 12, 1)), term)
    say("committee.seat_filled/1", third)


def test_the_same_seat_number_of_two_parties_is_two_seats() -> None:
    room = opened()
    room.fill("TUR")
    room.fill("IRQ")


def test_a_yes_that_crossed_a_withdrawal_is_never_refused() -> None:
    assert "report_agreed" in at.withdrawal_crossed().milestones()
