"""Fitting a page from a pouch to what its reader holds.

Whoever packs a pouch knows only what the last receipt said. Since then its reader may have opened another pouch, or
have heard of a newer head over the link, and a page must prove that its head extends *that* one. So the reader makes
this proof itself, out of the acts that travel and the path that came with them:

    the pouch proves  30 -> 50 and carries acts 30..49;  the reader's newest head is of size 40
    bridge(pages, 40, 50)  ->  the path 40 -> 50

Nothing is believed for it: `comity.core.log.examine` checks the path that comes out like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.core import merkle
from comity.core.errors import Refused
from comity.core.log import Page
from comity.core.merkle import Edge

__all__ = ["bridge"]


class _Range:
    """A complete subtree, or the whole rest of a tree: its root grows as the leaves in it come by."""

    def __init__(self, start: int, end: int, known: Sequence[tuple[int, int, bytes]]) -> None:
        self.start, self.end = start, end
        inside = [(a, b, root) for a, b, root in known if start <= a and b <= end]
        self.edge = Edge(sum(b - a for a, b, _ in inside), tuple(root for _, _, root in inside))

    def take(self, first: int, hashes: Sequence[bytes]) -> None:
        """Leaf hashes from number `first` on; those that are not next in this range are passed over."""
        at = self.start + self.edge.size
        fresh = hashes[at - first : max(0, self.end - first)] if at >= first else []
        if fresh:
            self.edge, _ = merkle.grow(self.edge, fresh)


def bridge(pages: Iterable[Page], old: int, new: int) -> list[bytes]:
    """The `prefix_proof` from `old` to `new` for pages of one log under one head of size `new`, in order.

    The first of them proves its head from a size of at most `old`, and together they carry all acts from there to
    `new`. Raises `Refused("page_gap")` where they do not.
    """
    ranges: list[_Range] = []
    log, since = "", 0
    for page in pages:
        if not log:
            log, since = page.log, page.since
            ranges = [_Range(start, end, _edge(page, new)) for start, end in _steps(old, new)]
        hashes = [merkle.leaf_hash(leaf) for leaf, _ in page.entries]
        for one in ranges:
            one.take(page.start, hashes)
    if not log or since > old or any(one.edge.size != one.end - one.start for one in ranges):
        raise Refused("page_gap", log=log, held=old, start=since)
    return [one.edge.root() for one in ranges]


def _edge(page: Page, new: int) -> list[tuple[int, int, bytes]]:
    """The edge of the tree that the page starts from, as its own proof gives it: (start, end, root), in order."""
    if not page.since:
        return []
    steps = _steps(page.since, new)
    if len(steps) != len(page.since_path):
        raise Refused("page_gap", log=page.log, held=page.since, start=page.since)
    named = [
        (start, end, root)
        for (start, end), root in zip(steps, page.since_path, strict=True)
        if end <= page.since
    ]
    return sorted(named)


def _steps(old: int, new: int) -> list[tuple[int, int]]:
    """Which leaves each hash of `merkle.prefix_proof(old, new)` is the root of (RFC 6962 section 2.1.2)."""
    steps: list[tuple[int, int]] = []
    start, end = 0, new
    while old != end:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= middle:
            steps.append((middle, end))
            end = middle
        else:
            steps.append((start, middle))
            start = middle
    return [(start, end), *reversed(steps)]
