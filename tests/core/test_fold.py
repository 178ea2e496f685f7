"""Folds: every verdict at an act's own past, whatever came in between; any cut at any time.

Seen to fail: with verdicts given at the newest state instead of the act's past, with an irregular act applied, with `at`
keeping its last answer for another cut, and with each check of `judge` left out in turn.
"""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.table import Setting, Table
from tests.core.author import NOON
from tests.worlds import pact

from comity.core.act import Act, Ref
from comity.core.chapter import Chapter, View
from comity.core.errors import Refused
from comity.core.fold import DESTROYED, ContentDestroyed, Fold, causal_order

PARTIES = ("IRQ", "JOR", "TUR")


def table(chapter: Chapter = pact.CHAPTER) -> tuple[Table, Ref]:
    made = Table(chapter, PARTIES)
    return made, made.say("TUR", "pact.put/1", pact.Put("text"))


def strict(view: View, act: Act, setting: Any) -> None:
    """The pact's rules, and one that depends on what others have said: no remarks once somebody has withdrawn."""
    pact.check(view, act, setting)
    if act.kind == "pact.noted/1" and not all(
        view.stands(str(act.docket), p) for p in view.voices(str(act.docket))
    ):
        raise Refused("somebody_withdrew")


STRICT = msgspec.structs.replace(pact.CHAPTER, check=strict)


class Closed(Setting):
    def active(self, chapter: str) -> bool:
        return False


# ------------------------------------------------------------------- the rules that all chapters share


def test_an_act_is_refused_by_the_rules_that_hold_for_every_chapter() -> None:
    """Each reason has its code; none of them depends on the chapter."""
    made, docket = table()
    note = pact.Noted("x")
    cases: list[tuple[str, Any, dict[str, Any]]] = [
        ("kind_unknown", note, {"kind": "pact.unheard/1"}),
        ("kind_unknown", note, {"kind": "pact.noted/2"}),
        ("office_not_held", note, {"office": "nobody"}),
        ("answers_count", note, {"answers": [docket]}),
        ("answers_count", pact.Agreed(), {"kind": "pact.agreed/1"}),
        ("answers_count", pact.Agreed(), {"kind": "pact.agreed/1", "answers": [docket, docket]}),
        ("answers_unseen", pact.Agreed(), {"kind": "pact.agreed/1", "answers": [Ref("JOR", 5)]}),
        ("content_missing", None, {"kind": "pact.granted/1"}),
        ("mandate_missing", pact.Met(), {"kind": "pact.met/1"}),
        ("mandate_missing", pact.Met(), {"kind": "pact.met/1", "mandate": "TUR/1#art-9"}),
        ("not_erasable", ContentDestroyed("rule"), {"kind": DESTROYED, "answers": [docket]}),
        ("stock_empty", pact.Spent(), {"kind": "pact.spent/1"}),
    ]
    for code, body, how in cases:
        assert made.refused("IRQ", how.pop("kind", "pact.noted/1"), body, **how) == code


def test_a_docket_is_opened_by_an_opening_act_alone() -> None:
    """And an opening act opens its own, never another's."""
    made, docket = table()
    opening = made.act("IRQ", "pact.put/1", pact.Put("x"))
    outside = Act(
        Ref("IRQ", 1), "pact.noted/1", Ref("IRQ", 1), NOON, "secretariat", "", (), {}, "", pact.Noted("x")
    )
    unseen = made.act("IRQ", "pact.noted/1", pact.Noted("x"), sees={"TUR": 1})
    for act, code in ((opening, "docket_opens"), (outside, "docket_missing"), (unseen, "docket_unknown")):
        with pytest.raises(Refused) as refused:
            made.fold().check(act, made.setting)
        assert refused.value.code == code
    assert docket == Ref("TUR", 1)


def test_a_stranger_and_an_inactive_chapter_are_refused() -> None:
    """Whatever else would be right."""
    made, _ = table()
    act = made.act("IRQ", "pact.noted/1", pact.Noted("x"))
    for setting, code in ((Setting(("TUR", "JOR")), "not_a_party"), (Closed(PARTIES), "chapter_inactive")):
        with pytest.raises(Refused) as refused:
            made.fold().check(act, setting)
        assert refused.value.code == code


def test_only_its_originator_destroys_a_content_and_only_an_erasable_one() -> None:
    """Law 8; a second destruction changes nothing and harms nothing."""
    made, docket = table()
    note = made.say("IRQ", "pact.noted/1", pact.Noted("x"))
    gone = ContentDestroyed("rule")
    assert made.refused("TUR", DESTROYED, gone, answers=[note]) == "not_originator"
    assert made.refused("TUR", DESTROYED, gone, answers=[docket]) == "not_erasable"
    made.say("IRQ", DESTROYED, gone, answers=[note])
    assert made.view().halves["IRQ"].notes == 1


# ------------------------------------------------------------------------------------------ verdicts


def test_a_verdict_is_given_at_the_acts_own_past_and_stays() -> None:
    """Jordan agrees twice: irregular for ever. Iraq meets before it knew of Jordan's yes: irregular too, for everybody."""
    made, docket = table()
    made.setting.mandates = {}
    made.say("IRQ", "pact.agreed/1", pact.Agreed(), answers=[docket])
    made.say("JOR", "pact.agreed/1", pact.Agreed(), answers=[docket])
    twice = made.force(made.act("JOR", "pact.agreed/1", pact.Agreed(), answers=[docket]))
    crossed = made.say(
        "TUR", "pact.withdrawn/1", pact.Withdrawn(), answers=[docket], sees={"IRQ": 1, "JOR": 1}
    )
    fold = made.fold()
    assert [(fault.ref, fault.code) for fault in fold.irregular] == [(twice, "stands_already")]
    assert crossed not in [fault.ref for fault in fold.irregular]
    assert twice not in [act.ref for act in fold.at(made.sizes).acts]
    assert len(fold.all_acts()) == 5
    assert fold.at(made.sizes).agreed(str(docket)) == {"IRQ": 1, "JOR": 1, "TUR": 1}


def random_table(chance: random.Random) -> Table:
    """Some fifteen acts by three parties with random, but closed, sight of each other; many of them irregular."""
    made, docket = table(STRICT)
    sight = {party: dict.fromkeys(PARTIES, 1) for party in PARTIES}
    sight["TUR"]["TUR"] = 2
    for party in PARTIES:
        sight[party]["TUR"] = 2
    past: dict[Ref, dict[str, int]] = {}
    for _ in range(15):
        party = chance.choice(PARTIES)
        mine = sight[party]
        for other in PARTIES:
            if other != party and chance.random() < 0.5:
                mine[other] = chance.randint(mine[other], made.sizes[other])
                for number in range(1, mine[other]):
                    for third, size in past.get(Ref(other, number), {}).items():
                        if third != party:
                            mine[third] = max(mine[third], size)
        kind, body, answers = chance.choice(
            [("agreed", pact.Agreed(), [docket]), ("withdrawn", pact.Withdrawn(), [docket]), ("noted", pact.Noted("x"), []),
             ("granted", pact.Granted(1), []), ("spent", pact.Spent(), []), ("unheard", pact.Spent(), [])]
        )  # fmt: skip
        sees = {other: size for other, size in mine.items() if other != party}
        ref = made.force(made.act(party, f"pact.{kind}/1", body, answers=answers, sees=sees))
        mine[party] = ref.number + 1
        past[ref] = dict(mine)
    return made


def picture(fold: Fold, cut: dict[str, int]) -> Any:
    return dict(pact.CHAPTER.describe(fold.at(cut))), sorted(fault.ref for fault in fold.irregular)


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_any_causal_order_gives_the_same_fold(seed: int) -> None:
    """Act by act in any order in which each follows what its author had seen, with questions asked in between."""
    chance = random.Random(seed)
    made = random_table(chance)
    whole = made.fold()
    fold = Fold(made.docket or Ref("TUR", 1), STRICT, PARTIES)
    waiting = {party: [act for act in made.acts if act.party == party] for party in PARTIES}
    have = dict.fromkeys(PARTIES, 1)
    while any(waiting.values()):
        party = chance.choice(
            [p for p in PARTIES if waiting[p] and all(have[q] >= n for q, n in waiting[p][0].seen.items())]
        )
        act = waiting[party].pop(0)
        if chance.random() < 0.5:
            fold.at({p: chance.randint(0, n) for p, n in have.items()})
        fold.add(act, made.setting)
        have[party] = act.ref.number + 1
    assert picture(fold, made.sizes) == picture(whole, made.sizes)
    assert fold.known("TUR") == made.sizes["TUR"] or not fold._acts["TUR"]
    for _ in range(5):  # and for any cut, as if what came later were not there
        cut = {party: chance.randint(1, size) for party, size in made.sizes.items()}
        below = made.fold([act for act in made.acts if act.ref.number < cut[act.party]])
        assert dict(pact.CHAPTER.describe(fold.at(cut)))["halves"] == dict(
            pact.CHAPTER.describe(below.at(cut))
        )["halves"] or not closed(made, cut)


def closed(made: Table, cut: dict[str, int]) -> bool:
    """Whether a cut holds all that its acts had seen: only then can what lies below it be folded alone."""
    return all(
        cut[q] >= n for act in made.acts if act.ref.number < cut[act.party] for q, n in act.seen.items()
    )


@settings(max_examples=100)
@given(st.integers(0, 10**6))
def test_causal_order_puts_every_act_after_what_its_author_had_seen(seed: int) -> None:
    """And leaves none out, whatever the order of the parties."""
    made = random_table(random.Random(seed))
    by_party = {
        party: [act for act in made.acts if act.party == party] for party in sorted(PARTIES, reverse=True)
    }
    ordered = causal_order(by_party)
    assert sorted(act.ref for act in ordered) == sorted(act.ref for act in made.acts)
    have: dict[str, int] = {}
    for act in ordered:
        for other, size in act.seen.items():
            behind = [
                a.ref.number
                for a in made.acts
                if a.party == other and have.get(other, 0) <= a.ref.number < size
            ]
            assert not behind, f"{act.ref} stands before {other}/{behind[0]}, which its author had seen"
        have[act.party] = act.ref.number + 1


def test_a_circle_of_false_claims_is_left_out_and_ends() -> None:
    """Each claims to have seen the other first: neither is ordered, and nothing waits for ever."""
    one = Act(Ref("IRQ", 1), "x.y/1", Ref("TUR", 1), NOON, "root", "", (), {"TUR": 2}, "", None)
    two = Act(Ref("TUR", 1), "x.y/1", Ref("TUR", 1), NOON, "root", "", (), {"IRQ": 2}, "", None)
    assert causal_order({"IRQ": [one], "TUR": [two]}) == []
