"""A party that keeps no rules: it writes what it likes into its log, and signs it with its true keys.

forger = Forger(world, "IRQ")                     # goes on from what IRQ's node holds of its own log
forger.add("pact.noted/1", pact.Noted("x"), docket, seen={"TUR": 99})
forger.give("TUR")                                # as pages that TUR's node proves and stores
forger.fork(3)                                    # another history, from act 3 on
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from tests.worlds.world import World, key

from comity.core import canonical, merkle
from comity.core.act import Cut, Ref
from comity.core.charter import ROOT
from comity.core.checkpoint import Checkpoint, Note, Seen, sign
from comity.core.entry import (
    Entry,
    Leaf,
    PersonSignature,
    commit,
    encode_leaf,
    leaf_hash,
    parse_leaf,
    signed_bytes,
)
from comity.core.keys import Signer, b64, key_id
from comity.core.log import Page
from comity.storage.port import Row

SALT = b"s" * 32


class Forger:
    def __init__(self, world: World, party: str, entries: Sequence[Entry] | None = None) -> None:
        self.world, self.party, self.mechanism = world, party, world.charter.id
        self.entries = list(world.stores[party].inner.scan(party) if entries is None else entries)
        self.signers: list[Signer] = [key(party, "node")]
        self.friends: dict[str, Forger] = {}  # other forgers whose logs its receipts are for

    def fork(self, size: int) -> Forger:
        """The same log up to a size, to be gone on with differently."""
        return Forger(self.world, self.party, self.entries[:size])

    def seen(self) -> Cut:
        """What its last act had seen, or its node now, whichever is more: honest as long as nothing else is asked."""
        last = parse_leaf(self.entries[-1].leaf).seen if self.entries else {}
        now = self.world.nodes[self.party].others
        return {party: max(last.get(party, 0), now.get(party, 0)) for party in sorted({*last, *now})}

    def add(
        self,
        kind: str,
        body: Any,
        docket: Ref | str | None = None,
        *,
        answers: Sequence[Ref] | Mapping[str, str] = (),
        seen: Cut | None = None,
        office: str = ROOT,
        mandate: str = "",
        time: datetime | None = None,
        signer: Signer | None = None,
        held: bool = True,
    ) -> Ref:
        """Write an act. `body` may be raw content; `held` False leaves the content out, as if it were destroyed."""
        ref = Ref(self.party, len(self.entries))
        content = body if isinstance(body, bytes) else SALT + canonical.encode(body)
        if not isinstance(answers, Mapping):
            answers = {str(answer): self.hash_of(answer) for answer in answers}
        leaf = Leaf(
            content=commit(content),
            kind=kind,
            office=office,
            seen=dict(self.seen() if seen is None else seen),
            time=(time or self.world.clock()).replace(microsecond=0),
            v=1,
            answers=dict(answers),
            docket=str(docket or ""),
            mandate=mandate,
        )
        if signer is not None:
            raw = signer.sign(signed_bytes(leaf, self.mechanism, str(ref)))
            leaf = msgspec.structs.replace(leaf, signature=PersonSignature(key_id(signer.public), b64(raw)))
        self.entries.append(Entry(encode_leaf(leaf), content if held else None))
        return ref

    def hash_of(self, ref: Ref) -> str:
        """The leaf hash of an act, as somebody in this world has it."""
        if ref.party == self.party and ref.number < len(self.entries):
            return leaf_hash(self.entries[ref.number].leaf)
        for store in self.world.stores.values():
            if ref.number < store.inner.size(ref.party):
                return leaf_hash(store.inner.entries(ref.party, ref.number, ref.number + 1)[0].leaf)
        return "A" * 43

    def read(self, level: int, index: int) -> bytes:
        """A naive tree (a `merkle.Reader`)."""
        leaves = [entry.leaf for entry in self.entries[index << level : (index + 1) << level]]
        return merkle.root_of(merkle.leaf_hashes(leaves))

    def head(self, size: int | None = None, receipts: Mapping[str, Seen] | None = None) -> Note:
        """A signed head of the first `size` acts; its receipts are what its last act had seen, truly or not."""
        size = len(self.entries) if size is None else size
        root = merkle.root_of(merkle.leaf_hashes([entry.leaf for entry in self.entries[:size]]))
        if receipts is None:
            claimed = parse_leaf(self.entries[size - 1].leaf).seen if size else {}
            receipts = {party: self.receipt(party, number) for party, number in claimed.items()}
        return sign(Checkpoint(self.mechanism, self.party, size, root, receipts), self.signers)

    def receipt(self, party: str, size: int) -> Seen:
        """The true root where that many acts exist, else a made-up one."""
        if party in self.friends and size <= len(self.friends[party].entries):
            return Seen(size, self.friends[party].head(size, {}).checkpoint.root)
        store = self.world.stores[party].inner if party in self.world.stores else None
        if store is None or size > store.size(party):
            return Seen(size, b"\1" * 32)
        return Seen(size, merkle.root_of(merkle.leaf_hashes([e.leaf for e in store.entries(party, 0, size)])))

    def page(
        self, start: int = 0, since: int = 0, count: int | None = None, head: Note | None = None
    ) -> Page:
        """What an honest node would send of this log; `count` stops it half way."""
        note = head or self.head()
        size = note.checkpoint.size
        end = size if count is None else min(size, start + count)
        return Page(
            self.party,
            start,
            list(self.entries[start:end]),
            note.encode(),
            since,
            merkle.prefix_proof(since, size, self.read) if since else [],
            merkle.prefix_proof(end, size, self.read) if 0 < end < size else [],
        )

    def give(self, to: str, head: Note | None = None) -> int:
        """Hand everything that is new to the node of `to`. Raises what it raises."""
        start, since = self.world.nodes[to].held(self.party)
        return self.world.nodes[to].receive(self.page(start, since, head=head))


def adopt(forger: Forger) -> None:
    """Put a forged log into its own node's store, so that its node goes on serving it."""
    world, party = forger.world, forger.party
    node = world.nodes[party]
    size = node.store.size(party)
    rows = []
    for number, entry in enumerate(forger.entries[size:], size):
        leaf = parse_leaf(entry.leaf)
        docket = Ref.parse(leaf.docket) if leaf.docket else Ref(party, number)
        rows.append(Row(entry, docket, "" if leaf.docket else leaf.kind.partition(".")[0]))

    def work() -> None:
        node.append(party, size, rows)
        node.settle_trees()
        node.logs[party].put_head(forger.head())
        node.ready[party] = len(forger.entries)

    node.write(work)
    world.reopen(party)
