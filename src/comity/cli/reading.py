"""What is read: `list`, `show`, `log`. Everything says who said it, when, and how settled it is.

comity show TUR/12           an act; if it opened a docket, the whole conversation, party by party
comity status                how far each side holds the other's log, what waits, which bodies are silent
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from comity.cli.acts import known_chapter
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line, moment, named, nested, table
from comity.cli.spoken import REF, Argument, Option, command
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.desk import wording
from comity.node import asking, showing
from comity.node.record import Record

__all__ = ["list_", "log", "show"]


# ---------------------------------------------------------------------------------------- show one act


@command(
    "show",
    Argument(["reference"], type=REF, metavar="REF"),
    Option(["--act", "only"], is_flag=True),
)
def show(session: Session, reference: Ref, only: bool) -> None:
    """An act, and the docket that it opened."""
    record = session.record
    act = showing.show(record, reference)
    account = None
    if act["docket"] == act["ref"] and not only:
        try:
            account = asking.docket(record, reference)
        except Refused:  # a chapter that this version does not know, or acts that wait for others
            account = None
    if session.json:
        emit(act if account is None else act | {"account": account})
        return
    if account is None:
        _show_act(session, record, act)
    else:
        _show_docket(session, record, account)


def _what(session: Session, record: Record, act: Mapping[str, Any]) -> str:
    return wording.what(session.words, record, act["kind"])


def _standing(session: Session, act: Mapping[str, Any]) -> str:
    return wording.standing(session.words, wording.standing_of(act))


def _show_act(session: Session, record: Record, act: Mapping[str, Any]) -> None:
    chapter = wording.chapter_of(record, act["kind"])
    fault = act["irregular"]
    facts(
        [
            (session.say("label.act"), cell(act["ref"], session)),
            (
                session.say("label.party"),
                f"{cell(act['party'], session)} ({_party(session, record, act['party'])})",
            ),
            (session.say("label.kind"), f"{_what(session, record, act)} ({cell(act['kind'], session)})"),
            (session.say("label.time"), cell(moment(act["time"]), session)),
            (session.say("label.office"), cell(act["office"], session)),
            (session.say("label.docket"), cell(act["docket"], session)),
            (session.say("label.mandate"), cell(act["mandate"], session)),
            (session.say("label.answers"), cell(act["answers"], session)),
            (
                session.say("label.seen"),
                cell([f"{party}/0–{size - 1}" for party, size in act["seen"].items()], session),
            ),
            (session.say("label.signed"), cell(act["signed"], session)),
            (session.say("label.standing"), f"{_standing(session, act)}: {_help(session, act)}"),
        ],
        session,
    )
    if fault:
        line(wording.refusal(session.words, fault["code"], fault["provision"], fault["facts"], chapter))
    _show_content(session, act)


def _help(session: Session, act: Mapping[str, Any]) -> str:
    return session.say(f"standing.{wording.standing_of(act)}.help")


def _show_content(session: Session, act: Mapping[str, Any]) -> None:
    content = act["content"]
    if content is None:
        line(session.say("label.content_destroyed" if act.get("destroyed") else "label.content_absent"))
        return
    if content:
        line(f"{session.say('label.content')}:")
    for text in nested(content, lambda name: name, 1) if content else ():
        line(text)


def _party(session: Session, record: Record, party: str) -> str:
    return named(record.charter.card(party).names, session)


# ------------------------------------------------------------------------------------------ show a docket


def _show_docket(session: Session, record: Record, account: Mapping[str, Any]) -> None:
    chapter = account["chapter"]
    line(
        f"{cell(account['docket'], session)}  {named(account['title'], session)}  ({session.say('chapter', chapter)})"
    )
    line("")
    parties = [party for party in record.parties if any(act["party"] == party for act in account["acts"])]
    headers = [
        session.say("label.time"),
        *(_party(session, record, party) for party in parties),
        session.say("label.standing"),
    ]
    rows = []
    for act in account["acts"]:
        said = f"{cell(act['ref'], session)} {_what(session, record, act)}"
        if act["answers"]:
            said += f" → {cell(act['answers'], session)}"
        columns = [said if party == act["party"] else "" for party in parties]
        rows.append([cell(moment(act["time"]), session), *columns, _standing(session, act)])
    table(headers, rows, session)
    for act in account["acts"]:
        if fault := act["irregular"]:
            why = wording.refusal(session.words, fault["code"], fault["provision"], fault["facts"], chapter)
            line(f"{cell(act['ref'], session)}: {why}")
    if account["milestones"]:
        line("")
        headers = [session.say(f"label.{name}") for name in ("milestone", "acts", "standing")]
        table(headers, [_milestone(session, chapter, found) for found in account["milestones"]], session)


def _milestone(session: Session, chapter: str, found: Mapping[str, Any]) -> list[str]:
    what = wording.milestone(session.words, chapter, found)
    return [
        what,
        cell(list(found["halves"].values()), session),
        wording.standing(session.words, found["standing"]),
    ]


# ---------------------------------------------------------------------------------------------- list, log


@command(
    "list",
    Argument(["chapter"], metavar="CHAPTER"),
    Option(["--after"], type=REF, metavar="REF"),
    Option(["--limit"], type=click.IntRange(1, 10_000), default=50, metavar="N"),
)
def list_(session: Session, chapter: str, after: Ref | None, limit: int) -> None:
    """A chapter's dockets."""
    from comity.cli.main import chapter_names

    if chapter not in chapter_names():
        raise Refused("chapter_unknown", chapter=chapter, known=", ".join(chapter_names()))
    found = asking.dockets(session.record, known_chapter(chapter), after, limit)
    if session.json:
        emit(found)
        return
    rows = []
    for docket in found:
        last = docket["milestones"][-1] if docket["milestones"] else None
        what = _milestone(session, chapter, last) if last else ["", "", ""]
        rows.append([cell(docket["docket"], session), named(docket["title"], session), what[0], what[2]])
    table(
        [session.say(f"label.{name}") for name in ("docket", "title", "milestone", "standing")], rows, session
    )


@command(
    "log",
    Argument(["party"], metavar="PARTY"),
    Option(["--from", "start"], type=click.IntRange(0), default=0, metavar="N"),
    Option(["--limit"], type=click.IntRange(1, 1_000_000), default=200, metavar="N"),
)
def log(session: Session, party: str, start: int, limit: int) -> None:
    """A party's acts, in order."""
    record = session.record
    record.charter.card(party)
    end = min(record.store.size(party), start + limit)
    found = [showing.show(record, Ref(party, number)) for number in range(start, end)]
    if session.json:
        emit([{name: value for name, value in act.items() if name != "content"} for act in found])
        return
    rows = [
        [cell(act["ref"], session), cell(moment(act["time"]), session), _what(session, record, act),
         cell(act["docket"], session), cell(act["office"], session), _standing(session, act)]
        for act in found
    ]  # fmt: skip
    headers = ("act", "time", "kind", "docket", "office", "standing")
    table([session.say(f"label.{name}") for name in headers], rows, session)
    if end < record.store.size(party):
        line(session.say("help.more", size=record.store.size(party), next=end))
