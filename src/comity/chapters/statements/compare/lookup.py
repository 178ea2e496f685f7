"""One language's vocabulary as the program looks words up in it: phrases by the stem of their first word.

    lookup("en").phrases["memorandum"][0]
    ->  (("memorandum", "of", "understand"), Entry(ids=("memorandum of understand", "~0"), sort="word", level=-1))

Made once for each language and never changed after that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Literal, NamedTuple

from comity.chapters.statements.compare.stems import Stems
from comity.chapters.statements.compare.vocabulary import Vocabulary, names, vocabulary
from comity.chapters.statements.compare.words import bare

__all__ = ["Entry", "Lookup", "Phrases", "Sort", "lookup"]

Sort = Literal["word", "name", "number", "unit", "date", "modal", "light", "function"]


class Entry(NamedTuple):
    """What a phrase is: its key and the lines that it stands in, its sort, and how much it binds (-1: not)."""

    ids: tuple[str, ...]
    sort: Sort
    level: int = -1


Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], Entry]]]
"""First word -> phrases that begin with it, the longest first."""


class Lookup(NamedTuple):
    """A vocabulary by stems (`phrases`, `light`, `units`) and by forms (`names`, `function`, `negation`, `often`)."""

    phrases: Phrases
    names: Phrases
    function: frozenset[str]
    light: frozenset[str]
    units: frozenset[str]
    negation: frozenset[str]
    often: frozenset[str]


@cache
def lookup(language: str) -> Lookup:
    """The language's vocabulary; empty but for the names where it has none."""
    known, stems = vocabulary(language), Stems(language)
    light = frozenset(stem for word in known.light for stem in _stems(word, stems))
    little = light | known.function | {stems.stem(form) for form in known.function}
    return Lookup(
        phrases=_sorted(_phrases(known, stems, little)),
        names=_sorted(_names(language)),
        function=known.function,
        light=light,
        units=frozenset(stem for word in known.units for stem in _stems(word, stems)),
        negation=known.negation,
        often=frozenset(word for line in known.frequency for word in line),
    )


def _phrases(known: Vocabulary, stems: Stems, little: frozenset[str]) -> list[tuple[tuple[str, ...], Entry]]:
    ids: dict[tuple[str, ...], list[str]] = {}
    levels: dict[tuple[str, ...], int] = {}
    _enter(known.same, "~", ids, stems)
    weak = set(_enter([line for line in known.same if line[0].startswith("~")], "", {}, stems))
    often = set(_enter(known.frequency, "%", ids, stems))
    for level in range(5):
        rows = [line for mine, line in known.modal if mine == level]
        levels |= dict.fromkeys(_enter(rows, f"!{level}.", ids, stems), level)
    out = []
    for phrase, groups in ids.items():
        level = levels.get(phrase, -1)
        light = phrase in weak or all(stem in little for stem in phrase)
        sort: Sort = "modal" if level >= 0 else "number" if phrase in often else "light" if light else "word"
        out.append((phrase, Entry((" ".join(phrase), *sorted(set(groups))), sort, level)))
    return out


def _enter(
    lines: Sequence[tuple[str, ...]], sign: str, ids: dict[tuple[str, ...], list[str]], stems: Stems
) -> list[tuple[str, ...]]:
    """Give each phrase of the lines the id of its line; returns the phrases."""
    out = []
    for number, line in enumerate(lines):
        for written in line:
            for phrase in _phrase(written.removeprefix("~").strip(), stems):
                ids.setdefault(phrase, []).append(f"{sign}{number}")
                out.append(phrase)
    return out


def _names(language: str) -> list[tuple[tuple[str, ...], Entry]]:
    return [
        (tuple(bare(part, language) for part in spelling.split()), Entry((f"={number}",), "name"))
        for number, spellings in enumerate(names())
        for spelling in spellings
    ]


def _sorted(rows: Sequence[tuple[tuple[str, ...], Entry]]) -> Phrases:
    found: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for phrase, entry in rows:
        found.setdefault(phrase[0], []).append((phrase, entry))
    return {first: sorted(mine, key=lambda row: (-len(row[0]), row[0])) for first, mine in found.items()}


def _phrase(written: str, stems: Stems) -> list[tuple[str, ...]]:
    """A phrase as stems; a Turkish verb may be met bare or in any of its forms."""
    *before, last = written.split()
    starts = [_stems(word, stems)[:1] for word in before]
    return [tuple(choice) for choice in product(*starts, _stems(last, stems))]


def _stems(form: str, stems: Stems) -> list[str]:
    found = [stems.stem(form)]
    if stems.language == "tr":
        back = next((vowel for vowel in reversed(form) if vowel in "aıoueiöü"), "e") in "aıou"
        found += [stems.stem(f"{form}mak" if back else f"{form}mek"), form]
    return list(dict.fromkeys(found))
