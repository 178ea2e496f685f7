"""What is shown of a commitment's status on a day: a function of what each side has asserted itself, and of the day.

    TUR: started (TUR/9), done (TUR/14)      IRQ: obstructed (IRQ/8, had seen TUR/14)
    -> unanswered since the day of IRQ/8: TUR has not yet said what it makes of it
    TUR: done (TUR/17, had seen IRQ/8)       -> disputed: each knows the other's view, both stand side by side

Of each side the newest assertion up to that day counts. Who knew what is in the acts themselves (`seen`), so the order
in which they arrived cannot matter.

- Nobody has asserted anything: *silent*.
- All say the same, whether they knew of each other or not: *agreed*.
- A side is *behind* if it has said nothing while another has; or if another says otherwise in knowledge of this side's
  view, and this side has not spoken in knowledge of that. While one is behind it is *unanswered*, since the oldest
  assertion that waits. Whoever repeats a view that the other knew when it spoke last asks for no new answer: else
  there would be no dispute, only a last word without end.
- Otherwise they differ, and each knows the other's view or both spoke at once: *disputed*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from comity.core.act import Cut

__all__ = ["Assertion", "Shown", "Stance", "shown", "stance"]


class Assertion(msgspec.Struct, frozen=True):
    """What one party asserted of the status: by which act of its log, on which day, having seen what of the others."""

    party: str
    number: int
    day: date
    status: str
    seen: Cut
    reason: dict[str, str] = {}
    as_of: date | None = None
    answers: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """The act, as people cite it."""
        return f"{self.party}/{self.number}"


class Shown(msgspec.Struct, frozen=True):
    """silent, agreed, unanswered or disputed; `status` is the agreed one; `said` the newest of each party.

    `behind` gives for each party that owes an answer the oldest assertion that waits for it. `since` is the day from
    which this is so (None where all are silent).
    """

    is_: str
    status: str
    since: date | None
    behind: dict[str, Assertion]
    said: dict[str, Assertion]


Said = Mapping[str, Sequence[Assertion]]
"""Each party's assertions, in the order of its log."""


class Stance(NamedTuple):
    """What a party says on a day: its newest assertion, the first one of the same, and since when it says so."""

    now: Assertion
    first: Assertion
    since: date


def stance(own: Sequence[Assertion], on: date) -> Stance | None:
    """What a party says that day by its own assertions, in the order of its log; None where it has said nothing."""
    found: Stance | None = None
    for one in reversed(own):
        if one.day > on:
            continue
        if found is None:
            found = Stance(one, one, one.day)
        elif one.status == found.now.status:
            found = Stance(found.now, one, min(found.since, one.day))
        else:
            break
    return found


def shown(said: Said, parties: Sequence[str], on: date) -> Shown:
    """What is shown on that day of these parties' assertions."""
    stances = {}
    for party in parties:
        found = stance(said.get(party, ()), on)
        if found is not None:
            stances[party] = found
    last = {party: found.now for party, found in stances.items()}
    if not last:
        return Shown("silent", "", None, {}, last)
    statuses = {now.status for now in last.values()}
    if len(statuses) == 1 and len(last) == len(parties):
        return Shown("agreed", statuses.pop(), _latest(stances), {}, last)
    behind = {}
    for party in parties:
        waits = _oldest_waiting(party, said, stances, on)
        if waits is not None:
            behind[party] = waits
    if behind:
        return Shown("unanswered", "", min([waits.day for waits in behind.values()]), behind, last)
    return Shown("disputed", "", _latest(stances), {}, last)


def _latest(stances: Mapping[str, Stance]) -> date:
    """Since when all of them say what they say."""
    return max([found.since for found in stances.values()])


def _oldest_waiting(party: str, said: Said, stances: Mapping[str, Stance], on: date) -> Assertion | None:
    """The oldest assertion of another that waits for this party's answer, or None where none does."""
    mine = stances.get(party)
    oldest: Assertion | None = None
    for other, theirs in stances.items():
        if other == party or (mine is not None and not _behind(mine, theirs)):
            continue
        waits = theirs.now
        for one in reversed(said[other]):
            if one.day > on or one.number >= waits.number:
                continue
            if mine is not None and not _waits(one, mine):
                break
            waits = one
        if oldest is None or (waits.day, waits.ref) < (oldest.day, oldest.ref):
            oldest = waits
    return oldest


def _behind(mine: Stance, theirs: Stance) -> bool:
    """Whether they say otherwise in knowledge of my view, and mine was last said without knowing theirs."""
    return mine.now.seen.get(theirs.now.party, 0) <= theirs.first.number and _waits(theirs.now, mine)


def _waits(one: Assertion, mine: Stance) -> bool:
    """Whether it says otherwise in knowledge of my view, and my newest assertion was not made in knowledge of it."""
    if one.status == mine.now.status or one.seen.get(mine.now.party, 0) <= mine.first.number:
        return False
    return mine.now.seen.get(one.party, 0) <= one.number
