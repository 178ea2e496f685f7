"""What a matter came to: the texts that all agreed on, what all agreed, and the acts that show it.

    [text.sort for text in texts("meetings", view)]     ->   ["minutes"]
    grounds(chapter, view)                              ->   {Ref("TUR", 4): False, Ref("IRQ", 9): True}

No text is in it that was put and not agreed, no remark of one side, no withdrawal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.commitments import state as commitments
from comity.chapters.committees import account as committees
from comity.chapters.instruments import effects, matters, numbering
from comity.chapters.instruments.brackets import brackets, plain
from comity.chapters.instruments.text import Provision
from comity.chapters.instruments.text import Text as Instrument
from comity.chapters.meetings import account as meeting
from comity.chapters.meetings import state as meetings
from comity.chapters.statements import state as statements
from comity.core import puts
from comity.core.act import Act, Names, Ref
from comity.core.chapter import Chapter, Milestone, View
from comity.core.errors import Malformed

__all__ = ["Part", "Reservation", "Text", "grounds", "milestones", "texts"]


class Part(msgspec.Struct, frozen=True):
    """A passage in every language: an article, a paragraph, a decision. `label` is what stands before it."""

    id: str
    text: Names
    heading: Names = {}
    label: Names = {}
    level: int = 0


class Reservation(msgspec.Struct, frozen=True):
    """What a party does not share: a decision, a paragraph (from 1), or, with neither, the whole."""

    party: str
    text: Names
    decision: str = ""
    paragraph: int = 0


class Text(msgspec.Struct, frozen=True):
    """A text that all agreed on. `ref` is the act that put it, `on` the day of the last yes.

    `sort`: instrument, statement, minutes, terms, report. `facts` are days, parties and hashes that belong to it.
    """

    sort: str
    ref: str
    title: Names
    languages: tuple[str, ...]
    parts: tuple[Part, ...]
    on: date
    facts: Mapping[str, str] = {}
    reservations: tuple[Reservation, ...] = ()


def texts(chapter: str, view: View) -> list[Text]:
    """Every text of the matter that all agreed on and that none replaced; several only where agreements crossed."""
    made = _TEXTS.get(chapter)
    return made(view) if made is not None else []


def _languages(told: Iterable[Names]) -> tuple[str, ...]:
    return tuple(sorted({tag for names in told for tag in names}))


# ------------------------------------------------------------------------------------------ instruments


def _instrument(view: View) -> list[Text]:
    """The adopted text with its adopted amendments, its brackets replaced by what was agreed."""
    bound, adopted = matters.base(view), effects.consolidated(view)
    if bound is None or adopted is None:
        return []
    text, amended, _ = adopted
    facts = {"digest": bound.text}
    if amended:
        facts["amended"] = ", ".join(amended)
    title = {tag: plain(words) for tag, words in text.title.items()}
    found = Text(
        "instrument",
        str(bound.version.ref),
        title,
        tuple(text.languages),
        _provisions(text),
        bound.day,
        facts,
    )
    return [found]


def _provisions(text: Instrument) -> tuple[Part, ...]:
    roman, levels = numbering.romans(text.provisions), {"": 0}
    parts = []
    for row in text.provisions:
        hangs = row.kind in ("paragraph", "point", "item")
        levels[row.id] = levels.get(row.under, 0) + hangs
        parts.append(
            Part(
                row.id,
                {tag: plain(words.text) for tag, words in row.words.items() if words.text},
                {tag: plain(words.heading) for tag, words in row.words.items() if words.heading},
                {tag: sign for tag in row.words if (sign := _sign(row, tag, row.id in roman))},
                max(levels[row.id] - 1, 0) if hangs else 0,
            )
        )
    return tuple(parts)


def _sign(row: Provision, language: str, roman: bool) -> str:
    """What stands before or above a provision: 1., (a), a dash, Article 3."""
    match row.kind:
        case "paragraph":
            return f"{row.number}." if row.number else ""
        case "point":
            letter = row.number if roman else numbering.lettered(row.number, language)
            return f"({letter})" if letter else "–"
        case "item":
            return "–"
        case "preamble" | "closing":
            return ""
        case _:
            return f"{numbering.label(row.kind, language)} {row.number}".strip()


# ------------------------------------------------------------------------- statements, minutes, terms


def _statement(view: View) -> list[Text]:
    found = []
    for put in statements.newest(view, statements.versions(view).values()):
        said = put.body
        parts = tuple(Part(str(at), dict(words)) for at, words in enumerate(said.passages, start=1))
        facts = {"dated": said.on.isoformat()} if said.on else {}
        languages = _languages(said.passages)
        day = _day(view, [put], statements.required(view))
        found.append(Text("statement", put.subject, dict(said.title), languages, parts, day, facts))
    return found


def _day(view: View, agreed: list[Any], required: tuple[str, ...]) -> date:
    return puts.bound_at(view, agreed, required, puts.times(view)).date()


def _minutes(view: View) -> list[Text]:
    """Approved minutes, their decisions among the passages, with what was reserved."""
    found = []
    for put in meetings.newest(view, meetings.gather(view, "minutes").values()):
        said, match = put.body, meetings.agreed(view, put.subject) or {}
        parts = [Part(str(at), dict(words)) for at, words in enumerate(said.paragraphs, start=1)]
        parts += [
            Part(taken.id, dict(taken.text), label=dict.fromkeys(taken.text, taken.id))
            for taken in said.decisions
        ]
        reserved = tuple(
            Reservation(one["party"], one["text"], one["decision"], one["paragraph"])
            for one in meeting.reservations(view, match)
        )
        facts = {"held": ", ".join(day.isoformat() for day in meetings.held_dates(view))}
        found.append(
            Text(
                "minutes",
                put.subject,
                meeting.title(view),
                _languages(part.text for part in parts),
                tuple(parts),
                _day(view, [put], meetings.required(view)),
                {name: fact for name, fact in facts.items() if fact},
                reserved,
            )
        )
    return found


def _terms(view: View) -> list[Text]:
    """The terms of a commitment that hold, or held when it was closed, and how it was closed."""
    if commitments.opening(view) is None:
        return []
    required, closing = commitments.required(view), commitments.closed(view)
    offers = [put for put in commitments.arrangements(view).values() if commitments.terms_of(put.body)]
    found = []
    for put in puts.newest(view, offers, required, commitments.same):
        said = put.body.terms
        parts = [Part("1", dict(said.text)), *(Part(one.id, dict(one.text)) for one in said.indicators)]
        parts += [Part("due", dict(said.due.event))] if said.due.event else []
        facts = {"owners": ", ".join(said.owners), "source": said.source}
        facts |= {"due": said.due.on.isoformat()} if said.due.on else {}
        facts |= {"closed": closing.body.outcome} if closing is not None else {}
        languages, day = _languages(part.text for part in parts), _day(view, [put], required)
        found.append(Text("terms", put.subject, dict(said.title), languages, tuple(parts), day, facts))
    return found


def _reports(view: View) -> list[Text]:
    """Reports that all accepted, by their hash: what they say, each node makes of the whole record."""
    title = committees.title(view)
    said_at = puts.times(view)
    return [
        Text(
            "report",
            report["ref"],
            title,
            _languages([title]),
            (),
            max(said_at[Ref.parse(yes)] for yes in report["yes"].values()).date(),
            {name: report[name] for name in ("since", "until", "digest")},
        )
        for report in committees.reports(view)
        if report["agreed"] and report["newest"]
    ]


_TEXTS: Mapping[str, Callable[[View], list[Text]]] = {
    "instruments": _instrument,
    "statements": _statement,
    "meetings": _minutes,
    "commitments": _terms,
    "committees": _reports,
}


# ------------------------------------------------------------------------------- what all agreed, and by what


_NEGOTIATED = ("bracket_agreed",)
"""Steps on the way to a text: the text itself says what became of them."""


def milestones(chapter: Chapter, view: View) -> list[Milestone]:
    """What became true by the acts of several parties. Withdrawals that came too late are no part of it."""
    return [
        milestone
        for milestone in chapter.milestones(view)
        if len(milestone.halves) > 1
        and not milestone.what.startswith("withdraw")
        and milestone.what not in _NEGOTIATED
    ]


def grounds(chapter: Chapter, view: View) -> dict[Ref, bool]:
    """The acts by which all agreed, what they agreed on, and the first of the matter: whether each is shown whole.

    A yes is, and the act that put what was agreed, unless it says more: a text with brackets that were open, a remark.
    An act that is only named by what became true, such as the first of several texts, is not.
    """
    found = milestones(chapter, view)
    agreed = {Ref(party, number) for one in found for party, number in one.halves.items()}
    agreed |= {Ref.parse(text.ref) for text in texts(chapter.name, view)}
    named = {view.docket, *(ref for one in found for ref in _subject(one))}
    erasable = {kind.name for kind in chapter.kinds if kind.erasable}
    return {view.docket: False} | {
        act.ref: act.ref in agreed and act.kind not in erasable and not _says_more(act)
        for act in view.acts
        if act.ref in agreed | named
    }


def _subject(milestone: Milestone) -> set[Ref]:
    """The act that put what a milestone is about, if its subject names one: `TUR/31`, `TUR/31#D1`."""
    try:
        return {Ref.parse(milestone.subject.partition("#")[0])}
    except Malformed:
        return set()


def _says_more(act: Act) -> bool:
    body: Any = act.body
    if body is None or any(getattr(body, remark, None) for remark in ("note", "reason")):
        return True
    text = getattr(body, "text", None)
    return isinstance(text, Instrument) and bool(brackets(text))
