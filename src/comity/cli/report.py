"""A committee's report for a period, as this node makes it of its own record.

comity committees report --mandate TUR/3#art-4 --body joint --since 2024-01-01 --until 2024-12-31 -o report.json
sha256sum report.json           the hash that `comity committees propose-report` says
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from comity.cli.files import write_file
from comity.cli.programme import tell_rows
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line, named
from comity.cli.spoken import DAY, Option, command, read_names
from comity.core import canonical
from comity.node import report as reports

__all__ = ["report"]

_WORDS = "commitments"


@command(
    "report",
    Option(["--mandate"], metavar="REF#PROVISION", required=True),
    Option(["--body"], metavar="ID", required=True, key="option.programme.body"),
    Option(["--since"], type=DAY, metavar="DAY", required=True, key="option.report.since"),
    Option(["--until"], type=DAY, metavar="DAY", required=True, key="option.report.until"),
    Option(["--at"], metavar="PARTY=N", multiple=True, key="option.report.at"),
    Option(
        ["-o", "--output", "output"],
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        key="option.report.output",
    ),
    key="command.committees.report",
)
def report(
    session: Session,
    mandate: str,
    body: str,
    since: date,
    until: date,
    at: tuple[str, ...],
    output: Path | None,
) -> None:
    """A committee's report for a period."""
    record = session.record
    told = reports.report(record, mandate, body, since, until, _cut(at))
    digest = reports.digest(told)
    if output is not None:
        write_file(output, canonical.encode(told))
    if session.json:
        emit({"digest": digest, "report": told})
    elif output is None or str(output) != "-":
        _tell_report(session, told, digest)
    record.put_away()


def _cut(at: tuple[str, ...]) -> dict[str, int] | None:
    """`TUR=40` and `IRQ=30` as a cut. Raises a usage error."""
    found = read_names(at, "at")
    if not all(size.isascii() and size.isdecimal() and len(size) < 13 for size in found.values()):
        raise click.BadParameter("usage.party_number", param_hint="--at")
    return {party: int(size) for party, size in found.items()} or None


def _tell_report(session: Session, told: Mapping[str, Any], digest: str) -> None:
    counts = told["counts"]
    made_of = [f"{party}/0–{size - 1}" for party, size in told["at"].items() if size]
    facts(
        [
            (session.say("label.body"), named(told["names"], session)),
            (session.say("label.mandate"), cell(told["mandate"], session)),
            (session.say("label.period"), cell(f"{told['since']} – {told['until']}", session)),
            (session.say("label.made_of"), cell(made_of, session)),
            (session.say("label.digest"), cell(digest, session)),
            (session.say("label.meetings_held"), cell(len(told["meetings"]), session)),
            (session.say("label.decisions"), cell(len(told["decisions"]), session)),
            (session.say("label.commitments"), cell(counts["commitments"], session)),
            *(
                (session.say(f"value.{name}", _WORDS), cell(counts[name], session))
                for name in reports.SECTIONS
            ),
            (session.say("label.overdue"), cell(counts["overdue"], session)),
            *(
                (session.say("label.seats_of", party=party), _seats(session, seats))
                for party, seats in told["seats"].items()
            ),
        ],
        session,
    )
    line("")
    tell_rows(session, [_as_row(row) for row in told["commitments"]])


def _seats(session: Session, seats: Mapping[str, Any]) -> str:
    filled = len({term["seat"] for term in seats["filled"]})
    if seats["seats"] is None:
        return session.say("report.seats", filled=filled)
    return session.say("report.seats_of", filled=filled, seats=seats["seats"])


def _as_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A report's commitment as a line of a list."""
    views = {view["party"]: view["status"] for view in row["views"]}
    return {**row, "status": "", "is": row["section"], "views": views}
