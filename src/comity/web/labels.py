"""What fields are called: a short name for beside an input or a value, and what more there is to say of it.

    label(words, "meetings", "body")      Label("The body that meets", "as its mandate names it")

Both come from the words that the commands have for the field.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from comity.words import Words

__all__ = ["Label", "label", "sentence_case"]

_PART = re.compile(r"[,،;؛:(]")


class Label(NamedTuple):
    """The name of a field, and the rest of what its words say."""

    name: str
    more: str


@lru_cache(10_000)
def label(words: Words, chapter: str, field: str, within: str = "") -> Label:
    """The words for a field of a chapter, within the group of that name; its own name where there are none."""
    # A choice, of which the commands name only what may be chosen, and what means another thing in another place.
    for short in (f"input.{chapter}.{within}.{field}", f"input.{chapter}.{field}", f"input.{field}"):
        if words.has(short, "web"):
            return Label(words.say(short, "web"), "")
    key = f"field.{field}"
    place = next((place for place in (chapter, "cli", "web") if words.has(key, place)), None)
    if place is None:
        return Label(field, "")
    said = words.say(key, place)
    found = _PART.search(said)
    if found is None:
        return Label(sentence_case(said, words.language), "")
    more = said[found.start() :].lstrip(",،;؛: ")
    if more.startswith("(") and more.endswith(")"):
        more = more[1:-1]
    return Label(sentence_case(said[: found.start()].strip(), words.language), more)


def sentence_case(text: str, language: str) -> str:
    """With a capital at its beginning, as that language writes it."""
    first = {"i": "İ", "ı": "I"}.get(text[:1]) if language == "tr" else None
    return (first or text[:1].upper()) + text[1:]
