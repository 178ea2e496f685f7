"""Texts and calendars for other programs: what chapters offer beside acts and questions.

    GET /api/v1/texts/TUR/4/akn?language=tr            Akoma Ntoso 3.0
    GET /api/v1/texts/IRQ/7/redline?from=TUR/4         what changed between two versions, word by word
    GET /api/v1/meetings/TUR/12/calendar               iCalendar

Each function is run in a thread and raises the four errors.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from comity.api.asked import Answer, Asked
from comity.api.exhibits import read_upload
from comity.core.errors import Malformed
from comity.desk import documents as papers
from comity.desk import texts
from comity.node import workdays as calendars
from comity.node.sources import sources

__all__ = [
    "akn",
    "aligned",
    "calendar",
    "comparison",
    "documents",
    "markdown",
    "redline",
    "sources_of",
    "workdays",
]


def _json(data: Any) -> Answer:
    return Answer(msgspec.json.encode(data))


def _named(asked: Asked, ending: str) -> str:
    return f"{asked.ref.party}-{asked.ref.number}.{ending}"


def markdown(asked: Asked) -> Answer:
    """The text as the Markdown that `propose` reads."""
    raw = texts.markdown(
        asked.record, asked.ref, asked.on, asked.values["language"] or "", asked.words.language
    )
    return Answer(raw.encode(), "text/markdown", name=_named(asked, "md"))


def akn(asked: Asked) -> Answer:
    """The text as Akoma Ntoso."""
    raw = texts.akn(asked.record, asked.ref, asked.on, asked.values["language"] or "", asked.words.language)
    return Answer(raw, "application/akn+xml", name=_named(asked, "akn.xml"))


def aligned(asked: Asked) -> Answer:
    """The text in all its languages, side by side."""
    return _json(texts.aligned(asked.record, asked.ref, asked.on))


def redline(asked: Asked) -> Answer:
    """What changed from one version to this one."""
    values = asked.values
    found = texts.changes(
        asked.record, values["old"], asked.ref, values["language"] or "", asked.words.language
    )
    return _json([{**one._asdict(), "pieces": [piece._asdict() for piece in one.pieces]} for one in found])


def calendar(asked: Asked) -> Answer:
    """A meeting as an iCalendar file."""
    raw = texts.meeting(asked.record, asked.ref, asked.words.language)
    return Answer(raw, "text/calendar", name=_named(asked, "ics"))


def comparison(asked: Asked) -> Answer:
    """A file that was sent, held against the text that all had accepted by that day."""
    values = asked.values
    file = (values["name"] or "text.txt", read_upload(asked, values["file"]))
    return _json(texts.compared(asked.record, asked.ref, asked.on, file, values["language"]))


def sources_of(asked: Asked) -> Answer:
    """The sources that any party cites for an act, or for a part of one."""
    return _json(sources(asked.record, asked.values["of"]))


def documents(asked: Asked) -> Answer:
    """Every paper that can be made of the record."""
    return _json([one._asdict() for one in papers.documents(asked.record, asked.on)])


def workdays(asked: Asked) -> Answer:
    """The last of so many joint working days, and what was skipped on the way."""
    values, start = asked.values, asked.on
    given = [part for part in (values["parties"] or "").split(",") if part]
    parties = tuple(sorted(set(given or asked.record.parties)))
    said = calendars.Announced(*(_days(name, values[name] or "", parties) for name in ("closed", "worked")))
    found = calendars.deadline(start, values["days"], parties, said)
    told = {**found._asdict(), "skipped": [shut._asdict() for shut in found.skipped]}
    return _json({"from": start, "days": values["days"], "parties": parties, **told})


def _days(name: str, given: str, parties: tuple[str, ...]) -> frozenset[tuple[str, date]]:
    """`IRQ=2025-03-16,TUR=2025-03-17`. Raises `Malformed`."""
    found = set()
    for text in filter(None, given.split(",")):
        party, _, day = text.partition("=")
        if party not in parties:
            raise Malformed(f"parameter {name}", "names a party whose days are not counted")
        try:
            found.add((party, date.fromisoformat(day)))
        except ValueError as error:
            raise Malformed(f"parameter {name}", "is not made of parties and days: IRQ=2025-03-16") from error
    return frozenset(found)
