"""The papers that can be made of a record, newest first: accepted instruments, approved minutes, agreed reports.

documents(record, date(2024, 12, 2))
-> [Document(sort="instrument", ref="TUR/9", docket="TUR/9", title={...}, languages=("ar", "en", "tr"),
             day="2024-08-12", signed=("IRQ", "TUR"), registrable=True), ...]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple

from comity.core.act import LANGUAGES, Names, Ref
from comity.core.chapter import Chapter, View
from comity.core.errors import Malformed, Refused, Unavailable
from comity.node.record import Record

__all__ = ["MOST", "Document", "documents", "made", "packed"]

MOST = 3
"""How many languages a paper may have, side by side."""


class Document(NamedTuple):
    """One paper. `ref` is what is asked for to make it; `languages` are those it can be in; `day` that of the last yes.

    `signed`: the parties whose signature on the paper is here. `registrable`: it is an instrument in force, of which a
    pack for a register can be made.
    """

    sort: str
    ref: str
    docket: str
    title: Names
    languages: tuple[str, ...]
    day: str
    signed: tuple[str, ...] = ()
    registrable: bool = False


def documents(record: Record, on: date) -> list[Document]:
    """Every paper that can be made, the newest first."""
    found: list[Document] = []
    makers = {"instruments": _of_instrument, "meetings": _of_meeting, "committees": _of_committee}
    with record.reading():
        for name, maker in makers.items():
            chapter = record.chapters.get(name)
            if chapter is None:
                continue

            def make(view: View, chapter: Chapter = chapter, maker: Any = maker) -> tuple[Document, ...]:
                return tuple(maker(view, chapter, on))

            for _, made_of in record.summaries.viewed("documents", chapter, on, make):
                found += made_of
    return sorted(found, key=lambda one: (one.day, one.ref), reverse=True)


def _of_instrument(view: View, chapter: Chapter, on: date) -> list[Document]:
    told = chapter.describe(view)
    adopted, docket = told.get("adopted"), str(view.docket)
    if not adopted:
        return []
    signed = {one["by"] for one in told["papers"] if one["matter"] == docket and one["supplied"]}
    entered = told["entry_into_force"]
    return [
        Document(
            "instrument",
            docket,
            docket,
            told["title"],
            tuple(told["languages"]),
            _last(view, adopted["by"]),
            tuple(sorted(signed)),
            entered is not None and entered <= on.isoformat(),
        )
    ]


def _of_meeting(view: View, chapter: Chapter, on: date) -> list[Document]:
    del on
    told = chapter.describe(view)
    approved = [one for one in told.get("minutes", ()) if one["standing"] == "agreed" and one["newest"]]
    if len(approved) != 1:
        return []
    put, docket = approved[0], str(view.docket)
    texts = [*put.get("paragraphs", ()), *(taken["text"] for taken in put.get("decisions", ()))]
    shared = tuple(tag for tag in LANGUAGES if all(tag in text for text in texts))
    yes = {party: f"{party}/{number}" for party, number in put["yes"].items()}
    return [Document("minutes", docket, docket, told["title"], shared, _last(view, yes))]


def _of_committee(view: View, chapter: Chapter, on: date) -> list[Document]:
    del on
    told: Mapping[str, Any] = chapter.summary(view) if chapter.summary is not None else {}
    return [
        Document("report", one["ref"], str(view.docket), told["names"], LANGUAGES, _last(view, one["yes"]))
        for one in told.get("reports", ())
        if one["agreed"]
    ]


def _last(view: View, yes: Mapping[str, str]) -> str:
    """The day of the last of these acts."""
    named = set(yes.values())
    return max((act.time.date().isoformat() for act in view.acts if str(act.ref) in named), default="")


# ------------------------------------------------------------------------------------------ making them


def made(record: Record, docket: Ref, ref: Ref, languages: tuple[str, ...]) -> bytes:
    """The PDF: of an instrument with the signatures that it has so far. No language named: those it is authentic in.

    Raises `Refused`, `Malformed`, or `Unavailable` where papers cannot be made on this node.
    """
    if len(languages) > MOST or any(tag not in LANGUAGES for tag in languages):
        raise Malformed("paper", f"can be in {MOST} languages at most, of {', '.join(LANGUAGES)}")
    subjects = _papers("subjects")
    if subjects.sort_of(record, docket) == "instrument":
        whole: bytes = _papers("assembling").assemble(record, docket, languages)
        return whole
    raw: bytes = _papers("bundle").made(record, subjects.paper_of(record, ref, docket, languages)).raw
    return raw


def packed(record: Record, docket: Ref, on: date) -> bytes:
    """The pack for a register, as a zip. Raises `Refused`, or `Unavailable` as `made`."""
    with record.reading():
        if record.folds.fold(docket).chapter.name != "instruments":
            raise Refused("paper_no_text", ref=docket)
    raw: bytes = _papers("pack").pack(record, docket, on)
    return raw


def _papers(name: str) -> Any:
    """A module of the optional part. Raises `Unavailable` where it is not installed."""
    try:
        return import_module(f"comity.papers.{name}")
    except ImportError as error:
        raise Unavailable("comity.papers", "is not installed: pip install 'comity[papers]'") from error
