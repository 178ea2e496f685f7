"""Law 10: a node that may have been restored is silent until the others have told what they hold of its log.

It then takes its own acts back from whoever holds more of them: they are under its own signature. Whether a node was
restored is noticed by its folder (`home`), or by a counterpart that has seen more of its log than it has itself.
"""

from __future__ import annotations

import msgspec

from comity.core import merkle
from comity.core.act import covers
from comity.core.checkpoint import Note, merge, parse_note, require_author
from comity.core.errors import Broken, Malformed
from comity.core.keys import b64
from comity.core.log import Evidence
from comity.node.ledger import Ledger

__all__ = ["be_silent", "claimed", "countersigned", "recovered", "told"]


def be_silent(record: Ledger) -> None:
    """Wait for every other party (inside `Record.write`)."""
    _wait_for(record, [party for party in record.parties if party != record.party])


def _wait_for(record: Ledger, parties: list[str]) -> None:
    record.put("silent", msgspec.json.encode(parties) if parties else None)
    record.silent = parties


def claimed(record: Ledger, party: str) -> None:
    """A party has seen more of our log than we have (inside `Record.write`): we were restored, or it is not true.

    It is believed once. If the others then tell of nothing more, what it goes on claiming silences nobody.
    """
    if record.store.get(f"claimed/{party}") is None:
        record.put(f"claimed/{party}", b"believed once")
        be_silent(record)


def recovered(record: Ledger) -> None:
    """Acts of our own came back (inside `Record.write`): whoever claimed to have seen them had."""
    for name in record.store.named("claimed/"):
        record.put(name, None)


def told(record: Ledger, party: str, note: Note | None) -> int:
    """See `Record.told`."""
    try:
        size: int = record.write(lambda: _told(record, party, note))
    except Broken as broken:
        record.keep_fault(record.party, broken)
        if note is not None and broken.proof is None and _signed_by_us(record, note):
            record.write(
                lambda: be_silent(record)
            )  # nothing signed contradicts it yet: our next head would be a second history
        raise
    return size


def _signed_by_us(record: Ledger, note: Note) -> bool:
    try:
        with record.reading():
            require_author(note, record.node_keys(record.party, note.checkpoint.size))
    except Broken:
        return False
    return True


def _told(record: Ledger, party: str, note: Note | None) -> int:
    record.settle_trees()
    own = record.logs[record.party]
    if note is not None:
        head = note.checkpoint
        if (head.mechanism, head.party) != (record.mechanism, record.party):
            raise Malformed("head of our own log", f"is for {head.origin}")
        require_author(note, record.node_keys(record.party, head.size))
        if head.size > own.size:
            if not record.silent:
                be_silent(record)
            return head.size
        countersigned(record, note)
    if party in record.silent:
        _wait_for(record, [other for other in record.silent if other != party])
    return 0


def countersigned(record: Ledger, note: Note) -> None:
    """A peer shows our own head: keep its cosignatures. One that our log does not lead to is a fork of our own."""
    own = record.logs[record.party]
    head = note.checkpoint
    if head.size and own.tree.edge(head.size).root() != head.root:
        proof = None
        if own.head is not None and own.head.checkpoint.size >= head.size:
            path = merkle.prefix_proof(head.size, own.head.checkpoint.size, own.tree.read)
            heads = [note.encode().decode(), own.head.encode().decode()]
            proof = Evidence("heads", heads, [b64(step) for step in path]).encode()
        why = f"our own key has signed two histories of our log, at size {head.size}"
        raise Broken(f"log of {record.party}", why, proof)
    for stored in record.store.notes(record.party, head.size):
        mine = parse_note(stored.note)
        if mine.checkpoint == head:
            if merge(mine, note) != mine:
                record.writes += 1
                own.put_head(merge(mine, note))
            return
    newest = own.head.checkpoint if own.head is not None else None
    if newest is None or (head.size >= newest.size and covers(head.receipts, newest.receipts)):
        # We signed it before we were restored: the receipts that we gave in it are ours to keep.
        record.writes += 1
        own.put_head(note)
