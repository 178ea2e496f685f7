"""What is different between a passage and what was published of it: facts, names, denial, obligation, parts.

    ours:       "Each committee shall meet at least twice a year and report in writing within thirty days."
    published:  "Committees may meet at least once a year and report within 30 days."
    ->  modality shall / may (weaker), number twice / once, missing_part "in writing"

Words are first paired wherever they stand: equal stems, dates that agree, words that the vocabulary knows as the same,
then spellings that are near. What is left over stands in runs; a run that stands where the other text has one is
replaced by it, and one that has no counterpart is a part missing or added. Words without weight are looked through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from comity.chapters.statements.compare.order import moved
from comity.chapters.statements.compare.pairing import paired
from comity.chapters.statements.compare.shapes import Difference, Kind
from comity.chapters.statements.compare.tokens import Token

__all__ = ["Side", "differences"]

_WEAK = range(1, 4)
_GAP = 3
_PART = 3  # so many words more on one side, and it is a part and no longer another word


class Side(NamedTuple):
    """One side of a comparison: its text, its tokens with weight in order, and whether it breaks off at the end.

    `elsewhere` are the ids of all that is said anywhere in its text.
    """

    text: str
    tokens: Sequence[Token]
    cut: bool = False
    elsewhere: frozenset[str] = frozenset()

    def said(self, tokens: Sequence[Token]) -> str:
        """The text from the first of these tokens to the last."""
        return self.text[tokens[0].start : tokens[-1].end] if tokens else ""

    def mood(self, token: Token) -> str:
        """The text of a token together with the word that denies it."""
        start, end = token.reach if token.reach[0] >= 0 else (token.start, token.end)
        return self.text[min(start, token.start) : max(end, token.end)]


class _Run(NamedTuple):
    tokens: list[Token]
    left: int  # the place of the matched token before it, -1 at the beginning
    right: int  # and behind it; -2 at the end


class _Found(NamedTuple):
    place: int
    difference: Difference


def differences(ours: Side, theirs: Side, passage: int, *, free: bool = False) -> list[Difference]:
    """Every difference, in the order of the statement; harmless ones among them.

    `free`: the texts were written apart from each other. Then, as wherever little is shared, what the other text
    says elsewhere is not missing, and another way of telling is not another word.
    """
    pairs = paired(ours.tokens, theirs.tokens)
    back = {other: place for place, other in pairs.items()}
    found = list(_wordings(ours, theirs, pairs))
    mine, cut_mine = _left_over(ours, theirs, pairs, set(back))
    yours, cut_yours = _left_over(theirs, ours, back, set(pairs))
    if cut_mine or cut_yours:
        found.append(_Found(len(ours.tokens), Difference("cut", ours.said(cut_mine), theirs.said(cut_yours))))
    loose = _loose(ours, theirs, pairs)
    if loose or free:
        mine, yours = _unsaid(mine, theirs.elsewhere), _unsaid(yours, ours.elsewhere)
    swallowed: set[int] = set()
    whole = _clauses(ours) == _clauses(theirs) > 0  # no clause is gone, so what denies is not gone with one
    couples = _couples(mine, yours, pairs)
    if loose or free:
        couples = [(run, other) for run, other in couples if _in_place(run, other, pairs)]
    for run, other in couples:
        found.extend(_replaced(ours, theirs, run, other, swallowed))
    gone = {id(run) for run, _ in couples} | {id(other) for _, other in couples}
    wide = loose or free
    for run in _bridged([run for run in mine if id(run) not in gone], ours, pairs, wide=wide):
        found.extend(_part(ours, "missing_part", run, run.left, swallowed, whole=whole))
    for run in _bridged([run for run in yours if id(run) not in gone], theirs, back, wide=wide):
        found.extend(_part(theirs, "added_part", run, back.get(run.left, -1), swallowed, whole=whole))
    left = _unswallowed(mine, swallowed), _unswallowed(yours, swallowed)
    found.extend(_denials(ours, theirs, pairs, *left))
    found.extend(_moods(ours, theirs, pairs, *left))
    found.sort(key=lambda row: row.place)
    return [_numbered(row.difference, passage) for row in found]


def _numbered(difference: Difference, passage: int) -> Difference:
    return Difference(difference.kind, difference.ours, difference.published, difference.note, passage)


def _wordings(ours: Side, theirs: Side, pairs: dict[int, int]) -> list[_Found]:
    """Pairs that the vocabulary knows as the same, under different stems."""
    found = []
    for place, other in sorted(pairs.items()):
        mine, yours = ours.tokens[place], theirs.tokens[other]
        shared = set(mine.ids[1:]) & set(yours.ids[1:])
        if mine.key != yours.key and shared:
            found.append(_Found(place, Difference("wording", ours.said([mine]), theirs.said([yours]))))
    return found


def _left_over(
    side: Side, other: Side, pairs: dict[int, int], taken: set[int]
) -> tuple[list[_Run], list[Token]]:
    """The runs of tokens without a partner, and those that the other text may have had behind its break."""
    del taken
    tokens = side.tokens
    echoes = _echoes(side, other, pairs) | _inner(side, other, pairs)
    last = max((place for place in pairs), default=-1)
    behind = (
        [token for place, token in enumerate(tokens) if place > last and place not in echoes]
        if other.cut
        else []
    )
    runs: list[_Run] = []
    here: list[Token] = []
    left = -1
    for place, token in enumerate(tokens):
        matched = place in pairs or place in echoes
        if here and (matched or token.sentence != here[-1].sentence or (other.cut and place > last)):
            runs.append(_Run(here, left, place if place in pairs else -3))
            here = []
        if matched:
            left = place
        elif not (other.cut and place > last):
            here.append(token)
    if here:
        runs.append(_Run(here, left, -2))
    return runs, [token for token in behind if token.sort not in {"light", "modal"}]


def _echoes(side: Side, other: Side, pairs: dict[int, int]) -> set[int]:
    """Tokens that repeat, in another sentence, what has its partner already."""
    matched: dict[str, set[int]] = {}
    for place, yours in pairs.items():
        for id_ in (*side.tokens[place].ids, *other.tokens[yours].ids):
            matched.setdefault(id_, set()).add(side.tokens[place].sentence)
    return {
        place
        for place, token in enumerate(side.tokens)
        if place not in pairs
        and any(
            matched.get(id_, set()) - {token.sentence} and token.sentence not in matched[id_]
            for id_ in token.ids
            if id_ in matched
        )
    }


def _loose(ours: Side, theirs: Side, pairs: dict[int, int]) -> bool:
    """Whether less than half of the weighing words are shared: the passage is told freely."""
    heavy = [sum(token.sort not in {"light", "modal"} for token in side.tokens) for side in (ours, theirs)]
    both = sum(ours.tokens[place].sort not in {"light", "modal"} for place in pairs)
    return 4 * both < sum(heavy)


def _unsaid(runs: list[_Run], elsewhere: frozenset[str]) -> list[_Run]:
    """The runs of which the other text does not say all elsewhere, without names that it has elsewhere."""
    out = []
    for run in runs:
        said = [any(id_ in elsewhere for id_ in token.ids) for token in run.tokens]
        kept = [
            token for token, known in zip(run.tokens, said, strict=True) if not known or token.sort == "word"
        ]
        if not all(said) and kept:
            out.append(run._replace(tokens=kept))
    return out


def _in_place(run: _Run, other: _Run, pairs: dict[int, int]) -> bool:
    """Whether two runs stand between the same words, or facts of one sort stand in both."""
    typed = any(_has(run, sort) and _has(other, sort) for sort in ("date", "number", "name"))
    return typed or (
        run.left >= 0 <= run.right
        and pairs.get(run.left) == other.left
        and pairs.get(run.right) == other.right
    )


def _inner(side: Side, other: Side, pairs: dict[int, int]) -> set[int]:
    """Tokens that the other side says as part of a phrase, and phrases whose words it says one by one."""
    inside = {stem for token in other.tokens for stem in token.inner}
    single = {token.key for token in other.tokens}
    return {
        place
        for place, token in enumerate(side.tokens)
        if place not in pairs
        and (token.key in inside or (token.inner and all(stem in single for stem in token.inner)))
    }


def _couples(mine: list[_Run], yours: list[_Run], pairs: dict[int, int]) -> list[tuple[_Run, _Run]]:
    """Runs that stand in each other's place, the surest first."""
    by_left = {run.left: run for run in yours}
    by_right = {run.right: run for run in yours}
    scored: list[tuple[int, int, int]] = []
    places = {id(run): place for place, run in enumerate(yours)}
    for place, run in enumerate(mine):
        near = [by_left.get(pairs.get(run.left, run.left)), by_right.get(pairs.get(run.right, run.right))]
        others = yours if len(mine) * len(yours) <= 10_000 else [other for other in near if other]
        for other in others:
            score = _fit(run, other, pairs)
            if score >= 2:
                scored.append((-score, place, places[id(other)]))
    out: list[tuple[_Run, _Run]] = []
    used: set[tuple[str, int]] = set()
    for _, place, other_place in sorted(scored):
        if ("m", place) not in used and ("y", other_place) not in used:
            used |= {("m", place), ("y", other_place)}
            out.append((mine[place], yours[other_place]))
    return out


def _fit(run: _Run, other: _Run, pairs: dict[int, int]) -> int:
    score = 2 * (run.left >= 0 and pairs.get(run.left) == other.left) + 2 * (
        run.right >= 0 and pairs.get(run.right) == other.right
    )
    score += (run.left == other.left == -1) + (run.right == other.right == -2)
    for sort, worth in (("date", 3), ("number", 3), ("name", 2), ("unit", 1)):
        score += worth * (_has(run, sort) and _has(other, sort))
    return score


def _has(run: _Run, sort: str) -> bool:
    return any(token.sort == sort for token in run.tokens)


def _replaced(ours: Side, theirs: Side, run: _Run, other: _Run, swallowed: set[int]) -> list[_Found]:
    """What one run and the one in its place come to."""
    mine = [token for token in run.tokens if token.sort not in {"light", "modal"}]
    yours = [token for token in other.tokens if token.sort not in {"light", "modal"}]
    found: list[_Found] = []
    for kind, sorts, both in (
        ("date", {"date"}, True),
        ("number", {"number", "unit"}, False),
        ("name", {"name"}, True),
    ):
        a, b = ([token for token in side if token.sort in sorts] for side in (mine, yours))
        counts = any(token.sort == "number" for token in (*a, *b))
        if a and b and (both or counts):
            found.append(_Found(run.left, Difference(kind, ours.said(a), theirs.said(b))))  # type: ignore[arg-type]
            mine = [token for token in mine if token.sort not in sorts]
            yours = [token for token in yours if token.sort not in sorts]
    if mine and yours and abs(len(mine) - len(yours)) < _PART:
        named = any(token.sort == "name" for token in (*mine, *yours))
        kind_: Kind = "name" if named else "word"
        found.append(_Found(run.left, Difference(kind_, ours.said(mine), theirs.said(yours))))
    elif mine or yours:
        part: Kind = "missing_part" if len(mine) > len(yours) else "added_part"
        found.append(_Found(run.left, Difference(part, ours.said(mine), theirs.said(yours))))
        if max(len(mine), len(yours)) > _PART:
            swallowed.update(id(token) for token in (run.tokens if part == "missing_part" else other.tokens))
    return found


def _bridged(runs: list[_Run], side: Side, pairs: dict[int, int], *, wide: bool) -> list[_Run]:
    """Runs put together where only words stand between them that have their counterparts elsewhere: one part."""
    places = {id(token): place for place, token in enumerate(side.tokens)}
    order = sorted(pairs)
    strays = {order[at] for at in moved([pairs[place] for place in order], [1] * len(order))}
    out: list[_Run] = []
    for run in runs:
        if out and out[-1].tokens[-1].sentence == run.tokens[0].sentence:
            gap = range(places[id(out[-1].tokens[-1])] + 1, places[id(run.tokens[0])])
            firm = [place for place in gap if place in pairs and place not in strays]
            if len(gap) <= _GAP and len(firm) <= (1 if wide else 0):
                out[-1] = _Run([*out[-1].tokens, *run.tokens], out[-1].left, run.right)
                continue
        out.append(run)
    return out


def _clauses(side: Side) -> int:
    """How many words bind: as many clauses say what will, shall or may be done."""
    return sum(token.level >= 0 for token in side.tokens)


def _part(side: Side, kind: Kind, run: _Run, place: int, swallowed: set[int], *, whole: bool) -> list[_Found]:
    said = [token for token in run.tokens if token.sort not in {"light", "modal"}]
    if all(token.sort == "unit" for token in said):
        return []
    denies = whole and any(token.negated for token in said)
    if denies and len(said) < _PART:
        return []  # the verb of the clause in other words: what it denies is told as that
    if len(said) > 1:
        swallowed.update(id(token) for token in run.tokens if not (denies and token.negated))
    text = side.said([token for token in run.tokens if token.sort != "light"])
    return [_Found(place, Difference(kind, *((text, "") if kind == "missing_part" else ("", text))))]


def _unswallowed(runs: list[_Run], swallowed: set[int]) -> list[Token]:
    """Tokens without a partner that no missing or added part has told of yet."""
    return [token for run in runs for token in run.tokens if id(token) not in swallowed]


def _denials(
    ours: Side, theirs: Side, pairs: dict[int, int], mine: list[Token], yours: list[Token]
) -> list[_Found]:
    found = []
    for place, other in sorted(pairs.items()):
        a, b = ours.tokens[place], theirs.tokens[other]
        if a.negated != b.negated:
            found.append(_Found(place, Difference("negation", ours.mood(a), theirs.mood(b))))
    a_left = [token for token in mine if token.negated]
    b_left = [token for token in yours if token.negated]
    rest = [Difference("negation", ours.mood(token), "") for token in a_left[len(b_left) :]]
    rest += [Difference("negation", "", theirs.mood(token)) for token in b_left[len(a_left) :]]
    return found + [_Found(len(ours.tokens), one) for one in rest]


def _moods(
    ours: Side, theirs: Side, pairs: dict[int, int], mine: list[Token], yours: list[Token]
) -> list[_Found]:
    """Where one side binds more than the other."""
    found = []
    for place, other in sorted(pairs.items()):
        a, b = ours.tokens[place], theirs.tokens[other]
        if _other_sense(a, b):
            continue
        if a.level != b.level and (a.level in _WEAK or b.level in _WEAK or min(a.level, b.level) == 0):
            found.append(_Found(place, _modality(ours.mood(a), theirs.mood(b), a.level, b.level)))
    both = Counter(token.level for token in mine) & Counter(token.level for token in yours)
    left, free = _above_all(mine, both), _above_all(yours, both)
    for a, b in zip(left, free, strict=False):
        found.append(_Found(len(ours.tokens), _modality(ours.mood(a), theirs.mood(b), a.level, b.level)))
    weak = [_modality(ours.mood(one), "", one.level, 5) for one in left[len(free) :] if one.level in _WEAK]
    weak += [_modality("", theirs.mood(one), 5, one.level) for one in free[len(left) :] if one.level in _WEAK]
    return found + [_Found(len(ours.tokens), one) for one in weak]


def _other_sense(one: Token, other: Token) -> bool:
    """Whether a word that can bind (to discuss) stands for one that means the same without (to meet)."""
    binds = any(id_.startswith("!") for id_ in (*one.ids, *other.ids))
    return (
        one.key != other.key and binds and any(id_.startswith("~") for id_ in set(one.ids) & set(other.ids))
    )


def _above_all(tokens: list[Token], both: Counter[int]) -> list[Token]:
    """The tokens that bind, without as many of each level as the other side has."""
    rest, out = both.copy(), []
    for token in tokens:
        if rest[token.level] > 0:
            rest[token.level] -= 1
        elif token.level >= 0:
            out.append(token)
    return out


def _modality(mine: str, yours: str, level: int, other: int) -> Difference:
    level, other = (5 if value < 0 else value for value in (level, other))
    return Difference("modality", mine, yours, "weaker" if other < level else "stronger")
