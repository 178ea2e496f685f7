"""The published text divided: which stretch of it goes with which passages, and which stretches with none.

    Group(passages=(3, 4), stretches=(Stretch(sentence=7, first=0, last=6, start=310, end=352),))

Sentences that stand in both texts word for word are paired first, in order. Then each sentence is divided by
`match.Index`. A passage left without a counterpart joins a group that says all of it: it says the
same again.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from comity.chapters.statements.compare.match import Index, Part
from comity.chapters.statements.compare.texts import Passage, Text
from comity.chapters.statements.compare.tokens import Token
from comity.chapters.statements.compare.vocabulary import vocabulary
from comity.chapters.statements.compare.words import Word

__all__ = ["Division", "Group", "Stretch", "divide"]

_TURN = re.compile(r"[,;:،؛()–—]|\s-\s")
_NEAR = 24
_ALONE = 200  # per cent of its neighbour's weight from which an unmatched part of a sentence stands by itself


class Stretch(NamedTuple):
    """Tokens `first` to `last` (exclusive) of a published sentence, and its characters."""

    sentence: int
    first: int
    last: int
    start: int
    end: int


class Group(NamedTuple):
    """Passages (their places in the statement, from 0) and the stretches that say them; either may be empty."""

    passages: tuple[int, ...]
    stretches: tuple[Stretch, ...]


class Division(NamedTuple):
    """The groups, by first passage, then by place; and the weight that is shared, in all and at most in one part."""

    groups: list[Group]
    shared: int
    most: int
    whole: int


def divide(
    passages: Sequence[Passage], published: Text, language: str, repeats: int, *, led: bool = True
) -> Division:
    """`repeats`: how many per cent of a passage's weight a group must say for the passage to join it.

    `led`: a sentence without a weighing word goes with the one before it.
    """
    index = Index([passage.tokens for passage in passages])
    parts = _parts(passages, published, index, language)
    if led:
        _lead(parts, published)
    stretches: dict[int, list[Stretch]] = {}
    alone: list[Stretch] = []
    for row in parts:
        for part, stretch in zip(row, _places(row, published), strict=True):
            (alone if part.passage < 0 else stretches.setdefault(part.passage, [])).append(stretch)
    joined = _repeated(passages, stretches, published, index, repeats)
    groups = [
        Group(tuple(sorted((place, *joined.get(place, ())))), tuple(stretches[place]))
        for place in sorted(stretches)
    ]
    taken = {place for group in groups for place in group.passages}
    groups += [Group((place,), ()) for place in range(len(passages)) if place not in taken]
    groups += [Group((), (stretch,)) for stretch in alone]
    return Division(groups, *_shares(parts, published, index))


def _parts(passages: Sequence[Passage], published: Text, index: Index, language: str) -> list[list[Part]]:
    same = _word_for_word(passages, published)
    joiners = vocabulary(language).joiners
    out: list[list[Part]] = []
    expected = 0
    for number, tokens in enumerate(published.tokens):
        if number in same:
            row = [Part(same[number], number, 0, len(tokens))]
        elif tokens:
            row = index.parts(tokens, _turns(published, number, joiners), number, expected)
            row = _attached(row, [index.weight(token) for token in tokens])
        else:
            row = [Part(-1, number, 0, 0)]
        out.append(row)
        expected = next((part.passage + 1 for part in reversed(row) if part.passage >= 0), expected)
    return out


def _lead(rows: list[list[Part]], published: Text) -> None:
    """A sentence without a weighing word goes with the sentence before it."""
    for number in range(1, len(rows)):
        if not published.tokens[number] and rows[number][0].passage < 0:
            rows[number] = [rows[number][0]._replace(passage=rows[number - 1][-1].passage)]


def _word_for_word(passages: Sequence[Passage], published: Text) -> dict[int, int]:
    """Published sentence -> passage that has the same sentence: first with first, second with second."""
    free: dict[tuple[str, ...], deque[int]] = {}
    for place, passage in enumerate(passages):
        for number in passage.places:
            free.setdefault(_forms(passage.text.rows[number]), deque()).append(place)
    found = {}
    for number, row in enumerate(published.rows):
        if places := free.get(_forms(row)):
            found[number] = places.popleft()
    return found


def _forms(row: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.form for word in row)


def _turns(published: Text, number: int, joiners: frozenset[str]) -> list[int]:
    """Before which tokens of the sentence a comma or a bracket (2) or a joining word (1) stands."""
    tokens = published.tokens[number]
    words = published.rows[number]
    joining = [word.start for word in words if word.form in joiners]
    out = [2]
    for before, token in pairwise(tokens):
        between = published.text[before.end : token.start]
        joined = any(before.end <= start < token.start for start in joining) if between.strip() else False
        out.append(2 if _TURN.search(between) else int(joined))
    return out


def _attached(row: list[Part], weights: Sequence[int]) -> list[Part]:
    """Parts that match nothing go with their neighbour in the sentence, unless they are much heavier than it."""
    if all(part.passage < 0 for part in row):
        return [row[0]._replace(last=row[-1].last)]
    heavy = [sum(weights[part.first : part.last]) for part in row]
    out: list[Part] = []
    for at, part in enumerate(row):
        near = at - 1 if at and row[at - 1].passage >= 0 else at + 1
        if part.passage < 0 and near < len(row) and 100 * heavy[at] <= _ALONE * heavy[near]:
            part = part._replace(passage=row[near].passage)  # noqa: PLW2901 -- the same part, placed
        if out and out[-1].passage == part.passage:
            out[-1] = out[-1]._replace(last=part.last)
        else:
            out.append(part)
    return out


def _places(row: Sequence[Part], published: Text) -> list[Stretch]:
    """The characters of each part: a cut is made behind the last sign between two parts, or at the next word."""
    sentence = published.found[row[0].sentence]
    tokens = published.tokens[row[0].sentence]
    out = []
    start = sentence.start
    for at, part in enumerate(row):
        end = sentence.end
        if at + 1 < len(row):
            gap_start, gap_end = tokens[part.last - 1].end, tokens[part.last].start
            signs = list(_TURN.finditer(published.text, gap_start, gap_end))
            inner = [
                word.start for word in published.rows[row[0].sentence] if gap_start < word.start < gap_end
            ]
            end = signs[-1].end() if signs else (inner[0] if inner else gap_end)
        said = published.text[start:end]
        left = len(said) - len(said.lstrip())
        out.append(Stretch(part.sentence, part.first, part.last, start + left, start + len(said.rstrip())))
        start = end
    return out


def _repeated(
    passages: Sequence[Passage],
    stretches: dict[int, list[Stretch]],
    published: Text,
    index: Index,
    repeats: int,
) -> dict[int, list[int]]:
    """Group (its first passage) -> further passages that it says."""
    ids = {place: _ids(rows, published) for place, rows in stretches.items()}
    joined: dict[int, list[int]] = {}
    for place, passage in enumerate(passages):
        tokens = passage.tokens
        if place in stretches or not tokens:
            continue
        counted = Counter(other for token in tokens for other in index.near(token, place) if other in ids)
        near = [other for other, _ in counted.most_common(_NEAR)]
        scored = [(index.covered(place, tokens, ids[other]), -abs(other - place), -other) for other in near]
        best = max(scored, default=(0, 0, 0))
        if best[0] >= repeats and len(tokens) > 1:
            joined.setdefault(-best[2], []).append(place)
    return joined


def _ids(rows: Sequence[Stretch], published: Text) -> set[str]:
    return {
        id_
        for row in rows
        for token in published.tokens[row.sentence][row.first : row.last]
        for id_ in token.ids
    }


def _shares(rows: Sequence[Sequence[Part]], published: Text, index: Index) -> tuple[int, int, int]:
    shared, most, whole = 0, 0, 0
    for row in rows:
        for part in row:
            tokens: Sequence[Token] = published.tokens[part.sentence][part.first : part.last]
            weight = sum(map(index.weight, tokens))
            here = sum(
                index.weight(token)
                for token in tokens
                if part.passage >= 0 and index.has(part.passage, token)
            )
            shared, most, whole = shared + here, max(most, here), whole + weight
    return shared, most, whole
