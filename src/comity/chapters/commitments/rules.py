"""What may be said of a commitment, and when. Each rule sees it as the act's own author knew it.

    Refused("source_not_agreed", "TUR/3#art-4", source="TUR/3#art-4")    not everybody has adopted that provision yet

A rule only ever forbids what its author could know to be pointless or false. What crosses on the way is allowed, and
shown for what it is. Circles of splits cannot come about: a commitment names its parents in the act that opens it, and
they must lie in that act's past. No rule folds another commitment, however long the line of its parents is, and none
looks into a file that was released, which can be destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from comity.chapters.commitments import due, state
from comity.chapters.commitments.acts import (
    ClosingProposed,
    Due,
    EvidenceRecorded,
    ImplementationRecorded,
    Proposed,
    StatusAsserted,
    Terms,
    TermsProposed,
)
from comity.chapters.commitments.state import Half
from comity.core import puts
from comity.core.act import Act, Ref
from comity.core.chapter import Setting, View
from comity.core.days import newest_day
from comity.core.errors import Refused
from comity.core.mandates import check_body, check_same_mandate

__all__ = ["check"]


def check(view: View, act: Act, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said."""
    if isinstance(act.body, Proposed):
        check_body(act, setting, act.body.body, {}, act.body.parties)
        _check_terms(act.body.terms, act.body.parties or setting.parties)
        _check_source(act.body.terms, (), setting)
        _check_parents(act.body, act, setting)
        return
    first = state.opening(view)
    if first is None:
        raise Refused("commitment_not_open", docket=act.docket)
    check_same_mandate(act, view.halves[first.ref.party].mandate)
    _RULES[act.kind](view, act, setting)


# ------------------------------------------------------------------------------------------- opening it


def _check_parents(body: Proposed, act: Act, setting: Setting) -> None:
    for parent in body.parents:
        ref = Ref.parse(parent)
        if body.parents.count(parent) > 1:
            raise Refused("parent_twice", parent=parent)
        if ref.party == act.party and ref.number >= act.ref.number:
            raise Refused("lineage_circle", parent=parent)
        if _opened(ref, setting) is None:
            raise Refused("parent_unknown", parent=parent)


def _opened(docket: Ref, setting: Setting) -> Proposed | None:
    """What opened that commitment, without folding it."""
    opening = setting.opening(docket)
    return opening.body if opening is not None and isinstance(opening.body, Proposed) else None


# ------------------------------------------------------------------------------------------------ terms


def _check_terms(terms: Terms, parties: Iterable[str]) -> None:
    _check_languages(terms)
    _check_once(terms.owners, "owners")
    _check_once([indicator.id for indicator in terms.indicators], "indicators")
    strangers = sorted(set(terms.owners) - set(parties))
    if strangers:
        raise Refused("owner_unknown", owners=", ".join(strangers), parties=", ".join(sorted(parties)))
    _check_due(terms.due, parties)


def _check_languages(terms: Terms) -> None:
    texts = {"title": terms.title, "text": terms.text, "due.event": terms.due.event}
    texts |= {f"indicators.{indicator.id}": indicator.text for indicator in terms.indicators}
    languages = {tag for text in texts.values() for tag in text}
    for field, text in texts.items():
        missing = languages - set(text)
        if missing and text:
            raise Refused("terms_language_missing", languages=", ".join(sorted(missing)), field=field)


def _check_once(names: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Refused("named_twice", name=name, field=field)
        seen.add(name)


def _check_due(said: Due, parties: Iterable[str]) -> None:
    if (said.on is None) == (not said.event):
        raise Refused("due_unclear")
    basis = said.basis
    if basis is None:
        return
    if said.on is None:
        raise Refused("basis_without_day")
    if basis.unit == "working_days" and not basis.calendars:
        raise Refused("basis_without_calendar")
    strangers = sorted(set(basis.calendars) - set(parties))
    if strangers:
        raise Refused("calendar_unknown", calendars=", ".join(strangers), parties=", ".join(sorted(parties)))
    counted, first = due.counted(basis), due.earliest(basis)
    if said.on < first or counted not in (None, said.on):
        raise Refused("basis_differs", on=said.on.isoformat(), counted=first.isoformat())


def _check_source(terms: Terms, known: Iterable[str], setting: Setting) -> None:
    """`known` are the sources already cited in this docket: that one of them was replaced since undoes nothing."""
    passage = setting.passage(terms.source)
    if passage is None or passage.sort not in ("provision", "decision"):
        raise Refused("source_unknown", source=terms.source)
    if not passage.agreed and terms.source not in known:
        raise Refused("source_not_agreed", terms.source, source=terms.source)
    strangers = sorted(set(terms.owners) - set(passage.parties))
    if strangers:
        raise Refused("source_not_theirs", terms.source, source=terms.source, owners=", ".join(strangers))


def _terms_proposed(view: View, act: Act, setting: Setting) -> None:
    body: TermsProposed = act.body
    offers = state.terms(view)
    puts.answered(act, offers)
    _check_open(view)
    _check_terms(body.terms, state.required(view))
    _check_source(body.terms, {put.body.terms.source for put in offers.values()}, setting)
    for held in state.newest(view):
        if state.terms_of(held.body) == body.terms:
            raise Refused("terms_unchanged", held=held.subject)


def _check_open(view: View) -> None:
    closing = state.closed(view)
    if closing is not None:
        raise Refused("commitment_closed", docket=view.docket, closing=closing.subject)


# ---------------------------------------------------------------------------------------------- closing


def _closing_proposed(view: View, act: Act, setting: Setting) -> None:
    body: ClosingProposed = act.body
    _check_open(view)
    if (body.outcome == "replaced") != bool(body.by):
        raise Refused("replacement_unclear", outcome=body.outcome)
    _check_once(body.by, "by")
    for child in body.by:
        opened = _opened(Ref.parse(child), setting)
        if opened is None:
            raise Refused("child_unknown", child=child)
        if child == str(act.docket) or str(act.docket) not in opened.parents:
            raise Refused("child_of_others", child=child, docket=act.docket)


# ----------------------------------------------------------------------------------------- yes and no


def _accepted(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    offers, parties = state.arrangements(view), state.required(view)
    puts.check_yes(view, act, offers, parties)
    puts.check_not_overtaken(view, act, offers, parties, state.same)


def _acceptance_withdrawn(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- as above
    puts.check_no(view, act, state.arrangements(view), state.required(view))


# ---------------------------------------------------------------------------------------------- status


def _status_asserted(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- as above
    said: StatusAsserted = act.body
    _check_open(view)
    for answered in act.answers:
        theirs: Half | None = view.halves.get(answered.party) if answered.party != act.party else None
        if theirs is None or all(one.number != answered.number for one in theirs.assertions):
            raise Refused("answers_wrong_act", answered=answered, kind=act.kind)
    if said.status == "obstructed" and not said.reason:
        raise Refused("reason_missing", status=said.status)
    if said.as_of is not None and said.as_of > newest_day(act.time):
        raise Refused("as_of_future", on=said.as_of.isoformat())


# ------------------------------------------------------------------------------- evidence, instruments


def _evidence_recorded(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- as above
    body: EvidenceRecorded = act.body
    own: Half = view.halves[act.party]
    for put in own.evidence.values():
        if put.body.digest == body.digest:
            raise Refused("evidence_twice", evidence=put.subject)


def _evidence_released(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- as above
    """What is released is never looked into: it can be destroyed, and the verdict on the act must stay."""
    puts.answered(act, puts.gather(view, "evidence"))
    if act.answers[0].party != act.party:
        raise Refused("evidence_not_yours", evidence=act.answers[0], party=act.answers[0].party)


def _implementation_recorded(view: View, act: Act, setting: Setting) -> None:
    body: ImplementationRecorded = act.body
    _check_open(view)
    own: Half = view.halves[act.party]
    for put in own.instruments.values():
        if put.body.instrument == body.instrument:
            raise Refused("implementation_twice", instrument=body.instrument, recorded=put.subject)
    passage = setting.passage(body.instrument)
    if passage is None or passage.sort != "matter":
        raise Refused("implementation_unknown", instrument=body.instrument)


_RULES: Mapping[str, Callable[[View, Act, Setting], None]] = {
    "commitment.terms_proposed/1": _terms_proposed,
    "commitment.closing_proposed/1": _closing_proposed,
    "commitment.accepted/1": _accepted,
    "commitment.acceptance_withdrawn/1": _acceptance_withdrawn,
    "commitment.status_asserted/1": _status_asserted,
    "commitment.evidence_recorded/1": _evidence_recorded,
    "commitment.evidence_released/1": _evidence_released,
    "commitment.implementation_recorded/1": _implementation_recorded,
}
