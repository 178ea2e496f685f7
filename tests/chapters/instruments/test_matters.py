"""What is agreed is a function of the halves: order, delay and crossing acts do not change what has been settled."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import BRACKETS, Room, files
from tests.chapters.instruments.scenarios import (
    crossed_brackets,
    crossed_texts,
    crossed_withdrawal,
)
from tests.chapters.replay import account, closed_cuts, settled, shuffled, told

from comity.chapters.instruments import matters
from comity.chapters.instruments.brackets import brackets
from comity.chapters.instruments.reader import read_text
from comity.core.errors import Refused

TEXTS = [read_text(files(more=more))["text"] for more in (" Twice.", BRACKETS, " Thrice.")]


def random_room(seed: int) -> Room:
    """A docket in which parties say whatever they may, each seeing the others' acts sooner or later."""
    chance = random.Random(seed)
    room = Room(chance.choice([("IRQ", "TUR"), ("IRQ", "JOR", "TUR")]))
    room.propose(more=chance.choice(["", BRACKETS]))
    seen: dict[str, dict[str, int]] = {party: {} for party in room.parties}
    for _ in range(chance.randrange(4, 16)):
        party = chance.choice(room.parties)
        for other in room.parties:
            if other != party:
                low = max(seen[party].get(other, 0), 2 if other == "TUR" else 0)
                seen[party][other] = chance.randint(low, max(low, room.sizes[other]))
        with suppress(Refused):
            _act(room, party, chance, dict(seen[party]))
    return room


def _act(room: Room, party: str, chance: random.Random, sees: dict[str, int]) -> None:
    view = room.fold().at({**room.sizes, **sees})
    known = [str(said.ref) for said in matters.versions(view)] or ["TUR/1"]
    version = chance.choice(known)
    kinds = [
        "revised",
        "bracket_position",
        *["accepted"] * 4,
        *["acceptance_withdrawn"] * 3,
        "signed",
        "notified",
        "declined",
    ]
    fields: dict[str, Any] = {}
    match kind := chance.choice(kinds):
        case "revised":
            fields = {"version": version, "text": chance.choice(TEXTS)}
        case "bracket_position":
            fields = {"bracket": "b1", "choice": chance.choice(["TUR", "IRQ", "omit"]), "version": version}
            fields["status"] = chance.choice(["agreed", "agreed", "agreed", "reserved"])
        case "accepted" | "acceptance_withdrawn" | "declined":
            fields = {"version": version}
        case "signed":
            fields = {"signed_on": date(2024, 8, 15), "place": "Ankara", "office": "minister", "signed": True}
    room.do(party, kind, sees=sees, **fields)


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_any_order_of_arrival_tells_the_same_of_random_dockets(seed: int) -> None:
    """Laws 2 and 6. Seen to fail when a tie between texts is broken by which came first."""
    room = random_room(seed)
    expected = account(room, room.view())
    for again in range(3):
        fold = room.fold()
        fold = type(fold)(fold.docket, room.chapter, room.parties)
        for act in shuffled(room, random.Random(again)):
            fold.add(act, room.setting)
        assert account(room, fold.at(room.sizes)) == expected


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_settled_milestones_stay_in_random_dockets(seed: int) -> None:
    """Law 3. Seen to fail when a withdrawal after an acceptance undoes it."""
    room = random_room(seed)
    fold = room.fold()
    last = {told(one) for one in room.chapter.milestones(room.view())}
    for cut in closed_cuts(room)[:: 1 + len(closed_cuts(room)) // 60]:
        for one in room.chapter.milestones(fold.at(cut)):
            if not one.withdrawal or settled(one, room, cut):
                assert told(one) in last, (one, cut)


def test_a_withdrawal_that_crossed_the_acceptance_has_no_effect_and_says_so() -> None:
    room = crossed_withdrawal()
    assert matters.base(room.view()) is not None
    found = {one.what: one for one in room.chapter.milestones(room.view())}
    assert found["withdrawal_crossed"].subject == "TUR/5"
    assert found["acceptance_withdrawn"].subject == "TUR/3"
    assert room.chapter.describe(room.view())["withdrawals_without_effect"] == ["TUR/5"]


def test_a_withdrawal_that_the_other_side_had_seen_counts() -> None:
    room = Room()
    room.propose()
    room.do("TUR", "accepted")
    room.do("TUR", "acceptance_withdrawn")
    room.do("IRQ", "accepted", version="TUR/1")
    assert matters.base(room.view()) is None
    room.do("TUR", "accepted")
    assert matters.base(room.view()) is not None


def test_two_texts_that_crossed_into_a_match_leave_one_standing_the_same_everywhere() -> None:
    room = crossed_texts()
    found = matters.matched(room.view())
    assert len(found) == 2
    bound = matters.base(room.view())
    assert bound is not None
    assert bound.text == min(one.text for one in found)
    with pytest.raises(Refused, match="already_adopted"):
        room.do("IRQ", "accepted", version="TUR/1")


def test_two_choices_that_crossed_leave_one_standing() -> None:
    room = crossed_brackets()
    view = room.view()
    bracket = brackets(matters.versions(view)[0].body.text)[0]
    found = matters.matched_choices(view, "TUR/1", bracket)
    assert {choice for choice, _ in found} == {"TUR", "IRQ"}
    assert matters.agreed_choice(view, "TUR/1", bracket) == found[0]


@pytest.mark.parametrize("after", [{"status": "reserved"}, {"status": "agreed", "choice": "IRQ"}])
def test_a_position_that_was_changed_in_the_other_sides_sight_no_longer_counts(after: dict[str, str]) -> None:
    """Seen to fail when a new position leaves the earlier yes standing."""
    room = Room()
    room.propose(more=BRACKETS)
    room.do("TUR", "bracket_position", bracket="b1", status="agreed", choice="TUR")
    room.do("TUR", "bracket_position", bracket="b1", **after)
    room.do("IRQ", "bracket_position", bracket="b1", status="agreed", choice="TUR")
    assert room.ask("brackets", date(2024, 8, 15))[0]["agreed"] is None


def test_only_the_parties_that_the_text_names_are_needed() -> None:
    room = Room(("IRQ", "JOR", "TUR"))
    room.adopt(head="parties: [IRQ, TUR]\n")
    bound = matters.base(room.view())
    assert bound is not None
    assert set(bound.halves) == {"IRQ", "TUR"}


def test_all_parties_are_needed_where_none_are_named() -> None:
    """Seen to fail when two yeses of three suffice."""
    room = Room(("IRQ", "JOR", "TUR"))
    room.propose()
    room.do("TUR", "accepted")
    room.do("IRQ", "accepted")
    assert matters.base(room.view()) is None
    room.do("JOR", "accepted")
    assert matters.base(room.view()) is not None
