"""What looks across commitments: the overview of all committees, one's work programme, reminders, lineage.

comity commitments overview --on 2025-12-15
comity commitments programme --mandate TUR/3#art-4 --body joint-committee
comity commitments reminders --within 14
comity commitments lineage TUR/31#D1
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from comity.cli.session import Session
from comity.cli.show import cell, emit, line, named, table
from comity.cli.spoken import DAY, Argument, Option, command
from comity.node import lineage as lines
from comity.node import programme as programmes

__all__ = ["dormant", "lineage", "overview", "programme", "reminders", "tell_rows"]

_ON = Option(["--on"], type=DAY, metavar="DAY")
_MANDATE = Option(["--mandate"], metavar="REF#PROVISION", required=True)
_BODY = Option(["--body"], metavar="ID", required=True, key="option.programme.body")
_WORDS = "commitments"


def _days(name: str, default: int, key: str) -> Option:
    return Option([name], type=click.IntRange(0, 36_600), default=default, metavar="DAYS", key=key)


# ------------------------------------------------------------------------------------------ overview


@command(
    "overview",
    _ON,
    Option(["--most"], type=click.IntRange(1, 10_000), default=20, metavar="N", key="option.overview.most"),
    key="command.commitments.overview",
)
def overview(session: Session, on: date | None, most: int) -> None:
    """All committees on a day."""
    record = session.record
    told = programmes.overview(record, on or session.today(), most)
    if session.json:
        emit(told)
    else:
        _tell_overview(session, told)
    record.put_away()


def _tell_overview(session: Session, told: Mapping[str, Any]) -> None:
    parties = told["parties"]
    names = ("body", "commitments", "open", "overdue", "due_soon", "disputed", "unanswered", "dormant")
    headers = [session.say(f"label.{name}") for name in names]
    headers += [session.say("label.waits_for", party=party) for party in parties]
    rows = [_counted(session, named(body["names"], session), body, parties) for body in told["bodies"]]
    rows.append(_counted(session, session.say("label.total"), told["total"], parties))
    table(headers, rows, session)
    for name in ("overdue", "due", "dormant"):
        if told[name]:
            line("")
            line(session.say(f"overview.{name}", shown=len(told[name]), of=told["total"][name]))
            tell_rows(session, told[name])
    if told["waits"]:
        line("")
        waiting = sum(told["total"]["waits_for"].values())
        line(session.say("overview.waits", shown=len(told["waits"]), of=waiting))
        _tell_waits(session, told["waits"])


def _counted(session: Session, name: str, count: Mapping[str, Any], parties: Sequence[str]) -> list[str]:
    numbers = [count["commitments"], count["open"], count["overdue"], count["due"]]
    numbers += [count["is"]["disputed"], count["is"]["unanswered"], count["dormant"]]
    numbers += [count["waits_for"].get(party, 0) for party in parties]
    return [name, *(cell(number, session) for number in numbers)]


def _tell_waits(session: Session, waits: Sequence[Mapping[str, Any]]) -> None:
    headers = [
        session.say(f"label.{name}") for name in ("since", "party", "awaited_for", "ref", "docket", "title")
    ]
    rows = [
        [cell(wait["since"], session), cell(wait["party"], session), session.say(f"value.{wait['for']}", _WORDS),
         cell(wait["ref"], session), cell(wait["docket"], session), named(wait["title"], session)]
        for wait in waits
    ]  # fmt: skip
    table(headers, rows, session)


def tell_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Commitments, one a line: what each side says stands side by side."""
    names = ("docket", "title", "owners", "due", "status", "views", "since")
    table(
        [session.say(f"label.{name}") for name in names],
        [
            [cell(row["docket"], session), named(row["title"], session), cell(row["owners"], session),
             _due(session, row), _status(session, row), _views(session, row), cell(row["since"], session)]
            for row in rows
        ],
        session,
    )  # fmt: skip


def _due(session: Session, row: Mapping[str, Any]) -> str:
    return named(row["event"], session) if row["event"] else cell(row["due"], session)


def _status(session: Session, row: Mapping[str, Any]) -> str:
    """What is shown of it: where it is agreed, how far it is."""
    word = session.say(f"value.{row['status'] or row['is']}", _WORDS)
    return f"{word} ({session.say('label.overdue')})" if row["overdue"] else word


def _views(session: Session, row: Mapping[str, Any]) -> str:
    said = [
        f"{cell(party, session)}: {session.say(f'value.{status}', _WORDS)}"
        for party, status in row["views"].items()
    ]
    return "; ".join(said) or cell("", session)


# ------------------------------------------------------------------------------------------- one body


@command("programme", _MANDATE, _BODY, _ON, key="command.commitments.programme")
def programme(session: Session, mandate: str, body: str, on: date | None) -> None:
    """A committee's work programme."""
    record = session.record
    told = programmes.work_programme(record, mandate, body, on or session.today())
    if session.json:
        emit(told)
    else:
        line(f"{named(told['names'], session)} ({cell(mandate, session)}), {cell(told['on'], session)}")
        tell_rows(session, told["rows"])
    record.put_away()


@command(
    "reminders",
    _days("--within", programmes.SOON, "option.reminders.within"),
    _ON,
    key="command.commitments.reminders",
)
def reminders(session: Session, within: int, on: date | None) -> None:
    """What is late or due soon, and terms of seats that end."""
    record = session.record
    told = programmes.reminders(record, on or session.today(), within)
    if session.json:
        emit(told)
    else:
        headers = [session.say(f"label.{name}") for name in ("day", "reminder", "parties", "docket", "title")]
        rows = [
            [cell(one["on"], session), session.say(f"reminder.{one['what']}"), cell(one["parties"], session),
             cell(one["docket"], session), _called(session, one)]
            for one in told
        ]  # fmt: skip
        table(headers, rows, session)
    record.put_away()


def _called(session: Session, one: Mapping[str, Any]) -> str:
    if "seat" in one:
        return f"{named(one['names'], session)}: {cell(one['seat'], session)}"
    return named(one["title"], session)


@command(
    "dormant",
    _days("--for", programmes.DORMANT, "option.dormant.for"),
    _ON,
    key="command.commitments.dormant",
)
def dormant(session: Session, on: date | None, **values: int) -> None:
    """Commitments of which nothing was said for so many days."""
    record = session.record
    told = programmes.dormant(record, on or session.today(), values["for"])
    if session.json:
        emit(told)
    else:
        headers = [
            session.say(f"label.{name}")
            for name in ("last_word", "docket", "title", "owners", "due", "status")
        ]
        rows = [
            [cell(row["day"], session), cell(row["docket"], session), named(row["title"], session),
             cell(row["owners"], session), _due(session, row), _status(session, row)]
            for row in told
        ]  # fmt: skip
        table(headers, rows, session)
    record.put_away()


# -------------------------------------------------------------------------------------------- lineage


@command(
    "lineage",
    Argument(["reference"], metavar="REF", key="option.lineage.reference"),
    key="command.commitments.lineage",
)
def lineage(session: Session, reference: str) -> None:
    """Where a thing comes from, and what came of it."""
    told = lines.lineage(session.record, reference)
    if session.json:
        emit(told)
        return
    nodes = told["nodes"]
    line(_node(session, reference, nodes))
    for way in ("up", "down"):
        line("")
        line(session.say(f"lineage.{way}"))
        if not told[way]:
            line(session.say("label.none"))
        for edge in told[way]:
            other = edge["parent" if way == "up" else "child"]
            of = edge["child" if way == "up" else "parent"]
            step = session.say(f"lineage.by.{edge['by']}")
            line(f"{'  ' * edge['distance']}{_node(session, other, nodes)} [{step}: {cell(of, session)}]")


def _node(session: Session, name: str, nodes: Mapping[str, Any]) -> str:
    sort = session.say(f"sort.{nodes[name]['sort']}")
    return f"{cell(name, session)}  {named(nodes[name]['title'], session)} ({sort})"
