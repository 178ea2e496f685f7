"""The state of one meeting: what each party put and said alone, and what follows from all of that together.

Everything joint is worked out from the halves and from `view.agreed`; nothing here keeps it. Two agreements
can cross: each side accepts the date that the other put. Both then stand (`comity.core.puts`):

    [put.subject for put in newest(view, arrangements(view).values())]   ->   ["IRQ/5", "TUR/10"]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

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
from comity.core import puts as shared
from comity.core.act import Act
from comity.core.chapter import View
from comity.core.halves import Match
from comity.core.puts import Put, gather, put_of

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
    "same",
]

B = TypeVar("B")
Arrangement = Convened | DateProposed | CallingOffProposed
"""When the meeting is, or that it is not to be: of those agreed, the newest holds."""


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
    put = put_of(act)
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


def dates(view: View) -> dict[str, Put[Convened | DateProposed]]:
    """Every date that was put."""
    return gather(view, "dates")


def arrangements(view: View) -> dict[str, Put[Arrangement]]:
    """Every date that was put, and every calling off."""
    return gather(view, "dates") | gather(view, "callings_off")


def newest(view: View, puts: Iterable[Put[B]]) -> list[Put[B]]:
    """Of those agreed, the ones that no other follows: one, or none yet, or several that crossed."""
    return shared.newest(view, puts, required(view), same)


def overtaken(view: View, put: Put[Any], puts: Mapping[str, Put[Any]]) -> Put[Any] | None:
    """An agreement not seen when `put`, itself not agreed, was put: a yes to it now would say nothing clear."""
    return shared.overtaken(view, put, puts.values(), required(view), same)


def held_dates(view: View) -> list[date]:
    """The days on which all agree that the meeting was held; more than one only where corrections crossed."""
    stated = {on for half in view.halves.values() for on in half.held}
    return sorted(on for on in stated if agreed(view, f"held:{on.isoformat()}"))


def same(one: Any, other: Any) -> bool:
    """Whether two contents come to the same, so that agreements on both do not cross."""
    match one, other:
        case CallingOffProposed(), CallingOffProposed():
            return bool(one.outcome == other.outcome)
        case (Convened() | DateProposed(), Convened() | DateProposed()):
            mine = (one.starts, one.ends, one.place, one.format)
            return mine == (other.starts, other.ends, other.place, other.format)
        case _:
            return bool(one == other)
