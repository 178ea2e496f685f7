"""The minutes of a meeting as a paper: the facts of the meeting, agenda, paragraphs, decisions, reservations.

    minutes_paper(record, Ref("TUR", 12), ["en", "tr"])

Only minutes that every party has approved become a paper. Who came is not in it: delegations are personal data that can
be destroyed, and a paper is for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from comity.chapters.meetings import account
from comity.core.act import LANGUAGES, Names, Ref
from comity.core.chapter import View
from comity.core.errors import Malformed, Refused
from comity.node.record import Record
from comity.papers.paper import MOST_LANGUAGES, Frame, Paper, frame, make
from comity.papers.sheet import Sheet, fit

__all__ = ["Minutes", "approved", "lay_out", "minutes_of", "minutes_paper"]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point of the agenda that all have agreed."""

    ref: str
    title: Names


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision under a point of the agenda."""

    id: str
    item: str
    text: Names


class Reservation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a party does not share: a decision, a paragraph (from 1), or, with neither, the minutes as a whole."""

    party: str
    text: Names
    decision: str = ""
    paragraph: int = 0


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The act by which a party has approved the minutes."""

    party: str
    ref: str
    on: date


class Minutes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data of the paper. `held` are the days that all have stated; `starts` is empty where no hour is agreed."""

    meeting: str
    title: Names
    mandate: str
    held: tuple[date, ...]
    agenda: tuple[Item, ...]
    paragraphs: tuple[Names, ...]
    decisions: tuple[Decision, ...]
    reservations: tuple[Reservation, ...]
    approvals: tuple[Approval, ...]
    starts: datetime | None = None
    place: Names = {}
    format: Literal["", "in_person", "online", "hybrid"] = ""


def minutes_paper(record: Record, docket: Ref, languages: Sequence[str] = ()) -> Paper:
    """The paper of a meeting's approved minutes (no languages named: those that every paragraph has).

    Raises `Refused` where there are none, or where two approved ones crossed.
    """
    with record.reading():
        if record.folds.fold(docket).chapter.name != "meetings":
            raise Refused("paper_no_minutes", ref=docket, found=0)
        return minutes_of(record.folds.view(docket), frame(record), languages)


def approved(view: View) -> dict[str, Any]:
    """The approved minutes, as the meeting's account tells them. Raises `Refused` unless there is one."""
    told = account.describe(view)
    found = [put for put in told.get("minutes", []) if put["standing"] == "agreed" and put["newest"]]
    if len(found) != 1:
        raise Refused("paper_no_minutes", ref=view.docket, found=len(found))
    return dict(found[0])


def minutes_of(view: View, around: Frame, languages: Sequence[str] = ()) -> Paper:
    """The paper of the minutes that a docket shows. Raises as `minutes_paper`."""
    told, put = account.describe(view), approved(view)
    data = _data(view, told, put)
    tags = tuple(languages) or _complete(data)
    dated = max(approval.on for approval in data.approvals)
    parties = tuple(party for party in around.parties if party.code in told["parties"])
    return make(
        "minutes", put["ref"], dated, around._replace(parties=parties), tags, msgspec.to_builtins(data)
    )


def _data(view: View, told: dict[str, Any], put: dict[str, Any]) -> Minutes:
    days = {act.ref: act.time.date() for act in view.acts}
    newest = [when for when in told["arrangements"] if when["newest"] and when.get("starts")]
    when = newest[0] if len(newest) == 1 else {}
    yes = [Ref(party, number) for party, number in sorted(put["yes"].items())]
    plain = {
        "meeting": told["docket"],
        "title": told["title"],
        "mandate": told["mandate"],
        "held": told["held"]["agreed"],
        "agenda": [
            {"ref": item["ref"], "title": item["title"]}
            for item in told["agenda"]
            if item["standing"] == "agreed"
        ],
        "paragraphs": put.get("paragraphs", []),
        "decisions": put.get("decisions", []),
        "reservations": put["reservations"],
        "approvals": [{"party": ref.party, "ref": str(ref), "on": days[ref]} for ref in yes],
        "starts": when.get("starts"),
        "place": when.get("place", {}),
        "format": when.get("format", "") if when else "",
    }
    return msgspec.convert(plain, Minutes)


def _complete(data: Minutes) -> tuple[str, ...]:
    """The languages in which every paragraph and every decision is; else those of the first one."""
    texts = [*data.paragraphs, *(taken.text for taken in data.decisions)]
    shared = set.intersection(*(set(text) for text in texts)) if texts else set(LANGUAGES[:1])
    tags = shared or set(texts[0])
    order = {tag: at for at, tag in enumerate(LANGUAGES)}
    return tuple(sorted(tags, key=lambda tag: (order.get(tag, len(order)), tag)))[:MOST_LANGUAGES]


# ------------------------------------------------------------------------------------------------ rows


def lay_out(paper: Paper) -> dict[str, Any]:
    """The sheet of minutes. Raises `Malformed`."""
    try:
        data = msgspec.convert(paper.data, Minutes)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed("paper", str(error), at="minutes") from error
    sheet = Sheet(paper)
    sheet.row("title", sheet.names(data.title, "title"), sheet.say("minutes.title"))
    _facts(sheet, data)
    if data.agenda:
        sheet.row("section", sheet.say("minutes.agenda"), depth=1)
        for number, item in enumerate(data.agenda, 1):
            sheet.row("text", sheet.texts(item.title, item.ref), sheet.same(f"{number}."))
    if data.paragraphs:
        sheet.row("section", sheet.say("minutes.proceedings"), depth=1)
        for number, text in enumerate(data.paragraphs, 1):
            sheet.row("text", sheet.texts(text, f"paragraph {number}"), sheet.same(f"{number}."))
    if data.decisions:
        sheet.row("section", sheet.say("minutes.decisions"), depth=1)
        for taken in data.decisions:
            _decision(sheet, data, taken)
    if data.reservations:
        sheet.row("section", sheet.say("minutes.reservations"), depth=1)
        for made in data.reservations:
            _reservation(sheet, made)
    sheet.sign("signing.minutes")
    return sheet.plain(data.title)


def _facts(sheet: Sheet, data: Minutes) -> None:
    sheet.fact("label.reference", sheet.same(sheet.paper.ref))
    if data.mandate:
        sheet.fact("label.mandate", sheet.same(data.mandate))
    if data.held:
        sheet.fact("label.held", sheet.joined([sheet.day(day) for day in data.held]))
    if data.starts:
        sheet.fact("label.agreed_for", sheet.moment(data.starts))
    if data.place:
        sheet.fact("label.place", sheet.names(data.place, "place"))
    if data.format:
        sheet.fact("label.format", sheet.say(f"format.{data.format}"))
    sheet.fact(
        "label.approved",
        sheet.lines([sheet.act(made.party, made.ref, made.on) for made in data.approvals]),
    )


def _decision(sheet: Sheet, data: Minutes, taken: Decision) -> None:
    number = next((at for at, item in enumerate(data.agenda, 1) if item.ref == taken.item), None)
    sheet.row("text", sheet.texts(taken.text, taken.id), sheet.same(fit(taken.id, "en", taken.id)))
    if number is not None:
        sheet.row("small", sheet.say("minutes.under_item", number=number), level=1)


def _reservation(sheet: Sheet, made: Reservation) -> None:
    party = {"party": sheet.party(made.party)}
    if made.decision:
        about = sheet.say_each("minutes.on_decision", {**party, "decision": sheet.same(made.decision)})
    elif made.paragraph:
        about = sheet.say_each(
            "minutes.on_paragraph", {**party, "paragraph": sheet.same(str(made.paragraph))}
        )
    else:
        about = sheet.say_each("minutes.on_whole", party)
    sheet.row("strong", about)
    sheet.row("text", sheet.texts(made.text, "reservation"))
