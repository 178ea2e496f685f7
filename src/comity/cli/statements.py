"""Published texts held against what was agreed, and the sources cited for a fact.

comity statements compare TUR/40                            every text that was recorded as published and is here
comity statements compare TUR/40 report.txt --in en         a file, compared on the spot; nothing is said
comity statements sources-of TUR/12                         who cites what for an act and for its parts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from comity.chapters.statements import reading
from comity.cli.files import read_file
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, named, table
from comity.cli.spoken import DAY, REF, Argument, Option, command
from comity.core.act import Ref
from comity.desk.texts import compared
from comity.node import asking
from comity.node.sources import sources

__all__ = ["compare", "sources_of"]

_PLACE = "statements"
_LONG = 160
_SAME = ("same", "facts_same")


# ------------------------------------------------------------------------------------------- comparing


@command(
    "compare",
    Argument(["docket"], type=REF, metavar="REF"),
    Argument(
        ["file"], type=click.Path(path_type=Path), required=False, metavar="[FILE]", key="option.compare.file"
    ),
    Option(["--in", "tag"], metavar="LANGUAGE", key="option.compare.in"),
    Option(["--on"], type=DAY, metavar="DAY"),
    Option(["--all", "everything"], is_flag=True, key="option.compare.all"),
    key="command.statements.compare",
)
def compare(
    session: Session, docket: Ref, file: Path | None, tag: str | None, on: Any, everything: bool
) -> None:
    """What was published, passage by passage, against the text that all had accepted by that day."""
    day = on or session.today()
    if file is None:
        told = asking.ask(session.record, docket, "comparison", day)
    else:
        told = {"texts": [_of_file(session, docket, file, tag, day)]}
    if session.json:
        emit(told)
        return
    if not told["texts"]:
        line(session.say("label.none"))
    for text in told["texts"]:
        _tell(session, text, everything=everything)


def _of_file(session: Session, docket: Ref, file: Path, tag: str | None, on: Any) -> dict[str, Any]:
    """The comparison of a file of one's own with the agreed text. Raises `Malformed`, `Refused`, `Unavailable`."""
    given = (file.name, read_file(file))
    language = tag or reading.read_published([given]).get("language")
    if not language:
        raise click.UsageError("usage.compare_in", click.get_current_context())
    return compared(session.record, docket, on, given, language)


def _tell(session: Session, text: Mapping[str, Any], *, everything: bool) -> None:
    head = [text.get("ref", ""), text.get("by", ""), text["outlet"], text["language"]]
    line("  ".join(cell(part, session) for part in head if part))
    found = text["comparison"]
    if found is None:
        line(f"  {_word(session, text['text'] if text['text'] != 'attached' else 'not_agreed')}")
        return
    facts = {name: found[name] for name in ("detected", "language", "through")}
    line(f"  {session.say('verdict.' + found['verdict'], _PLACE, **facts)}")
    rows = [
        _row(session, finding)
        for finding in found["findings"]
        if everything or finding["relation"] not in _SAME or finding["moved"]
    ]
    if rows:
        table(
            [session.say("label.passage"), session.say("label.finding"), session.say("label.words")],
            rows,
            session,
        )
    elif found["findings"]:
        line(f"  {session.say('compare.all_same')}")
    line("")


def _word(session: Session, value: str) -> str:
    return session.say(f"value.{value}", _PLACE)


def _row(session: Session, finding: Mapping[str, Any]) -> list[str]:
    relation = _word(session, finding["relation"])
    if finding["moved"]:
        relation = f"{relation}, {_word(session, 'moved')}"
    return [cell(finding["passages"], session), relation, _words(session, finding)]


def _words(session: Session, finding: Mapping[str, Any]) -> str:
    """The words that differ; of a passage that is missing or was added, how it begins."""
    if finding["differences"]:
        return "; ".join(_difference(session, found) for found in finding["differences"])
    spans: Sequence[Mapping[str, Any]] = finding["ours"] or finding["published"]
    text = " ".join(" ".join(span["text"].split()) for span in spans)
    return cell(text if len(text) <= _LONG else text[: _LONG - 1] + "…", session)


def _difference(session: Session, found: Mapping[str, Any]) -> str:
    kind = _word(session, found["kind"])
    if found["note"]:
        kind = f"{kind} ({_word(session, found['note'])})"
    told = " → ".join(cell(words, session) for words in (found["ours"], found["published"]) if words)
    return f"{kind}: {told}"


# -------------------------------------------------------------------------------------------- sources


@command(
    "sources-of",
    Argument(["fact"], metavar="REF", key="option.sources.fact"),
    key="command.statements.sources-of",
)
def sources_of(session: Session, fact: str) -> None:
    """The sources that any party cites for an act, a provision or a decision."""
    found = sources(session.record, fact)
    if session.json:
        emit(found)
        return
    rows = [
        [
            cell(one["fact"], session),
            cell(one["by"], session),
            named(one["title"], session),
            cell(one["publisher"], session),
            cell(one["published"] or one["accessed"], session),
            cell(one["ref"], session),
        ]
        for one in found
    ]
    names = ("fact", "party", "title", "publisher", "day", "act")
    table([session.say(f"label.{name}") for name in names], rows, session)
