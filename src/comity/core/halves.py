"""The rule of halves: what several parties have agreed, from what each said alone.

For one subject (one text, one date), each party's log gives a sequence of *voices*, yes and withdrawal in turn:

    TUR:  yes at TUR/4 (had seen IRQ 2)   withdrawn at TUR/6 (had seen IRQ 2)
    IRQ:  yes at IRQ/3 (had seen TUR 5)

Two yeses **match** unless one of them had been withdrawn *and the other side had seen that* before its own yes.
Here IRQ/3 had seen TUR/4 but not TUR/6: they match, and the withdrawal crossed it without effect. Several
parties match when every pair of their yeses does.

Among all matches there is a least one, party by party, and it is what is shown: it can be reached by moving
each party's choice forward past yeses that can match nothing any more (`agreed`), in time linear in the voices.
Acts that arrive later never change it, which is why settled stays settled. `tests/core/test_halves.py`
checks all this against an exhaustive search.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from comity.core.act import Cut

__all__ = ["Match", "Voice", "agreed", "withdrawals"]

Match = Mapping[str, int]
"""party -> number of the yes by which it is bound."""


class Voice(NamedTuple):
    """A yes or a withdrawal on one subject: its number in its author's log, and what that author had seen."""

    number: int
    yes: bool
    seen: Cut


def agreed(voices: Mapping[str, Sequence[Voice]], required: Sequence[str]) -> Match | None:
    """The least match among the voices of all `required` parties, or None. Voices are in the order of their logs."""
    choices: dict[str, list[tuple[Voice, int]]] = {}
    for party in required:
        choices[party] = _yeses(voices.get(party, ()))
        if not choices[party]:
            return None
    at = dict.fromkeys(required, 0)
    moved = True
    while moved:
        moved = False
        for party in required:
            for other in required:
                if party == other:
                    continue
                # A yes that was withdrawn within the other's sight matches neither that yes nor any later one.
                while choices[party][at[party]][1] < choices[other][at[other]][0].seen.get(party, 0):
                    at[party] += 1
                    moved = True
                    if at[party] == len(choices[party]):
                        return None
    return {party: choices[party][at[party]][0].number for party in required}


def _yeses(voices: Sequence[Voice]) -> list[tuple[Voice, int]]:
    """Each yes with the number of the withdrawal that ended it (or a number beyond every log)."""
    found: list[tuple[Voice, int]] = []
    end = 1 << 62
    for voice in reversed(voices):
        if voice.yes:
            found.append((voice, end))
        else:
            end = voice.number
    return found[::-1]


def withdrawals(voices: Sequence[Voice], bound: int | None) -> tuple[list[int], list[int]]:
    """Numbers of one party's withdrawals: those with effect, and those that came too late for its yes `bound`.

    `bound` is the party's number in `agreed`, or None. A withdrawal before any yes withdraws nothing.
    """
    first = next((voice.number for voice in voices if voice.yes), None)
    if first is None:
        return [], []
    numbers = [voice.number for voice in voices if not voice.yes and voice.number > first]
    split = len(numbers) if bound is None else bisect_left(numbers, bound)
    return numbers[:split], numbers[split:]
