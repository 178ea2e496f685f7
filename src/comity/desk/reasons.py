"""Why something could not be read, in the reader's language.

    said(Words("tr"), "is 9 bytes long; a scan has at most 5")      "9 bayt; bir tarama en çok 5 bayttır"

Whoever cannot do a thing says why in English, where it finds it: a reader of files, a database, the line to a node.
The English catalogue has the same sentence under a key, with a name for each thing that varies (and `…` for what is
not told again); the other languages have theirs under that key. A `{cause}` is a reason within a reason. What no
catalogue has, such as the words of another program, stays as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from comity.words import Words, isolate, places

__all__ = ["Found", "found", "place", "rule", "said", "thing"]

_LONGEST = 2000  # characters of a reason that is looked up
_LONGEST_CAUSE = 500  # of a reason within it, which may have another within itself
_SPLITS = 8  # ": " in it, at which it may be put together of two
_VARIES = re.compile(r"\{([a-z_]+)\}|…")
_GOT = re.compile(r", got `[^`]*`")
_AT = re.compile(r" - at (`[^`]*`)\Z")


class Found(NamedTuple):
    """The words for a reason: their place and key, and the facts to put into them."""

    place: str
    key: str
    facts: Mapping[str, str]


class _Entry(NamedTuple):
    place: str
    key: str
    fits: re.Pattern[str]
    plain: int


def said(words: Words, why: str) -> str:
    """The reason in the chosen language; itself, where no catalogue has it."""
    if words.language == "en" or len(why) > _LONGEST:
        return why
    plain = _GOT.sub("", why)
    told = _told(words, plain)
    at = _AT.search(plain)
    if told is None and at is not None:
        told = _told(words, plain[: at.start()])
        told = f"{told} ({at[1]})" if told is not None else None
    return told if told is not None else _together(words, plain) or why


def thing(words: Words, named: str) -> str:
    """What it was: a file by its name, or "the minutes" in the chosen language; with its place, "text (title)".

    A part of it is told by itself: "proof: head of TUR".
    """
    told = _named(words, "thing.", named)
    if told != named or words.language == "en":
        return told
    whole, _, at = named.removesuffix(")").partition(" (")
    if at and named.endswith(")"):
        return f"{_named(words, 'thing.', whole)} ({place(words, at)})"
    parts = [(part, _named(words, "thing.", part)) for part in named.split(": ", _SPLITS)]
    if all(part == worded for part, worded in parts):
        return named
    return ": ".join(isolate(worded, words.language) for _, worded in parts)


def place(words: Words, at: str) -> str:
    """Where in it: a field by its name, or "line 4" in the chosen language."""
    return _named(words, "place.", at)


def rule(words: Words, provision: str) -> str:
    """The source of a rule: an article of the Vienna Convention in the chosen language; a reference as it is."""
    return _named(words, "rule.", provision)


def found(why: str, sort: str = "reason.") -> Found | None:
    """The words for a whole reason; of those that fit, the ones with most of their own."""
    fitting = ((entry, entry.fits.fullmatch(why)) for entry in _entries() if entry.key.startswith(sort))
    return next((Found(one.place, one.key, fits.groupdict()) for one, fits in fitting if fits), None)


def _told(words: Words, why: str) -> str | None:
    one = found(why)
    if one is None:
        return None
    facts = {name: _fact(words, one.place, name, fact) for name, fact in one.facts.items()}
    return words.say(one.key, one.place, **facts)


def _fact(words: Words, chapter: str, name: str, fact: str) -> str:
    """What varies: a reason within a reason, the words of another program, a kind of provision, or what was typed."""
    if name == "cause":
        return said(words, fact) if len(fact) <= _LONGEST_CAUSE else fact
    if name == "why":
        return _told(words, fact) or words.say("reason.elsewise")
    if name.endswith("kind") or name == "what":
        kind, gap, number = fact.partition(" ")
        if words.has(f"value.{kind}", chapter):
            return words.say(f"value.{kind}", chapter) + gap + number
    return fact


def _together(words: Words, why: str) -> str | None:
    """`thing: reason`, `reason: reason`, or `reason: what stands there`."""
    for left, right in _halves(why):
        told = _told(words, right)
        if told is not None:
            return f"{_told(words, left) or thing(words, left)}: {told}"
        told = _told(words, left)
        if told is not None:
            return f"{told}: {right}"
    return None


def _halves(why: str) -> Iterator[tuple[str, str]]:
    at = -2
    for _ in range(_SPLITS):
        at = why.find(": ", at + 2)
        if at < 0:
            return
        yield why[:at], why[at + 2 :]


def _named(words: Words, sort: str, text: str) -> str:
    one = found(text, sort) if words.language != "en" and len(text) <= _LONGEST else None
    return words.say(one.key, one.place, **one.facts) if one is not None else text


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    """Every reason, thing and place of the English catalogues, those first that say most in words of their own."""
    english = Words("en")
    entries = (
        _Entry(place, key, re.compile(_pattern(text), re.DOTALL), len(_VARIES.sub("", text)))
        for place in places()
        for key, text in english.of(place, "en").items()
        if key.startswith(("reason.", "thing.", "place.", "rule."))
    )
    return tuple(sorted(entries, key=lambda entry: -entry.plain))


def _pattern(text: str) -> str:
    """What fits such words. A name that stands twice stands for the same; what stands first holds no colon."""
    made, at, named = "", 0, set[str]()
    for varies in _VARIES.finditer(text):
        made += re.escape(text[at : varies.start()])
        name = varies[1]
        if name is None:
            made += ".*?"
        else:
            made += f"(?P={name})" if name in named else f"(?P<{name}>{'.' if made else '[^:]'}+?)"
            named.add(name)
        at = varies.end()
    return made + re.escape(text[at:])
