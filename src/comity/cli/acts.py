"""`comity CHAPTER VERB`: one command for each kind of act, made from the chapter's own definitions.

    comity instruments accept --docket TUR/12 --office mfa
    comity meetings convene --mandate TUR/3#art-2 --body security-mechanism --round 4 --starts 2024-08-15T10:00:00+03:00
    comity charter fill-office --office defence --titles en="Minister of Defence" --new-key

What a person leaves out is completed where only one thing can be meant; the rules judge the whole before it is said.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from comity.cli import due, extras, fields
from comity.cli.files import read_file
from comity.cli.secret import Prompted
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, nested
from comity.cli.spoken import DAY, REF, Argument, Command, Group, Option, command
from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chapter import Chapter, Kind
from comity.core.fold import COMMON
from comity.desk.drafting import KEYED, WITH_TERMS, Order, Speaker, draft
from comity.desk.due import Notice, Period
from comity.node import asking, showing
from comity.node.record import Draft, Record

__all__ = ["about", "chapter_group", "completed", "known_chapter"]


def known_chapter(name: str) -> Chapter:
    """The charter, or the chapter of that name; nothing else is imported."""
    if name == "charter":
        return charters.CHAPTER
    from importlib import import_module

    chapter: Chapter = import_module(f"comity.chapters.{name}").CHAPTER
    return chapter


def chapter_group(name: str) -> Group:
    """`comity NAME`: its verbs, its questions, and what is made for it by hand."""
    chapter = known_chapter(name)
    kinds = {kind.verb: kind for kind in chapter.kinds if kind.name != "charter.accepted/1"}
    if any(kind.erasable for kind in chapter.kinds):
        kinds |= {kind.verb: kind for kind in COMMON}
    listed = {verb: (f"verb.{verb}", name) for verb in kinds}
    listed |= {verb: (f"command.{name}.{verb}", "cli") for verb in extras.COMMANDS.get(name, {})}
    if chapter.questions:
        listed["ask"] = ("command.ask", "cli")

    def make(verb: str) -> click.Command:
        if verb in extras.COMMANDS.get(name, {}):
            return extras.load(name, verb)
        return _ask(chapter) if verb == "ask" else _verb(chapter, kinds[verb])

    return Group(name, listed, make, key="chapter", place=name)


# ---------------------------------------------------------------------------------------------- saying


def _verb(chapter: Chapter, kind: Kind) -> Command:
    """The command that says acts of this kind."""
    named = fields.options(kind.body, chapter.name)
    params: list[click.Parameter] = [*named, *about(kind, {option.name for option in named})]
    if kind.read is not None:
        params.insert(
            0,
            Argument(["files"], type=click.Path(path_type=Path, dir_okay=False), nargs=-1, metavar="FILE..."),
        )
    params += _more(kind)
    made = command(kind.verb, *params, key=f"verb.{kind.verb}", place=chapter.name)
    return made(lambda session, **values: _say(session, chapter, kind, values))


def _more(kind: Kind) -> list[click.Parameter]:
    """Options of a verb beside those of its content."""
    if kind.name in WITH_TERMS:
        return due.options()
    return [Option(["--new-key"], is_flag=True)] if kind.name in KEYED else []


def about(kind: Kind, taken: set[str | None]) -> list[click.Parameter]:
    """The options that are the same for every act."""
    found: list[click.Parameter] = []
    if not kind.opens and not kind.name.startswith("charter."):
        found.append(Option(["--docket"], type=REF, metavar="REF"))
    if kind.answers[1]:
        found.append(Option(["--answers"], type=REF, metavar="REF", multiple=True))
    if kind.mandated:
        found.append(Option(["--mandate"], metavar="REF#PROVISION"))
    office = "--as-office" if "field_office" in taken else "--office"
    found.append(Option([office, "speaking"], metavar="OFFICE", key="option.office"))
    if kind.signed:
        found.append(Option(["--sign-with"], metavar="OFFICE|KEY"))
    found.append(Option(["--clock-checked"], is_flag=True))
    found.append(Option(["--dry-run"], is_flag=True))
    return found


def _say(session: Session, chapter: Chapter, kind: Kind, values: Mapping[str, Any]) -> None:
    record = session.record
    draft_ = completed(session, record, kind, values)
    if values["dry_run"]:
        record.check_draft(draft_)
        if session.json:
            emit({"allowed": True, "kind": kind.name})
        else:
            line(session.say("done.allowed"))
        return
    said = record.say(draft_)
    if session.json:
        emit(showing.show(record, said.ref))
        return
    what = session.say(f"kind.{kind.name.partition('/')[0]}", chapter.name)
    line(session.say("done.said", ref=said.ref, what=what, standing=session.say("standing.said")))


def completed(session: Session, record: Record, kind: Kind, values: Mapping[str, Any]) -> Draft:
    """The whole act as it would be said; what the speaker should know beside it is told."""
    docket, answers = values.get("docket"), tuple(values.get("answers", ()))
    if not (kind.opens or docket or answers or kind.name.startswith("charter.")):
        raise click.UsageError("usage.docket", click.get_current_context())
    order = Order(
        kind.name,
        fields.collect(kind.body, values),
        docket,
        answers,
        values.get("mandate") or "",
        values["speaking"] or "",
        values.get("sign_with") or "",
        [(path.name, read_file(path)) for path in values.get("files") or ()],
        due.period(values, record.parties) if kind.name in WITH_TERMS else Period(),
        bool(values.get("new_key")),
        trial=values["dry_run"],
        time=session.now,
        clock_checked=values["clock_checked"],
    )
    drafted = draft(record, order, Speaker(Prompted(session), session.words, session.today()))
    for notice in drafted.notices:
        _tell(session, notice)
    return drafted.draft


def _tell(session: Session, notice: Notice) -> None:
    """Beside the answer, and never within JSON."""
    text = session.say(notice.key, **notice.facts)
    if notice.key.startswith("notice."):
        print(text, file=sys.stderr)
    elif not session.json:
        line(text)


# ---------------------------------------------------------------------------------------------- asking


def _ask(chapter: Chapter) -> Command:
    """`comity CHAPTER ask`: the chapter's questions."""

    def run(session: Session, question: str, docket: Ref, on: Any) -> None:
        answer = asking.ask(session.record, docket, question, on or session.today())
        if session.json:
            emit(answer)
            return
        line(session.say(f"question.{question}", chapter.name))

        for text in nested(answer, lambda name: name) if answer else [cell("", session)]:
            line(text)

    questions = click.Choice(sorted(chapter.questions))
    return command(
        "ask",
        Argument(["question"], type=questions),
        Argument(["docket"], type=REF, metavar="REF"),
        Option(["--on"], type=DAY, metavar="DAY"),
    )(run)
