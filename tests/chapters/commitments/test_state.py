"""The state of one commitment, and the lineage of many: nothing is lost, nothing invented, no circle comes about."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.commitments import scenarios as told
from tests.chapters.commitments.scenarios import BODY, MANDATE, Desk, agreed, terms
from tests.chapters.commitments.talk import parties, status_steps, steps, talk, term_steps
from tests.chapters.replay import account, shuffled

from comity.chapters.commitments import acts, state
from comity.chapters.commitments.summary import Summary, summary
from comity.core.act import Act, Ref
from comity.core.errors import Refused
from comity.core.fold import Fold


@settings(max_examples=150)
@given(parties, steps | status_steps | term_steps, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_account(
    who: tuple[str, ...], story: list[tuple[int, ...]], chance: random.Random
) -> None:
    """Law 2, with a hostile speaker too."""
    desk = talk(who, story, hostile=True)
    expected = account(desk, desk.view())
    for _ in range(3):
        fold = Fold(desk.docket, desk.chapter, desk.parties)
        for act in shuffled(desk, chance):
            fold.add(act, desk.setting)
        assert account(desk, fold.at(desk.sizes)) == expected


@settings(max_examples=150)
@given(parties, steps | term_steps)
def test_whoever_knows_everything_can_always_agree_on_new_terms(
    who: tuple[str, ...], story: list[tuple[int, ...]]
) -> None:
    """No crossing is a dead end: new terms, accepted in full sight, hold. Unless it was closed."""
    desk = talk(who, story)
    if state.closed(desk.view()) is not None:
        return
    new = desk.terms(who[0], title="Something new")
    for party in who[1:]:
        desk.accept(party, new)
    assert [put.ref for put in state.newest(desk.view())] == [new]
    assert state.current(desk.view()).title == {"en": "Something new"}


@settings(max_examples=150)
@given(parties, steps | status_steps)
def test_each_party_s_acts_change_that_party_s_half_alone(
    who: tuple[str, ...], story: list[tuple[int, ...]]
) -> None:
    """Law 4. Nobody can assert, release or record anything in another's half."""
    desk = talk(who, story, hostile=True)
    for party, half in desk.view().halves.items():
        assert {one.party for one in half.assertions} <= {party}
        refs = [put.ref for put in (*half.terms.values(), *half.closings.values(), *half.evidence.values())]
        assert {ref.party for ref in refs} <= {party}


@pytest.mark.parametrize("desk", told.scenarios())
def test_a_state_is_never_changed_in_place(desk: Desk) -> None:
    fold = desk.fold()
    early = dict.fromkeys(desk.parties, 41)
    before = account(desk, fold.at(early))
    fold.at(desk.sizes)
    assert account(desk, fold.at(early)) == before


def test_two_offers_that_come_to_the_same_do_not_cross() -> None:
    desk = agreed()
    body = acts.TermsProposed(terms(title="Other"))
    ours = desk.say("TUR", "terms_proposed", body)
    theirs = desk.say("IRQ", "terms_proposed", body, sees={"TUR": 41})
    before = dict(desk.sizes)
    desk.accept("TUR", theirs)
    desk.accept("IRQ", ours, sees={"TUR": before["TUR"]})
    assert len(state.newest(desk.view())) == 1


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (acts.TermsProposed(terms()), acts.Proposed(BODY, terms()), True),
        (acts.TermsProposed(terms()), acts.TermsProposed(terms(title="x")), False),
        (acts.ClosingProposed("dropped", {"en": "a"}), acts.ClosingProposed("dropped", {"en": "b"}), True),
        (
            acts.ClosingProposed("replaced", {"en": "a"}, ("TUR/1", "TUR/2")),
            acts.ClosingProposed("replaced", {"en": "a"}, ("TUR/2", "TUR/1")),
            True,
        ),
        (
            acts.ClosingProposed("replaced", {"en": "a"}, ("TUR/1",)),
            acts.ClosingProposed("replaced", {"en": "a"}, ("TUR/2",)),
            False,
        ),
        (acts.ClosingProposed("dropped", {"en": "a"}), acts.TermsProposed(terms()), False),
        (acts.TermsProposed(terms()), acts.ClosingProposed("dropped", {"en": "a"}), False),
    ],
)
def test_what_comes_to_the_same(one: state.Offer, other: state.Offer, alike: bool) -> None:
    assert state.same(one, other) is alike


def test_a_closing_that_each_side_put_closes_it_when_both_are_accepted() -> None:
    desk = agreed()
    ours, theirs = desk.close("TUR"), desk.close("IRQ", sees={"TUR": 41})
    before = dict(desk.sizes)
    desk.accept("TUR", theirs)
    desk.accept("IRQ", ours, sees={"TUR": before["TUR"]})
    assert state.closed(desk.view()) is not None


# ---------------------------------------------------------------------------------------------- lineage


class Programme:
    """Many commitments of the same parties, whose logs they share; each author knows a part of the others' logs."""

    def __init__(self, who: Sequence[str]) -> None:
        self.who, self.sizes = who, dict.fromkeys(who, 40)
        self.desks: dict[Ref, Desk] = {}
        self.openings: dict[Ref, Act] = {}

    def open(self, party: str, parents: Sequence[str], sees: dict[str, int], *, force: bool) -> Ref | None:
        desk = Desk(self.who)
        desk.sizes = self.sizes
        body = acts.Proposed(BODY, terms(), parents=tuple(parents))
        act = desk.act(party, "proposed", body, sees=sees)
        desk.setting.openings = self.known(act)
        try:
            Fold(act.ref, desk.chapter, desk.parties).check(act, desk.setting)
        except Refused:
            if not force:
                return None
        self.openings[act.ref], self.desks[act.ref] = act, desk
        return desk.force(act)

    def known(self, act: Act) -> dict[Ref, Act]:
        """What was opened in an act's past: what its author's node can look up."""
        return {ref: one for ref, one in self.openings.items() if ref.number < act.past.get(ref.party, 0)}

    def close(self, docket: Ref, children: Sequence[Ref]) -> bool:
        """Split it, if the rules allow."""
        desk = self.desks[docket]
        desk.setting.openings = self.openings
        try:
            off = desk.close(self.who[0], *children)
            for party in self.who[1:]:
                desk.accept(party, off)
        except Refused:
            return False
        return True

    def summaries(self, chance: random.Random) -> dict[Ref, Summary]:
        """Each folded anew, its acts in some order of arrival."""
        found = {}
        for ref, desk in self.desks.items():
            fold = Fold(ref, desk.chapter, desk.parties)
            desk.setting.openings = self.known(self.openings[ref])
            for act in shuffled(desk, chance):
                if act.ref != ref:
                    desk.setting.openings = self.openings
                fold.add(act, desk.setting)
            found[ref] = summary(fold.at(self.sizes))
        return found


moves = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["open", "open", "split", "close"]),
        st.lists(st.integers(-2, 5), max_size=3),
        st.sampled_from([0, 0, 1, 2]),
        st.booleans(),
    ),
    min_size=2,
    max_size=10,
)


@settings(max_examples=150)
@given(st.sampled_from([("IRQ", "TUR"), ("IRQ", "SYR", "TUR")]), moves, st.randoms(use_true_random=False))
def test_lineage_is_what_the_opening_acts_say_and_never_a_circle(
    who: tuple[str, ...], story: list[tuple[int, str, list[int], int, bool]], chance: random.Random
) -> None:
    """Random parents (known, unknown, its own, later ones), splits of all sorts, and a hostile node among them."""
    programme = Programme(who)
    for index, what, wanted, sight, force in story:
        party = who[index % len(who)]
        refs = list(programme.openings)
        sees = {p: max(0, n - sight) for p, n in programme.sizes.items() if p != party}
        if what == "open" or not refs:
            own = Ref(party, programme.sizes[party])
            odd = {-1: own, -2: Ref(party, own.number + 1)}
            named = [odd.get(at) or (refs[at] if at < len(refs) else Ref("IRQ", 9)) for at in wanted]
            programme.open(party, [str(ref) for ref in named], sees, force=force)
            continue
        parent = chance.choice(refs)
        children = [programme.open(party, [str(parent)], {}, force=False) for _ in wanted]
        if what == "close":
            children = chance.sample(refs, min(len(refs), 2))
        programme.close(parent, [child for child in children if child is not None])
    found = programme.summaries(chance)
    opened = {ref for ref, one in found.items() if one.opened is not None}
    for ref, one in found.items():
        said = programme.openings[ref].body.parents
        assert one.parents == (said if ref in opened else ())
        for parent in map(Ref.parse, one.parents):
            # In its author's past: so no walk along parents ever comes back.
            assert parent in programme.known(programme.openings[ref])
        for stage in one.stages:
            for child in stage.by:
                assert str(ref) in programme.openings[Ref.parse(child)].body.parents
    assert not circles({str(ref): found[ref].parents for ref in opened})


def circles(parents: dict[str, tuple[str, ...]]) -> set[str]:
    """Who is among its own ancestors."""
    found = set()
    for start, first in parents.items():
        reached: set[str] = set()
        waiting = list(first)
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached.add(one)
                waiting += parents.get(one, ())
        if start in reached:
            found.add(start)
    return found


def test_the_search_for_circles_finds_one() -> None:
    assert circles({"a": ("b",), "b": ("c",), "c": ("a",), "d": ("a",)}) == {"a", "b", "c"}


def test_what_comes_after_the_opening_act_adds_no_parent_and_takes_none_away() -> None:
    desk = told.child()
    parents = summary(desk.view()).parents
    desk.accept("IRQ", desk.terms("TUR", title="Other"))
    desk.state("TUR", "done")
    desk.accept("IRQ", desk.close("TUR"))
    assert summary(desk.view()).parents == parents == ("TUR/10", "IRQ/12")


def test_a_long_line_of_parents_is_looked_at_one_step_only() -> None:
    """No rule folds a parent: opening the thousandth of a line asks for one opening act."""

    class Counting(dict[Ref, Act]):
        asked = 0

        def get(self, key: Ref, default: object = None) -> object:
            Counting.asked += 1
            return super().get(key, default)

    desk = Desk(start=2000)
    line = [(f"TUR/{n}", [f"TUR/{n - 1}"] if n else []) for n in range(1000)]
    last = desk.known(*line)[-1]
    desk.setting.openings = Counting(desk.setting.openings)
    desk.propose("TUR", last)
    assert Counting.asked == 1
    assert desk.setting.mandates[MANDATE].parties == ("IRQ", "TUR")
