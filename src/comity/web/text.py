"""Text from elsewhere, made safe to look at: markup stays text, and characters that turn text round can be seen.

    visible("a\u202eb")      a⟨U+202E⟩b

The controls of the bidirectional algorithm (UAX #9) can make a sentence read as another one. Isolates that are closed
again are left alone: they are how a reference stands inside Arabic.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["Typed", "finalize", "html", "shown", "visible"]

_ISOLATES = "\u2066\u2067\u2068"
_PDI = "\u2069"
_TURNING = re.compile(
    "[\u200e\u200f\u061c\u202a-\u202e\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
)
_ANY = re.compile(f"{_TURNING.pattern[:-1]}\u2066-\u2069]")


class Typed(str):
    """What somebody typed into a field, to be shown in that field again just as it was."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text with every control that could turn it round written out."""
    return (_TURNING if _closed(text) else _ANY).sub(_named, text)


def shown(text: object) -> Markup:
    """The same for HTML, each control as an element of its own."""
    if isinstance(text, Markup):
        return text
    plain = str(text)
    if _ANY.search(plain) is None:
        return escape(plain)
    signs = _TURNING if _closed(plain) else _ANY
    parts, at = [], 0
    for found in signs.finditer(plain):
        parts += [
            escape(plain[at : found.start()]),
            html('<span class="control">{}</span>', _named(found)),
        ]
        at = found.end()
    return Markup("").join([*parts, escape(plain[at:])])


def html(template: str, *parts: object) -> Markup:
    """Markup of ours with parts that may come from anywhere: each is escaped, but what is markup already.

    As `Markup(template).format(*parts)`, whose formatter in Python takes ten times as long as the one of `str`.
    """
    return Markup(template.format(*map(escape, parts)))  # noqa: S704 -- each part was escaped just here


def finalize(value: object) -> object:
    """For every expression of a template: nothing reaches a page without having been looked at."""
    if type(value) is str and _ANY.search(value) is not None:
        return visible(value)
    return value


def _named(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def _closed(text: str) -> bool:
    """Whether every isolate is closed again, and nothing is closed that was not opened."""
    depth = 0
    for char in text:
        if char in _ISOLATES:
            depth += 1
        elif char == _PDI:
            depth -= 1
            if depth < 0:
                return False
    return depth == 0
