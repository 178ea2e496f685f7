"""Which word of one text is which of the other, wherever they stand.

    "agreed to set up three centres"  /  "three centers will be established"   ->   three-three, centres-centers,
                                                                                 set up-established

Equal stems are paired first, then what the vocabulary knows as the same, then dates that agree and spellings that are
near: an ending that no stemmer took off, a slip of the pen.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from rapidfuzz import fuzz

from comity.chapters.statements.compare.facts import agree
from comity.chapters.statements.compare.tokens import Token

__all__ = ["paired"]

_FUZZY_LIMIT = 40_000
_WITH = re.compile("l[ıiuü]")  # üye, üyeli: a member, with members


def paired(ours: Sequence[Token], theirs: Sequence[Token]) -> dict[int, int]:
    """Which token of ours is which of theirs: place -> place."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(theirs)))
    _take(ours, theirs, pairs, free, slice(0, 1))
    _take(ours, theirs, pairs, free, slice(1, None))
    left = [place for place in range(len(ours)) if place not in pairs]
    if len(left) * len(free) <= _FUZZY_LIMIT:
        for place in left:
            near = next((other for other in free if _alike(ours[place], theirs[other])), None)
            if near is not None:
                pairs[place] = near
                del free[near]
    return pairs


def _take(
    ours: Sequence[Token], theirs: Sequence[Token], pairs: dict[int, int], free: dict[int, None], part: slice
) -> None:
    """Pair tokens that share one of that part of their ids: the first with the first, the second with the second."""
    rows: dict[str, deque[int]] = {}
    for place in free:
        for id_ in theirs[place].ids[part]:
            rows.setdefault(id_, deque()).append(place)
    for place, token in enumerate(ours):
        for id_ in token.ids[part] if place not in pairs else ():
            row = rows.get(id_, deque())
            while row and row[0] not in free:
                row.popleft()
            if row:
                pairs[place] = row.popleft()
                del free[pairs[place]]
                break


def _alike(one: Token, other: Token) -> bool:
    """Whether two tokens are near enough to be the same: a date left open, an ending, a slip of the pen."""
    if one.sort == other.sort == "date":
        return agree(one.key, other.key)
    sorts = {one.sort, other.sort}
    if sorts & {"date", "number"} or one.key.startswith("=") or other.key.startswith("="):
        return False
    short, long = sorted((one.form, other.form), key=len)
    if len(short) < 3 or " " in one.key or " " in other.key:
        return False
    ratio = fuzz.ratio(short, long)
    if sorts == {"name"}:
        return ratio >= 85 and len(short) >= 5
    if "\u0600" <= short[0] <= "\u06ff":
        stems = sorted((one.key, other.key), key=len)
        return len(stems[0]) >= 3 and (
            (stems[1].endswith(stems[0]) and len(stems[1]) - len(stems[0]) <= 2) or ratio >= 88
        )
    for bare, more in ((one, other), (other, one)):
        if (
            len(bare.key) >= 3
            and more.form.startswith(bare.key)
            and _WITH.fullmatch(more.form[len(bare.key) :])
        ):
            return True
    common = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return (common >= 4 and 100 * common >= 60 * len(short) and ratio >= 60) or (
        ratio >= 88 and len(short) >= 6
    )
