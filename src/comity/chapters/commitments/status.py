"""What is shown of a commitment's status on a day: a function of what each side has asserted itself, and of the day.

    TUR: started (TUR/9)                                     -> unanswered since that day: IRQ has not said its view
    IRQ: started (IRQ/8, had seen TUR/9)                     -> agreed: started
    TUR: done (TUR/14, had seen IRQ/8), a new view           -> unanswered since that day: IRQ has not answered it
    IRQ: obstructed (IRQ/11, had seen TUR/14), its reply     -> disputed: both views stand, side by side

Of each side the newest assertion up to that day counts. Who knew what is in the acts themselves (`seen`), so the order
in which they arrived cannot matter.

- Nobody has asserted anything: *silent*.
- All say the same, whether they knew of each other or not: *agreed*.
- A side is *behind* if it has said nothing while another has; or if another came to a new view in knowledge of this
  side's, and this side has not spoken in knowledge of that. While one is behind it is *unanswered*, since the oldest
  assertion that waits. A *reply*, the first word in knowledge of a new view that differs, asks for no answer in turn;
  nor does whoever repeats a view. Else there would be no dispute, only a last word without end.
- Otherwise they differ, and each has answered the other or both spoke at once: *disputed*.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from comity.core.act import Cut

__all__ = ["Assertion", "Shown", "Stance", "replied", "shown", "stance"]


class Assertion(msgspec.Struct, frozen=True, gc=False):
    """What one party asserted of the status: by which act of its log, on which day, having seen what of the others.

    `replies` names the parties to whose new view this one is the reply (`replied` works it out).
    """

    party: str
    number: int
    day: date
    status: str
    seen: Cut
    reason: dict[str, str] = {}
    as_of: date | None = None
    answers: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """The act, as people cite it."""
        return f"{self.party}/{self.number}"


class Shown(msgspec.Struct, frozen=True, gc=False):
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


def replied(said: Said) -> dict[str, tuple[Assertion, ...]]:
    """The same assertions, each with the parties to whose new view it replies. Depends on nothing but who saw what."""
    done: dict[str, list[Assertion]] = {party: [] for party in said}
    begun: dict[str, list[int]] = {party: [] for party in said}  # with which number each view began
    for party, one in _causal_order(said):
        before = done[party][-1] if done[party] else None
        repeated = before is not None and before.status == one.status
        replies = set(before.replies) if before is not None and repeated else set()
        for other, theirs in done.items():
            known = bisect_left(theirs, one.seen.get(other, 0), key=_number)
            if other == party or not known:
                continue
            unknown = before is None or before.seen.get(other, 0) <= begun[other][known - 1]
            differs = before is None or before.status != theirs[known - 1].status
            if unknown and differs and party not in theirs[known - 1].replies:
                replies.add(other)
        done[party].append(msgspec.structs.replace(one, replies=tuple(sorted(replies))))
        begun[party].append(begun[party][-1] if repeated else one.number)
    return {party: tuple(own) for party, own in done.items()}


def _number(one: Assertion) -> int:
    return one.number


def _causal_order(said: Said) -> Iterator[tuple[str, Assertion]]:
    """Each assertion after those that its author had seen, also where an author claims to have seen an act and not what

    that act's author had seen. In a circle of such claims, which no ready acts make, the first by party goes first.
    """
    at = dict.fromkeys(sorted(said), 0)

    def ready(one: Assertion) -> bool:
        return all(
            other == one.party
            or at[other] == len(said[other])
            or said[other][at[other]].number >= one.seen.get(other, 0)
            for other in at
        )

    while waiting := [party for party in at if at[party] < len(said[party])]:
        party = next((party for party in waiting if ready(said[party][at[party]])), waiting[0])
        yield party, said[party][at[party]]
        at[party] += 1


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
    """Whether they came to a new view in knowledge of mine, and mine was last said without knowing theirs."""
    return mine.now.seen.get(theirs.now.party, 0) <= theirs.first.number and _waits(theirs.now, mine)


def _waits(one: Assertion, mine: Stance) -> bool:
    """Whether it says otherwise in knowledge of my view and is no reply to it, and I have not spoken knowing it."""
    if one.status == mine.now.status or one.seen.get(mine.now.party, 0) <= mine.first.number:
        return False
    return mine.now.party not in one.replies and mine.now.seen.get(one.party, 0) <= one.number
