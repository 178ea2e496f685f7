"""What people ask of a commitment, on a day: how far it is, when it is due, whose word is awaited, what shows it.

    status(2025-04-01)
    -> {"is": "disputed", "since": "2025-03-12", "views": [{"party": "IRQ", "status": "obstructed", "reason": {...}},
        {"party": "TUR", "status": "done", ...}], ...}

No side's view is put above the other's: where they differ, both are given, in the order of the parties' codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.commitments import evidence as files
from comity.chapters.commitments import state
from comity.chapters.commitments.account import asserted
from comity.chapters.commitments.acts import ClosingProposed
from comity.chapters.commitments.state import Half
from comity.chapters.commitments.summary import OnDay, Summary, on_day, summary
from comity.core import puts
from comity.core.chapter import View

__all__ = ["QUESTIONS", "due", "evidence", "lineage", "next_dates", "status", "waits_for"]


def status(view: View, on: date) -> dict[str, Any]:
    """What is shown of the status that day: each side's own view, who owes an answer, how firm the terms are."""
    one = summary(view)
    now = on_day(one, on)
    return {
        "is": now.is_,
        "status": now.status,
        "since": _day(now.since),
        "terms": now.stage if now.terms is not None else "",
        "views": [
            {"party": party, **asserted(now.said[party])} for party in one.parties if party in now.said
        ],
        "behind": {
            party: {"since": waits.day.isoformat(), "ref": waits.ref} for party, waits in now.behind.items()
        },
        "overdue": now.overdue,
    }


def due(view: View, on: date) -> dict[str, Any]:
    """By when, how that was counted, how many days are left (fewer than none: late), and whose it is."""
    one = summary(view)
    now = on_day(one, on)
    said = now.terms.due if now.terms is not None else None
    return {
        "on": _day(now.due),
        "event": dict(said.event) if said is not None else {},
        "basis": msgspec.to_builtins(said.basis) if said is not None and said.basis is not None else None,
        "terms": now.stage if now.terms is not None else "",
        "owners": list(now.terms.owners) if now.terms is not None else [],
        "days_left": now.days_left,
        "overdue": now.overdue,
        "is": now.is_,
    }


def waits_for(view: View, on: date) -> list[dict[str, Any]]:
    """Whose yes, answer or word is awaited, on what and since when. A closed commitment waits for nobody."""
    one = summary(view)
    now = on_day(one, on)
    if now.is_ in ("not_open", "replaced", "dropped"):
        return []
    waits = [
        *(
            (since.isoformat(), ref, party, sort)
            for sort, party, ref, since in state.waiting(view)
            if since.date() <= on
        ),
        *((waits.day.isoformat(), waits.ref, party, "status") for party, waits in now.behind.items()),
        *_owners_word(one, now),
    ]
    return [
        {"for": sort, "party": party, "ref": ref, "since": since} for since, ref, party, sort in sorted(waits)
    ]


def _owners_word(one: Summary, now: OnDay) -> Iterator[tuple[str, str, str, str]]:
    """Once the due day is over, every owner that has said nothing since, unless it had said that it is done."""
    if not now.overdue or now.due is None or now.terms is None:
        return
    for owner in now.terms.owners:
        said = now.said.get(owner)
        if owner not in now.behind and (said is None or (said.status != "done" and said.day <= now.due)):
            yield now.due.isoformat(), one.docket, owner, "status_due"


def evidence(view: View, on: date) -> list[dict[str, Any]]:
    """What was recorded up to that day to show how far it is, and whether the file was released and is that file.

    The file itself is in the act that released it.
    """
    found = []
    for put in puts.gather(view, "evidence").values():
        half: Half = view.halves[put.ref.party]
        releases = [one for one in half.releases.get(put.subject, ()) if one.time.date() <= on]
        if put.time.date() <= on:
            found.append(
                {
                    "ref": put.subject,
                    "by": put.ref.party,
                    "day": put.time.date().isoformat(),
                    **msgspec.to_builtins(put.body),
                    "is": files.found(put.body, [one.body for one in releases]),
                    "released": [one.subject for one in releases],
                }
            )
    return found


def lineage(view: View, on: date) -> dict[str, Any]:
    """Where it comes from and what became of it, as this docket itself says: one step each way."""
    one = summary(view)
    now = on_day(one, on)
    replacements = [
        {
            "ref": put.subject,
            "outcome": put.body.outcome,
            "by": list(put.body.by),
            "standing": state.standing(view, put),
        }
        for put in state.arrangements(view).values()
        if isinstance(put.body, ClosingProposed) and put.time.date() <= on
    ]
    return {
        "source": now.terms.source if now.terms is not None else "",
        "mandate": one.mandate,
        "parents": list(one.parents) if now.terms is not None else [],
        "closings": replacements,
        "instruments": [
            {"ref": carried.ref, "by": carried.party, "instrument": carried.instrument}
            for carried in one.instruments
            if carried.day <= on
        ],
    }


def next_dates(view: View, on: date) -> list[dict[str, Any]]:
    """The days from that one on by which it is due: the agreed one or those that crossed, and those proposed."""
    one = summary(view)
    now = on_day(one, on)
    if now.is_ in ("replaced", "dropped") or now.status == "done" or one.opened is None:
        return []
    held = state.newest(view)
    firm = {put.subject: "agreed" if len(held) == 1 else "crossed" for put in held}
    found = []
    for put in state.terms(view).values():
        standing = firm.get(put.subject) or ("proposed" if state.standing(view, put) == "open" else "")
        day = put.body.terms.due.on
        if standing and day is not None and day >= on:
            title = dict(put.body.terms.title)
            found.append(
                {
                    "what": "due",
                    "on": day.isoformat(),
                    "standing": standing,
                    "ref": put.subject,
                    "title": title,
                }
            )
    return sorted(found, key=lambda entry: (entry["on"], entry["ref"]))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


QUESTIONS: Mapping[str, Any] = {
    "status": status,
    "due": due,
    "waits_for": waits_for,
    "evidence": evidence,
    "lineage": lineage,
    "next_dates": next_dates,
}
