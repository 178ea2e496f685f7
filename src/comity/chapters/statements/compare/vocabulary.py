"""The words that a comparison knows of a language, read from `lexicon/en.txt`, `tr.txt`, `ar.txt` and `names.txt`.

    [same]
    memorandum of understanding | mou
    prepare | draft | draw up
    [modal 4]
    will | shall | must

A section's lines are words, or alternatives divided by `|`; where a line of `[same]` begins with `~`, its words carry
little, and their coming and going is no difference. What stands there is general knowledge of the language
and is documented in this folder's README.md; a language without a file has an empty vocabulary.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from comity.chapters.statements.compare.forms import normal

__all__ = ["WORDED", "Vocabulary", "names", "vocabulary"]

WORDED = ("en", "tr", "ar")
"""The languages whose wording can be compared."""


class Vocabulary(NamedTuple):
    """One language's words as they stand in its file: `same`, `frequency` and `modal` hold phrases."""

    function: frozenset[str]
    light: frozenset[str]
    same: tuple[tuple[str, ...], ...]
    frequency: tuple[tuple[str, ...], ...]
    modal: tuple[tuple[int, tuple[str, ...]], ...]
    negation: frozenset[str]
    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[tuple[str, ...], ...]
    numbers: dict[str, int]
    irregular: dict[str, str]
    units: frozenset[str]
    joiners: frozenset[str]
    abbreviations: frozenset[str]
    common: frozenset[str]


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of `en`, `tr` or `ar`; empty for any other language."""
    sections = _sections(language) if language in WORDED else {}
    sections = {name: [_normal(line, language) for line in lines] for name, lines in sections.items()}
    numbers = {}
    for entry in _alternatives(sections.get("numbers", [])):
        for row in entry:
            value, *forms = row.split()
            numbers.update(dict.fromkeys(forms, int(value)))
    return Vocabulary(
        function=_words(sections, "function"),
        light=_words(sections, "light"),
        same=_alternatives(sections.get("same", [])),
        frequency=_alternatives(sections.get("frequency", [])),
        modal=tuple(
            (level, entry)
            for level in range(5)
            for entry in _alternatives(sections.get(f"modal {level}", []))
        ),
        negation=_words(sections, "negation"),
        months=_named(sections, "months"),
        weekdays=_named(sections, "weekdays"),
        numbers=numbers,
        irregular=dict(cell.split() for row in _alternatives(sections.get("irregular", [])) for cell in row),
        units=_words(sections, "units"),
        joiners=_words(sections, "joiners"),
        abbreviations=_words(sections, "abbreviations"),
        common=_words(sections, "common"),
    )


@cache
def names() -> tuple[tuple[str, ...], ...]:
    """Each place or people as all its spellings, in whatever language; its number is its place here."""
    lines = _lines("names")
    return tuple(
        tuple(part.strip() for cell in line.split("|") for part in cell.split(",")) for line in lines
    )


def _normal(line: str, language: str) -> str:
    return " ".join(normal(part, language) for part in line.split())


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath("lexicon", f"{name}.txt").read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _sections(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in _lines(name):
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), [])
        else:
            here.append(line)
    return found


def _words(sections: dict[str, list[str]], name: str) -> frozenset[str]:
    return frozenset(word for line in sections.get(name, []) for word in line.split())


def _alternatives(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.strip() for part in line.split("|") if part.strip()) for line in lines)


def _named(sections: dict[str, list[str]], name: str) -> tuple[tuple[str, ...], ...]:
    """Twelve months, or seven days: position, then all forms. Arabic has two rows of months."""
    rows = _alternatives(sections.get(name, []))
    size = 12 if name == "months" else 7
    found: list[list[str]] = [[] for _ in range(size)]
    place = 0
    for row in rows:
        for cell in row:
            found[place % size].extend(cell.split())
            place += 1
    return tuple(map(tuple, found)) if rows else ()
