"""Merkle trees against the plainest program that says RFC 6962; the vectors of others are in `tests/vectors`.

Seen to fail: with `grow` taking the standing roots from the wrong end, with `prefix_proof` leaving out the old root, and
with the lengths of paths not looked at.
"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core import merkle
from comity.core.errors import Malformed
from comity.core.merkle import EMPTY, Edge

LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(300)]
SIZES = st.integers(0, 130)


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def plain_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*plain_path(m, leaves[:k]), plain_root(leaves[k:])]
    return [*plain_path(m - k, leaves[k:]), plain_root(leaves[:k])]


def plain_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962 section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [plain_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*plain_proof(m, leaves[:k], whole), plain_root(leaves[k:])]
    return [*plain_proof(m - k, leaves[k:], False), plain_root(leaves[:k])]


def read(level: int, index: int) -> bytes:
    return plain_root(LEAVES[index << level : (index + 1) << level])


@given(st.lists(st.integers(0, 20), max_size=12))
def test_a_tree_grows_alike_in_any_pieces(pieces: list[int]) -> None:
    """Whatever was appended at once, root and edge are those of the whole; and so are the kept nodes of each level."""
    edge, size = Edge(), 0
    kept: dict[int, list[bytes]] = {0: [], 1: [], 3: []}
    for piece in pieces:
        edge, nodes = merkle.grow(edge, LEAVES[size : size + piece], frozenset(kept))
        size += piece
        for level, new in nodes.items():
            kept[level] += new
    assert edge.size == size
    assert edge.root() == plain_root(LEAVES[:size])
    assert len(edge.roots) == size.bit_count()
    for level, found in kept.items():
        assert found == [read(level, n) for n in range(size >> level)]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962 section 2.1."""
    assert Edge().root() == EMPTY == hashlib.sha256().digest() == merkle.root_of([])


@given(st.data())
def test_an_inclusion_proof_is_the_standards_and_leads_to_the_root(data: st.DataObject) -> None:
    """For any leaf of any tree; and to that leaf at that place only."""
    size = data.draw(st.integers(1, 130))
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, read)
    assert path == plain_path(index, LEAVES[:size])
    root = plain_root(LEAVES[:size])
    assert merkle.root_from_inclusion(index, size, LEAVES[index], path) == root
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index) if size > 1 else st.just(index))
    if other != index:
        assert not leads(other, size, LEAVES[index], path, root)
        assert not leads(index, size, LEAVES[other], path, root)
    for wrong in ([*path, path[0]] if path else [EMPTY], path[:-1], path[1:]):
        if wrong != path:
            assert not leads(index, size, LEAVES[index], wrong, root)


def leads(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    try:
        return merkle.root_from_inclusion(index, size, leaf, path) == root
    except Malformed:
        return False


@settings(max_examples=300)
@given(SIZES, SIZES)
def test_a_consistency_proof_is_the_standards_and_gives_both_roots(one: int, two: int) -> None:
    """And the form that always begins in the old tree gives both roots from the path alone."""
    old, new = sorted((one, two))
    path = merkle.consistency_proof(old, new, read)
    if old:
        assert path == plain_proof(old, LEAVES[:new])
        roots = (plain_root(LEAVES[:old]), plain_root(LEAVES[:new]))
        if old < new:
            assert merkle.consistent_roots(old, new, roots[0], path) == roots
        assert merkle.prefix_roots(old, new, merkle.prefix_proof(old, new, read)) == roots
    else:
        assert path == []


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 59))
def test_the_path_of_a_forger_shows_its_own_old_root(old: int, more: int, common: int) -> None:
    """Who shows another history gives, with the true newer root, an old root that is not the one that was signed."""
    new = old + more
    common = min(common, old - 1)
    forged = [*LEAVES[:common], *(merkle.leaf_hash(b"f%d" % n) for n in range(new - common))]

    def other(level: int, index: int) -> bytes:
        return plain_root(forged[index << level : (index + 1) << level])

    earlier, later = merkle.prefix_roots(old, new, merkle.prefix_proof(old, new, other))
    assert later == plain_root(forged)
    assert earlier == plain_root(forged[:old]) != plain_root(LEAVES[:old])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (-1, 5), (6, 5)])
def test_sizes_that_prove_nothing_are_malformed(old: int, new: int) -> None:
    """From nothing, from less than nothing, backwards."""
    for path in ([], [EMPTY], [EMPTY] * 3):
        with pytest.raises(Malformed):
            merkle.consistent_roots(old, new, EMPTY, path)
        with pytest.raises(Malformed):
            merkle.prefix_roots(old, new, path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
def test_a_leaf_outside_the_tree_is_malformed(index: int, size: int) -> None:
    """Asked for, or claimed."""
    with pytest.raises(Malformed):
        merkle.inclusion_proof(index, size, read)
    with pytest.raises(Malformed):
        merkle.root_from_inclusion(index, size, EMPTY, [])


def test_hashes_of_another_length_and_endless_paths_are_malformed() -> None:
    """32 bytes each, at most 66 of them."""
    for path in ([b"x"], [b"x" * 33], [EMPTY] * 67):
        with pytest.raises(Malformed):
            merkle.root_from_inclusion(0, 2**60, EMPTY, path)
        with pytest.raises(Malformed):
            merkle.consistent_roots(3, 2**40, EMPTY, path)
    with pytest.raises(Malformed):
        merkle.root_from_inclusion(0, 2, b"short", [EMPTY])
