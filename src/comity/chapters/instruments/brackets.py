"""Bracketed passages, as negotiators type them.

    The committee shall reply [TUR: within 30 days] [IRQ: within 60 days].     one bracket, two alternatives
    The centre [shall be open to observers] ...                                keep it or omit it

Adjacent passages that name their parties are the alternatives of one bracket. A plain passage was proposed
by the author of the version it first appears in. Brackets are numbered b1, b2, ... through a version, and
stand in every language at the same place. A bracket that is part of the text itself is typed as \\[ and
\\].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from comity.chapters.instruments.text import Provision, Text, Words
from comity.core.act import PARTY
from comity.core.errors import Malformed

__all__ = ["KEEP", "OMIT", "Bracket", "Passage", "brackets", "find", "plain", "resolve"]

KEEP, OMIT = "keep", "omit"

_TOKEN = re.compile(r"\\.|\[|\]", re.DOTALL)
_LABEL = re.compile(rf"\s*({PARTY})\s*:\s*", re.ASCII)
_NO_SPACE_BEFORE = ".,;:!?)»”’،؛؟"


class Passage(NamedTuple):
    """One bracket in one text: where it is, and what each alternative says. The key is a party, or `keep`."""

    start: int
    end: int
    alternatives: dict[str, str]


class Bracket(NamedTuple):
    """One bracket of a version: in which provision, and each alternative in each language."""

    id: str
    provision: str
    alternatives: dict[str, dict[str, str]]

    @property
    def choices(self) -> tuple[str, ...]:
        """What a party may choose."""
        return (*self.alternatives, OMIT)


def find(text: str, thing: str = "text") -> list[Passage]:
    """The brackets of a text, in order. `Malformed` where one is not closed, nested, empty or said twice."""
    found: list[Passage] = []
    for start, end in _spans(text, thing):
        inner = text[start + 1 : end - 1]
        label = _LABEL.match(inner)
        key, words = (label[1], inner[label.end() :].strip()) if label else (KEEP, inner.strip())
        if not words:
            raise Malformed(
                thing, "a bracket is empty; write the proposed words into it", at=text[start : end + 20]
            )
        last = found[-1] if found else None
        if label and last and KEEP not in last.alternatives and not text[last.end : start].strip(" /\n\t"):
            if key in last.alternatives:
                raise Malformed(
                    thing, f"{key} has two alternatives in one bracket; keep one", at=text[start:end]
                )
            found[-1] = Passage(last.start, end, {**last.alternatives, key: words})
        else:
            found.append(Passage(start, end, {key: words}))
    return found


def _spans(text: str, thing: str) -> Iterator[tuple[int, int]]:
    start = -1
    for token in _TOKEN.finditer(text):
        if token[0] == "[":
            if start >= 0:
                raise Malformed(
                    thing, "a bracket inside a bracket; close the first with ]", at=text[start : start + 60]
                )
            start = token.start()
        elif token[0] == "]":
            if start < 0:
                raise Malformed(
                    thing,
                    "a ] without its [; write \\] if it belongs to the text",
                    at=text[: token.end()][-60:],
                )
            yield start, token.end()
            start = -1
    if start >= 0:
        raise Malformed(thing, "a bracket is not closed; write ] where it ends", at=text[start : start + 60])


def brackets(text: Text) -> list[Bracket]:
    """Every bracket of a text, in the order of the document. `Malformed` where languages do not have the
    same ones."""
    found: list[Bracket] = []
    for row in text.provisions:
        for alternatives in _of(row):
            found.append(Bracket(f"b{len(found) + 1}", row.id, alternatives))
    return found


def _of(row: Provision) -> list[dict[str, dict[str, str]]]:
    """Each bracket of one provision: alternative -> language -> words."""
    first = ""
    merged: list[dict[str, dict[str, str]]] = []
    for language, words in sorted(row.words.items()):
        thing = f"{row.id} ({language})"
        here = [*find(words.heading, thing), *find(words.text, thing)]
        if not first:
            first = language
            merged = [{key: {} for key in passage.alternatives} for passage in here]
        if [sorted(passage.alternatives) for passage in here] != [sorted(bracket) for bracket in merged]:
            raise Malformed(
                thing,
                f"its brackets are not those of the {first} text; give all languages the same, in order",
            )
        for bracket, passage in zip(merged, here, strict=True):
            for key, said in passage.alternatives.items():
                bracket[key][language] = said
    return merged


def resolve(text: Text, choices: Mapping[str, str]) -> Text:
    """The text with each bracket replaced by the chosen alternative (bracket -> party, `keep` or `omit`)."""
    rows: list[Provision] = []
    number = 0
    for row in text.provisions:
        words, count = {}, 0
        for language, said in row.words.items():
            head, count = _replace(said.heading, choices, number)
            body, count = _replace(said.text, choices, count)
            words[language] = Words(head, body)
        number = count if row.words else number
        rows.append(msgspec.structs.replace(row, words=words))
    return msgspec.structs.replace(text, provisions=tuple(rows))


def _replace(text: str, choices: Mapping[str, str], number: int) -> tuple[str, int]:
    """The text with its brackets replaced, and the number of its last bracket; `number` is that of the last
    before."""
    done, at = "", 0
    for passage in find(text):
        number += 1
        chosen = passage.alternatives.get(choices.get(f"b{number}", OMIT), "")
        before, at = text[at : passage.start], passage.end
        done += before + chosen
        if not chosen:
            rest = text[at:].lstrip(" ")
            at = len(text) - len(rest)
            spaced = done.endswith(" ") or text[passage.end : passage.end + 1] == " "
            done = done.rstrip(" ")
            if (
                spaced
                and done
                and rest
                and rest[0] not in _NO_SPACE_BEFORE
                and "\n" not in (done[-1], rest[0])
            ):
                done += " "
    return done + text[at:], number


def plain(text: str) -> str:
    """The text as it is read: without the backslash before a literal bracket."""
    return re.sub(r"\\([\[\]\\])", r"\1", text)
