"""The bodies that provisions set up: which have a mandate in force on a day, when they met, which are silent.

    {"mandate": "TUR/3#art-2", "body": "security-mechanism", "names": {...}, "in_force": true, "since": "2019-01-15",
     "every_months": 6, "last": "2024-08-15", "due": "2025-02-15", "months": 2, "overdue": false, ...}

The chapters are strangers: instruments say which bodies there are, meetings say when they met, and only here the two
are put side by side. A body is the pair of its mandate and its name.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import msgspec

from comity.chapters.meetings import dormancy
from comity.core.chapter import BodyTerms, Chapter, Mandate, View
from comity.node.record import Record

__all__ = ["bodies"]


def bodies(record: Record, on: date) -> list[dict[str, Any]]:
    """Every body of an instrument that is adopted or in force, in the order of their mandates."""
    with record.reading():
        met = _met(record)
        return [
            _body(mandate, terms, met.get((mandate.ref, terms.id), []), on)
            for mandate in _mandates(record)
            for terms in mandate.bodies
        ]


def _mandates(record: Record) -> list[Mandate]:
    """The provisions that set up bodies, over all chapters that hold such."""
    found: list[Mandate] = []
    for chapter in record.chapters.values():
        if chapter.mandate is None:
            continue
        for docket, named in record.summaries.viewed("bodies", chapter, None, partial(_provisions, chapter)):
            mandates = (record.folds.mandate(f"{docket}#{provision}", record.ready) for provision in named)
            found += [mandate for mandate in mandates if mandate is not None and mandate.bodies]
    return found


def _provisions(chapter: Chapter, view: View) -> tuple[str, ...]:
    """The provisions of a docket that set up bodies, each once."""
    return tuple(dict.fromkeys(body["provision"] for body in chapter.describe(view).get("bodies", [])))


def _met(record: Record) -> dict[tuple[str, str], list[date]]:
    """The days on which each body met, as all parties have stated."""
    found: dict[tuple[str, str], list[date]] = {}
    meetings = record.chapters.get("meetings")
    for _, told in record.summaries.of(meetings) if meetings is not None else ():
        if told["body"] is not None:
            days = [date.fromisoformat(day) for day in told["held"]]
            found.setdefault((told["mandate"], told["body"]), []).extend(days)
    return found


def _body(mandate: Mandate, terms: BodyTerms, held: list[date], on: date) -> dict[str, Any]:
    since = mandate.since if mandate.in_force(on) else None
    told = dormancy.overdue(on, held, terms.every_months, since)
    return {
        "mandate": mandate.ref,
        "body": terms.id,
        "kind": terms.kind,
        "names": dict(terms.names),
        "seat": terms.seat,
        "seats": dict(terms.seats),
        "parties": list(mandate.parties),
        "in_force": mandate.in_force(on),
        "since": mandate.since.isoformat() if mandate.since else None,
        "until": mandate.until.isoformat() if mandate.until else None,
        "met": sorted(day.isoformat() for day in held),
        **msgspec.to_builtins(told),
    }
