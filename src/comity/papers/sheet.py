"""A sheet: what the template sets, row by row, with each language's words in its own column.

    {"sort": "row", "look": "article", "cells": [["Article 3", "Committees"], ["المادة 3", "اللجان"]], "level": 0, ...}

Here words that come from the record become printable: what has no glyph or would turn the direction round is refused,
words too long for a column may be broken, and references keep their direction inside the other script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from comity.chapters.instruments.sound import unfit
from comity.chapters.instruments.text import choose
from comity.core.act import Names
from comity.core.errors import Malformed
from comity.papers.glyphs import lacking
from comity.papers.paper import EDGE, GAP, Paper, page_size, places
from comity.words import Words

__all__ = ["Sheet", "fit", "is_rtl"]

Cell = tuple[str, str]
"""What hangs before the words, or stands above them, and the words."""

TableRow = Sequence[Mapping[str, str]] | Mapping[str, str]

_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_LRI, _RLI, _FSI, _PDI = "\u2066", "\u2067", "\u2068", "\u2069"
_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_TOKEN = rf"[{_LATIN}0-9]+(?:[./:#@&%+_'’-]+[{_LATIN}0-9]+)*"
# In Arabic: ISO dates, and phrases that begin with a token that has a Latin letter: references, addresses, names, with
# the numbers that follow them. Plain numbers stay as Unicode orders them: so has whoever wrote the text seen them.
_FOREIGN = re.compile(
    rf"(?<![{_LATIN}0-9])(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![{_LATIN}0-9])"
    rf"|(?=[0-9./:#@&%+_'’-]*[{_LATIN}]){_TOKEN}(?:[ \u00a0]{_TOKEN})*)"
)
_PHRASES = re.compile(rf"[{_ARABIC}]+(?:[ \u00a0]+[{_ARABIC}]+)*")
_ISOLATES = re.compile("[\u2066-\u2069]")
# Where no line may end (UAX #14): in a word, at a no-break space, at a space behind what opens or before what closes.
_LONG = re.compile(r"""(?:[^ \n\u200b]|(?<=[(\[{¿¡«“‘„"'—-])[ ]|[ ](?=[)\]}!?/,.;:»”’"'—%،؛؟…-])){20,}""")
_MOST, _STEP = 36, 12
_NAME, _SIGN, _DEEPEST = 48, 10, 6
_LABEL = 82
_SHORT, _SHORT_LINES, _TALL = 420, 6, 900


def is_rtl(language: str) -> bool:
    """Whether that language is written from right to left."""
    return language.partition("-")[0] in _RTL


def fit(words: str, language: str, thing: str) -> str:
    """Words of the record as they can be printed in a column of that language. Raises `Malformed`."""
    if words.isascii() and words.isprintable() and not is_rtl(language):
        return _LONG.sub(_broken, words)
    words = words.replace("\t", " ")
    if wrong := unfit(words):
        raise Malformed("paper", f"holds {wrong[1]}", at=thing)
    if missing := lacking(words):
        name = unicodedata.name(missing, "a character without a name")
        raise Malformed(
            "paper", f"no font of the papers has U+{ord(missing):04X} ({name}); write it otherwise", at=thing
        )
    words = _LONG.sub(_broken, words)
    if is_rtl(language):
        return _FOREIGN.sub(lambda found: f"{_LRI}{found[0]}{_PDI}", words)
    return _PHRASES.sub(lambda found: f"{_RLI}{found[0]}{_PDI}", words)


def _broken(found: re.Match[str]) -> str:
    """The word with places where a line may end: no column is as wide as a word of a thousand letters."""
    word = found[0]
    if len(word) < _MOST and not word.isupper():
        return word
    return "\u200b".join(word[at : at + _STEP] for at in range(0, len(word), _STEP))


class Sheet:
    """Rows in the order of the pages. Every method takes words of the record and makes them fit."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.digest = paper, paper.digest
        # Left to right as on the page: whatever is written from the right stands on the right.
        self.columns = tuple(sorted(paper.languages, key=is_rtl))
        self._words = [Words(tag) for tag in self.columns]
        self._rows: list[dict[str, Any]] = []
        self._signing: list[dict[str, Any]] = []

    # ------------------------------------------------------------------------------------- words

    def say(self, key: str, **facts: object) -> dict[str, str]:
        """Our own words in each column's language. Facts must be fit already."""
        return {tag: self._said(words, key, facts) for tag, words in self._pairs()}

    def say_each(self, key: str, facts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """The same, where facts differ between languages: name of the fact -> language -> words."""
        return {
            tag: self._said(words, key, {name: said[tag] for name, said in facts.items()})
            for tag, words in self._pairs()
        }

    @staticmethod
    def _said(words: Words, key: str, facts: Mapping[str, object]) -> str:
        """In a language from the right, a fact that has such letters runs so too, even if all of it is facts again."""
        said = words.say(key, "papers", **facts)
        return said.replace(_FSI, _RLI) if is_rtl(words.language) else said

    def names(self, names: Names, thing: str = "names") -> dict[str, str]:
        """A name in each column's language, or in another where it has none."""
        return {tag: fit(names.get(tag) or choose(names), tag, thing) for tag in self.columns}

    def party(self, code: str) -> dict[str, str]:
        """A party's name in each column's language; its code where the paper does not name it."""
        found = next((party.names for party in self.paper.parties if party.code == code), {"en": code})
        return self.names(found, code)

    def languages(self, tags: Iterable[str]) -> dict[str, str]:
        """The names of languages, in each column's language."""
        named = {
            tag: self.say(f"language.{tag}") if self._words[0].has(f"language.{tag}", "papers") else None
            for tag in tags
        }
        return self.joined([said or dict.fromkeys(self.columns, tag) for tag, said in named.items()])

    def each(self, parts: Iterable[str]) -> dict[str, str]:
        """A list of references or numbers, which all languages write alike."""
        return self.joined([self.same(part) for part in parts])

    def joined(self, parts: Sequence[Mapping[str, str]]) -> dict[str, str]:
        """A list in each column's language: a, b, c."""
        return {
            tag: ("، " if is_rtl(tag) else ", ").join(part[tag] for part in parts) for tag in self.columns
        }

    def day(self, day: date | str | None) -> dict[str, str]:
        """A day as it is written out in each language: 15 August 2024."""
        if not day:
            return dict.fromkeys(self.columns, "—")
        day = date.fromisoformat(day) if isinstance(day, str) else day
        months = self.say(f"month.{day.month}")
        facts = {"day": self.same(str(day.day)), "month": months, "year": self.same(str(day.year))}
        return {tag: _ISOLATES.sub("", said) for tag, said in self.say_each("date", facts).items()}

    def moment(self, moment: datetime) -> dict[str, str]:
        """A day and an hour with its offset: 15 August 2024, 10:00 (UTC+03:00)."""
        hour, zone = moment.strftime("%H:%M"), f"UTC{moment.isoformat()[-6:]}"
        return self.say_each(
            "moment", {"day": self.day(moment.date()), "hour": self.same(hour), "zone": self.same(zone)}
        )

    def act(self, party: str, ref: str, on: date) -> dict[str, str]:
        """A party, its act and the day of it: Türkiye, TUR/31, 15 August 2024."""
        return self.say_each("act", {"party": self.party(party), "ref": self.same(ref), "day": self.day(on)})

    def same(self, words: str) -> dict[str, str]:
        """The same in every column: a reference, a number, a hash."""
        return {tag: fit(words, tag, words[:40]) for tag in self.columns}

    def given(self, said: Names, thing: str) -> dict[str, str]:
        """A text in the columns of its languages; where it is in none of them, in the first column as it is."""
        found = self.texts(said, thing)
        tag = self.columns[0]
        return found or ({tag: fit(choose(said), tag, thing)} if said else {})

    def texts(self, said: Names, thing: str) -> dict[str, str]:
        """A text in the columns of its languages; the others stay empty."""
        return {tag: fit(said[tag], tag, f"{thing} ({tag})") for tag in self.columns if said.get(tag)}

    def lines(self, parts: Sequence[Mapping[str, str]]) -> dict[str, str]:
        """A list in each column's language, one below the other."""
        return {tag: "\n".join(part[tag] for part in parts if part.get(tag)) for tag in self.columns}

    def _pairs(self) -> Iterable[tuple[str, Words]]:
        return zip(self.columns, self._words, strict=True)

    # ------------------------------------------------------------------------------------- rows

    def row(
        self,
        look: str,
        words: Mapping[str, str],
        signs: Mapping[str, str] | None = None,
        *,
        level: int = 0,
        depth: int = 1,
        fresh: bool = False,
        signing: bool = False,
    ) -> None:
        """One row: language -> words, already fit; a language that has none leaves its column empty.

        look: how the template sets it. level: how far it stands in. depth: of a heading in the table of contents.
        fresh: on a new page. signing: on the signing page, where there is room for a few lines only.
        """
        signs = signs or {}
        cells = [_hung(signs.get(tag, ""), words.get(tag, ""), look) for tag in self.columns]
        longest = max(len(text) for _, text in cells)
        made = {
            "sort": "row",
            "look": look,
            "cells": [cell if any(cell) else None for cell in cells],
            "level": min(level, _DEEPEST),
            "depth": depth,
            "hang": _LABEL
            if look == "fact"
            else max((max(18, 8 + 6 * len(sign)) for sign, _ in cells if sign), default=0),
            "fresh": fresh,
            "breaks": longest > _SHORT or any(text.count("\n") > _SHORT_LINES for _, text in cells),
        }
        (self._signing if signing else self._rows).append(made)

    def fact(self, key: str, words: Mapping[str, str]) -> None:
        """A label and what it names, beside each other."""
        self.row("fact", words, self.say(key))

    def line(self, words: str) -> None:
        """One line over the whole width, which all languages write alike. The words must be fit."""
        self._rows.append({"sort": "line", "words": words})

    def hash(self, digest: str) -> None:
        """A SHA-256 on a line of its own."""
        self.line(_grouped(digest))

    def sign(self, key: str) -> None:
        """The heading of the signing page, what is signed, and its hash."""
        self.row("section", self.say("signing.heading"), signing=True)
        self.row("small", self.say(key), signing=True)
        self._signing.append({"sort": "line", "words": _grouped(self.digest)})

    def table(
        self, widths: Sequence[int], head: Sequence[Mapping[str, str]], rows: Iterable[TableRow]
    ) -> None:
        """A table over the whole width, its first row repeated on every page.

        A cell has one line for each language, or one only where all say the same. A row that is a mapping is a heading
        inside the table.
        """
        made: list[dict[str, Any]] = []
        for row in rows:
            if isinstance(row, Mapping):
                made.append({"heading": [row[tag] for tag in self.columns]})
            else:
                cells = [self._stacked(cell) for cell in row]
                tall = any(sum(len(words) for _, words in cell) > _TALL for cell in cells)
                made.append({"cells": cells, "breaks": tall})
        head_row = [self._stacked(cell) for cell in head]
        self._rows.append({"sort": "table", "widths": list(widths), "head": head_row, "rows": made})

    def _stacked(self, cell: Mapping[str, str]) -> list[tuple[int, str]]:
        lines = [(at, cell[tag]) for at, tag in enumerate(self.columns) if cell.get(tag)]
        same = len({_ISOLATES.sub("", words) for _, words in lines}) == 1
        return lines[:1] if same else lines

    # ------------------------------------------------------------------------------------- the whole

    def plain(self, title: Names) -> dict[str, Any]:
        """The sheet as data for the template."""
        paper = self.paper
        width, height = page_size(len(self.columns))
        edge = EDGE if len(self.columns) > 1 else 1.6 * EDGE
        short = self.digest[:16]
        return {
            "title": unicodedata.normalize("NFC", choose(title, self.columns[0])),
            "keywords": [f"comity-paper/{paper.version}", paper.sort, paper.ref, f"sha256:{self.digest}"],
            "dated": [paper.dated.year, paper.dated.month, paper.dated.day],
            "columns": [
                {
                    "lang": tag.partition("-")[0],
                    "rtl": is_rtl(tag),
                    "script": "arabic" if is_rtl(tag) else "latin",
                }
                for tag in self.columns
            ],
            "width": width,
            "height": height,
            "edge": edge,
            "gap": GAP,
            "measure": round((width - 2 * edge - (len(self.columns) - 1) * GAP) / len(self.columns), 3),
            "running": list(self.names(paper.names, "names of the mechanism").values()),
            "ref": paper.ref,
            "short": f"SHA-256 {' '.join(short[at : at + 4] for at in range(0, 16, 4))} …",
            "rows": self._rows,
            "signing": self._signing,
            "places": [{**box._asdict(), "names": self._for(box.party)} for box in places(paper)],
        }

    def _for(self, code: str) -> list[str]:
        """Above a party's place: its name in every language, cut where it is longer than the line."""
        named = self.party(code)
        short = {tag: name if len(name) <= _NAME else f"{name[: _NAME - 1]}…" for tag, name in named.items()}
        return [*self.say_each("signing.for", {"party": short}).values()]


def _hung(sign: str, words: str, look: str) -> list[str]:
    """A sign too long to hang before its words goes into their line."""
    return ["", f"{sign} {words}"] if look == "text" and len(sign) > _SIGN else [sign, words]


def _grouped(digest: str) -> str:
    return f"SHA-256  {' '.join(digest[at : at + 8] for at in range(0, 64, 8))}"
