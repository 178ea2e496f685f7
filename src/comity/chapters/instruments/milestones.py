"""What has become true of an instrument, by which acts.

    Milestone("adopted", {"IRQ": 6, "TUR": 8}, "TUR/4", {"version": "IRQ/5", "text": "5b1c0d..."})

Nothing is ever taken off this list once every other party holds the acts that made it. A later denunciation
or termination is a new milestone beside the old ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comity.chapters.instruments import acts, effects, matters, originals
from comity.chapters.instruments.brackets import brackets
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import digest
from comity.core import halves
from comity.core.chapter import Milestone, View

__all__ = ["crossed", "milestones", "texts"]


def milestones(view: View) -> Sequence[Milestone]:
    """Everything that has become true, each with the acts that made it."""
    if matters.opener(view) is None:
        return []
    return [
        *_texts(view),
        *_brackets(view),
        *_adoptions(view),
        *_withdrawals(view),
        *_signatures(view),
        *originals.paper_milestones(view),
        *originals.original_milestones(view),
        *_notifications(view),
        *_ends(view),
    ]


def _one(what: str, said: Said, **facts: Any) -> Milestone:
    return Milestone(what, {said.party: said.ref.number}, str(said.ref), _facts(facts))


def _facts(facts: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(fact) for key, fact in facts.items()}


def _texts(view: View) -> Iterator[Milestone]:
    for said in matters.versions(view):
        match said.body:
            case acts.Proposed():
                yield _one("proposed", said)
            case acts.Revised(version=version):
                yield _one("revised", said, version=version)
            case acts.Recorded(in_force_since=since):
                yield _one("recorded", said, since=since)
    for said in matters.every(view, "amendments"):
        yield _one("amendment_proposed", said)
    for said in matters.every(view, "terminations"):
        yield _one("termination_proposed", said)
    for said in matters.every(view, "declined"):
        yield _one("declined", said, version=said.body.version)


def _brackets(view: View) -> Iterator[Milestone]:
    for said in matters.versions(view):
        for bracket in brackets(said.body.text):
            for choice, match in matters.matched_choices(view, str(said.ref), bracket):
                facts = _facts({"version": said.ref, "bracket": bracket.id, "choice": choice})
                yield Milestone("bracket_agreed", match, f"{said.ref} {bracket.id} {choice}", facts)


def _adoptions(view: View) -> Iterator[Milestone]:
    for bound in matters.matched(view):
        facts: dict[str, Any] = {"version": bound.version.ref, "text": bound.text}
        ref = str(bound.version.ref)
        match bound.version.body:
            case acts.Recorded(in_force_since=since):
                yield Milestone("affirmed", bound.halves, ref, _facts({**facts, "date": since}))
            case acts.AmendmentProposed():
                yield Milestone("amendment_adopted", bound.halves, ref, _facts(facts))
            case acts.TerminationProposed(ends_on=day):
                facts["date"] = max(day or bound.day, bound.day)
                yield Milestone("termination_agreed", bound.halves, ref, _facts(facts))
            case _:
                yield Milestone("adopted", bound.halves, ref, _facts(facts))


def _withdrawals(view: View) -> Iterator[Milestone]:
    """Withdrawals that count, and those that crossed the yes of the other side and have no effect."""
    subjects = {
        matters.accept_subject(said.body.version, said.body.text): said.body.version
        for said in matters.every(view, "withdrawals")
    }
    for subject, version in sorted(subjects.items()):
        match = view.agreed(subject, matters.required(view))
        for party, voices in sorted(view.voices(subject).items()):
            valid, late = halves.withdrawals(voices, match[party] if match else None)
            for number in valid:
                facts = {"version": version}
                yield Milestone(
                    "acceptance_withdrawn", {party: number}, f"{party}/{number}", facts, withdrawal=True
                )
            for number in late if match else []:
                made = {**match, party: max(number, match[party])} if match else {party: number}
                yield Milestone("withdrawal_crossed", made, f"{party}/{number}", {"version": version})


def _signatures(view: View) -> Iterator[Milestone]:
    for said in matters.every(view, "signatures"):
        original = said.body.original or said.party
        yield _one(
            "signed",
            said,
            matter=said.body.matter,
            date=said.body.signed_on,
            place=said.body.place,
            original=original,
        )
    parties = matters.required(view)
    for bound in matters.matched(view):
        signed = effects.signatures(view, matters.matter_of(view, bound.version), bound.text)
        if all(party in signed for party in parties):
            made = {party: max(signed[party].ref.number, bound.halves[party]) for party in parties}
            last = max(signed[party].body.signed_on for party in parties)
            facts = _facts({"date": last, "text": bound.text})
            yield Milestone("signed_by_all", made, str(bound.version.ref), facts)


def _notifications(view: View) -> Iterator[Milestone]:
    for said in matters.every(view, "notifications"):
        yield _one("notified", said, matter=said.body.matter, date=effects.received(said))
    fixed, bound = effects.effect(view, str(view.docket)), matters.base(view)
    if fixed and bound and not isinstance(bound.version.body, acts.Recorded):
        yield Milestone("entry_fixed", fixed.halves, str(view.docket), _facts({"date": fixed.day}))
    for later, said in effects.amendments(view):
        yield Milestone("amendment_fixed", later.halves, str(said.ref), _facts({"date": later.day}))


def _ends(view: View) -> Iterator[Milestone]:
    for end in effects.ends(view):
        if end.by is not None and end.what in ("denounced", "renewal_declined"):
            yield Milestone(end.what, end.halves, str(end.by.ref), _facts({"date": end.day}))


def crossed(view: View) -> list[str]:
    """References of the withdrawals that came too late to have effect."""
    return [one.subject for one in _withdrawals(view) if one.what == "withdrawal_crossed"]


def texts(view: View) -> dict[str, str]:
    """The hash of each text that was put: reference -> SHA-256 of the text as it stands, brackets and all."""
    return {str(said.ref): digest(said.body.text) for said in matters.versions(view)}
