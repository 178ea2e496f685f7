"""What a comparison says, as data: frozen, JSON-able, without floats.

Finding(relation="changed", passages=(7,), ours=(Span(0, 41, "Each committee shall meet twice a year ..."),),
        published=(Span(310, 352, "Each committee may meet once a year ..."),), moved=False,
        differences=(Difference("modality", "shall", "may", "weaker", 7), Difference("number", "twice", "once", "", 7)))
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "HARMLESS",
    "Aside",
    "Comparison",
    "Difference",
    "Finding",
    "Kind",
    "Relation",
    "Span",
    "Verdict",
    "Why",
]

Verdict = Literal["compared", "facts_only", "unrelated", "other_language", "empty"]
Relation = Literal[
    "same", "reworded", "changed", "missing", "added", "facts_same", "facts_changed", "not_compared"
]
Kind = Literal[
    "number",
    "date",
    "name",
    "negation",
    "modality",
    "word",
    "missing_part",
    "added_part",
    "wording",
    "cut",
]
Why = Literal["headline", "dateline", "furniture", "sign_off"]

HARMLESS = frozenset({"wording", "cut"})
"""The kinds that change nothing in what is said, or of which nobody can tell."""


class Span(msgspec.Struct, frozen=True):
    """A run of characters: code points `start` to `end` (exclusive) of its text, and what stands there."""

    start: int
    end: int
    text: str


class Difference(msgspec.Struct, frozen=True):
    """One difference within a passage: the words of the statement and those published; one may be empty.

    `word` is another word of which the vocabulary does not know that it means the same: a reader must judge.
    `wording` is known to mean the same. `note` is weaker or stronger, for modality. `passage` counts from 1.
    """

    kind: Kind
    ours: str
    published: str
    note: Literal["", "weaker", "stronger"] = ""
    passage: int = 0


class Finding(msgspec.Struct, frozen=True):
    """A passage of the statement (or several that the published text says in one) and what became of it.

    `ours` are offsets in the passages themselves, or in the first of two texts; `published` in the published text.
    `moved` tells that it stands in another order.
    """

    relation: Relation
    passages: tuple[int, ...]
    ours: tuple[Span, ...]
    published: tuple[Span, ...]
    moved: bool = False
    differences: tuple[Difference, ...] = ()


class Aside(msgspec.Struct, frozen=True):
    """A part of the published text that says nothing of its own: a headline, a line of links."""

    span: Span
    why: Why


class Comparison(msgspec.Struct, frozen=True):
    """The whole answer. Findings stand in the statement's order; what was added, where it was published.

    `detected` is the language that the published text seems to be in, or empty. `worded` is false where wording
    was not compared; then `through` names the languages of the statement that facts were compared with.
    """

    verdict: Verdict
    language: str
    detected: str
    worded: bool
    through: str = ""
    findings: tuple[Finding, ...] = ()
    aside: tuple[Aside, ...] = ()
    counts: dict[str, int] = {}
