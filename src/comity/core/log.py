"""Another party's log, as it is taken in: page by page, each proved before one byte is stored.

A page carries entries from `start` on, the author's signed head, and two consistency proofs: from the head that
the receiver already holds to this one, and from the page's own end to it. So a page that stops half way is as
certain as a whole log, and a transfer resumes where it stopped.

    Page(log="TUR", start=120, entries=((leaf, content), ...), head=b"comity/.../TUR\\n400\\n...",
         since=120, since_path=(...), end_path=(...))

`examine` says what a page is worth, and nothing else changes: no I/O, no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from comity.core import canonical, merkle
from comity.core.act import Cut, covers
from comity.core.checkpoint import Checkpoint, Note, parse_note
from comity.core.entry import CONTENT_LIMIT, Entry, Leaf, commit, parse_leaf
from comity.core.errors import Broken, Malformed, Refused
from comity.core.keys import b64
from comity.core.merkle import Edge

__all__ = ["Evidence", "Held", "Page", "Taken", "encode_page", "examine", "parse_page"]

PAGE_LIMIT = 64 * 1024 * 1024
LEVELS = frozenset({0, 8, 16, 24})
_Hashes = Annotated[list[bytes], Meta(max_length=64)]


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A stretch of one log on its way (MessagePack). `entries` are (leaf, content or nil) pairs."""

    log: Annotated[str, Meta(max_length=8)]
    start: Annotated[int, Meta(ge=0, lt=2**40)]
    entries: Annotated[list[Entry], Meta(max_length=200_000)]
    head: bytes
    since: Annotated[int, Meta(ge=0, lt=2**40)]
    since_path: _Hashes
    end_path: _Hashes


_decode = msgspec.msgpack.Decoder(Page).decode
encode_page = msgspec.msgpack.Encoder().encode


def parse_page(raw: bytes, thing: str = "page") -> Page:
    """Read a page from its bytes. Raises `Malformed`."""
    if len(raw) > PAGE_LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {PAGE_LIMIT}")
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        raise Malformed(thing, str(error)) from error


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What shows that a party broke its word, by its own signatures. `comity.core.proof` reads it.

    heads: two signed heads, and the path whose newer root is right and whose older one is not (or whose receipts
    shrank). leaves: one signed head, an edge, and the leaves after it, the second of which takes back what the
    first had seen; the path leads from there to the head.
    """

    kind: str
    heads: Annotated[list[str], Meta(min_length=1, max_length=2)]
    path: Annotated[list[str], Meta(max_length=66)]
    size: Annotated[int, Meta(ge=0, lt=2**40)] = 0
    edge: Annotated[list[str], Meta(max_length=66)] = []
    leaves: list[str] = []

    def encode(self) -> bytes:
        """Canonical JSON."""
        return canonical.encode(self)


class Held(NamedTuple):
    """What is held of a log: its edge, the newest signed head (None at first), what its last act had seen.

    `tail` gives, if asked, the last leaf and the edge before it: needed only to prove a fault.
    """

    edge: Edge
    head: Note | None
    seen: Cut
    tail: Callable[[], tuple[Edge, bytes]]


class Taken(NamedTuple):
    """What a page brings: entries with parsed leaves from number `start` on, Merkle nodes by level, and what is

    then held: the edge, the signed head, what the last act had seen.
    """

    start: int
    entries: Sequence[Entry]
    leaves: Sequence[Leaf]
    nodes: Mapping[int, Sequence[bytes]]
    edge: Edge
    head: Note
    seen: Cut


def examine(page: Page, held: Held, mechanism: str, own: Mapping[str, int]) -> Taken:
    """Check a page against what is held. Raises `Malformed`, `Refused` or `Broken`; changes nothing.

    `own` gives the sizes of logs that this node itself is sure of (its own): a claim to have seen more of them is
    false. Signatures are the caller's to check first (`require_author`): what is `Broken` here was signed.
    """
    note = parse_note(page.head, f"head of {page.log}")
    head = note.checkpoint
    size = held.edge.size
    if (head.mechanism, head.party) != (mechanism, page.log):
        raise Malformed(f"head of {page.log}", f"is for {head.origin}, not for this log of this mechanism")
    _against_old_head(page, note, held)
    skip = size - page.start
    if skip < 0:
        raise Refused("page_gap", log=page.log, held=size, start=page.start)
    fresh = page.entries[skip:]
    end = size + len(fresh)
    if page.start + len(page.entries) > head.size:
        raise Malformed(f"page of {page.log}", f"has entries beyond its head at {head.size}")
    edge, nodes = merkle.grow(held.edge, merkle.leaf_hashes([entry.leaf for entry in fresh]), LEVELS)
    if fresh:
        _leads_to(edge, head, page.end_path)
    leaves, seen = _read(page, note, size, fresh, held, own)
    _receipts_hold(head, end, seen, own)
    return Taken(size, fresh, leaves, nodes, edge, note, seen)


def _against_old_head(page: Page, note: Note, held: Held) -> None:
    """The new head must extend the one that we hold; if the author's own signatures show otherwise, it has forked."""
    if held.head is None or held.head.checkpoint.size == 0:
        return
    old, new = held.head.checkpoint, note.checkpoint
    if new.size < old.size:
        raise Refused("head_smaller", log=page.log, held=old.size, shown=new.size)
    if page.since != old.size:
        raise Refused("page_gap", log=page.log, held=old.size, start=page.since)
    earlier, later = merkle.prefix_roots(old.size, new.size, page.since_path)
    if later != new.root:
        raise Malformed(f"page of {page.log}", "its consistency proof does not lead to its head")
    proof = Evidence(
        "heads",
        [held.head.encode().decode(), note.encode().decode()],
        [b64(step) for step in page.since_path],
    )
    if earlier != old.root:
        why = f"two histories: the signed head of size {new.size} does not contain the signed head of size {old.size}"
        raise Broken(f"log of {page.log}", why, proof.encode())
    if new.size == old.size and covers(old.receipts, new.receipts) and new != old:
        raise Refused("head_smaller", log=page.log, held=old.size, shown=new.size)
    if not covers(new.receipts, old.receipts):
        raise Broken(
            f"log of {page.log}",
            f"a receipt was taken back between sizes {old.size} and {new.size}",
            proof.encode(),
        )


def _leads_to(edge: Edge, head: Checkpoint, path: Sequence[bytes]) -> None:
    if edge.size == head.size:
        if edge.root() != head.root:
            raise Malformed(
                f"page of {head.party}", f"its entries do not lead to the root of its head at {head.size}"
            )
        return
    if merkle.prefix_roots(edge.size, head.size, path) != (edge.root(), head.root):
        raise Malformed(
            f"page of {head.party}", f"its entries up to {edge.size} are not those of its head at {head.size}"
        )


def _read(
    page: Page, note: Note, start: int, fresh: Sequence[Entry], held: Held, own: Mapping[str, int]
) -> tuple[list[Leaf], Cut]:
    """Parse each leaf, hold its content against it, and its `seen` against the one before."""
    leaves: list[Leaf] = []
    log, seen = page.log, held.seen
    for number, entry in enumerate(fresh, start):
        raw, content = entry
        try:
            leaf = parse_leaf(raw)
        except Malformed as error:
            raise Malformed(f"{log}/{number}", error.why, error.at) from error
        if content is not None and (len(content) > CONTENT_LIMIT or commit(content) != leaf.content):
            raise Malformed(f"{log}/{number}", "its content does not match the hash in its leaf")
        if leaf.seen != seen:
            if log in leaf.seen or any(size > leaf.seen.get(party, 0) for party, size in seen.items()):
                proof = _taken_back(page, note, held, number - start)
                raise Broken(f"{log}/{number}", "takes back what its author had seen", proof.encode())
            seen = leaf.seen
            for party, size in seen.items():
                if size > own.get(party, size):
                    raise Refused("seen_unsaid", act=f"{log}/{number}", claimed=f"{party}/{size - 1}")
        leaves.append(leaf)
    return leaves, seen


def _taken_back(page: Page, note: Note, held: Held, place: int) -> Evidence:
    """Two neighbouring leaves, the edge before them, and what follows them in the page up to its proven end."""
    fresh = [leaf for leaf, _ in page.entries[held.edge.size - page.start :]]
    if place == 0:
        edge, last = held.tail()
        leaves = [last, *fresh]
    else:
        edge, _ = merkle.grow(held.edge, [merkle.leaf_hash(leaf) for leaf in fresh[: place - 1]])
        leaves = fresh[place - 1 :]
    return Evidence(
        "leaves",
        [note.encode().decode()],
        [b64(step) for step in page.end_path],
        size=edge.size,
        edge=[b64(root) for root in edge.roots],
        leaves=[leaf.decode() for leaf in leaves],
    )


def _receipts_hold(head: Checkpoint, end: int, seen: Cut, own: Mapping[str, int]) -> None:
    for party, receipt in head.seen.items():
        if receipt.size > own.get(party, receipt.size):
            raise Refused("seen_unsaid", act=head.origin, claimed=f"{party}/{receipt.size - 1}")
    if end == head.size and any(number > head.receipts.get(party, 0) for party, number in seen.items()):
        raise Malformed(f"head of {head.party}", "has smaller receipts than its own last act")
