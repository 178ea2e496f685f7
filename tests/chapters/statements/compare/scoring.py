"""How well a comparison does against a key: what it found of it, and what of the found is wrong.

A difference found is what a reader is told: a passage missing, a sentence added, one that moved, and each difference
within a changed passage but the harmless kinds (those count where a key is about wording).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from comity.chapters.statements.compare import Comparison, Finding, compare, compare_texts

HERE = Path(__file__).parent
PRESS = Path(__file__).parents[5] / "shared" / "data" / "mechanism" / "press"
needs_press = pytest.mark.skipif(
    not PRESS.is_dir(),
    reason="../shared/data/mechanism/press is not here: real publications are not compared",
)


class Told(NamedTuple):
    """One thing that the comparison told: of which passages and published sentences, what, in which words."""

    kind: str
    passages: tuple[int, ...]
    sentences: tuple[int, ...]
    ours: str
    published: str


class Score(NamedTuple):
    name: str
    wanted: int
    found: int
    told: int
    wrong: int
    missed: list[str]
    mistaken: list[Told]

    @property
    def line(self) -> str:
        return f"{self.name:18} {self.found:3} of {self.wanted:3} found   {self.wrong:3} of {self.told:3} told are wrong"


class Pair(NamedTuple):
    """Two texts that belong together, with sentence ends of the published one for counting."""

    name: str
    language: str
    passages: list[dict[str, str]]
    published: str
    ends: list[int]
    key: list[dict[str, Any]]
    optional: list[dict[str, Any]]
    corresponds: dict[int, list[int]]


def pair(name: str) -> Pair:
    """One of the invented pairs."""
    raw = yaml.safe_load((HERE / "pairs" / f"{name}.yaml").read_text("utf-8"))
    text, ends = f"{raw['headline']}\n\n" if raw["headline"] else "", []
    for paragraph in raw["published"]:
        for sentence in paragraph:
            text += sentence
            ends.append(len(text))
            text += " "
        text = text[:-1] + "\n\n"
    text += raw["footer"]
    return Pair(
        name, raw["language"], raw["passages"], text, ends, raw["key"], raw["optional"], raw["corresponds"]
    )


def place(ends: Sequence[int], offset: int) -> int:
    """The number of the sentence, from 1, in which a character stands."""
    return next((number for number, end in enumerate(ends, 1) if offset < end), len(ends) + 1)


def told(comparison: Comparison, ends: Sequence[int], *, wording: bool = False) -> list[Told]:
    """Everything that the comparison told."""
    out: list[Told] = []
    for row in comparison.findings:
        at = tuple(sorted({place(ends, span.start) for span in row.published}))
        ours, published = (" ".join(span.text for span in side) for side in (row.ours, row.published))
        if row.relation in {"missing", "added"}:
            out.append(Told(row.relation, row.passages, at, ours, published))
        if row.moved:
            out.append(Told("moved", row.passages, at, "", ""))
        wanted = [one for one in row.differences if wording or one.kind not in {"wording", "cut"}]
        out += [Told(one.kind, row.passages, at, one.ours, one.published) for one in wanted]
    return out


def is_it(entry: Mapping[str, Any], one: Told) -> bool:
    """Whether what was told is what the key's entry is about."""
    wanted = entry.get("passage", entry.get("one"))
    numbers = wanted if isinstance(wanted, list) else [wanted]
    return (
        one.kind in entry["kinds"]
        and (wanted is None or bool(set(numbers) & set(one.passages)))
        and ("sentence" not in entry or entry["sentence"] in one.sentences)
        and str(entry.get("ours", "")).lower() in one.ours.lower()
        and str(entry.get("published", "")).lower() in one.published.lower()
    )


def score(
    name: str, found: Sequence[Told], key: Sequence[dict[str, Any]], optional: Sequence[dict[str, Any]]
) -> Score:
    missed = [entry for entry in key if not any(is_it(entry, one) for one in found)]
    counted = [
        one
        for one in found
        if not any(is_it(entry, one) for entry in optional) or any(is_it(e, one) for e in key)
    ]
    wrong = [one for one in counted if not any(is_it(entry, one) for entry in key)]
    return Score(
        name,
        len(key),
        len(key) - len(missed),
        len(counted),
        len(wrong),
        [str(entry["what"]) for entry in missed],
        wrong,
    )


def matched(row: Finding, ends: Sequence[int]) -> set[tuple[int, int]]:
    """Which passages the finding holds against which published sentences."""
    return {(number, place(ends, span.start)) for number in row.passages for span in row.published}


def of_pair(name: str) -> Score:
    """How the comparison does on an invented pair."""
    two = pair(name)
    found = compare(two.passages, two.published, two.language)
    return score(name, told(found, two.ends), two.key, two.optional)


class Versions(NamedTuple):
    """Two real publications, with the ends of the second one's sentences, and its key."""

    one: str
    other: str
    ends: list[int]
    key: dict[str, Any]


def march() -> Versions:
    """The two versions of the statement of March 2024, each with its entry on the delegations."""
    raw = (PRESS / "joint-statement-2024-03-14-two-versions.txt").read_text("utf-8")
    texts, note = raw.split("# Also", 1)
    first, second = texts.split("[Version A", 1)[1].split("[Version B", 1)
    entries = note.split('"')[1::2]
    one, other = (
        f"{part.split(chr(10), 1)[1].strip()}\n\n{entry}"
        for part, entry in zip((first, second), entries, strict=True)
    )
    ends = [at for at, char in enumerate(other, 1) if char == "\n" and other[at : at + 1] != "\n"]
    last = other.rindex(entries[1])
    ends = [end for end in ends if end <= last]
    return Versions(one, other, [*ends, last + entries[1].index(".") + 1, len(other)], key("march"))


def press() -> Versions:
    """The two press reports of August 2024."""
    one, other = (file.read_text("utf-8") for file in sorted(PRESS.glob("00*.txt")))
    ends = [
        at for at, char in enumerate(other, 1) if char == "\n" and other[: at - 1].rsplit("\n", 1)[-1].strip()
    ]
    return Versions(one, other, ends, key("press"))


def key(name: str) -> dict[str, Any]:
    """The key to real publications of that name."""
    found: dict[str, Any] = yaml.safe_load((HERE / "press.yaml").read_text("utf-8"))[name]
    return found


def of_versions(name: str, two: Versions, *, wording: bool) -> Score:
    """How the comparison does on two real publications."""
    found = told(compare_texts(two.one, two.other, "en"), two.ends, wording=wording)
    return score(name, found, two.key["key"], two.key["optional"])
