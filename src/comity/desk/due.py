"""By when: "20 joint working days from 3 March" becomes a day before it is said, with how it was counted beside it.

    due: {basis: {start: 2025-03-03, count: 20, unit: working_days}}          in the terms of a commitment
    -> {"on": "2025-04-10", "basis": {"start": "2025-03-03", "count": 20, "unit": "working_days",
        "calendars": ["IRQ", "TUR"]}}

What is agreed is the day. Another node may have another table of holidays: whoever accepts is told where its own count
differs, and no rule ever counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from comity.chapters.commitments import due as counting
from comity.chapters.commitments.acts import Basis, Due
from comity.core.errors import Malformed, Refused
from comity.desk.wording import named
from comity.node import workdays
from comity.node.record import Record
from comity.node.workdays import Announced, Closed, Deadline
from comity.words import Words, isolate

__all__ = ["Notice", "Period", "count", "counted", "notice", "why"]


class Period(NamedTuple):
    """So many joint working days from a day, and what governments have announced, which no calendar knows."""

    days: int | None = None
    start: date | None = None
    closed: frozenset[tuple[str, date]] = frozenset()
    worked: frozenset[tuple[str, date]] = frozenset()


class Notice(NamedTuple):
    """What whoever speaks should know beside what was said: a key of the words, and its facts."""

    key: str
    facts: Mapping[str, str] = {}


def counted(
    record: Record, given: Mapping[str, Any], period: Period, mandate: str, today: date, words: Words
) -> tuple[dict[str, Any], list[Notice]]:
    """The fields with the due day of their terms counted, where they say how. Raises `Refused`, `Malformed`."""
    terms = given.get("terms")
    if period.days is not None:
        terms = {**(terms or {}), "due": _typed(terms or {}, period, today)}
    if not isinstance(terms, Mapping):
        return dict(given), []
    due = terms.get("due")
    if not isinstance(due, Mapping) or not isinstance(due.get("basis"), Mapping):
        return dict(given), []
    basis = _read(due["basis"])
    if basis.unit == "working_days" and not basis.calendars:
        basis = msgspec.structs.replace(basis, calendars=_parties(record, mandate))
    said = Announced(period.closed, period.worked)
    notices: list[Notice] = []
    on = _own(due["on"]) if due.get("on") else None
    if on is not None:
        _require(words, on, basis, said)
        told = {**due, "basis": msgspec.to_builtins(basis)}
    else:
        found = count(basis, said)
        if basis.calendars:
            basis = msgspec.structs.replace(basis, estimated=found.estimated)
            notices = _notices(basis, found)
        told = {**due, "on": found.on.isoformat(), "basis": msgspec.to_builtins(basis)}
    return {**given, "terms": {**terms, "due": told}}, notices


def _typed(terms: Mapping[str, Any], period: Period, today: date) -> dict[str, Any]:
    """The due date that a period asks for; the terms must not name another."""
    if terms.get("due"):
        raise Refused("due_twice")
    start = (period.start or today).isoformat()
    return {"basis": {"start": start, "count": period.days, "unit": "working_days"}}


def _read(basis: Mapping[str, Any]) -> Basis:
    """A basis as it was typed, numbers perhaps as text."""
    try:
        return msgspec.convert(basis, Basis, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed("terms.due.basis", str(error)) from error


def _own(day: Any) -> date:
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise Malformed("terms.due.on", f"{str(day)[:40]!r} is not a day such as 2025-03-31") from error


def _parties(record: Record, mandate: str) -> tuple[str, ...]:
    """The parties of the mandate, whose working days are joint ones."""
    with record.reading():
        found = record.folds.mandate(mandate, record.ready) if mandate else None
    return tuple(sorted(found.parties if found is not None else record.parties))


def count(basis: Basis, said: Announced = workdays.NONE) -> Deadline:
    """The day on which the period ends. Of days and months with calendars: moved to the next joint working day."""
    if basis.unit == "working_days":
        return workdays.deadline(basis.start, basis.count, basis.calendars, said)
    first = counting.earliest(basis)
    if not basis.calendars:
        return Deadline(first, False, ())
    return workdays.following(first, basis.calendars, said)


def _require(words: Words, on: date, basis: Basis, said: Announced) -> None:
    """Refuse a day that is not what the basis makes of it: no working day of all, or another one."""
    if not basis.calendars:
        return  # the rules of the chapter count that again
    shut = [one for party in basis.calendars if (one := workdays.closed(on, party, said)) is not None]
    if shut:
        following = workdays.next_joint_working_day(on, basis.calendars, said)
        raise Refused(
            "due_not_working", on=on.isoformat(), why=_whys(words, shut), next=following.isoformat()
        )
    ours = count(basis, said).on
    if ours != on:
        raise Refused("due_counted_otherwise", on=on.isoformat(), counted=ours.isoformat())


def why(words: Words, shut: Closed) -> str:
    """Why a party is closed on a day, in the chosen language."""
    word = words.say(f"workday.{shut.why}", "cli")
    return f"{word}: {isolate(named(words, shut.names), words.language)}" if shut.names else word


def _whys(words: Words, shut: Sequence[Closed]) -> str:
    return "; ".join(f"{one.party}: {why(words, one)}" for one in shut)


def _notices(basis: Basis, found: Deadline) -> list[Notice]:
    skipped = len({shut.on for shut in found.skipped})
    facts = {"on": found.on.isoformat(), "parties": ", ".join(basis.calendars), "skipped": str(skipped)}
    told = [Notice("done.due_counted", facts)]
    return [*told, Notice("done.due_estimated")] if found.estimated else told


def notice(due: Due) -> Notice | None:
    """What whoever accepts should know: that its own calendars count otherwise; None where they do not.

    A due day without calendars is not counted by them, and calendars that cannot be had say nothing.
    """
    basis = due.basis
    if basis is None or not basis.calendars or due.on is None:
        return None
    try:
        ours = count(basis).on
    except Refused:
        return Notice("notice.due_uncounted", {"on": due.on.isoformat()})
    if ours == due.on:
        return None
    return Notice("notice.due_counted", {"on": due.on.isoformat(), "counted": ours.isoformat()})
