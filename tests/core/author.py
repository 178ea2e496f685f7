"""An author who can write any log, honest or not, and give pages of it: for the tests of what others make of them.

author = Author("TUR"); author.say(seen={"IRQ": 2}); author.page(0, 1)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from tests.worlds.world import charter_of, key

from comity.core import canonical, merkle
from comity.core.checkpoint import Checkpoint, Note, Seen, sign
from comity.core.entry import Entry, Leaf, commit, encode_leaf
from comity.core.log import Held, Page, Taken, examine
from comity.core.merkle import Edge

CHARTER = charter_of(("IRQ", "TUR"))
MECHANISM = CHARTER.id
NOON = datetime(2024, 8, 15, 12, 0, tzinfo=UTC)


def leaf(**fields: Any) -> Leaf:
    """A leaf of a note; `fields` replace its own."""
    least = Leaf(content="A" * 43, kind="pact.noted/1", office="root", seen={}, time=NOON, v=1)
    return msgspec.structs.replace(least, **fields)


class Author:
    def __init__(self, party: str = "TUR", entries: list[Entry] | None = None) -> None:
        self.party, self.entries = party, list(entries or ())

    def say(self, text: str = "text", seen: Mapping[str, int] | None = None, **fields: Any) -> Author:
        content = bytes(32) + canonical.encode({"text": text, "at": len(self.entries)})
        made = leaf(content=commit(content), seen=dict(seen or {}), **fields)
        self.entries.append(Entry(encode_leaf(made), content))
        return self

    def fork(self, size: int) -> Author:
        return Author(self.party, self.entries[:size])

    def read(self, level: int, index: int) -> bytes:
        hashes = [merkle.leaf_hash(entry.leaf) for entry in self.entries]
        return merkle.root_of(hashes[index << level : (index + 1) << level])

    def edge(self, size: int | None = None) -> Edge:
        hashes = [merkle.leaf_hash(entry.leaf) for entry in self.entries[:size]]
        return merkle.grow(Edge(), hashes)[0]

    def head(
        self,
        size: int | None = None,
        receipts: Mapping[str, int] | None = None,
        root: bytes = b"",
        mechanism: str = MECHANISM,
    ) -> Note:
        size = len(self.entries) if size is None else size
        seen = {party: Seen(number, bytes(32)) for party, number in (receipts or {}).items()}
        checkpoint = Checkpoint(mechanism, self.party, size, root or self.edge(size).root(), seen)
        return sign(checkpoint, [key(self.party, "node")])

    def page(self, start: int = 0, end: int | None = None, since: int = 0, head: Note | None = None) -> Page:
        note = head or self.head()
        size = note.checkpoint.size
        end = size if end is None else end
        since_path = merkle.prefix_proof(since, size, self.read) if 0 < since <= size else []
        end_path = merkle.prefix_proof(end, size, self.read) if 0 < end < size else []
        return Page(self.party, start, self.entries[start:end], note.encode(), since, since_path, end_path)

    def held(self, size: int = 0, head: Note | None = None, seen: Mapping[str, int] | None = None) -> Held:
        """What somebody holds who has taken in so much, under that head."""
        last = self.entries[size - 1].leaf if size else b""
        return Held(self.edge(size), head, dict(seen or {}), lambda: (self.edge(size - 1), last))


def take(page: Page, held: Held, own: Mapping[str, int] | None = None) -> Taken:
    return examine(page, held, MECHANISM, own or {})


def after(taken: Taken, author: Author) -> Held:
    """What is held once a page was stored."""
    size = taken.edge.size
    return Held(
        taken.edge, taken.head, taken.seen, lambda: (author.edge(size - 1), author.entries[size - 1].leaf)
    )
