"""The state of one meeting: what each party put and said alone, and what follows from all of that together.

Everything joint is worked out from the halves and from `view.agreed`; nothing here keeps it. Two agreements
can cross: each side accepts the date that the other put. Both then stand, and the newest is the one whose
every yes (or the proposal that it answers) had seen all the yeses of the other:

    TUR/10 puts A    IRQ/5 puts B     TUR/11 accepts B (saw IRQ/5)   IRQ/6 accepts A (saw TUR/10 only)
    A: {TUR 10, IRQ 6}   B: {TUR 11, IRQ 5}   neither saw the other's: `newest` gives both, and nobody picks
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import msgspec

from comity.chapters.meetings.acts import (
    AgendaItemProposed,
    CallingOffProposed,
    Convened,
    DateProposed,
    DelegationNamed,
    Held,
    MinutesApproved,
    MinutesProposed,
    Reservation,
)
from comity.core.act import Act, Cut, Ref, covers
from comity.core.chapter import View
from comity.core.halves import Match

__all__ = [
    "Arrangement",
    "Half",
    "Put",
    "agreed",
    "apply",
    "arrangements",
    "dates",
    "gather",
    "held_dates",
    "newest",
    "opening",
    "overtaken",
    "required",
]

B = TypeVar("B")
Arrangement = Convened | DateProposed | CallingOffProposed
"""When the meeting is, or that it is not to be: of those agreed, the newest holds."""


class Put(msgspec.Struct, Generic[B], frozen=True):
    """Something that an act put to the others. `past` is what its author knew."""

    ref: Ref
    time: datetime
    past: Cut
    answers: tuple[Ref, ...]
    body: B

    @property
    def subject(self) -> str:
        """The name under which the parties say yes and no to it."""
        return str(self.ref)


class Half(msgspec.Struct, frozen=True):
    """What one party said alone. What it put is keyed by subject.

    `approvals` are the reservations of each yes to minutes, by its number; `held` are the days it stated,
    of which the last counts.
    """

    mandate: str = ""
    opening: Put[Convened] | None = None
    dates: dict[str, Put[Arrangement]] = {}
    callings_off: dict[str, Put[Arrangement]] = {}
    items: dict[str, Put[AgendaItemProposed]] = {}
    minutes: dict[str, Put[MinutesProposed]] = {}
    approvals: dict[int, tuple[Reservation, ...]] = {}
    delegation: Put[DelegationNamed | None] | None = None
    held: tuple[date, ...] = ()


def apply(half: Half, act: Act) -> Half:
    """The half after that party's next act. A yes or a withdrawal changes nothing here."""
    put: Put[Any] = Put(act.ref, act.time, act.past, act.answers, act.body)
    change: dict[str, Any] = {}
    if act.kind == "meeting.delegation_named/1":
        change = {"delegation": put}
    match act.body:
        case Convened():
            change = {"mandate": act.mandate, "opening": put, "dates": {**half.dates, put.subject: put}}
        case DateProposed():
            change = {"dates": {**half.dates, put.subject: put}}
        case CallingOffProposed():
            change = {"callings_off": {**half.callings_off, put.subject: put}}
        case AgendaItemProposed():
            change = {"items": {**half.items, put.subject: put}}
        case MinutesProposed():
            change = {"minutes": {**half.minutes, put.subject: put}}
        case MinutesApproved(reservations=reservations):
            change = {"approvals": {**half.approvals, act.ref.number: reservations}}
        case Held(on=on):
            change = {"held": (*half.held, on)}
        case _:
            pass
    return msgspec.structs.replace(half, **change) if change else half


def opening(view: View) -> Put[Convened] | None:
    """The act that called the meeting, or None where it is out of sight or was irregular."""
    half: Half | None = view.halves.get(view.docket.party)
    return half.opening if half else None


def required(view: View) -> tuple[str, ...]:
    """The parties that must agree, sorted."""
    first = opening(view)
    return tuple(sorted(first.body.parties if first and first.body.parties else view.parties))


def agreed(view: View, subject: str) -> Match | None:
    """By which yeses the required parties are bound on that subject, or None."""
    return view.agreed(subject, required(view))


def gather(view: View, what: str) -> dict[str, Put[Any]]:
    """What all parties put of one sort (items, minutes, dates, callings_off), by time and reference."""
    puts = [put for half in view.halves.values() for put in getattr(half, what).values()]
    return {put.subject: put for put in sorted(puts, key=lambda put: (put.time, put.ref))}


def dates(view: View) -> dict[str, Put[Convened | DateProposed]]:
    """Every date that was put."""
    return gather(view, "dates")


def arrangements(view: View) -> dict[str, Put[Arrangement]]:
    """Every date that was put, and every calling off."""
    return gather(view, "dates") | gather(view, "callings_off")


def newest(view: View, puts: Iterable[Put[B]]) -> list[Put[B]]:
    """Of those agreed, the ones that no other follows: one, or none yet, or several that crossed.

    Several that come to the same (both sides put the same hour and place) do not differ, and count as one.
    """
    settled = [(put, match) for put in puts if (match := agreed(view, put.subject))]
    last = [
        put
        for put, match in settled
        if not any(put.ref != other.ref and _follows(view, other, its, match) for other, its in settled)
    ]
    kept: list[Put[B]] = []
    for put in sorted(last or (put for put, _ in settled), key=lambda put: put.ref):
        if not any(_same(put.body, other.body) for other in kept):
            kept.append(put)
    return kept


def overtaken(view: View, put: Put[Any], puts: Mapping[str, Put[Any]]) -> Put[Any] | None:
    """An agreement not seen when `put`, itself not agreed, was put: a yes to it now would say nothing clear."""
    for other in newest(view, puts.values()):
        if not _seen(put.past, agreed(view, other.subject) or {}):
            return other
    return None


def held_dates(view: View) -> list[date]:
    """The days on which all agree that the meeting was held; more than one only where corrections crossed."""
    stated = {on for half in view.halves.values() for on in half.held}
    return sorted(on for on in stated if agreed(view, f"held:{on.isoformat()}"))


def _follows(view: View, later: Put[Any], its: Match, earlier: Match) -> bool:
    voices = view.voices(later.subject)
    for party, number in its.items():
        seen = next(voice.seen for voice in voices[party] if voice.number == number)
        reach = {name: max(seen.get(name, 0), later.past.get(name, 0)) for name in (*seen, *later.past)}
        if not _seen({**reach, party: number}, earlier):
            return False
    return True


def _seen(cut: Cut, match: Match) -> bool:
    return covers(cut, {party: number + 1 for party, number in match.items()})


def _same(one: Any, other: Any) -> bool:
    match one, other:
        case CallingOffProposed(), CallingOffProposed():
            return bool(one.outcome == other.outcome)
        case (Convened() | DateProposed(), Convened() | DateProposed()):
            mine = (one.starts, one.ends, one.place, one.format)
            return mine == (other.starts, other.ends, other.place, other.format)
        case _:
            return bool(one == other)
