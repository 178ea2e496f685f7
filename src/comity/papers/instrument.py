"""An instrument as a paper: title, parties, preamble, articles, the languages side by side, provision by provision.

    text, dated = adopted(record, Ref("TUR", 4))
    paper = instrument_paper(text, "TUR/4", dated, frame(record), ["en", "ar"])

The paper's `digest` is that of the whole text in all its languages: what the parties accept and sign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from comity.chapters.instruments import matters, numbering, sound
from comity.chapters.instruments.brackets import plain
from comity.chapters.instruments.text import Provision, Text
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.node.record import Record
from comity.papers.paper import MOST_LANGUAGES, Frame, Paper, make
from comity.papers.sheet import Sheet, fit

__all__ = ["adopted", "instrument_paper", "lay_out", "text_of"]

Standing = Literal["adopted", "draft"]
_HANGING = ("paragraph", "point", "item")
_NUMBERED = ("chapter", "annex", "article")


def adopted(record: Record, docket: Ref) -> tuple[Text, date]:
    """The text that all parties have accepted, its brackets replaced, and the day of the last acceptance.

    Raises `Refused`.
    """
    with record.reading():
        fold = record.folds.fold(docket)
        view = record.folds.view(docket)
        bound = matters.base(view) if fold.chapter.name == "instruments" else None
        text = matters.base_text(view) if bound else None
    if bound is None or text is None:
        raise Refused("paper_no_text", ref=docket)
    return text, bound.day


def instrument_paper(
    text: Text,
    ref: str,
    dated: date,
    frame: Frame,
    languages: Sequence[str] = (),
    standing: Standing = "adopted",
) -> Paper:
    """The paper of a text, in up to three of its languages (none named: the authentic ones, else all).

    Raises `Malformed` where the text does not hold together or is not in one of them.
    """
    sound.check(text)
    tags = tuple(languages) or (text.authentic or text.languages)[:MOST_LANGUAGES]
    parties = tuple(party for party in frame.parties if not text.parties or party.code in text.parties)
    data = {"standing": standing, "text": msgspec.to_builtins(text)}
    paper = make("instrument", ref, dated, frame._replace(parties=parties), tags, data)
    text_of(paper)
    return paper


def text_of(paper: Paper) -> Text:
    """The text in an instrument's paper. Raises `Malformed`."""
    try:
        text = msgspec.convert(paper.data.get("text"), Text)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed("paper", str(error), at="text") from error
    sound.check(text)
    for tag in paper.languages:
        if tag not in text.languages:
            raise Malformed("text", f"is not in {tag}; it is in {', '.join(text.languages)}", at="languages")
    if set(paper.data) != {"standing", "text"} or paper.data["standing"] not in ("adopted", "draft"):
        raise Malformed(
            "paper", "an instrument's paper has a standing and a text, and nothing else", at="data"
        )
    return text


# ------------------------------------------------------------------------------------------------ rows


def lay_out(paper: Paper) -> dict[str, Any]:
    """The sheet of an instrument. Raises `Malformed`."""
    text, sheet = text_of(paper), Sheet(paper)
    sheet.row("title", _only(sheet, text.title, "title"))
    sheet.row("subtitle", sheet.joined([sheet.party(party.code) for party in paper.parties]))
    if paper.data["standing"] == "draft":
        sheet.row("note", sheet.say("instrument.draft"))
    if text.note:
        sheet.row("note", _only(sheet, text.note, "note"))
    _provisions(sheet, text.provisions)
    _signing(sheet, text)
    return sheet.plain(text.title)


def _only(sheet: Sheet, said: Mapping[str, str], thing: str) -> dict[str, str]:
    """The words of each column's language, and nothing where the text has none in it."""
    return {tag: fit(plain(said[tag]), tag, f"{thing} ({tag})") for tag in sheet.columns if said.get(tag)}


def _provisions(sheet: Sheet, rows: Sequence[Provision]) -> None:
    roman, levels = numbering.romans(rows), {"": 0}
    for row in rows:
        inner = row.kind in _HANGING
        # Paragraphs stand at the edge; what is under a paragraph, a point or an item stands in.
        levels[row.id] = levels.get(row.under, 0) + inner
        headings = {tag: said.heading for tag, said in row.words.items()}
        texts = {tag: said.text for tag, said in row.words.items()}
        signs = {tag: _sign(row, tag, roman) for tag in sheet.columns if tag in row.words}
        if inner:
            if any(headings.get(tag) for tag in sheet.columns):
                sheet.row("strong", _only(sheet, headings, row.id), level=levels[row.id] - 1)
            sheet.row("text", _only(sheet, texts, row.id), signs, level=levels[row.id] - 1)
            continue
        if row.kind in _NUMBERED or any(headings.values()):
            depth = 1 if row.kind in ("chapter", "annex") or not row.under else 2
            look = "article" if row.kind not in ("chapter", "annex") else "chapter"
            sheet.row(look, _only(sheet, headings, row.id), signs, depth=depth, fresh=row.kind == "annex")
        if any(texts.values()):
            sheet.row("text", _only(sheet, texts, row.id))


def _sign(row: Provision, language: str, roman: Collection[str]) -> str:
    """What stands before or above a provision: 1., (a), a dash, Article 3."""
    match row.kind:
        case "paragraph":
            sign = f"{row.number}." if row.number else ""
        case "point":
            letter = row.number if row.id in roman else numbering.lettered(row.number, language)
            sign = f"({letter})" if letter else "–"
        case "item":
            sign = "–"
        case "preamble" | "closing":
            sign = ""
        case _:
            sign = f"{numbering.label(row.kind, language)} {row.number}".strip()
    return fit(sign, language, row.id)


# ------------------------------------------------------------------------------------------------ the signing page


def _signing(sheet: Sheet, text: Text) -> None:
    sheet.sign("signing.instrument")
    if text.authentic:
        sheet.row(
            "small",
            sheet.say_each("instrument.authentic", {"languages": sheet.languages(text.authentic)}),
            signing=True,
        )
    if text.prevailing:
        sheet.row(
            "small",
            sheet.say_each("instrument.prevailing", {"language": sheet.languages([text.prevailing])}),
            signing=True,
        )
    others = [tag for tag in text.languages if tag not in sheet.columns]
    if others:
        sheet.row(
            "small", sheet.say_each("instrument.others", {"languages": sheet.languages(others)}), signing=True
        )
