"""Joint working days, counted before anything is said.

comity commitments workdays --from 2025-03-03 --days 20
comity commitments workdays --from 2025-03-03 --days 20 --closed IRQ=2025-03-16 --worked IRQ=2025-03-22
"""

from __future__ import annotations

from datetime import date
from typing import Any

import click
import msgspec

from comity.cli import due as counting
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line, table
from comity.cli.spoken import DAY, Option, command
from comity.desk.due import why
from comity.node import workdays as calendars

__all__ = ["workdays"]


@command(
    "workdays",
    Option(["--from", "counted_from"], type=DAY, metavar="DAY", key="option.workdays.from"),
    Option(
        ["--days"],
        type=click.IntRange(1, calendars.MOST),
        metavar="N",
        required=True,
        key="option.workdays.days",
    ),
    Option(["--party", "parties"], metavar="PARTY", multiple=True, key="option.workdays.party"),
    *counting.announcements(),
    key="command.commitments.workdays",
)
def workdays(
    session: Session, counted_from: date | None, days: int, parties: tuple[str, ...], **values: Any
) -> None:
    """The last of so many joint working days, and what was skipped on the way."""
    start = counted_from or session.today()
    asked = tuple(sorted(set(parties or session.record.parties)))
    found = calendars.deadline(start, days, asked, counting.announced(values, asked))
    if session.json:
        emit({"from": start.isoformat(), "days": days, "parties": list(asked), **_deadline(found)})
        return
    facts(
        [
            (session.say("label.counted_from"), cell(start, session)),
            (session.say("label.working_days"), cell(days, session)),
            (session.say("label.parties"), cell(asked, session)),
            (session.say("label.until"), cell(found.on, session)),
        ],
        session,
    )
    if found.estimated:
        line(session.say("done.due_estimated"))
    line("")
    headers = [session.say(f"label.{name}") for name in ("skipped", "party", "reason")]
    rows = [
        [cell(shut.on, session), cell(shut.party, session), _why(session, shut)] for shut in found.skipped
    ]
    table(headers, rows, session)


def _why(session: Session, shut: calendars.Closed) -> str:
    told = why(session.words, shut)
    return f"{told} ({session.say('label.estimate')})" if shut.estimated else told


def _deadline(found: calendars.Deadline) -> dict[str, Any]:
    skipped = [shut._asdict() for shut in found.skipped]
    told: dict[str, Any] = msgspec.to_builtins({**found._asdict(), "skipped": skipped})
    return told
