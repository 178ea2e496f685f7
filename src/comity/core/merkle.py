"""RFC 6962 Merkle trees: growing one, proving in one, checking a proof from outside.

A tree grows at its `Edge`: the roots of the complete subtrees along its right side, smallest last
(RFC 6962 section 2.1). That is all that is needed to append, whatever the size:

    size 6 = 4 + 2  ->  edge (root of leaves 0..3, root of leaves 4..5)

Proofs are made from a `reader(level, index)`, which gives the root of the complete subtree of
2**level leaves that starts at leaf index * 2**level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from comity.core.errors import Malformed

__all__ = [
    "EMPTY",
    "Edge",
    "Reader",
    "consistency_proof",
    "consistent_roots",
    "grow",
    "inclusion_proof",
    "leaf_hash",
    "leaf_hashes",
    "node_hash",
    "prefix_proof",
    "prefix_roots",
    "root_from_inclusion",
    "root_of",
]

EMPTY = hashlib.sha256(b"").digest()
Reader = Callable[[int, int], bytes]
_sha256 = hashlib.sha256


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return _sha256(b"\0" + leaf).digest()


def leaf_hashes(leaves: Sequence[bytes]) -> list[bytes]:
    """The leaf hash of each."""
    return [_sha256(b"\0" + leaf).digest() for leaf in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return _sha256(b"\1" + left + right).digest()


class Edge(NamedTuple):
    """The right edge of a tree of `size` leaves: one root per 1-bit of the size, largest subtree first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The tree's root hash; of the empty tree, the hash of nothing."""
        if not self.roots:
            return EMPTY
        whole = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            whole = node_hash(left, whole)
        return whole


def grow(
    edge: Edge, leaves: Sequence[bytes], keep: frozenset[int] = frozenset()
) -> tuple[Edge, dict[int, list[bytes]]]:
    """The edge after appending leaf hashes, and the newly completed subtree roots of each level in `keep`.

    Works level by level over whole lists, so its cost is one hash a leaf and little else.
    """
    kept: dict[int, list[bytes]] = {}
    standing = list(edge.roots)
    new_roots: list[bytes] = []
    items, size, level = list(leaves), edge.size, 0
    total = edge.size + len(items)
    while items or size:
        if level in keep:
            kept[level] = items
        if size & 1:
            items = [standing.pop(), *items]
        if len(items) & 1:
            new_roots.append(items[-1])
        pairs = iter(items)
        items = [_sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        size >>= 1
        level += 1
        if not items and size:  # nothing reaches this level any more: what stands above stays
            new_roots.extend(reversed(standing))
            break
    return Edge(total, tuple(reversed(new_roots))), kept


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return grow(Edge(), leaves)[0].root()


def _range_root(start: int, end: int, read: Reader) -> bytes:
    """Root of the leaves [start, end), where start is aligned to a power of two that is at least end - start."""
    width = end - start
    level = (width - 1).bit_length()
    if width == 1 << level:
        return read(level, start >> level)
    middle = start + (1 << (level - 1))
    return node_hash(read(level - 1, start >> (level - 1)), _range_root(middle, end, read))


def inclusion_proof(index: int, size: int, read: Reader) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1)."""
    if not 0 <= index < size:
        raise Malformed("inclusion proof", f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            path.append(_range_root(middle, end, read))
            end = middle
        else:
            path.append(_range_root(start, middle, read))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: Reader) -> list[bytes]:
    """The proof that the tree of `old` leaves is a prefix of that of `new` (RFC 6962 section 2.1.2)."""
    if not 0 <= old <= new:
        raise Malformed("consistency proof", f"from {old} to {new} leaves: sizes must not shrink")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= middle:
            path.append(_range_root(middle, end, read))
            end = middle
        else:
            path.append(_range_root(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(_range_root(start, end, read))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to from a leaf hash (RFC 9162 section 2.1.3.2). Raises `Malformed`.

    The caller compares it with a signed root; a path that is too long, too short or for another size is refused.
    """
    if not 0 <= index < size:
        raise Malformed("inclusion proof", f"leaf {index} is not in a tree of {size}")
    _check_hashes("inclusion proof", [leaf, *path])
    whole, at, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            raise Malformed("inclusion proof", "is too long")
        if at & 1 or at == last:
            whole = node_hash(sibling, whole)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            whole = node_hash(whole, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Malformed("inclusion proof", "is too short")
    return whole


def consistent_roots(old: int, new: int, old_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency proof leads to (RFC 9162 section 2.1.4.2). Raises `Malformed`.

    `old_root` starts the path where RFC 6962 leaves the first hash out (`old` a power of two). The caller
    compares both roots with signed ones. If the new root is right and the old one is not, the signer of both
    has shown two histories, and this path is the evidence.
    """
    if not 0 < old <= new:
        raise Malformed("consistency proof", f"from {old} to {new} leaves proves nothing")
    if old == new:
        if path:
            raise Malformed("consistency proof", "between equal sizes must be empty")
        return old_root, old_root
    _check_hashes("consistency proof", [old_root, *path])
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not path:
        raise Malformed("consistency proof", "is empty")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Malformed("consistency proof", "is too long")
        if at & 1 or at == last:
            earlier, later = node_hash(step, earlier), node_hash(step, later)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            later = node_hash(later, step)
        at, last = at >> 1, last >> 1
    if last:
        raise Malformed("consistency proof", "is too short")
    return earlier, later


def prefix_proof(old: int, new: int, read: Reader) -> list[bytes]:
    """A consistency proof that always begins with a node of the old tree, also where RFC 6962 leaves it out.

    So that the old root follows from the path alone, and a signer who shows another history proves it.
    """
    path = consistency_proof(old, new, read)
    if (old and old & (old - 1) == 0) or old == new > 0:
        path.insert(0, _range_root(0, old, read))
    return path


def prefix_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root that a `prefix_proof` leads to. Raises `Malformed`."""
    if not path:
        raise Malformed("consistency proof", "is empty")
    if old & (old - 1) == 0 or old == new:
        return consistent_roots(old, new, path[0], path[1:])
    return consistent_roots(old, new, EMPTY, path)


def _check_hashes(thing: str, hashes: Sequence[bytes]) -> None:
    if len(hashes) > 66 or any(len(h) != 32 for h in hashes):
        raise Malformed(thing, "is not a short list of 32-byte hashes")
