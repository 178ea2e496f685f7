"""What is shown of a status is a function of the two sides' own assertions and the day, and of nothing else."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.commitments import scenarios as told
from tests.chapters.commitments.talk import DAYS, parties, status_steps, steps, talk
from tests.chapters.replay import shuffled

from comity.chapters.commitments import state
from comity.chapters.commitments.status import Assertion, replied, shown
from comity.core.fold import Fold

TWO = ("IRQ", "TUR")
LATE = date(2030, 1, 1)
Said = dict[str, tuple[Assertion, ...]]


def day(number: int) -> date:
    return date(2024, 8, number)


def say(party: str, number: int, on: int, status: str, **seen: int) -> Assertion:
    return Assertion(party, number, day(on), status, seen)


def word(said: Said, on: date = LATE, who: tuple[str, ...] = TWO) -> tuple[str, str, str, dict[str, str]]:
    found = shown(replied(said), who, on)
    behind = {party: waits.ref for party, waits in found.behind.items()}
    return found.is_, found.status, found.since.isoformat() if found.since else "", behind


# --------------------------------------------------------------------------------------------- examples


def test_where_nobody_has_said_anything_it_is_silent() -> None:
    assert word({"IRQ": (), "TUR": ()}) == ("silent", "", "", {})
    assert word({}) == ("silent", "", "", {})


def test_the_same_status_is_agreed_since_the_last_one_said_it_first() -> None:
    """Repeating it later begins nothing anew."""
    said = {
        "TUR": (say("TUR", 3, 1, "done"), say("TUR", 9, 20, "done", IRQ=5)),
        "IRQ": (say("IRQ", 4, 7, "done"),),
    }
    assert word(said) == ("agreed", "done", "2024-08-07", {})


def test_the_same_status_is_agreed_also_where_neither_knew_of_the_other() -> None:
    said = {"TUR": (say("TUR", 3, 1, "done", IRQ=2),), "IRQ": (say("IRQ", 4, 2, "done", TUR=1),)}
    assert word(said)[:2] == ("agreed", "done")


def test_a_side_that_has_said_nothing_is_behind_since_the_first_assertion_of_the_other() -> None:
    said = {"TUR": (say("TUR", 3, 1, "started"), say("TUR", 5, 9, "done"))}
    assert word(said) == ("unanswered", "", "2024-08-01", {"IRQ": "TUR/3"})


def test_it_is_disputed_as_soon_as_the_other_side_has_replied_otherwise() -> None:
    """A reply is an answer; whoever got it owes none in turn. Seen to fail when it does."""
    said = {"TUR": (say("TUR", 3, 1, "done"),), "IRQ": (say("IRQ", 4, 5, "obstructed", TUR=4),)}
    assert word(said) == ("disputed", "", "2024-08-05", {})


def test_who_comes_to_a_new_view_after_an_agreement_is_to_be_answered_and_the_reply_ends_the_waiting() -> (
    None
):
    said = {
        "TUR": (say("TUR", 3, 1, "started"), say("TUR", 9, 8, "done", IRQ=5)),
        "IRQ": (say("IRQ", 4, 5, "started", TUR=4),),
    }
    assert word(said, day(7)) == ("agreed", "started", "2024-08-05", {})
    assert word(said) == ("unanswered", "", "2024-08-08", {"IRQ": "TUR/9"})
    said["IRQ"] += (say("IRQ", 6, 9, "obstructed", TUR=10),)
    assert word(said) == ("disputed", "", "2024-08-09", {})


def test_the_oldest_contradiction_counts_and_not_the_agreement_before_it() -> None:
    said = {
        "TUR": (say("TUR", 3, 1, "started"),),
        "IRQ": (
            say("IRQ", 4, 5, "started", TUR=4),
            say("IRQ", 5, 8, "done", TUR=4),
            say("IRQ", 6, 12, "obstructed", TUR=4),
        ),
    }
    assert word(said) == ("unanswered", "", "2024-08-08", {"TUR": "IRQ/5"})


def test_it_is_disputed_once_each_knows_of_the_other() -> None:
    """Whoever repeats its view asks for no new answer. Seen to fail when it does."""
    said = {
        "TUR": (say("TUR", 3, 1, "done"), say("TUR", 7, 9, "done", IRQ=5)),
        "IRQ": (say("IRQ", 4, 5, "obstructed", TUR=4),),
    }
    assert word(said) == ("disputed", "", "2024-08-05", {})


def test_who_changes_its_view_in_a_dispute_is_to_be_answered_again() -> None:
    said = {
        "TUR": (say("TUR", 3, 1, "done"), say("TUR", 7, 9, "started", IRQ=5)),
        "IRQ": (say("IRQ", 4, 5, "obstructed", TUR=4),),
    }
    assert word(said) == ("unanswered", "", "2024-08-09", {"IRQ": "TUR/7"})


def test_who_spoke_at_once_and_then_repeats_it_in_knowledge_of_the_other_has_replied() -> None:
    said = {
        "TUR": (say("TUR", 3, 1, "done", IRQ=4),),
        "IRQ": (say("IRQ", 4, 1, "started", TUR=3), say("IRQ", 6, 5, "started", TUR=4)),
    }
    assert word(said, day(4))[0] == "disputed"
    assert word(said) == ("disputed", "", "2024-08-01", {})


def test_it_is_disputed_where_both_spoke_at_once() -> None:
    said = {"TUR": (say("TUR", 3, 1, "done", IRQ=4),), "IRQ": (say("IRQ", 4, 1, "started", TUR=3),)}
    assert word(said) == ("disputed", "", "2024-08-01", {})


def test_what_was_said_after_the_day_asked_does_not_count() -> None:
    said = {
        "TUR": (say("TUR", 3, 1, "started"),),
        "IRQ": (say("IRQ", 4, 5, "started", TUR=4), say("IRQ", 6, 9, "obstructed", TUR=4)),
    }
    assert word(said, date(2024, 7, 31))[0] == "silent"
    assert word(said, day(1)) == ("unanswered", "", "2024-08-01", {"IRQ": "TUR/3"})
    assert word(said, day(8)) == ("agreed", "started", "2024-08-05", {})
    assert word(said, day(9)) == ("unanswered", "", "2024-08-09", {"TUR": "IRQ/6"})


def test_with_three_all_must_say_the_same_and_each_who_owes_an_answer_is_named() -> None:
    who = ("IRQ", "SYR", "TUR")
    said: Said = {
        "TUR": (say("TUR", 3, 1, "started"),),
        "SYR": (say("SYR", 2, 2, "started", TUR=4),),
        "IRQ": (),
    }
    assert word(said, who=who) == ("unanswered", "", "2024-08-01", {"IRQ": "TUR/3"})
    said["IRQ"] = (say("IRQ", 8, 6, "done", TUR=4, SYR=3),)
    assert word(said, who=who) == ("disputed", "", "2024-08-06", {})
    said["TUR"] += (say("TUR", 4, 7, "done", IRQ=9, SYR=3),)
    assert word(said, who=who) == ("unanswered", "", "2024-08-07", {"SYR": "TUR/4"})
    said["SYR"] += (say("SYR", 5, 8, "done", IRQ=9, TUR=5),)
    assert word(said, who=who) == ("agreed", "done", "2024-08-08", {})


def test_who_is_not_required_is_not_asked() -> None:
    said = {"TUR": (say("TUR", 3, 1, "done"),), "SYR": (say("SYR", 3, 1, "started"),)}
    assert word(said)[3] == {"IRQ": "TUR/3"}
    assert set(shown(said, TWO, LATE).said) == {"TUR"}


def test_an_author_who_has_seen_an_act_but_not_what_that_one_had_seen_replies_all_the_same() -> None:
    """Only a false claim looks so. Seen to fail when the order is told by how much each had seen, added up."""
    said = {
        "IRQ": (say("IRQ", 45, 3, "started", SYR=41, TUR=41),),
        "SYR": (say("SYR", 40, 1, "done"), say("SYR", 41, 1, "done")),
        "TUR": (say("TUR", 40, 2, "done", IRQ=45, SYR=42),),
    }
    assert replied(said)["IRQ"][0].replies == ("SYR", "TUR")
    assert word(said, who=("IRQ", "SYR", "TUR"))[0] == "disputed"


def test_a_circle_of_false_claims_ends() -> None:
    said = {"IRQ": (say("IRQ", 4, 1, "done", TUR=9),), "TUR": (say("TUR", 4, 1, "started", IRQ=9),)}
    assert {party: len(own) for party, own in replied(said).items()} == {"IRQ": 1, "TUR": 1}
    assert word(said)[0] == "disputed"


def test_very_long_rows_of_assertions_are_told_without_end_of_the_stack() -> None:
    said = {
        party: tuple(
            say(party, n, 1, ("done", "started")[n % 2], **{other: n + (party == "TUR")}) for n in range(3000)
        )
        for party, other in (("IRQ", "TUR"), ("TUR", "IRQ"))
    }
    assert word(said)[:2] == ("agreed", "started")


# ------------------------------------------------------------------------------------------- properties


def straight(said: Said, who: tuple[str, ...], on: date) -> tuple[str, str, set[str]]:
    """The same, as the rule reads: written down a second time without any haste."""
    last = {}
    for party in who:
        own = [one for one in said.get(party, ()) if one.day <= on]
        if own:
            last[party] = max(own, key=lambda one: one.number)
    if not last:
        return "silent", "", set()
    if set(last) == set(who) and len({one.status for one in last.values()}) == 1:
        return "agreed", next(iter(last.values())).status, set()

    def first(party: str) -> Assertion:
        """With which assertion it began to say what it says now."""
        own = sorted((one for one in said[party] if one.day <= on), key=lambda one: one.number)
        others = [one.number for one in own if one.status != last[party].status]
        return next(one for one in own if one.number > max(others, default=-1))

    def knows(party: str, other: str) -> bool:
        return last[party].seen.get(other, 0) > first(other).number

    def answers(one: Assertion, other: str) -> bool:
        """Whether it is its author's reply to what the other says in the author's knowledge."""
        own = [each for each in said[one.party] if each.number < one.number]
        before = max(own, key=lambda each: each.number, default=None)
        if before is not None and before.status == one.status and answers(before, other):
            return True
        heard = [each for each in said.get(other, ()) if each.number < one.seen.get(other, 0)]
        if not heard:
            return False
        newest = max(heard, key=lambda each: each.number)
        since = max([each.number for each in heard if each.status != newest.status], default=-1)
        began = next(each for each in heard if each.number > since)
        owed = before is None or (
            before.status != newest.status and before.seen.get(other, 0) <= began.number
        )
        return owed and not answers(newest, one.party)

    behind = {party for party in who if party not in last}
    for mine, theirs in permutations(last, 2):
        differ = last[mine].status != last[theirs].status and not answers(last[theirs], mine)
        if differ and knows(theirs, mine) and not knows(mine, theirs):
            behind.add(mine)
    return ("unanswered" if behind else "disputed"), "", behind


@settings(max_examples=300)
@given(parties, status_steps | steps, st.sampled_from(DAYS))
def test_what_is_shown_is_what_the_rule_says(
    who: tuple[str, ...], story: list[tuple[int, ...]], on: date
) -> None:
    said = state.assertions(talk(who, story).view())
    found = shown(said, who, on)
    assert (found.is_, found.status, set(found.behind)) == straight(said, who, on)


@settings(max_examples=200)
@given(parties, status_steps | steps, st.sampled_from(DAYS), st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_what_is_shown(
    who: tuple[str, ...], story: list[tuple[int, ...]], on: date, chance: random.Random
) -> None:
    """Seen to fail when an assertion counts as newer because it arrived later."""
    desk = talk(who, story, hostile=True)
    expected = desk.ask("status", on)
    for _ in range(3):
        fold = Fold(desk.docket, desk.chapter, desk.parties)
        for act in shuffled(desk, chance):
            fold.add(act, desk.setting)
        assert desk.chapter.questions["status"](fold.at(desk.sizes), on) == expected


@settings(max_examples=200)
@given(parties, status_steps, st.sampled_from(DAYS), st.randoms(use_true_random=False))
def test_nothing_but_the_parties_own_assertions_up_to_the_day_counts(
    who: tuple[str, ...], story: list[tuple[int, ...]], on: date, chance: random.Random
) -> None:
    """The same assertions, listed in any order of parties and without what came later, show the same."""
    said = state.assertions(talk(who, story).view())
    order = list(said)
    chance.shuffle(order)
    known = {party: tuple(one for one in said[party] if one.day <= on) for party in order}
    assert shown(known, who, on) == shown(said, who, on)


@settings(max_examples=200)
@given(parties, status_steps)
def test_since_is_a_day_of_an_assertion_and_everything_is_the_same_until_the_next(
    who: tuple[str, ...], story: list[tuple[int, ...]]
) -> None:
    said = state.assertions(talk(who, story).view())
    days = sorted({one.day for own in said.values() for one in own})
    for at, on in enumerate(days):
        found = shown(said, who, on)
        assert found.since in days[: at + 1]
        assert found.since == min((w.day for w in found.behind.values()), default=found.since)
        following = days[at + 1] if at + 1 < len(days) else on + timedelta(days=100)
        assert shown(said, who, following - timedelta(days=1)) == found


@settings(max_examples=200)
@given(parties, status_steps)
def test_who_answers_in_full_knowledge_is_never_behind_and_all_who_do_end_the_waiting(
    who: tuple[str, ...], story: list[tuple[int, ...]]
) -> None:
    """However it stands: once each has said its view knowing all, it is agreed or disputed."""
    desk = talk(who, story)
    for turn, party in enumerate((*who, *who)):
        # In the second turn all statuses stay as they were in the first, so everybody knows them all.
        status = ("done", "obstructed")[turn % len(who) % 2]
        desk.state(party, status, day=30)
        assert party not in desk.ask("status", LATE)["behind"]
    assert desk.ask("status", LATE)["is"] == "disputed"
    for party in who:
        desk.state(party, "done", day=31)
    assert (desk.ask("status", LATE)["is"], desk.ask("status", LATE)["status"]) == ("agreed", "done")


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (told.kept, "agreed"),
        (told.disputed, "disputed"),
        (told.unanswered, "unanswered"),
        (told.crossed_statuses, "agreed"),
        (told.crossed_terms, "silent"),
        (told.three_parties, "unanswered"),
    ],
)
def test_the_stories_show_what_they_say(story, expected) -> None:
    assert story().ask("status", LATE)["is"] == expected
