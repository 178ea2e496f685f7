"""Which text counts, whatever crossed; what each side said alone stays its own.

Seen to fail: with the first agreed version counting, with the oldest attached text counting, with versions held to come
to the same where their titles do.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.replay import account, closed_cuts, settled, shuffled, told
from tests.chapters.statements import scenarios as at

from comity.chapters.statements import state
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.core.fold import Fold


def newest(room: at.Room) -> list[str]:
    view = room.view()
    return [put.subject for put in state.newest(view, state.versions(view).values())]


def test_a_text_is_agreed_when_the_other_side_accepts_it() -> None:
    room = at.Room()
    first = room.propose()
    assert newest(room) == []
    room.yes("IRQ", first)
    assert newest(room) == ["TUR/1"]
    assert room.milestones()["text_agreed"] == {"IRQ": 1, "TUR": 1}


def test_a_revision_that_all_accepted_takes_the_place_of_the_text() -> None:
    assert newest(at.revised()) == ["TUR/3"]


def test_two_texts_that_crossed_both_count_until_one_that_saw_both_does() -> None:
    assert newest(at.crossed()) == ["IRQ/1", "TUR/2"]
    assert newest(at.crossed_then_settled()) == ["TUR/6"]


def test_two_texts_with_the_same_words_do_not_cross() -> None:
    assert newest(at.same_crossed()) == ["IRQ/1"]


def test_a_statement_needs_every_party() -> None:
    room = at.Room(("IRQ", "SYR", "TUR"))
    first = room.propose()
    room.yes("IRQ", first)
    assert newest(room) == []
    room.yes("SYR", first)
    assert newest(room) == ["TUR/1"]


def test_a_withdrawal_that_crossed_an_acceptance_has_no_effect_and_says_so() -> None:
    room = at.withdrawal_crossed()
    assert newest(room) == ["TUR/1"]
    assert room.milestones()["withdrawn_too_late"] == {"IRQ": 1, "TUR": 2}


def test_the_newest_attached_text_counts_and_may_be_gone() -> None:
    room = at.texts_attached()
    view = room.view()
    found = {s: state.attached(view, put) for s, put in state.publications(view).items()}
    assert found["TUR/2"].body is None
    assert found["TUR/5"].body.text == "Bir metin."


def test_every_citation_is_its_author_s_own() -> None:
    """Law 4."""
    view = at.source().view()
    assert [(put.subject, cited.fact) for put, cited in state.citations(view)] == [
        ("TUR/1", at.MEETING),
        ("TUR/1", at.ARTICLE),
        ("IRQ/1", at.MEETING),
        ("TUR/2", "IRQ/1"),
    ]
    assert list(view.halves["IRQ"].cited) == ["IRQ/1"]


# ------------------------------------------------------------------------------------- properties

Step = tuple[int, int, int, int]
steps = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)),
    min_size=2,
    max_size=14,
)
PARTIES = st.sampled_from([("IRQ", "TUR"), ("IRQ", "SYR", "TUR")])


def talk(parties: Sequence[str], story: Sequence[Step]) -> at.Room:
    """Parties that revise, accept, take back and publish with their own sight of the others; what is refused is left out."""
    room = at.Room(parties)
    room.propose(parties[0])
    seen = {party: dict.fromkeys(parties, 1) for party in parties}
    for who, what, about, news in story:
        party = parties[who % len(parties)]
        for other in parties:
            seen[party][other] += ((room.sizes[other] - seen[party][other]) * news + 2) // 3
        seen[party][parties[0]] = max(seen[party][parties[0]], 2)
        sight = {other: number for other, number in seen[party].items() if other != party}
        reach = {**sight, party: room.sizes[party]}
        known = [act.ref for act in room.acts if act.ref.number < reach[act.party]]
        texts = [ref for ref in known if str(ref) in state.versions(room.view())]
        version = texts[-1 - about % len(texts)]
        try:
            match what:
                case 0:
                    room.revise(party, version, f"Words {about % 3}.", sees=sight)
                case 1 | 2 | 3:
                    room.yes(party, version, sees=sight)
                case 4:
                    room.no(party, version, sees=sight)
                case _:
                    room.publish(party, "en", at.WHOLE, sees=sight)
        except Refused:
            continue
    return room


@settings(max_examples=100)
@given(PARTIES, steps, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_account(
    parties: tuple[str, ...], story: list[Step], chance: random.Random
) -> None:
    room = talk(parties, story)
    expected = account(room, room.view())
    for _ in range(2):
        fold = Fold(room.docket or Ref(parties[0], 1), room.chapter, room.parties)
        for act in shuffled(room, chance):
            fold.add(act, room.setting)
        assert account(room, fold.at(room.sizes)) == expected


@settings(max_examples=80)
@given(PARTIES, steps)
def test_milestones_only_grow_and_settled_ones_stay(parties: tuple[str, ...], story: list[Step]) -> None:
    """Law 3."""
    room = talk(parties, story[:10])
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


@settings(max_examples=100)
@given(steps)
def test_no_crossing_is_a_dead_end(story: list[Step]) -> None:
    """One more text, accepted in full sight, is the text."""
    room = talk(("IRQ", "TUR"), story)
    last = room.revise("TUR", Ref("IRQ", 1), "The last words.")
    room.yes("IRQ", last)
    assert newest(room) == [str(last)]
