"""What is agreed is a function of the halves: order, delay and crossing acts do not change what has been settled."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import BRACKETS, Room, at, files
from tests.chapters.instruments.scenarios import (
    crossed_brackets,
    crossed_texts,
    crossed_withdrawal,
    edits,
    lived,
    recorded,
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


@settings(max_examples=60, deadline=None)
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


@settings(max_examples=40, deadline=None)
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


def test_in_force_from_the_last_notification_and_never_by_one_side_alone() -> None:
    room = Room()
    room.adopt()
    for party in room.parties:
        room.sign(party)
    room.do("TUR", "notified", time=at(date(2024, 9, 1)))
    assert matters.since(room.view()) is None
    room.do("IRQ", "notified", time=at(date(2024, 10, 1)), received=date(2024, 9, 20))
    assert matters.since(room.view()) == date(2024, 10, 20)


def test_without_a_final_clause_the_last_signature_brings_it_into_force() -> None:
    """VCLT art. 24(2)."""
    room = Room()
    room.adopt(head="")
    room.sign("TUR")
    assert matters.since(room.view()) is None
    room.sign("IRQ", signed_on=date(2024, 8, 20), time=at(date(2024, 8, 20)))
    assert matters.since(room.view()) == date(2024, 8, 20)


def test_a_recorded_instrument_is_in_force_once_all_have_affirmed_it() -> None:
    room = recorded(("IRQ", "JOR", "TUR"))
    assert matters.since(room.view()) == date(2019, 9, 1)
    short = room.fold(room.acts[:2]).at(room.sizes)
    assert matters.since(short) is None


def test_the_earliest_end_counts_and_is_never_before_all_had_agreed() -> None:
    ends = matters.ends(lived().view())
    assert [(end.day, end.what) for end in ends] == [
        (date(2027, 1, 1), "terminated"),
        (date(2029, 10, 10), "denounced"),
        (date(2029, 10, 10), "renewal_declined"),
    ]
    room = Room()
    room.enter()
    ending = room.do("TUR", "termination_proposed", ends_on=date(2025, 1, 1), time=at(date(2024, 12, 1)))
    room.do("IRQ", "accepted", version=str(ending), time=at(date(2025, 2, 1)))
    assert matters.until(room.view()) == date(2025, 2, 1)


def test_an_amendment_goes_the_way_of_the_base_text_and_takes_effect_by_its_clause() -> None:
    room = lived()
    (fixed, amendment), *_ = matters.amendments(room.view())
    assert (str(amendment.ref), fixed.day) == ("IRQ/4", date(2025, 5, 31))
    before, after = (matters.consolidated(room.view(), day) for day in (date(2025, 5, 30), date(2025, 5, 31)))
    assert before is not None
    assert after is not None
    assert before[1] == []
    assert after[1] == ["IRQ/4"]
    row = after[0].provision("art-1.2")
    assert row is not None
    assert row.words["tr"].text == "Amended for the 1. time."


def test_amendments_apply_in_the_order_of_their_effect_and_a_lost_place_is_told() -> None:
    room = Room()
    room.adopt(head="final: {denunciation: {months: 6}}\n")
    for party in room.parties:
        room.sign(party)
    first = room.do("IRQ", "amendment_proposed", edits=edits(1), sees={"TUR": room.sizes["TUR"]})
    second = room.do(
        "TUR", "amendment_proposed", edits=[{"op": "delete", "at": "art-1.2"}], sees={"IRQ": first.number}
    )
    for party, ref, day in (("IRQ", second, 1), ("TUR", first, 2)):
        room.do(party, "accepted", version=str(ref), time=at(date(2024, 10, day)))
    for ref, day in ((second, 5), (first, 6)):
        for party in room.parties:
            room.sign(party, matter=str(ref), signed_on=date(2024, 10, day), time=at(date(2024, 10, day)))
    done = matters.consolidated(room.view(), date(2025, 1, 1))
    assert done is not None
    assert done[1:] == ([str(second), str(first)], ["art-1.2", "art-1.2"])
