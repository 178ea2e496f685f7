"""The state of one release: what one party put, who has said no, who has ended it.

    ends(view)  ->  [End("IRQ/9", "IRQ", datetime(2024, 9, 1, 8, 0), {"en": "..."}, late=False)]

A release is agreed when all parties have said yes to it. From then on each of them alone can end it. A no that crossed
the last yes cannot undo the agreement; it ends the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from comity.chapters.releases.acts import Declined, Ended, Proposed
from comity.core import halves, puts
from comity.core.act import Act, Names, Ref
from comity.core.chapter import View
from comity.core.halves import Match
from comity.core.puts import Put, put_of

__all__ = [
    "End",
    "Half",
    "agreed",
    "apply",
    "ends",
    "noes",
    "opening",
    "required",
    "since",
    "standing",
    "times",
    "until",
]


class Half(msgspec.Struct, frozen=True):
    """What one party said alone."""

    opening: Put[Proposed] | None = None
    declined: tuple[Put[Declined], ...] = ()
    ended: tuple[Put[Ended], ...] = ()


class End(NamedTuple):
    """Who ended the release, by which act, when and why. `late`: by a no that had crossed the last yes."""

    ref: Ref
    time: datetime
    reason: Names
    late: bool


def apply(half: Half, act: Act) -> Half:
    """The half after that party's next act. A yes changes nothing here."""
    put: Put[Any] = put_of(act)
    match act.body:
        case Proposed():
            return msgspec.structs.replace(half, opening=put)
        case Declined():
            return msgspec.structs.replace(half, declined=(*half.declined, put))
        case Ended():
            return msgspec.structs.replace(half, ended=(*half.ended, put))
        case _:
            return half


def opening(view: View) -> Put[Proposed] | None:
    """The act that proposed the release, or None where it is out of sight or was irregular."""
    half: Half | None = view.halves.get(view.docket.party)
    return half.opening if half else None


def required(view: View) -> tuple[str, ...]:
    """The parties that must say yes: all of them, sorted."""
    return tuple(sorted(view.parties))


def agreed(view: View) -> Match | None:
    """By which yeses all are bound, or None."""
    return view.agreed(str(view.docket), required(view)) if opening(view) is not None else None


def noes(view: View) -> dict[str, Put[Declined]]:
    """Each party's last no, where that is its last word."""
    found: dict[str, Put[Declined]] = {}
    for party, voices in sorted(view.voices(str(view.docket)).items()):
        declined = view.halves[party].declined
        if not voices[-1].yes and declined:
            found[party] = declined[-1]
    return found


def ends(view: View) -> list[End]:
    """Everything that ended the release, by time and reference; nothing while it is not agreed."""
    match = agreed(view)
    if match is None:
        return []
    found: list[End] = []
    for party, half in view.halves.items():
        late = halves.withdrawals(view.voices(str(view.docket)).get(party, ()), match[party])[1]
        found += [
            End(put.ref, put.time, put.body.reason, late=True)
            for put in half.declined
            if put.ref.number in late
        ]
        found += [End(put.ref, put.time, put.body.reason, late=False) for put in half.ended]
    return sorted(found, key=lambda end: (end.time, end.ref))


def times(view: View) -> Mapping[Ref, datetime]:
    """When each act of the docket was said."""
    return puts.times(view)


def since(view: View) -> date | None:
    """The day of the last yes, from which the matter is released."""
    match, said_at = agreed(view), times(view)
    return max(said_at[Ref(*yes)] for yes in match.items()).date() if match else None


def until(view: View) -> date | None:
    """The first day on which it is released no more, or None."""
    return next((end.time.date() for end in ends(view)), None)


def standing(view: View) -> str:
    """released, ended, withdrawn (by who proposed it), declined (by another), or open."""
    if agreed(view) is not None:
        return "ended" if ends(view) else "released"
    if not view.stands(str(view.docket), view.docket.party):
        return "withdrawn"
    return "declined" if noes(view) else "open"
