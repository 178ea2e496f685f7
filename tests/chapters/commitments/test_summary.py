"""A summary is small, has no day in it, and gives for every day what the commitment comes to."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from tests.chapters.commitments import scenarios as told
from tests.chapters.commitments.scenarios import DUE, Desk, agreed, at
from tests.chapters.commitments.talk import DAYS, parties, steps, talk, term_steps

from comity.chapters.commitments import acts, state
from comity.chapters.commitments.summary import OnDay, Summary, on_day, silent_for, summary

LATE = date(2030, 1, 1)
AUGUST = date(2024, 8, 20)


def on(desk: Desk, day: date = LATE) -> OnDay:
    return on_day(summary(desk.view()), day)


def test_it_says_whose_it_is_and_where_it_comes_from() -> None:
    one = summary(told.child().view())
    assert (one.docket, one.opened, one.proposed_by) == ("TUR/40", date(2024, 8, 15), "TUR")
    assert (one.mandate, one.body, one.parties) == (told.MANDATE, told.BODY, ("IRQ", "TUR"))
    assert one.parents == ("TUR/10", "IRQ/12")
    assert one.first is not None
    assert one.first.source == told.DECISION


def test_one_that_nobody_was_allowed_to_open_is_empty_and_on_no_day_open() -> None:
    one = summary(told.without_mandate().view())
    assert one == Summary("TUR/40")
    assert (on_day(one, LATE).is_, on_day(one, LATE).terms, silent_for(one, LATE)) == ("not_open", None, None)


def test_before_the_day_on_which_it_was_put_it_is_not_open() -> None:
    desk = told.kept()
    assert on(desk, date(2024, 8, 14)).is_ == "not_open"
    assert silent_for(summary(desk.view()), date(2024, 8, 14)) is None


def test_terms_hold_from_the_day_of_the_last_yes() -> None:
    desk = Desk()
    first = desk.propose()
    desk.accept("IRQ", first, time=at(18))
    later = desk.terms("IRQ", due=acts.Due(date(2025, 2, 1)), how={"time": at(20)})
    desk.accept("TUR", later, time=at(25))
    found = [
        (on(desk, day).stage, on(desk, day).due)
        for day in (at(17), at(18), at(24), at(25))
        for day in [day.date()]
    ]
    assert found == [("proposed", DUE), ("agreed", DUE), ("agreed", DUE), ("agreed", date(2025, 2, 1))]
    assert [(stage.day, stage.refs) for stage in summary(desk.view()).stages] == [
        (date(2024, 8, 18), ("TUR/40",)),
        (date(2024, 8, 25), (str(later),)),
    ]


def test_silence_begins_with_the_proposal_and_then_with_the_agreement() -> None:
    desk = Desk()
    first = desk.propose()
    assert (on(desk).is_, on(desk).since) == ("silent", date(2024, 8, 15))
    desk.accept("IRQ", first, time=at(18))
    assert (on(desk).is_, on(desk).since) == ("silent", date(2024, 8, 18))


def test_days_left_are_counted_to_the_due_day_and_it_is_overdue_the_day_after() -> None:
    desk = agreed()
    for days, late in ((-30, False), (0, False), (1, True)):
        found = on(desk, DUE + timedelta(days=days))
        assert (found.days_left, found.overdue) == (-days, late)


def test_what_is_agreed_to_be_started_can_be_overdue_and_what_is_agreed_to_be_done_cannot() -> None:
    """Seen to fail when any agreed status ends a due date."""
    desk = agreed()
    for party in desk.parties:
        desk.state(party, "started")
    assert on(desk).overdue
    for party in desk.parties:
        desk.state(party, "done")
    assert not on(desk).overdue
    desk.state("IRQ", "obstructed")
    assert on(desk).overdue


def test_what_awaits_an_event_is_never_overdue() -> None:
    found = on(told.child())
    assert (found.due, found.days_left, found.overdue) == (None, None, False)


def test_a_closed_one_is_shown_as_closed_from_that_day_and_is_never_overdue() -> None:
    desk = told.split()
    assert on(desk, date(2024, 8, 14)).is_ == "not_open"
    found = on(desk)
    assert (found.is_, found.stage, found.since, found.overdue) == (
        "replaced",
        "replaced",
        date(2024, 8, 15),
        False,
    )
    assert summary(desk.view()).stages[-1].by == ("TUR/45", "IRQ/50")
    assert found.terms == summary(desk.view()).first


def test_where_a_closing_and_other_terms_crossed_it_stays_open() -> None:
    desk = told.closing_crossed()
    assert (on(desk).is_, on(desk).stage) == ("silent", "crossed")
    waits = {(wait.sort, wait.party) for wait in summary(desk.view()).waiting}
    assert waits == {("new_agreement", "IRQ"), ("new_agreement", "TUR")}


def test_terms_that_crossed_are_both_given_and_new_ones_end_it() -> None:
    stage = summary(told.crossed_terms().view()).stages[-1]
    assert (stage.is_, len(stage.terms), len(stage.refs)) == ("crossed", 2, 2)
    assert on(told.crossed_then_settled()).stage == "agreed"


def test_evidence_is_told_with_its_hash_and_whether_it_was_released() -> None:
    one = summary(told.files().view())
    assert [(item.ref, item.released is None, item.shows) for item in one.evidence] == [
        ("IRQ/41", False, "done"),
        ("IRQ/44", False, "done"),
        ("TUR/41", True, "done"),
    ]
    assert one.evidence[2].digest == acts.evidence_digest(told.SALT, told.FILE)


def test_instruments_are_told_with_who_named_them() -> None:
    found = [(one.party, one.instrument) for one in summary(told.kept().view()).instruments]
    assert found == [("IRQ", "IRQ/20"), ("TUR", "TUR/3")]


def test_silence_is_counted_from_the_last_word_up_to_the_day_asked() -> None:
    desk = agreed()
    desk.state("TUR", "started", day=20)
    one = summary(desk.view())
    assert [silent_for(one, day.date()) for day in (at(15), at(19), at(20), at(30))] == [0, 4, 0, 10]
    assert silent_for(one, date(2024, 11, 18)) == 90


def test_it_has_no_day_in_it_but_those_of_the_acts() -> None:
    """Seen to fail when a summary keeps what it comes to on some day."""
    one = summary(told.kept().view())
    assert one == summary(told.kept().view())
    assert set(one.days) == {date(2024, 8, 15), date(2024, 8, 20), date(2024, 8, 22)}


@pytest.mark.parametrize("story", told.STORIES)
def test_it_can_be_written_down(story) -> None:
    """Plain data, so that it can be kept or sent."""
    msgspec.json.encode(summary(story().view()))


@settings(max_examples=200)
@given(parties, steps | term_steps)
def test_what_holds_on_the_last_day_is_what_holds(who: tuple[str, ...], story: list[tuple[int, ...]]) -> None:
    """The stages, read day by day, end where the docket is."""
    desk = talk(who, story, hostile=True)
    view = desk.view()
    newest = tuple(put.subject for put in state.newest(view))
    one = summary(view)
    assert (one.stages[-1].refs if one.stages else ()) == newest
    closing = state.closed(view)
    assert (on_day(one, LATE).is_ in ("replaced", "dropped")) == (closing is not None)
    assert [stage.day for stage in one.stages] == sorted({stage.day for stage in one.stages})


@settings(max_examples=200)
@given(parties, steps | term_steps)
def test_no_stage_is_told_before_its_day_and_none_changes_after_it(
    who: tuple[str, ...], story: list[tuple[int, ...]]
) -> None:
    """What was agreed by a day is the same whether one asks then or later, while clocks only go forward."""
    desk = talk(who, story)
    for cut in range(len(desk.acts)):
        early = summary(desk.fold(desk.acts[: cut + 1]).at(desk.sizes))
        today = desk.acts[cut].time.date()
        whole = summary(desk.view())
        assert [s for s in whole.stages if s.day <= today] == list(early.stages)
        for day in DAYS:
            if day <= today:
                assert on_day(whole, day) == on_day(early, day)
