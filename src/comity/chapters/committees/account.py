"""The account of a committee: its title, its whole state as data, what has become true in it, and its summary.

Milestone("report_agreed", {"IRQ": 33, "TUR": 40}, "TUR/40", {"since": "2024-01-01", "until": "2024-12-31"})

The summary has no personal data: registers over many committees are made of it, and names are asked for one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comity.chapters.committees import state
from comity.chapters.committees.acts import ReportProposed
from comity.chapters.committees.state import Half, Term
from comity.core import puts as shared
from comity.core.act import Names, Ref
from comity.core.chapter import Milestone, View
from comity.core.puts import Put

__all__ = ["describe", "milestones", "person", "reports", "summary", "title"]


def title(view: View) -> Names:
    """The body's name."""
    first = state.opening(view)
    if first is None:
        return {"en": str(view.docket)}
    return dict(first.body.names) or {"en": first.body.body}


def describe(view: View) -> dict[str, Any]:
    """The whole state, JSON-able, the same on every node that holds the same acts."""
    first = state.opening(view)
    if first is None:
        return {"body": None, "docket": str(view.docket)}
    terms = {
        party: [{**_term(term), "begun": term.begun, **person(half, term)} for term in state.terms(half)]
        for party, half in sorted(view.halves.items())
    }
    return {**_head(view, first), "title": title(view), "terms": terms, "reports": reports(view)}


def summary(view: View) -> dict[str, Any]:
    """What overviews over all committees need of this one: terms without names, and reports."""
    first = state.opening(view)
    if first is None:
        return {"body": None, "docket": str(view.docket)}
    terms = {
        party: [_term(term) for term in state.terms(half) if term.begun]
        for party, half in sorted(view.halves.items())
    }
    return {**_head(view, first), "terms": terms, "reports": reports(view)}


def _head(view: View, first: Put[Any]) -> dict[str, Any]:
    return {
        "docket": str(view.docket),
        "mandate": view.halves[first.ref.party].mandate,
        "body": first.body.body,
        "names": dict(first.body.names),
        "parties": list(state.required(view)),
        "constituted_by": first.ref.party,
        "seats": dict(sorted(first.body.seats.items())),
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "ref": str(term.ref),
        "seat": term.seat,
        "role": term.role,
        "since": term.since.isoformat(),
        "until": term.until.isoformat() if term.until else None,
        "vacated": term.vacated,
    }


def person(half: Half, term: Term) -> dict[str, Any]:
    """Who holds the seat in that term: a name, or that it was destroyed, or that nobody was named."""
    put = half.named.get(str(term.ref))
    told = put.body if put is not None else None
    return {
        "named": put.subject if put is not None else "",
        "name": told.name if told is not None else None,
        "capacity": dict(told.capacity) if told is not None else {},
        "destroyed": put is not None and told is None,
    }


def reports(view: View) -> list[dict[str, Any]]:
    """Every report that was put: its period, its hash and cut, where it stands, and whose yes stands."""
    puts, required = state.reports(view), state.required(view)
    return [_report(view, put, list(state.rivals(put, puts).values()), required) for put in puts.values()]


def _report(
    view: View, put: Put[ReportProposed], rivals: list[Put[ReportProposed]], required: tuple[str, ...]
) -> dict[str, Any]:
    match = state.agreed(view, put.subject)
    counts = shared.newest(view, rivals, required, state.same)
    yes = match or {
        party: voices[-1].number
        for party, voices in view.voices(put.subject).items()
        if voices[-1].yes and party in required
    }
    return {
        "ref": put.subject,
        "by": put.ref.party,
        "time": put.time.isoformat(),
        "since": put.body.since.isoformat(),
        "until": put.body.until.isoformat(),
        "digest": put.body.digest,
        "at": dict(sorted(put.body.at.items())),
        "answers": [str(answer) for answer in put.answers],
        "standing": shared.standing(view, put, rivals, required, state.same),
        "agreed": match is not None,
        "newest": any(put.ref == other.ref for other in counts),
        "yes": {party: str(Ref(party, yes[party])) for party in sorted(yes)},
    }


def milestones(view: View) -> list[Milestone]:
    """What has become true. Only a withdrawal can still prove to have come too late; nothing else leaves."""
    first = state.opening(view)
    if first is None:
        return []
    found = [Milestone("constituted", {first.ref.party: first.ref.number}, str(view.docket))]
    seats = {subject: put.body for subject, put in shared.gather(view, "filled").items()}
    for act in view.acts:
        said = {act.party: act.ref.number}
        match act.kind:
            case "committee.seat_filled/1":
                facts = {"seat": act.body.seat, "since": act.body.since.isoformat()}
                found.append(Milestone("seat_filled", said, str(act.ref), facts))
            case "committee.person_named/1":
                seat = seats[str(act.answers[0])].seat
                found.append(Milestone("person_named", said, str(act.ref), {"seat": seat}))
            case "committee.seat_vacated/1":
                facts = {"seat": seats[str(act.answers[0])].seat, "on": act.body.on.isoformat()}
                found.append(Milestone("seat_vacated", said, str(act.ref), facts))
            case _:
                pass
    for put in state.reports(view).values():
        found += _of_report(view, put)
    return sorted(found, key=lambda milestone: (milestone.what, milestone.subject))


def _of_report(view: View, put: Put[ReportProposed]) -> Iterator[Milestone]:
    match = state.agreed(view, put.subject)
    if match is not None:
        facts = {"since": put.body.since.isoformat(), "until": put.body.until.isoformat()}
        yield Milestone("report_agreed", match, put.subject, facts)
    yield from shared.withdrawn(view, put, match)
