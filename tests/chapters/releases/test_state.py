"""Nothing is released by one side alone, and nothing stays released against one side's last word.

Seen to fail: with a release agreed by its proposer alone, with a late no that ends nothing, with the last end counting
instead of the first.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.releases import scenarios as at
from tests.chapters.releases.scenarios import Room
from tests.chapters.replay import account, shuffled

from comity.chapters.releases import state
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.core.fold import Fold


def test_a_proposal_releases_nothing() -> None:
    room = Room()
    room.propose()
    assert state.agreed(room.view()) is None
    assert (state.standing(room.view()), state.since(room.view())) == ("open", None)


def test_the_last_yes_releases_from_its_day_on() -> None:
    view = at.released().view()
    assert state.agreed(view) == {"IRQ": 1, "TUR": 1}
    assert (state.standing(view), state.since(view), state.until(view)) == (
        "released",
        date(2024, 8, 12),
        None,
    )


def test_all_of_three_must_say_yes() -> None:
    room = Room(("IRQ", "SYR", "TUR"))
    first = room.propose()
    room.yes("IRQ", first)
    assert state.agreed(room.view()) is None
    room.yes("SYR", first)
    assert state.agreed(room.view()) == {"IRQ": 1, "SYR": 1, "TUR": 1}


def test_one_party_alone_ends_it() -> None:
    view = at.ended().view()
    assert (state.standing(view), state.until(view)) == ("ended", date(2024, 8, 20))
    assert state.agreed(view) == {"IRQ": 1, "TUR": 1}, "that it was released stays true"


def test_of_two_ends_the_earlier_counts() -> None:
    assert [str(end.ref) for end in state.ends(at.ended_by_both().view())] == ["TUR/2", "IRQ/2"]
    assert state.until(at.ended_by_both().view()) == date(2024, 8, 20)


def test_a_no_that_crossed_the_last_yes_ends_what_it_could_not_undo() -> None:
    view = at.crossed().view()
    assert state.agreed(view) == {"IRQ": 1, "TUR": 1}
    assert [(str(end.ref), end.late) for end in state.ends(view)] == [("TUR/2", True)]
    assert state.standing(view) == "ended"


def test_a_no_in_the_others_sight_leaves_nothing_to_end() -> None:
    for story, standing in ((at.declined, "declined"), (at.withdrawn, "open")):
        view = story().view()
        assert (state.ends(view), state.agreed(view), state.standing(view)) == ([], None, standing)


def test_a_no_before_the_yes_is_not_an_end() -> None:
    view = at.declined_then_accepted().view()
    assert (state.standing(view), state.ends(view), state.noes(view)) == ("released", [], {})


def test_an_act_without_effect_ends_nothing() -> None:
    """A node that keeps no rules says an end before anything is agreed, and a no after it, in full knowledge."""
    view = at.disturbed().view()
    assert (state.standing(view), state.ends(view)) == ("released", [])


WORDS = ("yes", "no", "end")


def live(steps: Sequence[tuple[int, int, int]], parties: tuple[str, ...]) -> Room:
    """Whatever these numbers come to, where the rules allow it: who, says what, having seen how much."""
    room = Room(parties)
    first = room.propose()
    for who, what, sight in steps:
        party = parties[who % len(parties)]
        sees = {
            other: max(2 if other == "TUR" else 1, room.sizes[other] - sight % 3)
            for other in parties
            if other != party
        }
        before = max(
            (act.seen.get(other, 0) for act in room.acts if act.party == party for other in sees), default=0
        )
        sees = {other: max(size, min(before, room.sizes[other])) for other, size in sees.items()}
        try:
            match WORDS[what % 3]:
                case "yes":
                    room.yes(party, first, sees=sees)
                case "no":
                    room.no(party, first, sees=sees)
                case _:
                    room.end(party, sees=sees)
        except Refused:
            continue
    return room


STEPS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), max_size=14)


@settings(max_examples=150)
@given(STEPS, st.sampled_from([("IRQ", "TUR"), ("IRQ", "SYR", "TUR")]), st.integers(0, 99))
def test_whatever_is_said_nothing_is_shown_without_everybodys_yes_nor_against_anybodys_last_word(
    steps: list[tuple[int, int, int]], parties: tuple[str, ...], seed: int
) -> None:
    """And every order of arrival gives the same account."""
    room = live(steps, parties)
    view = room.view()
    last = {
        party: [act.kind for act in view.acts if act.party == party and act.docket == view.docket]
        for party in parties
    }
    if state.standing(view) == "released":
        assert set(state.agreed(view) or {}) == set(parties)
        assert all(said[-1] in ("release.proposed/1", "release.accepted/1") for said in last.values())
    if state.agreed(view) and any(
        said and said[-1] in ("release.declined/1", "release.ended/1") for said in last.values()
    ):
        assert state.standing(view) == "ended"
    fold = Fold(Ref.parse(str(room.docket)), room.chapter, room.parties)
    for act in shuffled(room, random.Random(seed)):
        fold.add(act, room.setting)
    assert account(room, fold.at(room.sizes)) == account(room, view)
