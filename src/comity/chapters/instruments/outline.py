"""One language's file as rows: headings, numbered paragraphs, lettered points, dashes, plain passages.

    ## Article 3 — Committees        article art-3
    1. The Parties set up:           paragraph art-3.1
    (a) a committee on trade;        point art-3.1.a
    They meet twice a year.          paragraph art-3.t1   (a passage without a number)

A passage ends at an empty line or where the next numbered one begins. A backslash before a passage takes
its number or sign as plain words; `{#id}` at the end of a heading or passage names the provision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from comity.chapters.instruments import numbering
from comity.chapters.instruments.brackets import find
from comity.chapters.instruments.ids import default_id
from comity.chapters.instruments.text import ProvisionKind
from comity.core.errors import Malformed

__all__ = ["Block", "Outline", "Row", "blocks"]

_ID_AT_END = re.compile(r"\s*\{#([A-Za-z0-9][A-Za-z0-9.-]{0,99})\}\s*$", re.ASCII)
_HEADING = re.compile(r"(#{1,6})\s*(.*?)\s*#*\s*$", re.DOTALL)


class Block(NamedTuple):
    """A heading (level 1 to 6) or a passage (level 0), on one line of text; `line` is where it begins."""

    level: int
    text: str
    line: int


class Row(msgspec.Struct):
    """A provision in one language."""

    id: str
    kind: ProvisionKind
    number: str
    under: str
    heading: str
    text: str
    line: int


def blocks(lines: Iterable[tuple[int, str]], *, each_line: bool = False) -> Iterator[Block]:
    """Headings and passages in order. `each_line`: every line is a passage of its own."""
    held: list[str] = []
    begun = 0

    def flush() -> Iterator[Block]:
        if held:
            yield Block(0, " ".join(held), begun)
            held.clear()

    for number, raw in lines:
        line = " ".join(raw.split())
        found = _HEADING.match(line) if line.startswith("#") else None
        marked = None if not line or found else numbering.mark(line)
        if not line or found or marked or each_line:
            yield from flush()
        if found:
            yield Block(len(found[1]), found[2], number)
        elif line:
            if not held:
                begun = number
            held.append(line)
    yield from flush()


class Outline:
    """Takes blocks in order and makes rows. Errors name the file and the line.

    lenient: a doubled number gets an id of its own instead of a refusal (for texts that others have printed).
    """

    def __init__(self, name: str, *, lenient: bool = False, under: str = "") -> None:
        self.name, self.lenient = name, lenient
        self.title = ""
        self.rows: list[Row] = []
        self._under = under
        self._annex = self._chapter = self._article = self._paragraph = self._point = ""
        self._letters: list[str] = []
        self._roman = self._articled = False
        self._lines: dict[str, int] = {}
        self._ordinals: dict[tuple[str, str], int] = {}

    def take(self, block: Block) -> None:
        """Add one heading or passage."""
        if block.level:
            self._heading(block)
        else:
            self._passage(block)

    def _heading(self, block: Block) -> None:
        text, given = _identified(block.text)
        found = numbering.heading(text)
        last = self.rows[-1] if self.rows else None
        if block.level == 1 and not self.title and not self.rows and _may_be_title(found):
            self.title = text
            return
        if found is None:
            if last and last.kind in ("article", "chapter", "annex") and not last.heading and text:
                last.heading = self._checked(text, block.line)
            else:
                why = f"the heading {text[:40]!r} names no provision; write `## Article 4 — Title`"
                raise Malformed(self.name, why, at=f"line {block.line}")
            return
        title = self._checked(found.title, block.line)
        match found.kind:
            case "article":
                under = self._annex or self._chapter
                self._article = self._add("article", found.number, under, title, "", block.line, given)
                self._articled = True
            case "chapter":
                self._chapter = self._add("chapter", found.number, self._annex, title, "", block.line, given)
                self._article = ""
            case "annex":
                self._annex = self._add("annex", found.number, "", title, "", block.line, given)
                self._chapter = self._article = ""
            case _:
                self._annex = self._chapter = ""
                self._article = self._add(found.kind, "", "", title, "", block.line, given)
                self._articled = self._articled and found.kind != "closing"
        self._paragraph = self._point = ""
        self._letters = []

    def _passage(self, block: Block) -> None:
        text, given = _identified(block.text)
        found = numbering.mark(text)
        if found is None and text[:1] == "\\" and text[1:2] not in ("[", "]"):
            text = text[1:]
        elif found is None and not self._annex and self._articled and numbering.closes(text):
            self._articled = False
            self._chapter = ""
            self._article = self._add("closing", "", "", "", "", block.line, "")
            self._paragraph = self._point = ""
        words = self._checked(found.words if found else text, block.line)
        under = self._place(block.line)
        kind = found.kind if found else "paragraph"
        number = found.number if found else ""
        match kind:
            case "paragraph":
                self._paragraph = self._add("paragraph", number, under, "", words, block.line, given)
                self._point, self._letters = "", []
            case "point":
                self._take_point(number, under, words, block.line, given)
            case _:
                self._add("item", "", self._point or self._paragraph or under, "", words, block.line, given)

    def _take_point(self, number: str, under: str, words: str, line: int, given: str) -> None:
        """A lettered point, or a Roman one within it; a list may also be Roman from its beginning."""
        small = numbering.is_roman(number, self._letters[-1] if self._letters else "")
        if small and self._point and not self._roman:
            self._add("point", number, self._point, "", words, line, given)
            return
        if not self._letters:
            self._roman = small
        letter = number if self._roman and small else numbering.spelled(number, "".join(self._letters))
        self._letters.append(number)
        self._point = self._add("point", letter, self._paragraph or under, "", words, line, given)

    def _place(self, line: int) -> str:
        """The row that a passage belongs to; before every heading that is the preamble."""
        place = self._article or self._chapter or self._annex or self._under
        if not place:
            place = self._article = self._add("preamble", "", "", "", "", line, "")
        return place

    def _add(
        self, kind: ProvisionKind, number: str, under: str, heading: str, text: str, line: int, given: str
    ) -> str:
        ordinal = self._ordinals.get((under, kind), 0) + (0 if number else 1)
        self._ordinals[under, kind] = ordinal
        tail = numbering.roman(number) if kind in ("article", "chapter", "annex") else number
        id_ = given or default_id(kind, tail, under, ordinal)
        if id_ in self._lines and not self.lenient:
            what = given or f"{kind} {number}".strip()
            why = (
                f"{what} stands here a second time (first on line {self._lines[id_]}); number it differently"
            )
            raise Malformed(self.name, why, at=f"line {line}")
        while id_ in self._lines:
            id_ += "-2"
        self._lines[id_] = line
        self.rows.append(Row(id_, kind, number, under, heading, text, line))
        return id_

    def _checked(self, text: str, line: int) -> str:
        try:
            find(text)
        except Malformed as fault:
            raise Malformed(self.name, f"{fault.why}: {fault.at}", at=f"line {line}") from fault
        return text


def _may_be_title(found: numbering.Heading | None) -> bool:
    """Whether a first heading of level 1 is the title of the whole: `Annex to the Memorandum` may be one."""
    return found is None or found.kind in ("chapter", "annex")


def _identified(text: str) -> tuple[str, str]:
    """The text without its `{#id}`, and that id."""
    found = _ID_AT_END.search(text)
    return (text[: found.start()], found[1].lower()) if found else (text, "")
