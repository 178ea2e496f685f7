"""By when: "20 joint working days from 3 March" becomes a day before it is said, with how it was counted beside it.

    comity commitments propose ... --terms terms.yaml --working-days 20 --from 2025-03-03
    due: {basis: {start: 2025-03-03, count: 20, unit: working_days}}          the same, in the terms themselves
    -> {"on": "2025-04-10", "basis": {"start": "2025-03-03", "count": 20, "unit": "working_days",
        "calendars": ["IRQ", "TUR"]}}

What is agreed is the day. Another node may have another table of holidays: whoever accepts is told where its own count
differs, and no rule ever counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import click
import msgspec

from comity.chapters.commitments import due as counting
from comity.chapters.commitments.acts import Basis, Due
from comity.cli.session import Session
from comity.cli.show import cell, line, named
from comity.cli.spoken import DAY, Option
from comity.core.errors import Malformed, Refused
from comity.node import workdays
from comity.node.record import Record
from comity.node.workdays import Announced, Closed, Deadline

__all__ = ["announced", "announcements", "complete", "notice", "options", "why"]


def options() -> list[click.Parameter]:
    """The options with which terms become due after so many joint working days."""
    return [
        Option(
            ["--working-days"], type=click.IntRange(1, workdays.MOST), metavar="N", key="option.workdays.days"
        ),
        Option(["--from", "counted_from"], type=DAY, metavar="DAY", key="option.workdays.from"),
        *announcements(),
    ]


def announcements() -> list[click.Parameter]:
    """The options that say what governments have announced, which no calendar knows."""
    return [
        Option([f"--{name}"], metavar="PARTY=DAY", multiple=True, key=f"option.workdays.{name}")
        for name in ("closed", "worked")
    ]


def announced(values: Mapping[str, Any], parties: Sequence[str]) -> Announced:
    """What those options say, of those whose days are counted. Raises a usage error."""
    return Announced(*(_days(name, values.get(name) or (), parties) for name in ("closed", "worked")))


def _days(name: str, given: Iterable[str], parties: Sequence[str]) -> frozenset[tuple[str, date]]:
    found = set()
    for text in given:
        party, _, day = text.partition("=")
        if party not in parties:
            raise click.BadParameter("usage.party_not_counted", param_hint=f"--{name} {text}")
        try:
            found.add((party, date.fromisoformat(day)))
        except ValueError as error:
            raise click.BadParameter("usage.party_day", param_hint=f"--{name} {text}") from error
    return frozenset(found)


# ---------------------------------------------------------------------------------------- completing it


def complete(
    session: Session, record: Record, given: Mapping[str, Any], values: Mapping[str, Any], mandate: str
) -> dict[str, Any]:
    """The fields with the due day of their terms counted, where they say how. Raises `Refused`, `Malformed`."""
    terms = given.get("terms")
    typed = values.get("working_days")
    if typed is not None:
        terms = {**(terms or {}), "due": _typed(session, terms or {}, typed, values.get("counted_from"))}
    due = terms.get("due") if isinstance(terms, Mapping) else None
    if not isinstance(due, Mapping) or not isinstance(due.get("basis"), Mapping):
        return dict(given)
    basis = _read(due["basis"])
    if basis.unit == "working_days" and not basis.calendars:
        basis = msgspec.structs.replace(basis, calendars=_parties(record, mandate))
    said = announced(values, basis.calendars)
    on = _own(due["on"]) if due.get("on") else None
    if on is not None:
        _require(session, on, basis, said)
        return {**given, "terms": {**terms, "due": {**due, "basis": msgspec.to_builtins(basis)}}}  # type: ignore[dict-item]
    counted = count(basis, said)
    if basis.calendars:
        basis = msgspec.structs.replace(basis, estimated=counted.estimated)
        _tell(session, basis, counted)
    told = {**due, "on": counted.on.isoformat(), "basis": msgspec.to_builtins(basis)}
    return {**given, "terms": {**terms, "due": told}}  # type: ignore[dict-item]


def _typed(session: Session, terms: Mapping[str, Any], days: int, start: date | None) -> dict[str, Any]:
    """The due date that the options ask for; the terms must not name another."""
    named_already = terms.get("due")
    if named_already:
        raise click.BadParameter("usage.due_twice", param_hint="--working-days")
    return {"basis": {"start": (start or session.today()).isoformat(), "count": days, "unit": "working_days"}}


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


def _require(session: Session, on: date, basis: Basis, said: Announced) -> None:
    """Refuse a day that is not what the basis makes of it: no working day of all, or another one."""
    if not basis.calendars:
        return  # the rules of the chapter count that again
    shut = [one for party in basis.calendars if (one := workdays.closed(on, party, said)) is not None]
    if shut:
        following = workdays.next_joint_working_day(on, basis.calendars, said)
        raise Refused(
            "due_not_working", on=on.isoformat(), why=_whys(session, shut), next=following.isoformat()
        )
    ours = count(basis, said).on
    if ours != on:
        raise Refused("due_counted_otherwise", on=on.isoformat(), counted=ours.isoformat())


# ------------------------------------------------------------------------------------------ telling it


def why(session: Session, shut: Closed) -> str:
    """Why a party is closed on a day, in the chosen language."""
    word = session.say(f"workday.{shut.why}")
    return f"{word}: {named(shut.names, session)}" if shut.names else word


def _whys(session: Session, shut: Sequence[Closed]) -> str:
    return "; ".join(f"{one.party}: {why(session, one)}" for one in shut)


def _tell(session: Session, basis: Basis, counted: Deadline) -> None:
    """What was counted, for whoever types: never within JSON."""
    if session.json:
        return
    skipped = len({shut.on for shut in counted.skipped})
    parties = cell(basis.calendars, session)
    line(session.say("done.due_counted", on=counted.on.isoformat(), parties=parties, skipped=skipped))
    if counted.estimated:
        line(session.say("done.due_estimated"))


def notice(session: Session, due: Due) -> str:
    """What whoever accepts should know: that its own calendars count otherwise, or "" where they do not.

    A due day without calendars is not counted by them, and calendars that cannot be had say nothing.
    """
    basis = due.basis
    if basis is None or not basis.calendars or due.on is None:
        return ""
    try:
        ours = count(basis).on
    except Refused:
        return session.say("notice.due_uncounted", on=due.on.isoformat())
    if ours == due.on:
        return ""
    return session.say("notice.due_counted", on=due.on.isoformat(), counted=ours.isoformat())
