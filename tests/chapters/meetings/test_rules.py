"""Every refusal is reached, and each forbids only what its author could know."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.chapters.meetings import scenarios as at
from tests.chapters.meetings.scenarios import Room

from comity.chapters.meetings import acts, rules
from comity.core import mandates, puts
from comity.core.act import Ref
from comity.core.chapter import BodyTerms, Mandate
from comity.core.errors import Refused

DATE, YES, NO = (
    "meeting.date_proposed/1",
    "meeting.date_accepted/1",
    "meeting.date_acceptance_withdrawn/1",
)
CASES: dict[str, Callable[[], object]] = {}


def refused(code: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def keep(case: Callable[[], object]) -> Callable[[], object]:
        CASES[f"{code}: {case.__name__}"] = case
        return case

    return keep


def agreed() -> Room:
    room = Room()
    room.yes("IRQ", room.convene())
    return room


@refused("meeting_not_open")
def an_answer_to_a_meeting_that_was_not_allowed() -> None:
    room = Room()
    first = room.force(room.act("TUR", "meeting.convened/1", acts.Convened("no-body", 1, at.hour(15))))
    room.yes("IRQ", first)


@refused("mandate_differs")
def an_act_under_another_mandate() -> None:
    room = Room()
    first = room.convene()
    other = room.setting.mandates[at.MANDATE]
    room.setting.mandates["TUR/3#art-9"] = Mandate(
        "TUR/3#art-9", {}, other.parties, other.bodies, other.since
    )
    room.yes("IRQ", first, mandate="TUR/3#art-9")


@refused("body_unknown")
def a_body_that_the_mandate_does_not_set_up() -> None:
    Room().say("TUR", "meeting.convened/1", acts.Convened("water-committee", 1, at.hour(15)))


@refused("body_name_differs")
def another_name_for_the_body() -> None:
    Room().convene(names={"en": "Low-Level Security Mechanism"})


@refused("parties_differ")
def fewer_parties_than_the_mandate_has() -> None:
    Room(("IRQ", "SYR", "TUR")).convene(parties=("IRQ", "TUR"))


@refused("parties_differ")
def all_parties_of_the_mechanism_where_the_mandate_has_fewer() -> None:
    room = Room(("IRQ", "SYR", "TUR"))
    terms = (BodyTerms(at.BODY, "committee", at.NAMES),)
    room.setting.mandates[at.MANDATE] = Mandate(at.MANDATE, {}, ("IRQ", "TUR"), terms, date(2019, 1, 1))
    room.convene()


@refused("ends_before_start")
def a_meeting_that_ends_when_it_starts() -> None:
    Room().convene(ends=at.hour(15))


@refused("ends_before_start")
def a_counter_date_that_ends_before_it_starts() -> None:
    room = Room()
    room.convene()
    room.say("IRQ", DATE, acts.DateProposed(at.hour(20), ends=at.hour(19)))


@refused("answers_wrong_act")
def a_yes_to_something_that_is_no_date() -> None:
    room = Room()
    room.convene()
    room.yes("IRQ", room.item("TUR", "Water"))


@refused("answers_wrong_act")
def a_yes_to_the_date_for_a_calling_off() -> None:
    room = Room()
    room.agree_off("IRQ", room.convene())


@refused("answers_wrong_act")
def a_counter_date_to_an_agenda_item() -> None:
    room = Room()
    room.convene()
    room.date("IRQ", 20, room.item("TUR", "Water"))


@refused("answers_wrong_act")
def one_agenda_item_among_several_is_none() -> None:
    room = Room()
    first = room.convene()
    room.accept_items("IRQ", room.item("TUR", "Water"), first)


@refused("answers_wrong_act")
def minutes_instead_of_something_that_is_not_minutes() -> None:
    room, item = at.held_meeting()
    room.minutes("TUR", item)


@refused("already_accepted")
def a_second_yes() -> None:
    room = Room()
    room.yes("TUR", room.convene())


@refused("already_agreed")
def a_withdrawal_from_an_agreed_date() -> None:
    room = agreed()
    room.no("IRQ", Ref("TUR", 1))


@refused("already_agreed")
def a_new_yes_after_a_withdrawal_that_came_too_late() -> None:
    room = at.withdrawal_crossed()
    room.yes("TUR", Ref("TUR", 1))


@refused("already_agreed")
def a_withdrawal_from_an_agreed_agenda_item() -> None:
    room = Room()
    room.convene()
    item = room.item("TUR", "Water")
    room.accept_items("IRQ", item)
    room.say("TUR", "meeting.agenda_item_withdrawn/1", acts.AgendaItemWithdrawn(), answers=[item])


@refused("already_agreed")
def a_withdrawal_from_approved_minutes() -> None:
    room = at.main_path()
    text = Ref("TUR", 6)
    room.say("IRQ", "meeting.minutes_approval_withdrawn/1", acts.MinutesApprovalWithdrawn(), answers=[text])


@refused("proposal_withdrawn")
def a_yes_to_a_date_that_its_author_took_back() -> None:
    room = Room()
    first = room.convene()
    room.no("TUR", first)
    room.yes("IRQ", first)


@refused("nothing_to_withdraw")
def a_withdrawal_without_a_yes() -> None:
    room = Room()
    room.no("IRQ", room.convene())


@refused("nothing_to_withdraw")
def a_second_withdrawal_of_a_calling_off() -> None:
    room = Room()
    room.convene()
    off = room.call_off("TUR", "postponed")
    for _ in range(2):
        room.say("TUR", "meeting.calling_off_withdrawn/1", acts.CallingOffWithdrawn(), answers=[off])


@refused("overtaken")
def a_yes_to_a_date_put_before_another_was_agreed() -> None:
    room = Room()
    first = room.convene()
    counter = room.date("IRQ", 20, first)
    room.yes("IRQ", first)
    room.yes("TUR", counter)


@refused("overtaken")
def a_yes_to_a_cancellation_put_before_a_date_was_agreed() -> None:
    room = Room()
    first = room.convene()
    off = room.call_off("TUR", "cancelled")
    room.yes("IRQ", first)
    room.agree_off("IRQ", off)


@refused("overtaken")
def a_yes_to_minutes_put_before_others_were_approved() -> None:
    room, item = at.held_meeting()
    ours = room.minutes("TUR", item=item)
    theirs = room.minutes("IRQ", item=item, text="Otherwise.")
    room.approve("IRQ", ours)
    room.approve("TUR", theirs)


@refused("meeting_cancelled")
def a_date_for_a_cancelled_meeting() -> None:
    at.cancelled().date("TUR", 29)


@refused("meeting_cancelled")
def an_agenda_item_for_a_cancelled_meeting() -> None:
    at.cancelled().item("TUR", "Water")


@refused("held_already")
def a_date_for_a_meeting_that_was_held() -> None:
    room, _ = at.held_meeting()
    room.date("TUR", 29)


@refused("held_already")
def a_second_day_without_taking_back_the_first() -> None:
    room = agreed()
    room.held("TUR")
    room.held("TUR", date(2024, 8, 14))


@refused("held_already")
def a_correction_that_corrects_nothing() -> None:
    room = agreed()
    room.held("TUR")
    room.held("TUR", at.HELD, at.HELD)


@refused("held_not_stated")
def a_correction_of_a_day_that_was_never_stated() -> None:
    agreed().held("TUR", at.HELD, date(2024, 8, 14))


@refused("held_agreed")
def a_correction_of_a_day_that_all_stated() -> None:
    room, _ = at.held_meeting()
    room.held("TUR", date(2024, 8, 14), at.HELD)


@refused("held_in_future")
def a_meeting_held_tomorrow() -> None:
    agreed().held("TUR", time=at.hour(13))


@refused("held_not_yet")
def minutes_of_a_meeting_that_was_not_held() -> None:
    agreed().minutes("TUR")


@refused("minutes_empty")
def minutes_without_a_word() -> None:
    room, _ = at.held_meeting()
    room.say("TUR", "meeting.minutes_proposed/1", acts.MinutesProposed())


@refused("language_missing")
def a_decision_in_fewer_languages_than_the_minutes() -> None:
    room, item = at.held_meeting()
    taken = acts.Decision("D1", str(item), {"en": "Agreed."})
    body = acts.MinutesProposed(({"en": "They met.", "tr": "Toplandılar."},), (taken,))
    room.say("TUR", "meeting.minutes_proposed/1", body)


@refused("decision_twice")
def two_decisions_of_one_name() -> None:
    room, item = at.held_meeting()
    taken = acts.Decision("D1", str(item), {"en": "Agreed."})
    room.say("TUR", "meeting.minutes_proposed/1", acts.MinutesProposed((), (taken, taken)))


@refused("item_not_agreed")
def a_decision_under_an_item_that_only_one_side_wants() -> None:
    room, _ = at.held_meeting()
    room.minutes("TUR", item=room.item("TUR", "Water"))


@refused("item_not_agreed")
def a_decision_under_something_that_is_no_item() -> None:
    room, _ = at.held_meeting()
    room.minutes("TUR", item=Ref("TUR", 1))


def reserve(**passage: object) -> None:
    room, item = at.held_meeting()
    text = room.minutes("TUR", item=item)
    room.approve("IRQ", text, acts.Reservation({"en": "Not ours."}, **passage))


@refused("reservation_unknown")
def a_reservation_on_a_decision_that_is_not_there() -> None:
    reserve(decision="D2")


@refused("reservation_unknown")
def a_reservation_beyond_the_last_paragraph() -> None:
    reserve(paragraph=2)


@refused("reservation_unknown")
def a_reservation_on_two_passages_at_once() -> None:
    reserve(decision="D1", paragraph=1)


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


def test_what_crosses_on_the_way_is_never_refused() -> None:
    """Its author could not know: a yes to a date overtaken out of sight, a withdrawal out of sight of the match."""
    room = Room()
    first = room.convene()
    counter = room.date("IRQ", 20, first)
    room.yes("IRQ", first)
    room.yes("TUR", counter, sees={"IRQ": 2})
    assert room.fold().irregular == []
    assert room.ask("state", at.HELD)["is"] == "crossed"


def test_who_put_a_date_and_took_it_back_may_say_yes_to_it_again() -> None:
    room = at.withdrawal_seen()
    assert room.fold().irregular == []


def test_a_held_day_may_be_tomorrow_in_the_author_s_calendar_but_not_everywhere() -> None:
    """15 August begins at UTC+14 when it is still 10:00 UTC on the 14th."""
    begins = at.hour(15).replace(hour=0) - timedelta(hours=11)
    agreed().held("TUR", time=begins)
    with pytest.raises(Refused) as refusal:
        agreed().held("TUR", time=begins - timedelta(seconds=1))
    assert refusal.value.code == "held_in_future"


def test_agenda_and_minutes_go_on_when_the_date_is_only_put_off() -> None:
    room = Room()
    room.yes("IRQ", room.convene())
    room.agree_off("TUR", room.call_off("IRQ", "postponed"))
    room.accept_items("IRQ", room.item("TUR", "Water"))
    assert "item_agreed" in room.milestones()


def test_a_crossed_cancellation_does_not_close_the_meeting() -> None:
    room = at.cancellation_crossed()
    room.yes("IRQ", room.date("TUR", 25))
    assert room.ask("state", date(2024, 8, 1))["is"] == "date_agreed"


def test_a_delegation_is_never_judged_by_its_content() -> None:
    room = agreed()
    room.force(room.act("IRQ", "meeting.delegation_named/1", None))
    assert room.fold().irregular == []


def test_every_act_of_a_meeting_needs_its_mandate_in_force() -> None:
    room = agreed()
    late = at.hour(20).replace(year=2031)
    mandate = room.setting.mandates[at.MANDATE]
    ended = Mandate(mandate.ref, {}, mandate.parties, mandate.bodies, mandate.since, date(2030, 1, 1))
    room.setting.mandates[at.MANDATE] = ended
    assert room.refused("TUR", DATE, acts.DateProposed(at.hour(20)), time=late) == "mandate_not_in_force"
