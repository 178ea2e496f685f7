"""What chapters offer beside acts and questions, made by hand: texts, redlines and calendars for other programs.

comity instruments redline TUR/4 IRQ/7 --in tr
comity meetings ical TUR/12 -o meeting.ics
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from comity.cli.files import write_file
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, named, on_terminal, table
from comity.cli.spoken import DAY, REF, Argument, Command, Option, command
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.node import asking, bodies
from comity.node.record import Record

if TYPE_CHECKING:
    from comity.chapters.instruments.text import Text

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


def _text(session: Session, ref: Ref, on: Any) -> Text:
    """The text of a docket as it stands on a day, or the one that an act put. Raises `Refused`."""
    from comity.chapters.instruments.text import Text

    record = session.record
    if asking.show(record, ref)["docket"] != str(ref):
        return _version(session, ref)
    told = _instrument(record, ref, on)
    fields = {name: told[name] for name in Text.__struct_fields__ if name in told}
    if "provisions" not in fields:
        raise Refused("no_text", ref=ref)
    return msgspec.convert(fields, Text)


def _instrument(record: Record, ref: Ref, on: Any) -> dict[str, Any]:
    """What the chapter answers to its question `text`; nothing where the docket is of another chapter."""
    with record.reading():
        if record.folds.fold(ref).chapter.name != "instruments":
            raise Refused("no_text", ref=ref)
    told: dict[str, Any] = asking.ask(record, ref, "text", on)
    return told


def _version(session: Session, ref: Ref) -> Text:
    """The text that an act put, as it was put. Raises `Refused`."""
    from comity.chapters.instruments.text import Text

    put = getattr(asking.act_of(session.record, ref).body, "text", None)
    if not isinstance(put, Text):
        raise Refused("no_text", ref=ref)
    return put


@command("markdown", _DOCKET, _IN, _ON, _OUTPUT, key="command.instruments.markdown")
def markdown(session: Session, docket: Ref, tag: str | None, on: Any, output: Path) -> None:
    """The text as the Markdown that `propose` reads."""
    from comity.chapters.instruments.writer import to_markdown

    text = _text(session, docket, on or session.today())
    raw = to_markdown(text, tag or _language(session, text.languages))
    if session.json:
        emit({"docket": str(docket), "language": tag, "markdown": raw})
    else:
        write_file(output, raw.encode())


def _language(session: Session, known: tuple[str, ...]) -> str:
    return session.language if session.language in known else known[0]


@command("akn", _DOCKET, _IN, _ON, _OUTPUT, key="command.instruments.akn")
def akn(session: Session, docket: Ref, tag: str | None, on: Any, output: Path) -> None:
    """The text as Akoma Ntoso 3.0, dated by the last signature, or else by the act that put it."""
    from comity.chapters.instruments.akn import to_akn

    text = _text(session, docket, on or session.today())
    language = tag or _language(session, text.languages)
    number = str(docket).lower().replace("/", "-")
    write_file(output, to_akn(text, language, day=_dated(session.record, docket), number=number))


def _dated(record: Record, ref: Ref) -> date:
    """The day of the last signature of a docket that all have signed; else that of the act."""
    act = asking.show(record, ref)
    reached = asking.milestones(record, ref) if act["docket"] == str(ref) else []
    signed = [found["facts"]["date"] for found in reached if found["what"] == "signed_by_all"]
    return date.fromisoformat(signed[0] if signed else act["time"][:10])


@command(
    "redline",
    Argument(["old"], type=REF, metavar="REF", key="option.redline.old"),
    Argument(["new"], type=REF, metavar="REF", key="option.redline.new"),
    _IN,
    key="command.instruments.redline",
)
def redline(session: Session, old: Ref, new: Ref, tag: str | None) -> None:
    """What changed between two versions, word by word."""
    from comity.chapters.instruments import redline as lines

    before, after = _version(session, old), _version(session, new)
    language = tag or _language(session, after.languages)
    changes = [change for change in lines.redline(before, after, language) if change.op != "same"]
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
    from comity.chapters.instruments import align

    text = _text(session, docket, on or session.today())
    rows = [(row.id, said) for row, said in align.side_by_side(text)]
    gaps = align.gaps(text)
    if session.json:
        emit({"languages": list(text.languages), "prevailing": text.prevailing, "gaps": gaps,
              "provisions": [{"provision": id_, "words": said} for id_, said in rows]})  # fmt: skip
        return
    headers = [session.say("label.provision"), *text.languages]
    table(
        headers,
        [[cell(id_, session), *(cell(said[tag], session) for tag in text.languages)] for id_, said in rows],
        session,
    )
    if text.prevailing:
        line(session.say("aligned.prevailing", tag=text.prevailing))
    for gap in gaps:
        line(session.say("aligned.gap", provision=gap["provision"], missing=", ".join(gap["missing"])))


# ------------------------------------------------------------------------------------------------ meetings


@command("ical", _DOCKET, _OUTPUT, key="command.meetings.ical")
def ical(session: Session, docket: Ref, output: Path) -> None:
    """The meeting as an iCalendar file."""
    from comity.chapters.meetings.ical import export

    record = session.record
    with record.reading():
        fold = record.folds.fold(docket)
        if fold.chapter.name != "meetings":
            raise Refused("not_a_meeting", ref=docket)
        raw = export(record.folds.view(docket), record.mechanism, session.language)
    write_file(output, raw)


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
