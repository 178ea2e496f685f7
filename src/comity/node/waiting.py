"""What waits for whom over all chapters, oldest first, without folding what has not changed.

    waiting(record, date(2024, 8, 20))
    -> [Waiting(since="2024-08-15", party="IRQ", sort="signature", ref="TUR/4", docket="TUR/4", title={...}, ...)]

Commitments answer from their summaries (`programme`), other chapters by their question `waits_for`, instruments by the
texts on the table and the signatures that are missing. Each docket is asked once a day, and again when it has new acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from comity.chapters.instruments.matters import accept_subject
from comity.core.act import Names
from comity.core.chapter import Chapter, View
from comity.node import programme
from comity.node.record import Record

__all__ = ["Coming", "Waiting", "coming", "waiting"]


class Waiting(NamedTuple):
    """Whose answer is awaited, since when (a day or a moment, as text), on which act of which docket, and what for."""

    since: str
    docket: str
    ref: str
    party: str
    sort: str
    title: Names
    chapter: str


class Coming(NamedTuple):
    """What falls on a day that is still to come. `standing` is agreed, proposed, crossed or said; perhaps ""."""

    on: str
    docket: str
    what: str
    title: Names
    chapter: str
    standing: str
    parties: tuple[str, ...]


_Answer = tuple[Names, tuple[Mapping[str, Any], ...]]


def waiting(record: Record, on: date) -> list[Waiting]:
    """Everything that waits for a party's answer on a day, the oldest first."""
    with record.reading():
        found = list(_of_commitments(record, on))
        for chapter in record.chapters.values():
            if chapter.name != "commitments":
                found += _of_chapter(record, chapter, on)
    return sorted(found, key=lambda one: one[:5])


def _of_commitments(record: Record, on: date) -> Iterator[Waiting]:
    for ref, one, day in programme.commitments(record, on):
        for wait in day.waits:
            since, title = wait.since.isoformat(), programme.title(one)
            yield Waiting(since, str(ref), wait.ref, wait.party, wait.sort, title, "commitments")


def _of_chapter(record: Record, chapter: Chapter, on: date) -> Iterator[Waiting]:
    asked = chapter.questions.get("waits_for")
    if asked is None and chapter.name != "instruments":
        return

    def make(view: View) -> _Answer:
        waits = asked(view, on) if asked is not None else _on_instrument(chapter, view)
        return (dict(chapter.title(view)), tuple(waits)) if waits else ({}, ())

    for ref, (title, waits) in record.summaries.viewed("waits_for", chapter, on, make):
        for wait in waits:
            said = str(wait.get("ref", ref))
            yield Waiting(
                str(wait.get("since", "")), str(ref), said, wait["party"], wait["for"], title, chapter.name
            )


def _on_instrument(chapter: Chapter, view: View) -> list[dict[str, Any]]:
    """Whose yes to the only text on the table is missing, or whose signature to the one that all accepted.

    Who put a text is waited for when all others have said yes to it.
    """
    told = chapter.describe(view)
    parties = told.get("parties", ())
    if told["stage"] == "adopted":
        signed = {one["by"] for one in told["signatures"] if one["matter"] == str(view.docket)}
        since = _said_on(view, told["adopted"]["by"].values())
        return [
            _awaited("signature", party, str(view.docket), since) for party in parties if party not in signed
        ]
    table = {one["ref"]: one for one in told.get("versions", ()) if one["ref"] in told["on_the_table"]}
    if len(table) != 1:
        return []
    ((ref, put),) = table.items()
    subject = accept_subject(ref, put["text"])
    silent = [party for party in parties if not view.stands(subject, party)]
    others = [party for party in silent if party != put["by"]]
    return [_awaited("answer_to_text", party, ref, put["on"]) for party in others or silent]


def _said_on(view: View, refs: Iterable[str]) -> str:
    """The day of the last of these acts."""
    named = set(refs)
    return max((act.time.date().isoformat() for act in view.acts if str(act.ref) in named), default="")


def _awaited(sort: str, party: str, ref: str, since: str) -> dict[str, Any]:
    return {"for": sort, "party": party, "ref": ref, "since": since}


# ------------------------------------------------------------------------------------------- what comes


def coming(record: Record, on: date, within: int = 90) -> list[Coming]:
    """What falls on one of the next days: meetings, due dates, entries into force, ends, last days."""
    until = (on + timedelta(days=within)).isoformat()
    with record.reading():
        found = [
            Coming(
                told["on"],
                told["docket"],
                told["what"],
                _title(told),
                _chapter(told),
                "",
                tuple(told["parties"]),
            )
            for told in programme.reminders(record, on, within)
            if told["what"] != "overdue"
        ]
        for name in ("instruments", "meetings"):
            chapter = record.chapters.get(name)
            if chapter is not None:
                found += _dates(record, chapter, on)
    return sorted((one for one in found if one.on <= until), key=lambda one: one[:3])


def _dates(record: Record, chapter: Chapter, on: date) -> Iterator[Coming]:
    asked = chapter.questions["next_dates"]

    def make(view: View) -> _Answer:
        dates = asked(view, on)
        return (dict(chapter.title(view)), tuple(dates)) if dates else ({}, ())

    for ref, (title, dates) in record.summaries.viewed("next_dates", chapter, on, make):
        for told in dates:
            day = str(told["on"] if chapter.name == "meetings" else told["date"])
            standing = str(told.get("standing", ""))
            parties = (told["party"],) if told.get("party") else ()
            yield Coming(day, str(ref), told["what"], title, chapter.name, standing, parties)


def _title(told: Mapping[str, Any]) -> Names:
    return dict(told.get("title") or told.get("names") or {})


def _chapter(told: Mapping[str, Any]) -> str:
    return "committees" if told["what"] == "term_ends" else "commitments"
