"""What a node gives to others: which heads it holds, and pages of any log, each with its proofs."""

from __future__ import annotations

from contextlib import suppress

from comity.core import merkle
from comity.core.checkpoint import Note, parse_note
from comity.core.errors import Refused
from comity.core.log import Page
from comity.node import saying
from comity.node.holding import Tree
from comity.node.ledger import Ledger

__all__ = ["PAGE_BYTES", "heads", "held", "page"]

PAGE_BYTES = 1 << 20


def heads(record: Ledger) -> dict[str, Note]:
    """See `Record.heads`."""
    own, signed = record.party, None
    if record.ready[own]:
        with suppress(Refused):  # a node that may not sign shows what it has signed before
            signed = record.write(lambda: saying.head(record))
    with record.reading():
        found = {party: log.head for party, log in record.logs.items() if log.head is not None}
    if signed is not None:
        found[own] = signed
        record.leaves(signed)
    return found


def held(record: Ledger, party: str) -> tuple[int, int]:
    """See `Record.held`."""
    with record.reading():
        log = record.logs[party]
        return log.size, log.head.checkpoint.size if log.head is not None else 0


def page(record: Ledger, party: str, start: int, since: int, limit: int) -> Page:
    """See `Record.page`."""
    if party not in record.parties:
        raise Refused("not_a_party", party=party)
    note = _head_for(record, party, start, since)
    head = note.checkpoint
    if party == record.party:
        record.leaves(note)
    if start > head.size or since > head.size:
        raise Refused("nothing_newer", log=party, size=head.size)
    entries = record.store.entries(party, start, head.size, limit) if start < head.size else []
    end = start + len(entries)
    tree = Tree(record.store, party)
    since_path = merkle.prefix_proof(since, head.size, tree.read) if since else []
    end_path = merkle.prefix_proof(end, head.size, tree.read) if 0 < end < head.size else []
    return Page(party, start, entries, note.encode(), since, since_path, end_path)


def _head_for(record: Ledger, party: str, start: int, since: int) -> Note:
    """The newest head that we hold whole; or, where a key was revoked from act `start` on, the last one before that.

    A receiver who does not know yet of the new key can check that one, and learns of the new key from its acts. It is
    theirs until they hold all acts below it, in however many pages.
    """
    with record.reading():
        half = record.folds.half(party, record.ready)
    for revoked in sorted(key.revoked for key in half.keys if key.revoked is not None):
        stored = record.store.notes(party, revoked) if revoked > start and revoked >= since else []
        if stored:
            return parse_note(stored[-1].note)
    newest = record.store.newest_note(party, record.store.size(party))
    if newest is None:
        raise Refused("nothing_newer", log=party, size=0)
    return parse_note(newest.note)
