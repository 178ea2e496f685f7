"""What this node holds of one log: its size, its Merkle edge, its newest signed head, how far it is ready.

Derived from the store when a mechanism is opened or another process has written, and kept up to date after that.
An act is *ready* when everything that its author had seen is here too; folds only read ready acts, so what they show
never depends on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.core import merkle
from comity.core.act import Cut, Ref
from comity.core.checkpoint import Note, parse_note
from comity.core.entry import parse_leaf
from comity.core.log import LEVELS, Held
from comity.core.merkle import Edge
from comity.storage.port import BLOCK, Store, StoredNote, entry_at

__all__ = ["Holding", "Tree"]

_HEIGHTS = frozenset(range(9))
_BLOCKS = 8  # kept of each log: 50 KB each


class Holding:
    """One log in the store. Mutated only inside a transaction; thrown away and read anew when one fails."""

    def __init__(self, store: Store, party: str) -> None:
        self.party, self._store, self.tree = party, store, Tree(store, party)
        self.size = store.size(party)
        self._tail: list[bytes] = []
        self.edge = self._read_edge()
        self.last_leaf = entry_at(store, Ref(party, self.size - 1)).leaf if self.size else b""
        self.seen: Cut = parse_leaf(self.last_leaf).seen if self.size else {}
        stored = store.newest_note(party)
        self.head: Note | None = parse_note(stored.note) if stored else None
        self.ready = 0

    def _read_edge(self) -> Edge:
        """The edge from stored nodes, and from the bytes of the leaves after the last whole block."""
        roots: list[bytes] = []
        start = 0
        for level in sorted(LEVELS, reverse=True)[:-1]:
            count = (self.size >> level) - (start >> level)
            nodes = self._store.nodes(self.party, level, start >> level, (start >> level) + count)
            hashes = [nodes[at : at + 32] for at in range(0, len(nodes), 32)]
            # At most 255 of them: their own edge is the next part of the whole one.
            roots += merkle.grow(Edge(), hashes)[0].roots
            start += count << level
        entries = self._store.entries(self.party, start, self.size)
        self._tail = [merkle.leaf_hash(entry.leaf) for entry in entries]
        return Edge(self.size, (*roots, *merkle.grow(Edge(), self._tail)[0].roots))

    def held(self) -> Held:
        """What `comity.core.log.examine` needs to know."""
        return Held(self.edge, self.head, self.seen, lambda: (self.tree.edge(self.size - 1), self.last_leaf))

    def grow(self, hashes: list[bytes]) -> None:
        """Append leaf hashes."""
        self.adopt(*merkle.grow(self.edge, hashes, LEVELS))

    def adopt(self, edge: Edge, nodes: Mapping[int, Sequence[bytes]]) -> None:
        """Move the edge, and put the nodes that became complete; `nodes[0]` are the new leaf hashes."""
        for level in sorted(LEVELS - {0}):
            if nodes.get(level):
                self._store.put_nodes(self.party, level, self.size >> level, nodes[level])
        first = self.size - len(self._tail)
        tail = [*self._tail, *nodes.get(0, ())]
        whole = len(tail) - len(tail) % BLOCK
        if whole:
            self._store.put_nodes(self.party, 0, first, tail[:whole])
        self._tail = tail[whole:]
        self.edge, self.size = edge, edge.size

    def put_head(self, note: Note) -> None:
        """Keep a signed head of this log; it is the newest unless one that we hold already only gained signatures."""
        known = [
            parse_note(stored.note).checkpoint
            for stored in self._store.notes(self.party, note.checkpoint.size)
        ]
        self._store.put_note(self.party, StoredNote(note.checkpoint.size, note.encode()))
        if note.checkpoint not in known or self.head is None or self.head.checkpoint == note.checkpoint:
            self.head = note


class Tree:
    """The Merkle tree of one log, read from the store alone. For one thread at a time: another makes its own."""

    def __init__(self, store: Store, party: str) -> None:
        self._store, self._party = store, party
        self._kept: dict[tuple[int, int], Mapping[int, Sequence[bytes]]] = {}

    def read(self, level: int, index: int) -> bytes:
        """The root of a complete subtree (a `merkle.Reader`)."""
        stored = max(kept for kept in LEVELS if kept <= level)
        height = level - stored
        start, stop = index << height, (index + 1) << height
        if stop - start > BLOCK:
            return merkle.node_hash(self.read(level - 1, 2 * index), self.read(level - 1, 2 * index + 1))
        block = start // BLOCK
        return self._block(stored, block, stop - block * BLOCK)[height][index - (block * BLOCK >> height)]

    def _block(self, stored: int, block: int, needed: int) -> Mapping[int, Sequence[bytes]]:
        """The hashes of a block by height, of which `needed` at height 0. The last few blocks are kept:

        one proof asks eight times for the same, and what a log has once never changes.
        """
        found = self._kept.pop((stored, block), {0: ()})
        if len(found[0]) < needed:
            start = block * BLOCK
            nodes = self._store.nodes(self._party, stored, start, start + BLOCK)
            hashes = [nodes[at : at + 32] for at in range(0, len(nodes), 32)]
            if stored == 0 and len(hashes) < needed:
                entries = self._store.entries(self._party, start + len(hashes), start + BLOCK)
                hashes += merkle.leaf_hashes([entry.leaf for entry in entries])
            found = merkle.grow(Edge(), hashes, _HEIGHTS)[1]
        self._kept[stored, block] = found
        if len(self._kept) > _BLOCKS:
            self._kept.pop(next(iter(self._kept)))
        return found

    def edge(self, size: int) -> Edge:
        """The edge of the first `size` leaves."""
        roots, start = [], 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                roots.append(self.read(level, start >> level))
                start += 1 << level
        return Edge(size, tuple(roots))
