"""Every refusal is reached, and each forbids only what its author could know."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chapters.releases import scenarios as at
from tests.chapters.releases.scenarios import Room

from comity.chapters.releases import acts, rules
from comity.core.act import Ref
from comity.core.errors import Refused

CASES: dict[str, Callable[[], object]] = {}


def refused(code: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def keep(case: Callable[[], object]) -> Callable[[], object]:
        CASES[f"{code}: {case.__name__}"] = case
        return case

    return keep


def proposed() -> tuple[Room, Ref]:
    room = Room()
    return room, room.propose()


@refused("release_not_proposed")
def a_yes_to_a_release_that_was_not_allowed() -> None:
    at.not_open().end("IRQ")


@refused("matter_unseen")
def a_matter_that_is_nowhere() -> None:
    Room().propose(matter="IRQ/500")


@refused("matter_unseen")
def a_matter_that_its_author_has_not_read() -> None:
    room = Room()
    room.opened("IRQ/0", "meeting.convened/1")
    room.propose(matter="IRQ/0", sees={"IRQ": 0})


@refused("matter_unseen")
def itself() -> None:
    Room().propose(matter="TUR/1")


@refused("matter_unknown")
def an_act_that_opened_nothing() -> None:
    Room().propose(matter="IRQ/0")


@refused("matter_never_public")
def keys_and_offices() -> None:
    room = Room()
    room.opened("IRQ/0", "charter.accepted/1")
    room.propose(matter="IRQ/0")


@refused("matter_never_public")
def another_release() -> None:
    room = Room()
    room.opened("IRQ/0", "release.proposed/1")
    room.propose(matter="IRQ/0")


@refused("answers_wrong_act")
def a_yes_to_a_yes() -> None:
    room = Room(("IRQ", "SYR", "TUR"))
    first = room.propose()
    room.yes("SYR", room.yes("IRQ", first))


@refused("already_accepted")
def a_yes_to_ones_own_proposal() -> None:
    room, first = proposed()
    room.yes("TUR", first)


@refused("proposal_withdrawn")
def a_yes_to_what_was_taken_back() -> None:
    room, first = proposed()
    room.no("TUR", first)
    room.yes("IRQ", first)


@refused("already_released")
def a_no_to_what_all_have_released() -> None:
    at.released().no("IRQ", Ref("TUR", 1))


@refused("answers_wrong_act")
def a_no_to_a_no() -> None:
    room, first = proposed()
    room.no("TUR", room.no("IRQ", first))


@refused("already_declined")
def a_second_no() -> None:
    room, first = proposed()
    room.no("IRQ", first)
    room.no("IRQ", first)


@refused("not_released")
def the_end_of_what_is_not_agreed() -> None:
    room, _ = proposed()
    room.end("TUR")


@refused("not_released")
def the_end_of_what_is_agreed_unknown_to_its_author() -> None:
    room = at.released()
    room.end("TUR", sees={"IRQ": 1})


@refused("already_ended")
def a_second_end() -> None:
    at.ended().end("IRQ")


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_reason(case: str) -> None:
    with pytest.raises(Refused) as refusal:
        CASES[case]()
    assert refusal.value.code == case.partition(":")[0]


def test_every_refusal_of_this_chapter_is_reached() -> None:
    raised = {
        node.args[0].value  # type: ignore[attr-defined]
        for node in ast.walk(ast.parse(Path(rules.__file__).read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    }
    assert raised <= {case.partition(":")[0] for case in CASES}


def test_any_party_may_end_what_all_have_released() -> None:
    """Also who proposed it, and also after another has ended it."""
    for party in ("IRQ", "TUR"):
        at.released().end(party)
    at.ended().end("TUR")


def test_what_crosses_is_never_refused() -> None:
    for story in (at.crossed, at.ended_by_both, at.three_parties):
        assert story().fold().irregular == []


def test_a_no_needs_no_yes_before_it_and_may_be_followed_by_one() -> None:
    room, first = proposed()
    room.no("IRQ", first)
    room.yes("IRQ", first)
    assert room.refused("IRQ", "release.declined/1", acts.Declined(), answers=[first]) == "already_released"
