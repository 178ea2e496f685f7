"""`comity CHAPTER VERB`: one command for each kind of act, made from the chapter's own definitions.

    comity instruments accept --docket TUR/12 --office mfa
    comity meetings convene --mandate TUR/3#art-2 --body security-mechanism --round 4 --starts 2024-08-15T10:00:00+03:00
    comity charter fill-office --office defence --titles en="Minister of Defence" --new-key

What a person leaves out is completed where only one thing can be meant; the rules judge the whole before it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from comity.cli import completing, extras, fields
from comity.cli.files import read_file
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, nested
from comity.cli.spoken import DAY, REF, Argument, Command, Group, Option, command
from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chapter import Chapter, Kind
from comity.core.errors import Refused
from comity.core.fold import COMMON
from comity.core.keys import Signer, key_id
from comity.node import asking
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
    params += completing.more_options(kind)
    made = command(kind.verb, *params, key=f"verb.{kind.verb}", place=chapter.name)
    return made(lambda session, **values: _say(session, chapter, kind, values))


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
    draft = completed(session, record, chapter, kind, values)
    if values["dry_run"]:
        record.check_draft(draft)
        if session.json:
            emit({"allowed": True, "kind": kind.name})
        else:
            line(session.say("done.allowed"))
        return
    said = record.say(draft)
    if session.json:
        emit(asking.show(record, said.ref))
        return
    what = session.say(f"kind.{kind.name.partition('/')[0]}", chapter.name)
    line(session.say("done.said", ref=said.ref, what=what, standing=session.say("standing.said")))


def completed(
    session: Session, record: Record, chapter: Chapter, kind: Kind, values: Mapping[str, Any]
) -> Draft:
    """The whole act as it would be said."""
    answers: tuple[Ref, ...] = values.get("answers", ())
    docket = _docket(record, kind, values.get("docket"), answers)
    mandate = values.get("mandate") or _mandate(record, kind, docket)
    given: dict[str, Any] = {}
    if kind.read is not None and values["files"]:
        given = dict(kind.read([(path.name, read_file(path)) for path in values["files"]]))
    given |= fields.collect(kind.body, values)
    office = values["speaking"] or _office(record, chapter, values.get("sign_with") or "")
    given = completing.complete(session, record, kind, given, values, mandate)
    if kind.fill is not None and docket is not None:
        with record.reading():
            given = dict(kind.fill(record.folds.view(docket), given, answers))
    body = fields.build(kind.body, given, f"{chapter.name} {kind.verb}")
    signer = _signer(session, record, values.get("sign_with") or office) if kind.signed else None
    return Draft(
        kind.name,
        body,
        office,
        docket,
        answers,
        mandate,
        signer,
        session.now,
        clock_checked=values["clock_checked"],
    )


def _docket(record: Record, kind: Kind, named: Ref | None, answers: tuple[Ref, ...]) -> Ref | None:
    """The docket that was named, by its first act or any other, or that of the act that is answered."""
    if kind.opens:
        return None
    if kind.name.startswith("charter."):
        return Ref(record.party, 0)
    known = named or (answers[0] if answers else None)
    if known is None:
        raise click.UsageError("usage.docket", click.get_current_context())
    return Ref.parse(asking.show(record, known)["docket"])


def _mandate(record: Record, kind: Kind, docket: Ref | None) -> str:
    """What the docket was opened under, if the kind needs a mandate."""
    return str(asking.show(record, docket)["mandate"]) if kind.mandated and docket is not None else ""


def _office(record: Record, chapter: Chapter, sign_with: str) -> str:
    """The office that speaks where none was named: the signing one, or the only one that is filled."""
    if chapter is charters.CHAPTER:
        return charters.ROOT
    with record.reading():
        filled = [name for name in record.folds.offices(record.party, record.ready) if name != charters.ROOT]
    if sign_with in filled:
        return sign_with
    if len(filled) == 1:
        return filled[0]
    raise Refused("office_which", known=", ".join(sorted(filled)) or "—")


def _signer(session: Session, record: Record, named: str) -> Signer:
    """The private key of an office, or the one named by itself or its identifier. Raises `Refused`, `Unavailable`."""
    with record.reading():
        offices = record.folds.offices(record.party, record.ready)
    if named in offices:
        if not offices[named].key:
            raise Refused("office_keyless", office=named)
        return session.node.keys.signer(offices[named].key)
    if ":" in named:
        return session.node.keys.signer(named)
    known = {key_id(office.key): office.key for office in offices.values() if office.key}
    if named not in known:
        raise Refused("key_which", key=named, known=", ".join(sorted(offices)))
    return session.node.keys.signer(known[named])


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
