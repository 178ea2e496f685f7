"""The state of one commitment: what each party put, said and recorded alone, and what follows from all of it together.

    stages(view) -> [Stage(2024-08-15, "agreed", ("TUR/30",), ...), Stage(2025-02-01, "replaced", ("IRQ/44",), ...)]

Terms and closings rival each other: of those that all have agreed, the newest holds (`comity.core.puts`). Where
agreements crossed, both stand, the commitment stays open, and the parties are asked for a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from comity.chapters.commitments.acts import (
    ClosingProposed,
    EvidenceRecorded,
    EvidenceReleased,
    ImplementationRecorded,
    Proposed,
    StatusAsserted,
    Terms,
    TermsProposed,
)
from comity.chapters.commitments.status import Assertion, replied
from comity.core import puts
from comity.core.act import Act
from comity.core.chapter import View
from comity.core.halves import Match
from comity.core.puts import Put

__all__ = [
    "Half",
    "Stage",
    "agreed",
    "apply",
    "arrangements",
    "assertions",
    "closed",
    "closings",
    "current",
    "newest",
    "opening",
    "required",
    "same",
    "stages",
    "standing",
    "terms",
    "terms_of",
    "waiting",
]

Offer = Proposed | TermsProposed | ClosingProposed


class Half(msgspec.Struct, frozen=True):
    """What one party said alone. What it put is keyed by subject.

    `releases` are keyed by the evidence that they release; the content of one is None where it was destroyed.
    """

    mandate: str = ""
    opening: Put[Proposed] | None = None
    terms: dict[str, Put[Any]] = {}
    closings: dict[str, Put[ClosingProposed]] = {}
    assertions: tuple[Assertion, ...] = ()
    evidence: dict[str, Put[EvidenceRecorded]] = {}
    releases: dict[str, tuple[Put[EvidenceReleased | None], ...]] = {}
    instruments: dict[str, Put[ImplementationRecorded]] = {}


class Stage(msgspec.Struct, frozen=True, gc=False):
    """What holds from a day on: agreed, crossed, replaced or dropped, and the acts that it rests on.

    `terms` are those that hold (several where agreements crossed); for a closing, those that held before it. `by` are
    the commitments that replace this one.
    """

    day: date
    is_: str
    refs: tuple[str, ...]
    terms: tuple[Terms, ...]
    by: tuple[str, ...] = ()


def apply(half: Half, act: Act) -> Half:
    """The half after that party's next act. A yes or a withdrawal changes nothing here."""
    change: dict[str, Any] = {}
    subject = str(act.ref)
    match act.body:
        case StatusAsserted():
            change["assertions"] = (*half.assertions, _assertion(act))
        case Proposed():
            put = puts.put_of(act)
            change |= {"mandate": act.mandate, "opening": put, "terms": {**half.terms, subject: put}}
        case TermsProposed():
            change["terms"] = {**half.terms, subject: puts.put_of(act)}
        case ClosingProposed():
            change["closings"] = {**half.closings, subject: puts.put_of(act)}
        case EvidenceRecorded():
            change["evidence"] = {**half.evidence, subject: puts.put_of(act)}
        case ImplementationRecorded():
            change["instruments"] = {**half.instruments, subject: puts.put_of(act)}
        case _ if act.kind == "commitment.evidence_released/1":
            of = str(act.answers[0])
            change["releases"] = {**half.releases, of: (*half.releases.get(of, ()), puts.put_of(act))}
        case _:
            pass
    return msgspec.structs.replace(half, **change) if change else half


def _assertion(act: Act) -> Assertion:
    said: StatusAsserted = act.body
    answers = tuple(str(answered) for answered in act.answers)
    return Assertion(
        act.party,
        act.ref.number,
        act.time.date(),
        said.status,
        act.seen,
        said.reason,
        said.as_of,
        answers,
    )


def opening(view: View) -> Put[Proposed] | None:
    """The act that put the commitment, or None where it is out of sight or was irregular."""
    half: Half | None = view.halves.get(view.docket.party)
    return half.opening if half else None


def required(view: View) -> tuple[str, ...]:
    """The parties that must agree, sorted."""
    first = opening(view)
    return tuple(sorted(first.body.parties if first and first.body.parties else view.parties))


def agreed(view: View, subject: str) -> Match | None:
    """By which yeses the required parties are bound on that subject, or None."""
    return view.agreed(subject, required(view))


def terms(view: View) -> dict[str, Put[Any]]:
    """All terms that were put, by time and reference."""
    return puts.gather(view, "terms")


def closings(view: View) -> dict[str, Put[ClosingProposed]]:
    """Every closing that was put."""
    return puts.gather(view, "closings")


def arrangements(view: View) -> dict[str, Put[Any]]:
    """All terms that were put, and every closing: what rivals each other."""
    return terms(view) | closings(view)


def assertions(view: View) -> dict[str, tuple[Assertion, ...]]:
    """Each required party's own assertions of the status, in the order of its log."""
    own = {party: view.halves[party].assertions for party in required(view) if party in view.halves}
    return replied(own) if any(own.values()) else own


def terms_of(body: Offer) -> Terms | None:
    """The terms that an offer puts; None for a closing."""
    return None if isinstance(body, ClosingProposed) else body.terms


def same(one: Offer, other: Offer) -> bool:
    """Whether two offers come to the same, so that agreements on both do not cross."""
    match one, other:
        case ClosingProposed(), ClosingProposed():
            return one.outcome == other.outcome and set(one.by) == set(other.by)
        case _:
            mine = terms_of(one)
            return mine is not None and mine == terms_of(other)


def newest(view: View) -> list[Put[Any]]:
    """The terms or the closing that hold: one, or none yet, or several that crossed."""
    return puts.newest(view, arrangements(view).values(), required(view), same)


def closed(view: View) -> Put[ClosingProposed] | None:
    """The closing that all agreed on and that nothing crossed, or None: the commitment is open."""
    if not any(half.closings for half in view.halves.values()):
        return None
    match newest(view):
        case [put] if isinstance(put.body, ClosingProposed):
            return put
        case _:
            return None


def standing(view: View, put: Put[Any]) -> str:
    """Where an offer stands: agreed, withdrawn by who put it, overtaken by a later agreement, or open."""
    return puts.standing(view, put, arrangements(view).values(), required(view), same)


def stages(view: View) -> tuple[Stage, ...]:
    """What held from which day on, in order. A day on which nothing changed what holds is not among them."""
    parties, offers = required(view), arrangements(view).values()
    bound = [put for put in offers if view.agreed(put.subject, parties)]
    times = puts.times(view) if bound else {}
    dated = [(puts.bound_at(view, [put], parties, times).date(), put) for put in bound]
    found: list[Stage] = []
    for day in sorted({day for day, _ in dated}):
        stage = _stage(view, day, [put for since, put in dated if since <= day])
        if not found or found[-1].refs != stage.refs:
            found.append(stage)
    return tuple(found)


def _stage(view: View, day: date, known: list[Put[Any]]) -> Stage:
    parties = required(view)
    hold = puts.newest(view, known, parties, same)
    refs = tuple(put.subject for put in hold)
    texts = tuple(put.body.terms for put in hold if not isinstance(put.body, ClosingProposed))
    match hold:
        case [put] if isinstance(put.body, ClosingProposed):
            offers = [put for put in known if not isinstance(put.body, ClosingProposed)]
            before = puts.newest(view, offers, parties, same)
            texts = tuple(put.body.terms for put in before)
            return Stage(day, put.body.outcome, refs, texts, put.body.by)
        case [_]:
            return Stage(day, "agreed", refs, texts)
        case _:
            return Stage(day, "crossed", refs, texts)


def current(view: View) -> Terms | None:
    """The terms that hold, or else those first put; where agreements crossed, those with the lowest reference."""
    first = opening(view)
    last = stages(view)[-1:]
    return next((text for stage in last for text in stage.terms), first.body.terms if first else None)


def waiting(view: View) -> Iterator[tuple[str, str, str, datetime]]:
    """Whose yes is awaited: for what (terms, closing, new_agreement), the party, the reference, since when."""
    offers, parties = arrangements(view), required(view)
    hold = puts.newest(view, offers.values(), parties, same)
    if len(hold) == 1 and isinstance(hold[0].body, ClosingProposed):
        return
    open_ = [put for put in offers.values() if standing(view, put) == "open"]
    times = puts.times(view) if open_ or len(hold) > 1 else {}
    for put in open_:
        sort = "closing" if isinstance(put.body, ClosingProposed) else "terms"
        for party, since in puts.silent(view, put, offers.values(), parties, times):
            yield sort, party, put.subject, since
    if len(hold) > 1:
        crossed = puts.bound_at(view, hold, parties, times)
        yield from (("new_agreement", party, str(view.docket), crossed) for party in parties)
