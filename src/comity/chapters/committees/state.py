"""The state of one committee: what each party said alone of its seats, and what it put as a report.

Seats are unilateral: a seat's name begins with its party's code, so only that party's half has it. Reports are joint,
and those of one period stand against each other (`comity.core.puts`).

    [term.seat for term in terms(view.halves["TUR"]) if term.held(date(2024, 10, 1))]   ->   ["TUR-1", "TUR-2"]
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec

from comity.chapters.committees.acts import (
    Constituted,
    PersonNamed,
    ReportProposed,
    SeatFilled,
    SeatVacated,
)
from comity.core.act import Act, Ref
from comity.core.chapter import View
from comity.core.halves import Match
from comity.core.puts import Put, gather, put_of

__all__ = [
    "Half",
    "Term",
    "agreed",
    "apply",
    "opening",
    "reports",
    "required",
    "rivals",
    "same",
    "term_of",
    "terms",
]


class Term(NamedTuple):
    """One seat held from `since` to `until`, both days included, as things stand (`until` None: no end is set).

    `begun` is false where the seat was vacated before anybody held it. `vacated` names the act that said so.
    """

    ref: Ref
    seat: str
    role: str
    since: date
    until: date | None
    begun: bool = True
    vacated: str = ""

    def held(self, on: date) -> bool:
        """Whether somebody holds the seat on that day, in this term."""
        return self.begun and self.since <= on and (self.until is None or on <= self.until)

    def meets(self, other: Term) -> bool:
        """Whether there is a day on which both are held."""
        return self.begun and other.begun and (self.held(other.since) or other.held(self.since))


class Half(msgspec.Struct, frozen=True):
    """What one party said alone. `filled` and `reports` are keyed by their own reference.

    `named` and `vacated` have the newest said of each term, keyed by the reference of the act that filled the seat.
    """

    mandate: str = ""
    opening: Put[Constituted] | None = None
    filled: dict[str, Put[SeatFilled]] = {}
    named: dict[str, Put[PersonNamed | None]] = {}
    vacated: dict[str, Put[SeatVacated]] = {}
    reports: dict[str, Put[ReportProposed]] = {}


def apply(half: Half, act: Act) -> Half:
    """The half after that party's next act. A yes or a withdrawal changes nothing here."""
    put: Put[Any] = put_of(act)
    change: dict[str, Any] = {}
    if act.kind == "committee.person_named/1":
        change = {"named": {**half.named, str(act.answers[0]): put}}
    match act.body:
        case Constituted():
            change = {"mandate": act.mandate, "opening": put}
        case SeatFilled():
            change = {"filled": {**half.filled, put.subject: put}}
        case SeatVacated():
            change = {"vacated": {**half.vacated, str(act.answers[0]): put}}
        case ReportProposed():
            change = {"reports": {**half.reports, put.subject: put}}
        case _:
            pass
    return msgspec.structs.replace(half, **change) if change else half


def opening(view: View) -> Put[Constituted] | None:
    """The act that constituted the committee, or None where it is out of sight or was irregular."""
    half: Half | None = view.halves.get(view.docket.party)
    return half.opening if half else None


def required(view: View) -> tuple[str, ...]:
    """The parties that must accept a report, sorted."""
    first = opening(view)
    return tuple(sorted(first.body.parties if first and first.body.parties else view.parties))


# ------------------------------------------------------------------------------------------------ seats


def terms(half: Half) -> list[Term]:
    """Every term that a party gave one of its seats, by seat, first day and reference."""
    found = [term_of(put, half.vacated.get(put.subject)) for put in half.filled.values()]
    return sorted(found, key=lambda term: (_seat_number(term.seat), term.since, term.ref))


def _seat_number(seat: str) -> int:
    return int(seat.rpartition("-")[2])


def term_of(put: Put[SeatFilled], vacated: Put[SeatVacated] | None) -> Term:
    """The term that an act gave a seat, ended early where that was said."""
    said = put.body
    if vacated is None:
        return Term(put.ref, said.seat, said.role, said.since, said.until)
    on, begun = vacated.body.on, vacated.body.on > said.since
    last = on - timedelta(days=1) if begun else said.since
    return Term(put.ref, said.seat, said.role, said.since, last, begun, vacated.subject)


# ---------------------------------------------------------------------------------------------- reports


def agreed(view: View, subject: str) -> Match | None:
    """By which yeses the required parties are bound on that report, or None."""
    return view.agreed(subject, required(view))


def reports(view: View) -> dict[str, Put[ReportProposed]]:
    """Every report that was put, by time and reference."""
    return gather(view, "reports")


def rivals(put: Put[ReportProposed], puts: dict[str, Put[ReportProposed]]) -> dict[str, Put[ReportProposed]]:
    """The reports for the same period as this one, itself among them: of these, the newest agreed counts."""
    period = (put.body.since, put.body.until)
    return {
        subject: other for subject, other in puts.items() if (other.body.since, other.body.until) == period
    }


def same(one: ReportProposed, other: ReportProposed) -> bool:
    """Whether two reports say the same of the same period, whatever cut each was made at."""
    return (one.since, one.until, one.digest) == (other.since, other.until, other.digest)
