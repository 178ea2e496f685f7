"""What may be said of a committee, and when. Each rule sees the register as the act's own author knew it.

    Refused("seats_exceeded", "TUR/3#art-2", seats="5", on="2024-09-01")    a sixth seat at one time
    Refused("cut_unseen", party="IRQ", number="31")      a report of acts that its author had not read

No rule asks who sits in a seat: that content may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comity.chapters.committees import state
from comity.chapters.committees.acts import Constituted, ReportProposed, SeatFilled, SeatVacated
from comity.chapters.committees.state import Half, Term
from comity.core.act import Act
from comity.core.chapter import Setting, View
from comity.core.errors import Refused
from comity.core.mandates import check_body, check_same_mandate
from comity.core.puts import Put, answered, check_no, check_not_overtaken, check_yes, gather, put_of

__all__ = ["check"]


def check(view: View, act: Act, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said."""
    if isinstance(act.body, Constituted):
        _check_opening(act.body, act, setting)
        return
    first = state.opening(view)
    if first is None:
        raise Refused("committee_not_constituted", docket=act.docket)
    check_same_mandate(act, view.halves[first.ref.party].mandate)
    _RULES[act.kind](view, act, setting)


def _check_opening(body: Constituted, act: Act, setting: Setting) -> None:
    terms = check_body(act, setting, body.body, body.names, body.parties)
    if body.seats and body.seats != terms.seats:
        given = ", ".join(f"{party} {seats}" for party, seats in sorted(terms.seats.items())) or "—"
        raise Refused("seats_differ", act.mandate, body=body.body, seats=given)


# ------------------------------------------------------------------------------------------------ seats


def _seat_filled(view: View, act: Act, setting: Setting) -> None:
    said: SeatFilled = act.body
    if said.seat.rpartition("-")[0] != act.party:
        raise Refused("seat_of_other", "law 4", seat=said.seat, party=act.party)
    if said.until is not None and said.until < said.since:
        raise Refused("term_ends_before", since=said.since.isoformat(), until=said.until.isoformat())
    _check_room(view, act, setting, state.term_of(put_of(act), None))


def _check_room(view: View, act: Act, setting: Setting, new: Term) -> None:
    """Refuse a term that meets another in its seat, or one seat too many on any of its days."""
    half: Half = view.halves[act.party]
    others = [term for term in state.terms(half) if term.ref != new.ref and term.meets(new)]
    for term in others:
        if term.seat == new.seat:
            raise Refused("seat_taken", seat=new.seat, by=term.ref)
    limit = _seats(view, act, setting)
    if limit is None:
        return
    # Between two beginnings nothing is added, so the fullest day is one on which a term begins.
    for day in sorted({new.since, *(term.since for term in others if new.held(term.since))}):
        if 1 + sum(term.held(day) for term in others) > limit:
            raise Refused("seats_exceeded", act.mandate, seats=limit, on=day.isoformat())


def _seats(view: View, act: Act, setting: Setting) -> int | None:
    """How many seats the mandate, as its author knew it, gives the act's party; None where it does not say."""
    first, mandate = state.opening(view), setting.mandate(act.mandate)
    bodies = mandate.bodies if mandate is not None else ()
    found = (terms for terms in bodies if first is not None and terms.id == first.body.body)
    return next((terms.seats.get(act.party) for terms in found), None)


def _own_seat(view: View, act: Act) -> Put[SeatFilled]:
    """The answered act, which must have filled one of the author's own seats."""
    [put] = answered(act, gather(view, "filled"))
    if put.ref.party != act.party:
        raise Refused("seat_of_other", "law 4", seat=put.body.seat, party=act.party)
    return put


def _person_named(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    _own_seat(view, act)


def _seat_vacated(view: View, act: Act, setting: Setting) -> None:
    said: SeatVacated = act.body
    put = _own_seat(view, act)
    if said.on < put.body.since:
        raise Refused("vacated_before", since=put.body.since.isoformat(), on=said.on.isoformat())
    if put.body.until is not None and said.on > put.body.until:
        raise Refused("term_over", until=put.body.until.isoformat(), on=said.on.isoformat())
    before = view.halves[act.party].vacated.get(put.subject)
    if before is not None and before.body.on == said.on:
        raise Refused("vacated_already", on=said.on.isoformat())
    if before is not None and before.body.on < said.on:  # the term is longer than it was
        _check_room(view, act, setting, state.term_of(put, put_of(act)))


# ---------------------------------------------------------------------------------------------- reports


def _report_proposed(view: View, act: Act, setting: Setting) -> None:
    said: ReportProposed = act.body
    answered(act, state.reports(view))
    if said.until < said.since:
        raise Refused("period_ends_before", since=said.since.isoformat(), until=said.until.isoformat())
    past = act.past
    for party, number in sorted(said.at.items()):
        if party not in setting.parties:
            raise Refused("cut_unknown", party=party, parties=", ".join(sorted(setting.parties)))
        if number > past.get(party, 0):
            raise Refused("cut_unseen", party=party, number=number)


def _report_accepted(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    puts = state.reports(view)
    check_yes(view, act, puts, state.required(view))
    rivals = state.rivals(puts[str(act.answers[0])], puts)
    check_not_overtaken(view, act, rivals, state.required(view), state.same)


def _report_withdrawn(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    check_no(view, act, state.reports(view), state.required(view))


_RULES: Mapping[str, Callable[[View, Act, Setting], None]] = {
    "committee.seat_filled/1": _seat_filled,
    "committee.person_named/1": _person_named,
    "committee.seat_vacated/1": _seat_vacated,
    "committee.report_proposed/1": _report_proposed,
    "committee.report_accepted/1": _report_accepted,
    "committee.report_withdrawn/1": _report_withdrawn,
}
