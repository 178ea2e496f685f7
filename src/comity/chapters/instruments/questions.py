"""What people ask of an instrument, on a date: is it in force, what comes next, what does it say, who has
acted.

    in_force(view, date(2026, 1, 1))  ->  {"in_force": True, "since": "2024-12-01", "until": None, "why":
    "entered"}

Answers are plain data for JSON: dates as text, nothing that depends on a clock, a locale or the order of
arrival.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments import account, align, clauses, effects, matters
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text, digest
from comity.core.chapter import View

__all__ = ["QUESTIONS"]

_LEDGER = {
    "accepted": "acceptances",
    "signed": "signatures",
    "notified": "notifications",
    "declined": "declined",
    "denounced": "denunciations",
    "renewal_declined": "refusals",
}


def in_force(view: View, on: date) -> dict[str, Any]:
    """Whether the instrument binds on that day, since when, until when (the first day on which it no longer
    does), and why."""
    fixed, last = effects.since(view), next(iter(effects.ends(view)), None)
    answer = fixed is not None and fixed <= on and (last is None or on < last.day)
    if fixed is None:
        why = "not_adopted" if matters.base(view) is None else "conditions_open"
    elif on < fixed:
        why = "not_yet"
    else:
        why = "entered" if answer or last is None else last.what
    return {
        "in_force": answer,
        "since": account.iso(fixed),
        "until": account.iso(last.day) if last else None,
        "why": why,
    }


def next_dates(view: View, on: date) -> list[dict[str, Any]]:
    """What falls due on that day or later: entries into force, ends and renewals, last days for notices,
    replies."""
    found = [
        {"date": day.isoformat(), "what": what, **more} for day, what, more in _dates(view, on) if day >= on
    ]
    return sorted(found, key=lambda one: (one["date"], one["what"], one.get("ref", ""), one.get("party", "")))


def _dates(view: View, on: date) -> Iterator[tuple[date, str, dict[str, Any]]]:
    text, since = matters.base_text(view), effects.since(view)
    ends = effects.ends(view)
    if since:
        yield since, "entry_into_force", {}
    for fixed, said in effects.amendments(view):
        yield fixed.day, "amendment_in_force", matters.facts_of(said)
    if ends:
        yield ends[0].day, ends[0].what, matters.facts_of(ends[0].by)
    if text is None:
        return
    yield from _replies(view, text.final.reply_days)
    if since and text.final.renewal:
        stop = ends[0].day if ends else date.max
        day = next((end for end in clauses.periods(since, text.final) if end >= on), None)
        if day and day < stop:
            yield day, "renewal", {}
    for what, notice in (
        ("last_day_to_denounce", text.final.denunciation),
        ("last_day_to_refuse", text.final.refusal),
    ):
        if since and notice and notice.at == "end_of_period" and not ends:
            days = (clauses.latest_notice(end, notice) for end in clauses.periods(since, text.final))
            last = next((day for day in days if day >= on), None)
            if last:
                yield last, what, {}


def _replies(view: View, days: int) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Until when each party is to answer each proposed amendment, where it has not: yes, no or a
    counter-proposal."""
    for said in matters.every(view, "amendments") if days else []:
        answered = {said.party, *answering(view, said)}
        for party in matters.required(view):
            if party not in answered:
                yield (
                    clauses.add_days(said.day, days),
                    "reply_due",
                    {**matters.facts_of(said), "party": party},
                )


def answering(view: View, amendment: Said) -> set[str]:
    """The parties that have answered a proposed amendment."""
    ref = str(amendment.ref)
    replies = [*matters.every(view, "acceptances"), *matters.every(view, "declined")]
    parties = {said.party for said in replies if said.body.version == ref}
    return parties | {
        said.party for said in matters.every(view, "amendments") if amendment.ref in said.answers
    }


def text(view: View, on: date) -> dict[str, Any]:
    """What the instrument says on that day: the adopted text with the amendments in effect, or what is on
    the table."""
    done = effects.consolidated(view, on)
    if done:
        current, included, failed = done
        return {"status": "adopted", "amendments": included, "without_effect": failed, **_told(current)}
    table = matters.tips(view)
    if not table:
        return {"status": "unknown"}
    return {"status": "on_the_table", "version": str(table[-1].ref), **_told(table[-1].body.text)}


def _told(current: Text) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(current)
    return {"text": digest(current), **plain}


def open_brackets(view: View, on: date) -> list[dict[str, Any]]:
    """The brackets on the table, each with its alternatives, who proposed them, and where each party
    stands."""
    del on
    return account.shown_brackets(view)


def alignment(view: View, on: date) -> list[dict[str, Any]]:
    """Provisions that lack a counterpart in some language of the text."""
    done = effects.consolidated(view, on)
    current = done[0] if done else account.current(view)
    return align.gaps(current) if current else []


def who_acted(view: View, on: date) -> dict[str, dict[str, list[str]]]:
    """Per party, which acts of consent it has said by that day."""
    return {
        party: {
            what: [str(said.ref) for said in getattr(view.halves[party], field) if said.day <= on]
            for what, field in _LEDGER.items()
        }
        for party in matters.required(view)
        if party in view.halves
    }


QUESTIONS = {
    "in_force": in_force,
    "next_dates": next_dates,
    "text": text,
    "brackets": open_brackets,
    "alignment": alignment,
    "who_acted": who_acted,
}
