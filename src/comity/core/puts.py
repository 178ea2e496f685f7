"""What acts put to the parties, and which of several that are agreed counts.

A chapter keeps what each party put (a date, minutes, a report, a text) in that party's half, as a `Put`. The parties
say yes and no to it under its reference. Two agreements can cross: each side accepts what the other put. Both then
stand, and the newest is the one whose every yes (or the proposal that it answers) had seen all the yeses of the other:

    TUR/10 puts A    IRQ/5 puts B     TUR/11 accepts B (saw IRQ/5)   IRQ/6 accepts A (saw TUR/10 only)
    A: {TUR 10, IRQ 6}   B: {TUR 11, IRQ 5}   neither saw the other's: `newest` gives both, and nobody picks

The usual rules of yes and no are here too, so that they are the same in every chapter.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from comity.core import halves
from comity.core.act import Act, Cut, Ref, covers
from comity.core.chapter import Milestone, View
from comity.core.errors import Refused
from comity.core.halves import Match

__all__ = [
    "Put",
    "Same",
    "answered",
    "bound_at",
    "check_no",
    "check_not_overtaken",
    "check_yes",
    "gather",
    "newest",
    "overtaken",
    "put_of",
    "silent",
    "standing",
    "times",
    "withdrawn",
]

B = TypeVar("B")
Same = Callable[[Any, Any], bool]
"""Whether two contents come to the same, so that agreements on both do not cross."""


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


def put_of(act: Act) -> Put[Any]:
    """What the act put."""
    return Put(act.ref, act.time, act.past, act.answers, act.body)


def gather(view: View, what: str) -> dict[str, Put[Any]]:
    """What all parties put under that field of their halves (subject -> put), by time and reference."""
    puts = [put for half in view.halves.values() for put in getattr(half, what).values()]
    return {put.subject: put for put in sorted(puts, key=lambda put: (put.time, put.ref))}


# ------------------------------------------------------------------------------------ which one counts


def newest(
    view: View, puts: Iterable[Put[B]], required: Sequence[str], same: Same = operator.eq
) -> list[Put[B]]:
    """Of those agreed, the ones that no other follows: one, or none yet, or several that crossed.

    Several that come to the same (both sides put the same hour and place) do not differ, and count as one.
    """
    settled = [(put, match) for put in puts if (match := view.agreed(put.subject, required))]
    last = [
        put
        for put, match in settled
        if not any(put.ref != other.ref and _follows(view, other, its, match) for other, its in settled)
    ]
    kept: list[Put[B]] = []
    for put in sorted(last or (put for put, _ in settled), key=lambda put: put.ref):
        if not any(same(put.body, other.body) for other in kept):
            kept.append(put)
    return kept


def overtaken(
    view: View, put: Put[Any], puts: Iterable[Put[Any]], required: Sequence[str], same: Same = operator.eq
) -> Put[Any] | None:
    """An agreement not seen when `put`, itself not agreed, was put: a yes to it now would say nothing clear."""
    for other in newest(view, puts, required, same):
        if not _seen(put.past, view.agreed(other.subject, required) or {}):
            return other
    return None


def standing(
    view: View, put: Put[Any], puts: Iterable[Put[Any]], required: Sequence[str], same: Same = operator.eq
) -> str:
    """Where a proposal stands: agreed, withdrawn by who put it, overtaken by a later agreement, or open."""
    if view.agreed(put.subject, required):
        return "agreed"
    if not view.stands(put.subject, put.ref.party):
        return "withdrawn"
    return "overtaken" if overtaken(view, put, puts, required, same) else "open"


def times(view: View) -> dict[Ref, datetime]:
    """When each act of the docket was said."""
    return {act.ref: act.time for act in view.acts}


def bound_at(
    view: View, puts: Iterable[Put[Any]], required: Sequence[str], said_at: Mapping[Ref, datetime]
) -> datetime:
    """When the last of the yeses was said by which these, of which one at least is agreed, are agreed."""
    matches = [(view.agreed(put.subject, required) or {}) for put in puts]
    return max(said_at[Ref(party, number)] for match in matches for party, number in match.items())


def silent(
    view: View,
    put: Put[Any],
    puts: Iterable[Put[Any]],
    required: Sequence[str],
    said_at: Mapping[Ref, datetime],
) -> Iterator[tuple[str, datetime]]:
    """Who has not said yes to `put`, and since when. A counter-proposal that still stands is an answer."""
    voices = view.voices(put.subject)
    counters = {
        other.ref.party
        for other in puts
        if put.ref in other.answers and view.stands(other.subject, other.ref.party)
    }
    for party in required:
        said = voices.get(party, [])
        if party not in counters and not view.stands(put.subject, party):
            yield party, said_at[Ref(party, said[-1].number)] if said else put.time


def withdrawn(view: View, put: Put[Any], match: Match | None) -> Iterator[Milestone]:
    """The withdrawals of yeses to what was put: those with effect, and those that crossed the others' yes."""
    for party, voices in sorted(view.voices(put.subject).items()):
        effective, late = halves.withdrawals(voices, match.get(party) if match else None)
        facts = {"party": party, "of": put.subject}
        for number in effective:
            subject = str(Ref(party, number))
            yield Milestone("withdrawn", {party: number}, subject, facts, withdrawal=True)
        for number in late:
            subject = str(Ref(party, number))
            yield Milestone("withdrawn_too_late", {**(match or {}), party: number}, subject, facts)


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


# ------------------------------------------------------------------------------ the rules of yes and no


def answered(act: Act, puts: Mapping[str, Put[Any]]) -> list[Put[Any]]:
    """What the acts that this one answers have put. Refuses where one of them put nothing of the kind."""
    found = [puts.get(str(answer)) for answer in act.answers]
    for answer, put in zip(act.answers, found, strict=True):
        if put is None:
            raise Refused("answers_wrong_act", answered=answer, kind=act.kind)
    return [put for put in found if put is not None]


def check_yes(view: View, act: Act, puts: Mapping[str, Put[Any]], required: Sequence[str]) -> None:
    """Refuse a yes that says nothing new, or is said to what its author has taken back."""
    for put in answered(act, puts):
        if view.stands(put.subject, act.party):
            raise Refused("already_accepted", answered=put.subject)
        if view.agreed(put.subject, required):
            raise Refused("already_agreed", answered=put.subject)
        if put.ref.party != act.party and not view.stands(put.subject, put.ref.party):
            raise Refused("proposal_withdrawn", answered=put.subject, party=put.ref.party)


def check_not_overtaken(
    view: View, act: Act, puts: Mapping[str, Put[Any]], required: Sequence[str], same: Same = operator.eq
) -> None:
    """Refuse a yes to what was put before another of `puts` was agreed: nobody could tell what it means."""
    for put in answered(act, puts):
        other = overtaken(view, put, puts.values(), required, same)
        if other is not None:
            raise Refused("overtaken", answered=put.subject, by=other.subject)


def check_no(view: View, act: Act, puts: Mapping[str, Put[Any]], required: Sequence[str]) -> None:
    """Refuse to take back a yes that is not there, or that all are bound by."""
    for put in answered(act, puts):
        if not view.stands(put.subject, act.party):
            raise Refused("nothing_to_withdraw", answered=put.subject)
        if view.agreed(put.subject, required):
            raise Refused("already_agreed", answered=put.subject)
