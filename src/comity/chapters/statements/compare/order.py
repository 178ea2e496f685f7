"""What stands in another order: as little as possible is said to have moved.

    moved([(0, 50), (1, 40), (2, 60), (3, 10)], ...)

Of all that corresponds, the heaviest selection that stands in the same order on both sides has stayed; the rest moved.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["moved"]


def moved(places: Sequence[int], weights: Sequence[int]) -> set[int]:
    """The entries (their positions in the statement's order) that left it: `places` is where each is published.

    moved([0, 30, 10, 20], [5, 5, 5, 5])  ->  {1}
    """
    ranks = {place: rank for rank, place in enumerate(sorted(set(places)), 1)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)  # a Fenwick tree of (weight, last entry)
    before: list[int] = []
    for entry, place in enumerate(places):
        rank = ranks[place]
        weight, last = max((best[at] for at in _below(rank)), default=(0, -1))
        before.append(last)
        for at in _above(rank, len(best)):
            best[at] = max(best[at], (weight + weights[entry], entry))
    _, here = max((best[at] for at in _below(len(ranks))), default=(0, -1))
    stayed: set[int] = set()
    while here >= 0:
        stayed.add(here)
        here = before[here]
    return set(range(len(places))) - stayed


def _below(rank: int) -> list[int]:
    out = []
    while rank > 0:
        out.append(rank)
        rank -= rank & -rank
    return out


def _above(rank: int, size: int) -> list[int]:
    out = []
    while rank < size:
        out.append(rank)
        rank += rank & -rank
    return out
