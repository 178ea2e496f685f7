"""A published text held against a statement that has no text in its language: by numbers, days and names only.

    "Merkezde 24 görevli çalışacaktır."  against  "The centre will be staffed by 26 officers."  ->  number 26 / 24

Names of places are known in three languages (`lexicon/names.txt`); others are the same where they are spelled the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from comity.chapters.statements.compare.shapes import Difference, Finding, Relation
from comity.chapters.statements.compare.texts import Text
from comity.chapters.statements.compare.tokens import Token

__all__ = ["facts_of", "told"]

_SORTS = {"number", "date", "name"}


def facts_of(mine: Sequence[Text], theirs: Text) -> tuple[list[Text], Text]:
    """The texts with nothing but their facts: names are those that are known, or that both have."""
    texts = [_facts(text) for text in (*mine, theirs)]
    both = _names(texts[:-1]) & _names(texts[-1:])
    kept = [
        text._replace(
            tokens=[
                [one for one in row if one.sort != "name" or one.key in both or one.key[0] == "="]
                for row in text.tokens
            ]
        )
        for text in texts
    ]
    return kept[:-1], kept[-1]


def _facts(text: Text) -> Text:
    return text._replace(
        tokens=[[_fact(token) for token in row if token.sort in _SORTS] for row in text.tokens]
    )


def _names(texts: Sequence[Text]) -> set[str]:
    return {one.key for text in texts for row in text.tokens for one in row if one.sort == "name"}


def told(found: Sequence[Finding]) -> list[Finding]:
    """Findings about facts alone: what has no counterpart was not compared."""
    return [_told(row) for row in found]


def _fact(token: Token) -> Token:
    """A name by its letters without marks, whatever the language; no mood, for that is wording."""
    key = token.key
    if token.sort == "name" and not key.startswith("="):
        folded = unicodedata.normalize("NFD", token.form.replace("ı", "i"))
        key = "".join(char for char in folded if unicodedata.category(char) != "Mn").partition("'")[0]
    return token._replace(ids=(key,), level=-1, negated=False)


def _told(row: Finding) -> Finding:
    kept = tuple(one for difference in row.differences if (one := _renamed(difference)))
    relation: Relation = "not_compared"
    if row.passages and row.published:
        relation = "facts_changed" if kept else "facts_same"
    return Finding(relation, row.passages, row.ours, row.published, differences=kept)


def _renamed(difference: Difference) -> Difference | None:
    """A part that is missing or added holds facts and nothing else here: it is told by what it is."""
    if difference.kind in _SORTS:
        return difference
    if difference.kind == "cut":
        return None
    said = difference.ours or difference.published
    kind = "number" if any(char.isdigit() for char in said) else "name"
    return Difference(kind, difference.ours, difference.published, "", difference.passage)  # type: ignore[arg-type]
