"""What chapters offer beside acts and questions, made by hand: texts, redlines and calendars for other programs.

comity instruments redline TUR/4 IRQ/7 --in tr
comity meetings ical TUR/12 -o meeting.ics
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from comity.cli.files import write_file
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, named, on_terminal, table
from comity.cli.spoken import DAY, REF, Argument, Command, Option, command
from comity.core.act import Ref
from comity.node import bodies

__all__ = ["COMMANDS", "load"]

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "commitments": {
        "record-evidence": "evidence:record_evidence",
        "release-evidence": "evidence:release_evidence",
        "save-evidence": "evidence:save_evidence",
        "disclose": "evidence:disclose_evidence",
        "verify-evidence": "evidence:verify_evidence",
        "discard-evidence": "evidence:discard_evidence",
        "overview": "programme:overview",
        "programme": "programme:programme",
        "reminders": "programme:reminders",
        "dormant": "programme:dormant",
        "lineage": "programme:lineage",
        "workdays": "workdays:workdays",
    },
    "committees": {"report": "report:report"},
    "instruments": {"markdown": "markdown", "akn": "akn", "redline": "redline", "aligned": "aligned"},
    "meetings": {"ical": "ical", "silent": "silent"},
    "statements": {"compare": "statements:compare", "sources-of": "statements:sources_of"},
}
"""Chapter -> verb -> the name of its command in this module, or in another one of this folder: `module:name`.

A verb of the same name that says an act gives way: the command here says it too, with what a file or a folder adds.
"""

_OUTPUT = Option(
    ["-o", "--output", "output"],
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("-"),
    metavar="FILE",
)
_IN = Option(["--in", "tag"], metavar="LANGUAGE")
_DOCKET = Argument(["docket"], type=REF, metavar="REF")
_ON = Option(["--on"], type=DAY, metavar="DAY")


def load(chapter: str, verb: str) -> Command:
    """The command of that verb."""
    module, _, name = COMMANDS[chapter][verb].rpartition(":")
    made: Command = getattr(import_module(f"comity.cli.{module or 'extras'}"), name)
    return made


# --------------------------------------------------------------------------------------------- instruments


@command("markdown", _DOCKET, _IN, _ON, _OUTPUT, key="command.instruments.markdown")
def markdown(session: Session, docket: Ref, tag: str | None, on: Any, output: Path) -> None:
    """The text as the Markdown that `propose` reads."""
    from comity.desk.texts import markdown as written

    raw = written(session.record, docket, on or session.today(), tag or "", session.language)
    if session.json:
        emit({"docket": str(docket), "language": tag, "markdown": raw})
    else:
        write_file(output, raw.encode())


@command("akn", _DOCKET, _IN, _ON, _OUTPUT, key="command.instruments.akn")
def akn(session: Session, docket: Ref, tag: str | None, on: Any, output: Path) -> None:
    """The text as Akoma Ntoso 3.0, dated by the last signature, or else by the act that put it."""
    from comity.desk.texts import akn as written

    write_file(output, written(session.record, docket, on or session.today(), tag or "", session.language))


@command(
    "redline",
    Argument(["old"], type=REF, metavar="REF", key="option.redline.old"),
    Argument(["new"], type=REF, metavar="REF", key="option.redline.new"),
    _IN,
    key="command.instruments.redline",
)
def redline(session: Session, old: Ref, new: Ref, tag: str | None) -> None:
    """What changed between two versions, word by word."""
    from comity.desk.texts import changes as changed

    changes = changed(session.record, old, new, tag or "", session.language)
    if session.json:
        emit(
            [
                {**change._asdict(), "pieces": [piece._asdict() for piece in change.pieces]}
                for change in changes
            ]
        )
    elif not changes:
        line(session.say("label.none"))
    else:
        for change in changes:
            _tell_change(session, change)


def _tell_change(session: Session, change: Any) -> None:
    from comity.chapters.instruments.redline import plain

    if not on_terminal():
        line(f"{cell(change.provision, session)}: {plain(change.pieces)}")
        return
    from rich.console import Console
    from rich.text import Text

    styles = {"out": "red strike", "in": "green underline", "same": ""}
    drawn = Text(f"{change.provision}: ", style="bold")
    for piece in change.pieces:
        drawn.append(piece.text, style=styles[piece.op])
    Console(highlight=False).print(drawn)


@command("aligned", _DOCKET, _ON, key="command.instruments.aligned")
def aligned(session: Session, docket: Ref, on: Any) -> None:
    """The text in all its languages, provision by provision, with what lacks a counterpart."""
    from comity.desk.texts import aligned as side_by_side

    told = side_by_side(session.record, docket, on or session.today())
    if session.json:
        emit(told)
        return
    languages = told["languages"]
    headers = [session.say("label.provision"), *languages]
    rows = [
        [cell(row["provision"], session), *(cell(row["words"][tag], session) for tag in languages)]
        for row in told["provisions"]
    ]
    table(headers, rows, session)
    if told["prevailing"]:
        line(session.say("aligned.prevailing", tag=told["prevailing"]))
    for gap in told["gaps"]:
        line(session.say("aligned.gap", provision=gap["provision"], missing=", ".join(gap["missing"])))


# ------------------------------------------------------------------------------------------------ meetings


@command("ical", _DOCKET, _OUTPUT, key="command.meetings.ical")
def ical(session: Session, docket: Ref, output: Path) -> None:
    """The meeting as an iCalendar file."""
    from comity.desk.texts import meeting

    write_file(output, meeting(session.record, docket, session.language))


@command(
    "silent",
    _ON,
    Option(["--all", "everything"], is_flag=True, key="option.silent.all"),
    key="command.meetings.silent",
)
def silent(session: Session, on: Any, everything: bool) -> None:
    """Bodies that should have met by that day; with --all, every body."""
    found = [
        body for body in bodies.bodies(session.record, on or session.today()) if everything or body["overdue"]
    ]
    if session.json:
        emit(found)
        return
    names = ("body", "mandate", "since", "last", "every_months", "due", "months", "overdue")
    rows = []
    for body in found:
        overdue = body["overdue"]
        word = session.say("label.unknown") if overdue is None else cell(overdue, session)
        rows.append(
            [named(body["names"], session), *(cell(body[name], session) for name in names[1:-1]), word]
        )
    table([session.say(f"label.{name}") for name in names], rows, session)
