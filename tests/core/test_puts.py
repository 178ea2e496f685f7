"""What was put and what counts: the rules of yes and no, and which of several agreements is the newest.

Seen to fail: with `newest` taking the larger reference, with `_follows` looking only at what the yes had seen and not at
what was answered, with `overtaken` forgetting to ask whether the put knew of the agreement. `tests/chapters/meetings`
has the properties over random talks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from tests.core.author import NOON

from comity.core import puts
from comity.core.act import Act, Ref
from comity.core.chapter import View
from comity.core.errors import Refused
from comity.core.halves import Voice
from comity.core.puts import Put

PARTIES = ("IRQ", "TUR")
Said = tuple[str, int, bool, int]
"""Who, under which number, yes or withdrawal, how much of the other log it had seen."""


def view(said: Mapping[str, list[Said]], acts: list[Act] | None = None) -> View:
    other = {"IRQ": "TUR", "TUR": "IRQ"}
    voices = {
        subject: {
            party: [Voice(n, yes, {other[p]: seen}) for p, n, yes, seen in found if p == party]
            for party in PARTIES
        }
        for subject, found in said.items()
    }
    return View(Ref("TUR", 1), PARTIES, {}, voices, lambda: acts or [], {"IRQ": 99, "TUR": 99})


def put(ref: str, saw: int = 0, body: str = "", answers: tuple[str, ...] = ()) -> Put[str]:
    found = Ref.parse(ref)
    other = "IRQ" if found.party == "TUR" else "TUR"
    past = {found.party: found.number, other: saw}
    return Put(found, NOON, past, tuple(map(Ref.parse, answers)), body or ref)


def act(party: str, *answers: str, kind: str = "pact.agreed/1", number: int = 50) -> Act:
    answered = tuple(map(Ref.parse, answers))
    return Act(Ref(party, number), kind, Ref("TUR", 1), NOON, "root", "", answered, {}, "", None)


# TUR/10 and IRQ/5 are put; each side accepts the other's unaware of the other's yes.
CROSSED: dict[str, list[Said]] = {
    "TUR/10": [("TUR", 10, True, 3), ("IRQ", 6, True, 11)],
    "IRQ/5": [("IRQ", 5, True, 9), ("TUR", 11, True, 6)],
}


def test_what_an_act_put_keeps_when_it_was_said_and_what_its_author_knew() -> None:
    said = Act(Ref("TUR", 4), "x.y/1", Ref("TUR", 1), NOON, "root", "", (), {"IRQ": 2}, "", "body")
    found = puts.put_of(said)
    assert (found.subject, found.time, found.past, found.body) == (
        "TUR/4",
        NOON,
        {"IRQ": 2, "TUR": 4},
        "body",
    )


def test_two_agreements_that_crossed_both_count_and_nobody_picks() -> None:
    both = [put("TUR/10", 3), put("IRQ/5", 9)]
    assert [found.subject for found in puts.newest(view(CROSSED), both, PARTIES)] == ["IRQ/5", "TUR/10"]


def test_two_agreements_on_the_same_thing_are_one() -> None:
    both = [put("TUR/10", 3, "same"), put("IRQ/5", 9, "same")]
    assert [found.subject for found in puts.newest(view(CROSSED), both, PARTIES)] == ["IRQ/5"]
    alike: Callable[[str, str], bool] = lambda one, other: one[0] == other[0]  # noqa: E731
    near = [put("TUR/10", 3, "s1"), put("IRQ/5", 9, "s2")]
    assert len(puts.newest(view(CROSSED), near, PARTIES, alike)) == 1
    assert len(puts.newest(view(CROSSED), near, PARTIES)) == 2


def test_an_agreement_that_saw_the_other_takes_its_place() -> None:
    later = {**CROSSED, "TUR/12": [("TUR", 12, True, 7), ("IRQ", 7, True, 13)]}
    three = [put("TUR/10", 3), put("IRQ/5", 9), put("TUR/12", 7)]
    assert [found.subject for found in puts.newest(view(later), three, PARTIES)] == ["TUR/12"]
    assert puts.newest(view({}), three, PARTIES) == []


def test_a_yes_knows_what_the_proposal_that_it_answers_knew() -> None:
    said: dict[str, list[Said]] = {
        "TUR/1": [("TUR", 1, True, 0), ("IRQ", 1, True, 2)],
        "TUR/3": [("TUR", 3, True, 2), ("IRQ", 4, True, 0)],
    }
    found = puts.newest(view(said), [put("TUR/1"), put("TUR/3", 2)], PARTIES)
    assert [one.subject for one in found] == ["TUR/3"]


def test_a_proposal_stands_open_agreed_withdrawn_or_overtaken() -> None:
    said: dict[str, list[Said]] = {
        "TUR/1": [("TUR", 1, True, 0), ("IRQ", 1, True, 2)],
        "IRQ/0": [("IRQ", 0, True, 0)],
        "TUR/5": [("TUR", 5, True, 2)],
        "TUR/6": [("TUR", 6, True, 2), ("TUR", 7, False, 2)],
    }
    four = [put("TUR/1"), put("IRQ/0"), put("TUR/5", 2), put("TUR/6", 2)]
    seen = view(said)
    assert [puts.standing(seen, one, four, PARTIES) for one in four] == [
        "agreed",
        "overtaken",
        "open",
        "withdrawn",
    ]
    assert puts.overtaken(seen, four[1], four, PARTIES) == four[0]


def test_who_is_silent_since_when_and_a_counter_proposal_is_an_answer() -> None:
    later = NOON.replace(hour=15)
    gone = act("IRQ", "TUR/1", number=3)
    said: dict[str, list[Said]] = {
        "TUR/1": [("TUR", 1, True, 0), ("IRQ", 2, True, 2), ("IRQ", 3, False, 2)],
        "TUR/2": [("TUR", 2, True, 0)],
        "IRQ/7": [("IRQ", 7, True, 3)],
    }
    times = {gone.ref: later}
    counter = put("IRQ/7", 3, answers=("TUR/2",))
    seen = view(said, [gone])
    assert puts.times(seen) == {gone.ref: NOON}
    assert list(puts.silent(seen, put("TUR/1"), [counter], PARTIES, times)) == [("IRQ", later)]
    assert list(puts.silent(seen, put("TUR/2"), [counter], PARTIES, times)) == []
    assert list(puts.silent(seen, put("TUR/2"), [], PARTIES, times)) == [("IRQ", NOON)]


def test_the_last_of_the_yeses_binds() -> None:
    both = [put("TUR/10", 3), put("IRQ/5", 9)]
    hours = {Ref("TUR", 10): 1, Ref("IRQ", 6): 2, Ref("IRQ", 5): 3, Ref("TUR", 11): 4}
    times = {ref: NOON.replace(hour=hour) for ref, hour in hours.items()}
    assert puts.bound_at(view(CROSSED), both, PARTIES, times).hour == 4
    assert puts.bound_at(view(CROSSED), both[:1], PARTIES, times).hour == 2


def test_a_withdrawal_with_effect_and_one_that_crossed_are_told_apart() -> None:
    said: dict[str, list[Said]] = {"TUR/1": [("TUR", 1, True, 0), ("TUR", 2, False, 0), ("IRQ", 1, True, 2)]}
    seen = view(said)
    match = seen.agreed("TUR/1", PARTIES)
    assert match == {"IRQ": 1, "TUR": 1}
    late = list(puts.withdrawn(seen, put("TUR/1"), match))
    assert [(found.what, found.halves) for found in late] == [("withdrawn_too_late", {"IRQ": 1, "TUR": 2})]
    alone = view({"TUR/1": said["TUR/1"][:2]})
    found = list(puts.withdrawn(alone, put("TUR/1"), None))
    assert [(one.what, one.subject, one.withdrawal) for one in found] == [("withdrawn", "TUR/2", True)]


def refused(check: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        check()
    return refusal.value.code


def test_a_yes_that_says_nothing_new_or_comes_too_late_is_refused() -> None:
    said: dict[str, list[Said]] = {
        "TUR/1": [("TUR", 1, True, 0), ("IRQ", 1, True, 2)],
        "IRQ/0": [("IRQ", 0, True, 0)],
        "TUR/6": [("TUR", 6, True, 2), ("TUR", 7, False, 2)],
        "TUR/8": [("TUR", 8, True, 2)],
    }
    seen = view(said)
    known = {p.subject: p for p in (put("TUR/1"), put("IRQ/0"), put("TUR/6", 2), put("TUR/8", 2))}

    def yes(party: str, to: str) -> Callable[[], object]:
        return lambda: puts.check_yes(seen, act(party, to), known, PARTIES)

    assert refused(yes("IRQ", "TUR/9")) == "answers_wrong_act"
    assert refused(yes("TUR", "TUR/8")) == "already_accepted"
    assert refused(yes("IRQ", "TUR/6")) == "proposal_withdrawn"
    yes("IRQ", "TUR/8")()
    yes("TUR", "TUR/6")()  # its own, given again
    late = act("TUR", "IRQ/0")
    assert refused(lambda: puts.check_not_overtaken(seen, late, known, PARTIES)) == "overtaken"
    puts.check_not_overtaken(seen, act("IRQ", "TUR/8"), known, PARTIES)
    bound = view({"TUR/1": [("TUR", 1, True, 0), ("TUR", 2, False, 0), ("IRQ", 1, True, 2)]})
    again = act("TUR", "TUR/1")
    assert refused(lambda: puts.check_yes(bound, again, known, PARTIES)) == "already_agreed"


def test_only_a_yes_that_stands_and_does_not_bind_can_be_taken_back() -> None:
    said: dict[str, list[Said]] = {
        "TUR/1": [("TUR", 1, True, 0), ("IRQ", 1, True, 2)],
        "IRQ/0": [("IRQ", 0, True, 0)],
    }
    seen = view(said)
    known = {p.subject: p for p in (put("TUR/1"), put("IRQ/0"))}
    assert refused(lambda: puts.check_no(seen, act("TUR", "IRQ/0"), known, PARTIES)) == "nothing_to_withdraw"
    assert refused(lambda: puts.check_no(seen, act("IRQ", "TUR/1"), known, PARTIES)) == "already_agreed"
    puts.check_no(seen, act("IRQ", "IRQ/0"), known, PARTIES)
