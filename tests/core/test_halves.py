"""The rule of halves: `core.halves` against the model, on every history of two and three parties, and on random ones of five.

Seen to fail: in `agreed`, dropping "and the other side had seen that" (`< 1 << 40` for what the other had seen), and
choosing greedily the last yes of each party; in `withdrawals`, counting a withdrawal after the binding yes; in the
model, settling a withdrawal before its receipts.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core import model
from tests.core.model import Cut, Fact, Logs, Receipts

from comity.core import halves
from comity.core.halves import Voice

NAMES = ("ETH", "IRQ", "JOR", "NLD", "TUR")


def voices(logs: Logs) -> dict[str, list[Voice]]:
    return {
        NAMES[p]: [
            Voice(n, kind == "y", {NAMES[q]: s for q, s in enumerate(seen) if q != p})
            for n, (kind, seen) in enumerate(log)
            if kind != "o"
        ]
        for p, log in enumerate(logs)
    }


def equals_the_model(logs: Logs) -> None:
    """The real functions find a match exactly where the model finds one, the least, and the same withdrawals."""
    found = model.matches(logs)
    said = voices(logs)
    real = halves.agreed(said, NAMES[: len(logs)])
    least = tuple(map(min, zip(*found, strict=True))) if found else None
    assert least is None or least in found, f"{logs} has no least match"
    assert (tuple(real.values()) if real else None) == least, f"{logs}"
    for p, log in enumerate(logs):
        effective, late = halves.withdrawals(said[NAMES[p]], least[p] if least else None)
        assert set(effective) == model.withdrawals(log, {match[p] for match in found}), f"{logs}"
        assert not set(effective) & set(late)


def states(logs: Logs, me: int) -> Any:
    """Each cut that node `me` comes through in this history, with each set of receipts it can hold there."""
    for own in range(len(logs[me]) + 1):
        least = logs[me][own - 1][1] if own else (0,) * len(logs)
        limit = logs[me][own][1] if own < len(logs[me]) else tuple(map(len, logs))
        ranges = [range(least[q], limit[q] + 1) if q != me else [own] for q in range(len(logs))]
        for cut in itertools.product(*ranges):
            if model.closed(logs, cut):
                yield cut, [mine(r, cut, me) for r in model.receipts_at(logs, cut)]


def mine(receipts: Receipts, cut: Cut, me: int) -> Receipts:
    return (*receipts[:me], cut, *receipts[me + 1 :])


def nothing_is_taken_back(logs: Logs) -> int:
    """At every node, on every step, what is settled stays so; and no two nodes ever contradict each other."""
    shown: set[Fact] = set()
    count = 0
    for me in range(len(logs)):
        through = dict(states(logs, me))
        for cut, receipts in through.items():
            count += len(receipts)
            for held in receipts:
                before = model.settled(logs, cut, held)
                shown |= before
                for q in range(len(logs)):
                    after = (*cut[:q], cut[q] + 1, *cut[q + 1 :])
                    for newer in through.get(after, ()):
                        grown = tuple(model.most(a, b) for a, b in zip(held, newer, strict=True))
                        now = model.settled(logs, after, grown)
                        assert before <= now, f"{logs}: {me} at {cut} -> {after} takes back {before - now}"
    assert not model.contradicting(shown), f"{logs}: {model.contradicting(shown)}"
    return count


def every_history(parties: int, most: int) -> tuple[int, int]:
    seen = steps = 0
    for logs in model.histories(parties, most):
        equals_the_model(logs)
        seen += 1
        if model.first_of_its_kind(logs):
            steps += nothing_is_taken_back(logs)
    return seen, steps


def test_two_parties_with_four_acts_each_never_take_back_and_match_as_the_model_says() -> None:
    """Every history of two parties with up to four acts on one text keeps laws 2 and 3."""
    histories, _ = every_history(2, 4)
    assert histories == 3323


def test_three_parties_with_two_acts_each_never_take_back_and_match_as_the_model_says() -> None:
    """Every history of three parties with up to two acts on one text keeps laws 2 and 3."""
    histories, _ = every_history(3, 2)
    assert histories == 4221


@pytest.mark.soak
@pytest.mark.parametrize(("parties", "most", "histories"), [(2, 5, 36_099), (4, 1, 318)])
def test_longer_histories_never_take_back_and_match_as_the_model_says(
    parties: int, most: int, histories: int
) -> None:
    """The same with more acts, and with four parties."""
    assert every_history(parties, most)[0] == histories


@st.composite
def random_logs(draw: st.DrawFn) -> Logs:
    """Logs as they come about: a party at a time says something, having read some closed part of the others."""
    parties = draw(st.integers(2, 5))
    logs: Logs = ((),) * parties
    for _ in range(draw(st.integers(0, 12))):
        me = draw(st.integers(0, parties - 1))
        seen = list(logs[me][-1][1]) if logs[me] else [0] * parties
        for q in range(parties):
            if q != me:
                reach = draw(st.integers(seen[q], len(logs[q])))
                for _, also in logs[q][:reach]:  # whoever has read an act has read what it had seen
                    seen = [max(a, b) for a, b in zip(seen, also, strict=True)]
                seen[q] = max(seen[q], reach)
        kind = draw(st.sampled_from("yyywwo"))
        seen[me] = len(logs[me])
        logs = (*logs[:me], (*logs[me], (kind, tuple(seen))), *logs[me + 1 :])
    return logs


@settings(max_examples=1500)
@given(random_logs())
def test_random_logs_of_up_to_five_parties_match_as_the_model_says(logs: Logs) -> None:
    """Whatever is said in whatever order, doubled yeses and idle withdrawals too, the match is the model's least one."""
    equals_the_model(logs)


@settings(max_examples=600)
@given(random_logs(), st.data())
def test_a_match_among_some_parties_asks_only_them(logs: Logs, data: st.DataObject) -> None:
    """`required` may name fewer parties than there are; what the others said plays no part."""
    some = data.draw(st.lists(st.integers(0, len(logs) - 1), min_size=1, unique=True).map(sorted))
    found = model.matches(tuple(tuple((k, tuple(s[q] for q in some)) for k, s in logs[p]) for p in some))
    real = halves.agreed(voices(logs), [NAMES[p] for p in some])
    assert (tuple(real.values()) if real else None) == (
        tuple(map(min, zip(*found, strict=True))) if found else None
    )


@settings(max_examples=120)
@given(random_logs())
def test_random_histories_never_take_back(logs: Logs) -> None:
    """Settled stays settled for up to five parties on random histories."""
    if sum(map(len, logs)) <= 6:
        nothing_is_taken_back(logs)


@given(random_logs(), st.randoms())
@settings(max_examples=300)
def test_the_order_of_parties_does_not_matter(logs: Logs, chance: Any) -> None:
    """Nobody is first among the required parties (law 2)."""
    required = list(NAMES[: len(logs)])
    once = halves.agreed(voices(logs), required)
    chance.shuffle(required)
    assert halves.agreed(voices(logs), required) == once


def test_a_withdrawal_that_crosses_an_acceptance_has_no_effect() -> None:
    """TUR withdraws while IRQ's yes to what it had seen is on its way: they agree, and the withdrawal says it came too late."""
    said = {
        "TUR": [Voice(4, True, {"IRQ": 2}), Voice(6, False, {"IRQ": 2})],
        "IRQ": [Voice(3, True, {"TUR": 5})],
    }
    assert halves.agreed(said, ["IRQ", "TUR"]) == {"IRQ": 3, "TUR": 4}
    assert halves.withdrawals(said["TUR"], 4) == ([], [6])


def test_a_withdrawal_in_sight_stands() -> None:
    """The same, but Iraq had seen the withdrawal before its yes: nothing is agreed, and the withdrawal has effect."""
    said = {
        "TUR": [Voice(4, True, {"IRQ": 2}), Voice(6, False, {"IRQ": 2})],
        "IRQ": [Voice(3, True, {"TUR": 7})],
    }
    assert halves.agreed(said, ["IRQ", "TUR"]) is None
    assert halves.withdrawals(said["TUR"], None) == ([6], [])
