"""Texts as other programs take them: Markdown, Akoma Ntoso, aligned, compared; and a meeting for a calendar.

    markdown(record, Ref("TUR", 4), on, "tr")          the text of a docket as it stands on a day, or as an act put it
    changes(record, Ref("TUR", 4), Ref("IRQ", 7))      what changed between two versions, word by word

The language is the one that is asked for; or, where the text has it, the reader's; else its first.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments import align
from comity.chapters.instruments import redline as lines
from comity.chapters.instruments.text import Text
from comity.chapters.meetings import ical
from comity.chapters.statements import reading
from comity.chapters.statements.compare import compare
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.node import asking, showing, standing
from comity.node.record import Record

__all__ = ["akn", "aligned", "changes", "compared", "language_of", "markdown", "meeting", "text"]


def text(record: Record, ref: Ref, on: date) -> Text:
    """The text of a docket as it stands on a day, or the one that an act put. Raises `Refused`."""
    if showing.docket_of(record, ref) != ref:
        return _version(record, ref)
    with record.reading():
        if record.folds.fold(ref).chapter.name != "instruments":
            raise Refused("no_text", ref=ref)
    told = asking.ask(record, ref, "text", on)
    fields = {name: told[name] for name in Text.__struct_fields__ if name in told}
    if "provisions" not in fields:
        raise Refused("no_text", ref=ref)
    return msgspec.convert(fields, Text)


def _version(record: Record, ref: Ref) -> Text:
    """The text that an act put, as it was put. Raises `Refused`."""
    put = getattr(showing.act_of(record, ref).body, "text", None)
    if not isinstance(put, Text):
        raise Refused("no_text", ref=ref)
    return put


def language_of(found: Text, asked: str, reader: str) -> str:
    """The language that a text is written in. Raises `Malformed` for one that it has not."""
    if asked and asked not in found.languages:
        raise Malformed(
            "text", f"is not in {asked[:40]}; it is in {', '.join(found.languages)}", at="language"
        )
    return asked or (reader if reader in found.languages else found.languages[0])


def markdown(record: Record, ref: Ref, on: date, asked: str = "", reader: str = "") -> str:
    """The text as the Markdown that `propose` reads."""
    from comity.chapters.instruments.writer import to_markdown  # noqa: PLC0415 -- not for who only compares

    found = text(record, ref, on)
    return to_markdown(found, language_of(found, asked, reader))


def akn(record: Record, ref: Ref, on: date, asked: str = "", reader: str = "") -> bytes:
    """The text as Akoma Ntoso 3.0, dated by the last signature, or else by the act that put it."""
    from comity.chapters.instruments.akn import to_akn  # noqa: PLC0415 -- its library need not be installed

    found = text(record, ref, on)
    number = str(ref).lower().replace("/", "-")
    return to_akn(found, language_of(found, asked, reader), day=_dated(record, ref), number=number)


def _dated(record: Record, ref: Ref) -> date:
    """The day of the last signature of a docket that all have signed; else that of the act."""
    act = showing.show(record, ref)
    reached = standing.milestones(record, ref) if act["docket"] == str(ref) else []
    signed = [found["facts"]["date"] for found in reached if found["what"] == "signed_by_all"]
    return date.fromisoformat(signed[0] if signed else act["time"][:10])


def changes(record: Record, old: Ref, new: Ref, asked: str = "", reader: str = "") -> list[lines.Change]:
    """What changed between two versions, provision by provision, word by word."""
    before, after = _version(record, old), _version(record, new)
    language = language_of(after, asked, reader)
    return [change for change in lines.redline(before, after, language) if change.op != "same"]


def aligned(record: Record, ref: Ref, on: date) -> dict[str, Any]:
    """The text in all its languages, provision by provision, with what lacks a counterpart."""
    found = text(record, ref, on)
    return {
        "languages": list(found.languages),
        "prevailing": found.prevailing,
        "gaps": align.gaps(found),
        "provisions": [{"provision": row.id, "words": said} for row, said in align.side_by_side(found)],
    }


def meeting(record: Record, ref: Ref, language: str) -> bytes:
    """A meeting as an iCalendar file. Raises `Refused`."""
    with record.reading():
        if record.folds.fold(ref).chapter.name != "meetings":
            raise Refused("not_a_meeting", ref=ref)
        return ical.export(record.folds.view(ref), record.mechanism, language)


def compared(record: Record, docket: Ref, on: date, file: tuple[str, bytes], language: str) -> dict[str, Any]:
    """A file of one's own, by its name and bytes, held against the text that all had accepted by that day.

    Raises `Malformed` where the file is no text, `Refused` where no single text was agreed.
    """
    told = asking.ask(record, docket, "text", on)
    if told.get("is") != "agreed":
        raise Refused("text_not_agreed", docket=docket, standing=told.get("is", "none"))
    passages = [passage["text"] for passage in told["versions"][0]["passages"]]
    found = compare(passages, reading.read_text([file])["text"], language)
    comparison = msgspec.json.decode(msgspec.json.encode(found))
    return {"outlet": file[0], "language": language, "comparison": comparison}
