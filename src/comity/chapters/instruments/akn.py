"""An instrument as Akoma Ntoso 3.0 (OASIS LegalDocML): a `statement` in one language.

    to_akn(text, "en", day=date(2024, 8, 15), number="tur-4")   ->   b"<akomaNtoso xmlns=...><statement ...>"

Made with bluebell and cobalt (the optional extra `akn`), imported only when asked for. Both put today's
date into the document's identification; here every date is the instrument's own, so the same text gives the
same bytes on any day. Elements get eIds as Akoma Ntoso has them; our own ids stand in `wId`, which is for
ids that outlive renumbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from comity.chapters.instruments import numbering
from comity.chapters.instruments.brackets import plain
from comity.chapters.instruments.text import Provision, Text, choose
from comity.core.errors import Malformed, Unavailable

__all__ = ["to_akn"]

_ISO_639_2 = {"en": "eng", "tr": "tur", "ar": "ara", "nl": "nld", "fr": "fra", "de": "deu", "kmr": "kmr"}
_NAMES = {
    "chapter": "CHAPTER",
    "article": "ARTICLE",
    "paragraph": "PARAGRAPH",
    "point": "POINT",
    "item": "INDENT",
}
_SPECIAL = re.compile(r"[*/_{}\\^]")


def to_akn(text: Text, language: str, *, day: date, number: str, place: str = "xx") -> bytes:
    """The document as UTF-8 XML. `day` is the instrument's date, `place` a country (xx: of no single one).

    Raises `Unavailable` without the extra, `Malformed` if the text is not in that language.
    """
    if language not in text.languages:
        raise Malformed("text", f"is not in {language}; it is in {', '.join(text.languages)}", at="language")
    try:
        from bluebell.parser import AkomaNtosoParser  # noqa: PLC0415  an optional extra, and LGPL
        from cobalt import FrbrUri  # noqa: PLC0415
    except ImportError as error:
        raise Unavailable("Akoma Ntoso", "install the extra: pip install 'comity[akn]'") from error
    code = _ISO_639_2.get(language, language if len(language) == 3 else "und")
    uri = FrbrUri(
        place, None, "statement", None, None, day.isoformat(), number, "main", code, f"@{day.isoformat()}"
    )
    named: list[str] = []
    root = AkomaNtosoParser(uri).parse_to_xml("\n".join(_lines(text, language, named)) + "\n", "statement")
    for element, id_ in zip(_provisions(root), named, strict=True):
        element.set("wId", id_)
    _pin(root, day, plain(choose(text.title, language)))
    file = BytesIO()
    root.getroottree().write(file, encoding="utf-8", xml_declaration=True)
    return file.getvalue()


def _pin(root: Any, day: date, title: str) -> None:
    """Give every date of the identification the instrument's own day, and the work its title."""
    for element in root.iter("{*}FRBRdate"):
        element.set("date", day.isoformat())
    for element in root.iter("{*}FRBRalias"):
        if element.get("value") == "Untitled":
            element.set("value", title)


def _provisions(root: Any) -> list[Any]:
    """The elements that stand for numbered provisions, in order."""
    return list(root.iter(*(f"{{*}}{tag.lower()}" for tag in _NAMES.values())))


def _lines(text: Text, language: str, named: list[str]) -> Iterator[str]:
    """The text in bluebell's plain form: markers in capitals, two spaces for each level.

    The ids of the provisions that become elements are added to `named`.
    """
    rows = [row for row in text.provisions if language in row.words]
    yield from ("PREFACE", "", f"LONGTITLE {_inline(choose(text.title, language))}")
    yield from _section("PREAMBLE", rows, "preamble", language)
    yield from ("BODY", "")
    main = [row for row in rows if row.kind not in ("preamble", "closing", "annex")]
    tops = [row for row in main if not row.under]
    for row in tops:
        yield from _element(row, rows, language, 0, named)
    yield from _section("CONCLUSIONS", rows, "closing", language)
    for row in rows:
        if row.kind == "annex":
            yield f"ANNEXURE {_inline(' '.join(filter(None, [numbering.label('annex', language), row.number])))}"
            if row.words[language].heading:
                yield f"  SUBHEADING {_inline(row.words[language].heading)}"
            yield from _children(row, rows, language, 1, named)


def _section(marker: str, rows: list[Provision], id_: str, language: str) -> Iterator[str]:
    """The preamble or the closing words: plain passages. Numbered ones keep their number in the words."""
    inside: set[str] = {row.id for row in rows if row.kind == id_}
    if not inside:
        return
    yield from (marker, "")
    for row in rows:
        if row.under in inside:
            inside.add(row.id)
            sign = f"{_number(row, rows, language)} " if row.number else ""
            yield _inline(sign + row.words[language].text)


def _element(
    row: Provision, rows: list[Provision], language: str, level: int, named: list[str]
) -> Iterator[str]:
    words, indent = row.words[language], "  " * level
    if row.kind == "paragraph" and not row.number:
        yield indent + _inline(words.text)
        yield from _children(row, rows, language, level, named)
        return
    named.append(row.id)
    number = _number(row, rows, language)
    heading = f" - {_inline(words.heading)}" if words.heading else ""
    yield f"{indent}{_NAMES[row.kind]}{f' {_inline(number)}' if number else ''}{heading}"
    if words.text:
        yield f"{indent}  {_inline(words.text)}"
    yield from _children(row, rows, language, level + 1, named)


def _children(
    row: Provision, rows: list[Provision], language: str, level: int, named: list[str]
) -> Iterator[str]:
    for child in rows:
        if child.under == row.id:
            yield from _element(child, rows, language, level, named)


def _number(row: Provision, rows: list[Provision], language: str) -> str:
    """The number as it is printed in front of the words."""
    match row.kind:
        case "paragraph":
            return f"{row.number}."
        case "point":
            letter = (
                row.number if row.id in numbering.romans(rows) else numbering.lettered(row.number, language)
            )
            return f"({letter})"
        case _:
            return row.number


def _inline(text: str) -> str:
    """One line of plain words, with everything escaped that bluebell would read as a marker."""
    line = " ".join(plain(text).split())
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", line)
    return escaped if not escaped or escaped.startswith("\\") else f"\\{escaped}"
