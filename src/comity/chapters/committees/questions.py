"""What people ask of a committee, on a day: who sits in it, whose term ends soon, whose answer is awaited.

    register(2024-10-01)
    -> {"seats": [{"seat": "TUR-1", "role": "co_chair", "name": "A. Example", "until": "2026-08-31", ...}],
        "vacant": {"IRQ": 5, "TUR": 4}}

Where the mandate does not say how many seats there are, nothing is called vacant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from comity.chapters.committees import account, state
from comity.chapters.committees.state import Term
from comity.core import puts as shared
from comity.core.chapter import View

__all__ = ["QUESTIONS", "SOON", "next_dates", "register", "reports", "terms_ending", "waits_for"]

SOON = 60
"""Days before its end from which a term is told to end soon."""


def register(view: View, on: date) -> dict[str, Any]:
    """Who holds which seat on that day, and how many of each party's seats are empty.

    A name that was destroyed is shown as destroyed: the seat was held, and by whom is no longer kept.
    """
    seats, held = [], dict.fromkeys(view.halves, 0)
    for party, term in _terms(view):
        if term.held(on):
            held[party] += 1
            seats.append({**_told(party, term), **account.person(view.halves[party], term)})
    first = state.opening(view)
    allowed = first.body.seats if first is not None else {}
    vacant = {party: max(0, count - held.get(party, 0)) for party, count in sorted(allowed.items())}
    return {"seats": seats, "vacant": vacant}


def _terms(view: View) -> Iterator[tuple[str, Term]]:
    for party, half in sorted(view.halves.items()):
        yield from ((party, term) for term in state.terms(half))


def _told(party: str, term: Term) -> dict[str, Any]:
    return {
        "seat": term.seat,
        "party": party,
        "role": term.role,
        "since": term.since.isoformat(),
        "until": term.until.isoformat() if term.until else None,
        "ref": str(term.ref),
    }


def terms_ending(view: View, on: date) -> list[dict[str, Any]]:
    """The terms held on that day that end within sixty days, soonest first, and which term follows in that seat."""
    found = []
    by_seat: dict[str, list[Term]] = {}
    for _, term in _terms(view):
        by_seat.setdefault(term.seat, []).append(term)
    for party, term in _terms(view):
        if term.until is not None and term.held(on) and (term.until - on).days <= SOON:
            after = [one for one in by_seat[term.seat] if one.begun and one.since > term.until]
            followed = min(after, key=lambda one: one.since, default=None)
            entry = {**_told(party, term), "days": (term.until - on).days}
            found.append({**entry, "followed_by": str(followed.ref) if followed is not None else ""})
    return sorted(found, key=lambda entry: (entry["until"], entry["ref"]))


def next_dates(view: View, on: date) -> list[dict[str, Any]]:
    """The days ahead on which a term begins or ends, in their order."""
    found = []
    for party, term in _terms(view):
        days = {"term_begins": term.since, "term_ends": term.until} if term.begun else {}
        for what, day in days.items():
            if day is not None and day >= on:
                told = {"what": what, "on": day.isoformat(), "standing": "said", "ref": str(term.ref)}
                found.append({**told, "seat": term.seat, "party": party})
    return sorted(found, key=lambda entry: (entry["on"], entry["what"], entry["ref"]))


def waits_for(view: View, on: date) -> list[dict[str, Any]]:  # noqa: ARG001 -- every question takes a day
    """Which party's answer to a report is awaited, and since when; where two crossed, one new report from all."""
    puts, required, said_at = state.reports(view), state.required(view), shared.times(view)
    waits: list[tuple[datetime, str, str, str]] = []
    for put in puts.values():
        rivals = list(state.rivals(put, puts).values())
        crossed = shared.newest(view, rivals, required, state.same)
        if len(crossed) > 1 and put.ref == crossed[0].ref:
            since = shared.bound_at(view, crossed, required, said_at)
            waits += [(since, put.subject, party, "new_report") for party in required]
        if shared.standing(view, put, rivals, required, state.same) == "open":
            silent = shared.silent(view, put, rivals, required, said_at)
            waits += [(since, put.subject, party, "report") for party, since in silent]
    return [
        {"for": what, "party": party, "ref": ref, "since": since.isoformat()}
        for since, ref, party, what in sorted(waits)
    ]


def reports(view: View, on: date) -> list[dict[str, Any]]:
    """The reports for periods that had begun by that day: where each stands, and which counts."""
    return [told for told in account.reports(view) if told["since"] <= on.isoformat()]


QUESTIONS: Mapping[str, Any] = {
    "register": register,
    "terms_ending": terms_ending,
    "next_dates": next_dates,
    "waits_for": waits_for,
    "reports": reports,
}
