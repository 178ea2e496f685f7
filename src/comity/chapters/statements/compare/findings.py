"""What is found of each group: the same, reworded, changed, missing or added, and in what.

Group((6,), (a stretch,))  ->  Finding("changed", (7,), ours, published, moved=False, differences=(...))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from comity.chapters.statements.compare.assign import Group, Stretch
from comity.chapters.statements.compare.difference import Side, differences
from comity.chapters.statements.compare.order import moved
from comity.chapters.statements.compare.shapes import HARMLESS, Aside, Difference, Finding, Relation, Span
from comity.chapters.statements.compare.texts import Passage, Text
from comity.chapters.statements.compare.tokens import Token

__all__ = ["counts", "findings"]


class _Judge(NamedTuple):
    """What every finding is judged by: both texts, and the ids of all that each says anywhere."""

    passages: Sequence[Passage]
    published: Text
    said: frozenset[str]
    told: frozenset[str]
    free: bool


def findings(
    passages: Sequence[Passage], published: Text, groups: Sequence[Group], *, free: bool = False
) -> tuple[list[Finding], list[Aside]]:
    """The findings in the statement's order, what was added where it was published; and the headline, if it is one.

    `free`: two texts that were written apart from each other.
    """
    said = frozenset(id_ for passage in passages for token in passage.tokens for id_ in token.ids)
    told = frozenset(id_ for row in published.tokens for token in row for id_ in token.ids)
    judge = _Judge(passages, published, said, told, free)
    rows = [(group, _finding(judge, group)) for group in groups]
    aside = [Aside(row.published[0], "headline") for group, row in rows if _headline(group, published)]
    rows = [
        (group, row) for group, row in rows if not _headline(group, published) and not _title(group, passages)
    ]
    away = _moved(passages, published, rows)
    out = [
        Finding(row.relation, row.passages, row.ours, row.published, at in away, row.differences)
        for at, (_, row) in enumerate(rows)
    ]
    return _ordered(out), aside


def counts(found: Sequence[Finding]) -> dict[str, int]:
    """How many findings of each relation, how many moved, how many break off."""
    out = Counter(str(row.relation) for row in found)
    out["moved"] = sum(row.moved for row in found)
    out["cut"] = sum(any(one.kind == "cut" for one in row.differences) for row in found)
    return {name: number for name, number in sorted(out.items()) if number}


def _headline(group: Group, published: Text) -> bool:
    return not group.passages and published.found[group.stretches[0].sentence].first


def _title(group: Group, passages: Sequence[Passage]) -> bool:
    """A headline of the first of two texts that the other does not have."""
    return not group.stretches and any(
        passages[place].text.found[passages[place].places[0]].first for place in group.passages
    )


def _finding(judge: _Judge, group: Group) -> Finding:
    passages, published = judge.passages, judge.published
    mine = [passages[place] for place in group.passages]
    spans = tuple(Span(row.start, row.end, published.text[row.start : row.end]) for row in group.stretches)
    ours = tuple(span for passage in mine for span in passage.spans)
    numbers = tuple(passage.number for passage in mine)
    if not spans or not ours:
        return Finding("missing" if ours else "added", numbers, ours, spans)
    if _forms(published, group.stretches) == [form for passage in mine for form in passage.forms]:
        return Finding("same", numbers, ours, spans)
    found = tuple(_differences(judge, mine, group.stretches))
    relation: Relation = "changed" if any(one.kind not in HARMLESS for one in found) else "reworded"
    return Finding(relation, numbers, ours, spans, differences=found)


def _differences(judge: _Judge, mine: Sequence[Passage], stretches: Sequence[Stretch]) -> list[Difference]:
    published = judge.published
    text, tokens = _joined(mine)
    titled = [row for row in stretches if judge.free or not published.found[row.sentence].first]
    theirs = [
        token for row in titled or stretches for token in published.tokens[row.sentence][row.first : row.last]
    ]
    cut = published.found[stretches[-1].sentence].cut
    ours = Side(text, tokens, mine[-1].cut, judge.said)
    return differences(ours, Side(published.text, theirs, cut, judge.told), mine[0].number, free=judge.free)


def _joined(mine: Sequence[Passage]) -> tuple[str, list[Token]]:
    """The passages' tokens with offsets in one text, and sentences numbered through."""
    if all(passage.text is mine[0].text for passage in mine):
        return mine[0].text.text, [token for passage in mine for token in passage.tokens]
    text, tokens, sentence = "", [], 0
    for passage in mine:
        shift = len(text)
        tokens += [
            token._replace(
                start=token.start + shift,
                end=token.end + shift,
                sentence=token.sentence + sentence,
                reach=tuple(at + shift if at >= 0 else at for at in token.reach),  # type: ignore[arg-type]
            )
            for token in passage.tokens
        ]
        text, sentence = text + passage.text.text + "\n", sentence + len(passage.text.found)
    return text, tokens


def _forms(published: Text, stretches: Sequence[Stretch]) -> list[str]:
    return [
        word.form
        for row in stretches
        for word in published.rows[row.sentence]
        if row.start <= word.start < row.end
    ]


def _moved(passages: Sequence[Passage], published: Text, rows: Sequence[tuple[Group, Finding]]) -> set[int]:
    """Which findings stand in another order; the same list number on both sides keeps a passage in its place."""
    both = [at for at, (_, row) in enumerate(rows) if row.ours and row.published]
    places = [rows[at][1].published[0].start for at in both]
    weights = [sum(span.end - span.start for span in rows[at][1].published) for at in both]
    away = {both[at] for at in moved(places, weights)}
    return {at for at in away if not _same_label(passages, published, rows[at][0])}


def _same_label(passages: Sequence[Passage], published: Text, group: Group) -> bool:
    label = passages[group.passages[0]].label
    return bool(label) and label == published.found[group.stretches[0].sentence].label


def _ordered(rows: Sequence[Finding]) -> list[Finding]:
    """By passage; what was added comes behind what was published before it."""
    mine = sorted((row for row in rows if row.passages), key=lambda row: row.passages[0])
    added = sorted((row for row in rows if not row.passages), key=lambda row: row.published[0].start)
    ends = [max((span.start for span in row.published), default=-1) for row in mine]
    behind: dict[int, list[Finding]] = {}
    order = sorted((end, at) for at, end in enumerate(ends) if end >= 0)
    here = -1
    place = 0
    for row in added:
        while place < len(order) and order[place][0] < row.published[0].start:
            here = order[place][1]
            place += 1
        behind.setdefault(here, []).append(row)
    return [*behind.get(-1, ()), *(row for at, one in enumerate(mine) for row in (one, *behind.get(at, ())))]
