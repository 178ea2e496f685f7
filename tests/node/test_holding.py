"""What is held of a log equals, at every size and after every restart, what a naive tree over its leaves comes to."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.forge import Forger
from tests.worlds import pact
from tests.worlds.world import World

from comity.core import merkle
from comity.core.act import Ref
from comity.core.entry import Entry
from comity.core.merkle import Edge
from comity.node.holding import Holding, Tree
from comity.storage.memory import MemoryStore
from comity.storage.port import BLOCK, Row
from comity.storage.sqlite import SqliteStore


@functools.cache
def leaf(number: int) -> bytes:
    """A leaf that can be parsed: the last one of a log is."""
    world = _world()
    return world.entries[number % len(world.entries)].leaf


@functools.cache
def _world() -> Forger:
    forger = Forger(World.founded(), "TUR")
    for number in range(40):
        forger.add("pact.noted/1", pact.Noted(str(number)), "TUR/1")
    return forger


class Naive:
    """All leaf hashes, and every proof by the definitions of RFC 6962 section 2.1."""

    def __init__(self) -> None:
        self.hashes: list[bytes] = []

    def root(self, start: int = 0, end: int | None = None) -> bytes:
        hashes = self.hashes[start:end]
        if not hashes:
            return merkle.EMPTY
        level = list(hashes)
        if len(level) == 1:
            return level[0]
        split = 1 << (len(level) - 1).bit_length() - 1
        return merkle.node_hash(self.root(start, start + split), self.root(start + split, start + len(level)))

    def read(self, level: int, index: int) -> bytes:
        return self.root(index << level, (index + 1) << level)


def stores(tmp_path: Path) -> list[Callable[[], Any]]:
    return [MemoryStore, lambda: SqliteStore(tmp_path / "record.db")]


def append(store: Any, holding: Holding, naive: Naive, count: int) -> None:
    rows = [Row(Entry(leaf(holding.size + at), b"x"), Ref("TUR", 0)) for at in range(count)]
    hashes = merkle.leaf_hashes([row.entry.leaf for row in rows])
    with store.transaction():
        store.append("TUR", holding.size, rows)
        holding.grow(hashes)
    naive.hashes += hashes


def agrees(holding: Holding, naive: Naive, chance: random.Random) -> None:
    """Edge, root, subtrees, inclusion and consistency at sizes drawn from everywhere."""
    size = len(naive.hashes)
    assert holding.size == holding.edge.size == size
    assert holding.edge.root() == naive.root()
    tree = holding.tree
    for at in {0, size, *(chance.randint(0, size) for _ in range(4))}:
        edge = tree.edge(at)
        assert edge == merkle.grow(Edge(), naive.hashes[:at])[0]
        assert edge.root() == naive.root(0, at)
    for _ in range(4):
        new = chance.randint(1, size)
        old, index = chance.randint(0, new), chance.randrange(new)
        path = merkle.inclusion_proof(index, new, tree.read)
        assert path == merkle.inclusion_proof(index, new, naive.read)
        assert merkle.root_from_inclusion(index, new, naive.hashes[index], path) == naive.root(0, new)
        assert merkle.consistency_proof(old, new, tree.read) == merkle.consistency_proof(old, new, naive.read)
        if old:
            proof = merkle.prefix_proof(old, new, tree.read)
            assert merkle.prefix_roots(old, new, proof) == (naive.root(0, old), naive.root(0, new))


@pytest.mark.parametrize("at", [0, 1], ids=["memory", "sqlite"])
def test_thousands_of_appends_in_any_portions_with_restarts_between(tmp_path: Path, at: int) -> None:
    """Many whole blocks of leaf hashes, and every position within them."""
    chance = random.Random(2024)
    store, naive = stores(tmp_path)[at](), Naive()
    with store.transaction():
        store.add_party("TUR")
    holding = Holding(store, "TUR")
    for step in range(60):
        append(store, holding, naive, chance.choice([1, 1, 2, 3, 17, BLOCK - 1, BLOCK, BLOCK + 1, 300]))
        if step % 3 == 0:
            if at and step % 6 == 0:
                store.close()
                store = SqliteStore(tmp_path / "record.db")
            holding = Holding(store, "TUR")
        if step % 4 == 0:
            agrees(holding, naive, chance)
    agrees(Holding(store, "TUR"), naive, chance)
    assert len(naive.hashes) > 3000
    wanted = len(naive.hashes) // BLOCK + (len(naive.hashes) >> 8)
    assert store.node_count("TUR") == wanted, "one row a block of leaf hashes, one a complete subtree above"


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.data())
def test_small_logs_of_every_size(portions: list[int], data: st.DataObject) -> None:
    store, naive = MemoryStore(), Naive()
    with store.transaction():
        store.add_party("TUR")
    holding = Holding(store, "TUR")
    for portion in portions:
        append(store, holding, naive, portion)
        if data.draw(st.booleans()):
            holding = Holding(store, "TUR")
        assert holding.edge.root() == naive.root()
    if naive.hashes:
        agrees(holding, naive, random.Random(len(naive.hashes)))


def test_a_level_above_the_blocks_is_kept(tmp_path: Path) -> None:
    """More than 65,536 acts: roots of 2**16 leaves are stored, and proofs reach across them."""
    store, naive = MemoryStore(), Naive()
    with store.transaction():
        store.add_party("TUR")
    holding = Holding(store, "TUR")
    for portion in (65_535, 1, 1, 300):
        append(store, holding, naive, portion)
    assert len(store.nodes("TUR", 16, 0, 9)) == 32
    assert store.nodes("TUR", 16, 0, 1) == merkle.root_of(naive.hashes[: 1 << 16])
    again = Holding(store, "TUR")
    assert again.edge == holding.edge == merkle.grow(Edge(), naive.hashes)[0]
    assert Tree(store, "TUR").read(16, 0) == store.nodes("TUR", 16, 0, 1)
    path = merkle.inclusion_proof(70, len(naive.hashes), again.tree.read)
    assert merkle.root_from_inclusion(70, len(naive.hashes), naive.hashes[70], path) == again.edge.root()


def test_a_record_s_heads_and_proofs_are_those_of_its_leaves(tmp_path: Path) -> None:
    """The same through a whole record: said and received in turn over more than a block, restarted, and proved."""
    world = World(("IRQ", "TUR"), lambda party: SqliteStore(tmp_path / f"{party}.db"))
    world.found()
    docket = world.put("TUR")
    chance = random.Random(5)
    for round_ in range(5):
        for number in range(chance.randint(30, 90)):
            world.note("TUR", docket, f"{round_}.{number}")
        world.meet()
        world.reopen(chance.choice(world.parties))
    hashes = merkle.leaf_hashes(world.leaves("TUR", "TUR"))
    assert len(hashes) > BLOCK
    for party in world.parties:
        log = world.nodes[party].logs["TUR"]
        assert log.edge.root() == merkle.root_of(hashes)
        assert log.head is not None
        assert log.head.checkpoint.root == merkle.root_of(hashes[: log.head.checkpoint.size])


def test_the_newest_head_stays_the_newest_when_an_older_one_gains_signatures() -> None:
    world = World.founded(("IRQ", "JOR", "TUR"))
    docket = world.put("TUR")
    world.sync("JOR", "TUR")
    older = world.nodes["JOR"].heads()["TUR"]
    world.note("TUR", docket)
    newest = world.nodes["TUR"].heads()["TUR"]
    assert newest.checkpoint.size == older.checkpoint.size + 1
    world.nodes["TUR"].told("JOR", older)
    held = world.nodes["TUR"].logs["TUR"].head
    assert held is not None
    assert held.checkpoint == newest.checkpoint
    assert world.reopen("TUR").logs["TUR"].head == held
    (kept,) = world.nodes["TUR"].store.notes("TUR", older.checkpoint.size)
    assert b"/JOR " in kept.note, "and the older one keeps its cosignature"
