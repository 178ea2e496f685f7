"""What the parties agreed, worked out from what each said alone, however it crossed on the way."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.meetings import scenarios as at
from tests.chapters.meetings.talk import Step, date_steps, steps, talk
from tests.chapters.replay import account, closed_cuts, settled, shuffled, told

from comity.chapters.meetings import acts, state
from comity.core.act import Ref
from comity.core.fold import Fold

PARTIES = st.sampled_from([("IRQ", "TUR"), ("IRQ", "SYR", "TUR")])


def newest(room: at.Room) -> list[str]:
    view = room.view()
    return [put.subject for put in state.newest(view, state.arrangements(view).values())]


def test_a_date_is_agreed_when_the_other_side_accepts_it() -> None:
    room = at.Room()
    first = room.convene()
    assert newest(room) == []
    room.yes("IRQ", first)
    assert newest(room) == [str(first)]
    assert room.milestones()["date_agreed"] == {"IRQ": 1, "TUR": 1}


def test_a_counter_date_that_is_accepted_is_the_date() -> None:
    assert newest(at.counter_date()) == ["IRQ/1"]


def test_two_dates_that_crossed_are_both_agreed_and_nobody_picks_one() -> None:
    """Seen to fail when `newest` prefers the one with the larger reference."""
    assert newest(at.crossed_dates()) == ["IRQ/1", "TUR/1"]


def test_a_new_agreement_that_saw_both_ends_the_crossing() -> None:
    assert newest(at.crossed_then_settled()) == ["IRQ/3"]


def test_two_dates_that_crossed_and_are_the_same_are_one() -> None:
    room = at.Room()
    first = room.convene()
    same = room.date("IRQ", 15, sees={"TUR": 2})
    room.yes("TUR", same)
    room.yes("IRQ", first, sees={"TUR": 2})
    assert newest(room) == ["IRQ/1"]


def test_the_same_hour_at_another_place_is_another_date() -> None:
    room = at.Room()
    first = room.convene(place={"en": "Baghdad"})
    same = room.date("IRQ", 15, first)
    room.yes("TUR", same)
    room.yes("IRQ", first, sees={"TUR": 2})
    assert newest(room) == ["IRQ/1", "TUR/1"]


def test_a_withdrawal_that_crossed_an_acceptance_has_no_effect_and_says_so() -> None:
    room = at.withdrawal_crossed()
    assert newest(room) == ["TUR/1"]
    assert room.milestones()["withdrawn_too_late"] == {"IRQ": 1, "TUR": 2}
    assert "withdrawn" not in room.milestones()


def test_a_withdrawal_in_sight_of_the_other_has_effect_until_a_new_yes() -> None:
    room = at.withdrawal_seen()
    assert room.milestones()["withdrawn"] == {"TUR": 2}
    assert room.milestones()["date_agreed"] == {"TUR": 3, "IRQ": 2}


def test_a_postponement_takes_the_place_of_a_date_and_a_new_date_that_of_the_postponement() -> None:
    room = at.Room()
    room.yes("IRQ", room.convene())
    off = room.agree_off("TUR", room.call_off("IRQ", "postponed"))
    assert newest(room) == ["IRQ/2"]
    assert off == Ref("TUR", 2)
    room.yes("TUR", room.date("IRQ", 29))
    assert newest(room) == ["IRQ/3"]


def test_a_cancellation_that_crossed_a_new_date_is_shown_beside_it() -> None:
    assert newest(at.cancellation_crossed()) == ["IRQ/2", "TUR/2"]


def test_three_parties_agree_only_when_all_three_do() -> None:
    room = at.Room(("IRQ", "SYR", "TUR"))
    first = room.convene()
    room.yes("IRQ", first)
    assert newest(room) == []
    room.yes("SYR", first)
    assert newest(room) == ["TUR/1"]


def test_a_yes_knows_what_the_proposal_that_it_answers_knew() -> None:
    """With three parties a yes may reach one before the other: whoever answers B takes B's own past with it."""
    room = at.Room(("IRQ", "SYR", "TUR"))
    first = room.convene()
    room.yes("IRQ", first)
    room.yes("SYR", first)
    other = room.date("TUR", 22)
    room.yes("IRQ", other, sees={"SYR": 1})
    room.yes("SYR", other)
    assert newest(room) == [str(other)]


def test_only_the_parties_of_the_mandate_must_agree() -> None:
    room = at.Room(("IRQ", "SYR", "TUR"))
    mandate = room.setting.mandates[at.MANDATE]
    room.setting.mandates[at.MANDATE] = type(mandate)(
        mandate.ref, mandate.title, ("IRQ", "TUR"), mandate.bodies, mandate.since
    )
    first = room.convene(parties=("IRQ", "TUR"))
    room.yes("IRQ", first)
    assert newest(room) == ["TUR/1"]
    assert (
        room.refused("SYR", "meeting.date_accepted/1", acts.DateAccepted(), answers=[first])
        == "mandate_not_party"
    )


def test_the_meeting_was_held_when_all_state_the_same_day() -> None:
    room = at.Room()
    room.yes("IRQ", room.convene())
    room.held("TUR", date(2024, 8, 14))
    room.held("IRQ")
    assert state.held_dates(room.view()) == []
    room.held("TUR", at.HELD, date(2024, 8, 14))
    assert state.held_dates(room.view()) == [at.HELD]


def test_corrections_of_the_day_that_crossed_leave_both_days() -> None:
    room = at.Room()
    room.yes("IRQ", room.convene())
    fourteenth = date(2024, 8, 14)
    room.held("TUR", fourteenth)
    room.held("IRQ", at.HELD, sees={"TUR": 2})
    room.held("TUR", at.HELD, fourteenth)
    room.held("IRQ", fourteenth, at.HELD, sees={"TUR": 3})
    assert state.held_dates(room.view()) == [fourteenth, at.HELD]


def test_the_newest_delegation_counts_and_its_content_may_be_gone() -> None:
    room = at.Room()
    room.convene()
    for name in ("A. Example", "B. Example"):
        room.say("TUR", "meeting.delegation_named/1", acts.DelegationNamed(acts.Person(name)))
    delegation = room.view().halves["TUR"].delegation
    assert delegation.body.head.name == "B. Example"
    room.force(room.act("TUR", "meeting.delegation_named/1", None))
    assert room.view().halves["TUR"].delegation.body is None


# ------------------------------------------------------------------------------------- properties


@settings(max_examples=150)
@given(PARTIES, steps, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_account(
    parties: tuple[str, ...], story: list[Step], chance: random.Random
) -> None:
    """Law 2, with a hostile speaker too."""
    room = talk(parties, story, hostile=True)
    expected = account(room, room.view())
    for _ in range(3):
        fold = Fold(room.docket, room.chapter, room.parties)
        for act in shuffled(room, chance):
            fold.add(act, room.setting)
        assert account(room, fold.at(room.sizes)) == expected


@settings(max_examples=120)
@given(PARTIES, steps | date_steps)
def test_milestones_only_grow_and_settled_ones_stay(parties: tuple[str, ...], story: list[Step]) -> None:
    """Law 3. Seen to fail when a milestone is told only while its date is the newest."""
    room = talk(parties, story[:16], hostile=True)
    fold = room.fold()
    shown = {}
    for cut in closed_cuts(room):
        found = room.chapter.milestones(fold.at(cut))
        firm = {told(m) for m in found if not m.withdrawal or settled(m, room, cut)}
        shown[tuple(cut.values())] = ({told(m) for m in found}, firm)
    for place, (_, firm) in shown.items():
        for party in range(len(place)):
            after = (*place[:party], place[party] + 1, *place[party + 1 :])
            assert after not in shown or firm <= shown[after][0]


@settings(max_examples=300)
@given(PARTIES, steps | date_steps)
def test_a_sole_newest_date_was_agreed_in_knowledge_of_every_other(
    parties: tuple[str, ...], story: list[Step]
) -> None:
    """Nobody picks: each yes to the newest has all the yeses to every other agreement in its past, however far back."""
    room = talk(parties, story)
    view = room.view()
    puts = state.arrangements(view)
    found = state.newest(view, puts.values())
    agreed = {s: state.agreed(view, s) for s in puts if state.agreed(view, s)}
    assert bool(found) == bool(agreed)
    if len(found) != 1:
        return
    past = pasts(room)
    same = [s for s in agreed if state.same(puts[s].body, found[0].body)]
    for other, match in agreed.items():
        yeses = {Ref(*pair) for pair in match.items()}
        known = [all(yeses <= past[Ref(*pair)] for pair in agreed[mine].items()) for mine in same]
        assert other in same or any(known), f"{found[0].subject} was picked over {other}"


def pasts(room: at.Room) -> dict[Ref, set[Ref]]:
    """Every act with all that its author could know: what it had seen, and what those had seen, and so on."""
    found: dict[Ref, set[Ref]] = {}
    for act in room.acts:  # in the order in which they were said, so the past of each is there already
        direct = {a.ref for a in room.acts if a.ref.number < act.past.get(a.ref.party, 0)}
        found[act.ref] = direct.union(*(found[ref] for ref in direct))
    return found


@settings(max_examples=200)
@given(steps | date_steps)
def test_whoever_knows_everything_can_always_agree_on_a_new_date(story: list[Step]) -> None:
    """No crossing is a dead end: one new date, accepted in full sight, is the date. Unless it was cancelled or held."""
    room = talk(("IRQ", "TUR"), story)
    before = room.ask("state", date(2024, 8, 1))["is"]
    if before == "cancelled" or any(half.held for half in room.view().halves.values()):
        return
    room.yes("TUR", room.date("IRQ", 28))
    now = room.ask("state", date(2024, 8, 1))
    assert (now["is"], len(now["rests_on"])) == ("date_agreed", 1)


@pytest.mark.parametrize("room", at.scenarios())
def test_a_state_is_never_changed_in_place(room: at.Room) -> None:
    fold = room.fold()
    early = dict.fromkeys(room.parties, 2)
    before = account(room, fold.at(early))
    fold.at(room.sizes)
    assert account(room, fold.at(early)) == before
