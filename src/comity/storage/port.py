"""What a database must do for the record: a handful of verbs, the same for every adapter.

An adapter keeps the logs of one mechanism. It decides nothing: it stores bytes, counts them, and gives them back in
order. `tests/contracts/test_storage.py` runs the same promises over every adapter.

    with store.transaction():
        store.append("TUR", at=17, rows=[Row(entry, docket=Ref("TUR", 3), noun="")])
        store.put_nodes("TUR", 0, 17, [leaf_hash])

Content lies in the same row as its leaf: found by the act's place and held against the salted hash in the leaf.
It can be taken out and leaves no copy (`docs/decisions/0002-content-beside-the-leaf.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from comity.core.act import Cut, Ref
from comity.core.entry import Entry
from comity.core.errors import Malformed

__all__ = ["BLOCK", "Row", "Store", "StoredNote", "entry_at", "note_text"]


BLOCK = 256


class Row(NamedTuple):
    """An entry with what the index needs: its docket, and the noun of its kind if it opens that docket."""

    entry: Entry
    docket: Ref
    noun: str = ""


class StoredNote(NamedTuple):
    """A signed checkpoint as stored: the size it is for, and the bytes of the note."""

    size: int
    note: bytes


class Store(Protocol):
    """One mechanism's database. Reads outside a transaction see what was last committed.

    Every verb raises `Unavailable` where the database cannot answer (locked, full, broken), naming it.
    """

    name: str

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside happens together and is on disk when it ends, or none of it does. One writer at a time."""

    def changed(self) -> bool:
        """Whether somebody else has written since this was last asked (call it inside a transaction)."""

    def add_party(self, party: str) -> None:
        """Begin an empty log."""

    def parties(self) -> list[str]:
        """The parties whose logs are here, sorted."""

    def size(self, party: str) -> int:
        """How many acts of that log are stored."""

    def append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        """Add entries from number `at` on. Compare-and-swap: `Unavailable` if the log's size is not `at`,

        since two writers who both read size 17 would otherwise both write act 17, and fork the log.
        """

    def entries(self, party: str, start: int, stop: int, limit: int = 0) -> list[Entry]:
        """Entries [start, stop), as many as fit in `limit` bytes but at least one (0: no limit)."""

    def scan(self, party: str, start: int = 0) -> Iterator[Entry]:
        """All entries from `start` on, without holding them all in memory."""

    def docket(self, docket: Ref, since: Cut) -> dict[str, list[tuple[int, Entry]]]:
        """The docket's acts at or above `since`, for each party, in order; found by index."""

    def opened(self, noun: str, after: Ref | None, limit: int) -> list[Ref]:
        """Dockets opened by acts whose kind begins with `noun`, by party and number, after one of them."""

    def nouns(self) -> list[str]:
        """The nouns under which dockets are listed."""

    def docket_count(self) -> int:
        """How many acts the docket index has."""

    def erase(self, ref: Ref) -> None:
        """Take out the content of an act, so that no byte of it is left in the database's files."""

    def put_nodes(self, party: str, level: int, first: int, nodes: Sequence[bytes]) -> None:
        """Roots of the complete subtrees of 2**level leaves, from index `first` on.

        At level 0 only whole blocks of `BLOCK` leaf hashes are put; the tail is derived from the leaves.
        """

    def nodes(self, party: str, level: int, start: int, stop: int) -> bytes:
        """Such roots [start, stop), 32 bytes each; shorter where they are not stored yet."""

    def node_count(self, party: str) -> int:
        """How many rows of nodes there are: whole blocks of level 0, and every node of the levels above."""

    def put_note(self, party: str, note: StoredNote) -> None:
        """Keep a signed checkpoint; one with the same text takes the place of the one before."""

    def notes(self, party: str, size: int) -> list[StoredNote]:
        """The kept checkpoints of exactly that size, oldest first."""

    def newest_note(self, party: str, within: int = 1 << 40) -> StoredNote | None:
        """The checkpoint that was put last, among those of at most `within` acts."""

    def all_notes(self, party: str) -> Iterator[StoredNote]:
        """Every kept checkpoint, oldest first."""

    def put(self, name: str, value: bytes | None) -> None:
        """Keep a small named value, or remove it (None)."""

    def get(self, name: str) -> bytes | None:
        """A small named value."""

    def named(self, prefix: str) -> Mapping[str, bytes]:
        """All small values whose names begin so."""

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its files, one line each."""

    def close(self) -> None:
        """Let go of everything."""


def note_text(note: bytes) -> bytes:
    """The signed part of a note: what two notes that differ only in signatures share."""
    return note.rpartition(b"\n\n")[0]


def entry_at(store: Store, ref: Ref) -> Entry:
    """One stored entry. Raises `Malformed` if the database has lost it."""
    found = store.entries(ref.party, ref.number, ref.number + 1)
    if not found:
        raise Malformed(f"{store.name}", f"has lost act {ref}; run `comity check`, then restore a backup")
    return found[0]
