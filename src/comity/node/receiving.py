"""Taking in another party's acts: proved first, stored in one transaction, then counted as ready.

An act is ready when everything that its author had seen is here too. Pages of different logs may come in any order;
what must wait is stored, and becomes ready when what it waits for has come.
"""

from __future__ import annotations

from comity.core.act import Cut, Ref
from comity.core.checkpoint import Note, cosign, merge, parse_note, require_author
from comity.core.entry import parse_leaf
from comity.core.errors import Broken, Malformed, Refused
from comity.core.fold import DESTROYED
from comity.core.log import Page, Taken, examine
from comity.node import restoring, saying
from comity.node.holding import Holding
from comity.node.ledger import Ledger
from comity.storage.port import Row, entry_at

__all__ = ["receive"]


def receive(record: Ledger, page: Page) -> int:
    """See `Record.receive`."""
    try:
        brought: int = record.write(lambda: _receive(record, page))
    except Refused as refusal:
        if refusal.code == "seen_unsaid":
            record.write(lambda: restoring.claimed(record, page.log))
        raise
    except Broken as broken:
        record.keep_fault(page.log, broken)
        if page.log in record.frozen:
            record.write(lambda: _advance_waiting(record))
        raise
    return brought


def _receive(record: Ledger, page: Page) -> int:
    if page.log not in record.parties:
        raise Refused("not_a_party", party=page.log)
    if page.log in record.frozen:
        raise Refused("log_frozen", "law 9", party=page.log)
    record.settle_trees()
    log = record.logs[page.log]
    note = parse_note(page.head, f"head of {page.log}")
    head = note.checkpoint
    if (head.mechanism, head.party) != (record.mechanism, page.log):
        raise Malformed(f"head of {page.log}", f"is for {head.origin}, not for this log of this mechanism")
    require_author(note, record.node_keys(page.log, head.size))
    if page.log == record.party and head.size <= log.size:
        restoring.countersigned(record, note)
        return 0
    own_sizes = {} if page.log == record.party else {record.party: record.logs[record.party].size}
    try:
        taken = examine(page, log.held(), record.mechanism, own_sizes)
    except Refused as refusal:
        if refusal.code == "head_smaller":  # an older page, or one that another carried here before
            return 0
        raise
    _receipt_is_true(record, taken.head)
    _store(record, log, taken)
    return len(taken.entries)


def _receipt_is_true(record: Ledger, note: Note) -> None:
    """A receipt for our log names the root that our log has at that size, or its author holds something else."""
    own = record.logs[record.party]
    receipt = note.checkpoint.seen.get(record.party)
    if (
        receipt is not None
        and receipt.size <= own.size
        and own.tree.edge(receipt.size).root() != receipt.root
    ):
        why = f"its receipt for {record.party} at {receipt.size} names a root that our log never had"
        raise Broken(f"head of {note.checkpoint.party}", why)


def _store(record: Ledger, log: Holding, taken: Taken) -> None:
    party = log.party
    rows: list[Row] = []
    destroyed: list[Ref] = []
    dockets: dict[str, Ref] = {}
    for number, (entry, leaf) in enumerate(zip(taken.entries, taken.leaves, strict=True), taken.start):
        docket = dockets.get(leaf.docket)
        if docket is None:
            docket = Ref.parse(leaf.docket) if leaf.docket else Ref(party, number)
            if docket.party not in record.parties:
                raise Malformed(f"{party}/{number}", f"its docket {docket} is of no party to this mechanism")
            if leaf.docket:
                dockets[leaf.docket] = docket
        if entry.content is None and not _may_lack_content(record, leaf.kind):
            raise Malformed(f"{party}/{number}", "its content was left out; fetch it from another node")
        rows.append(Row(entry, docket, "" if leaf.docket else leaf.kind.partition(".")[0]))
        if leaf.kind == DESTROYED:
            destroyed += [Ref.parse(answer) for answer in leaf.answers if answer.startswith(f"{party}/")]
    if rows:
        record.writes += 1
        record.store.append(party, taken.start, rows)
        log.adopt(taken.edge, taken.nodes)
        log.seen, log.last_leaf = taken.seen, taken.entries[-1].leaf
    note = _cosigned(record, log, taken.head)
    if note != log.head:
        record.writes += 1
        log.put_head(note)
    _advance(record, party, taken)
    record.folds.touch({row.docket for row in rows})
    for number, entry in enumerate(taken.entries, taken.start):
        if entry.content is None:
            record.put(_lacking(Ref(party, number)), b"")
    for ref in destroyed:
        _destroy(record, ref)


def _lacking(ref: Ref) -> str:
    """The name of the mark that an act came without its content, and that no act that is here says why.

    Its author may have destroyed it in an act that is still to come. Without the mark, `check` could not tell this
    from a content that somebody took out of the database.
    """
    return f"lacking/{ref}"


def _may_lack_content(record: Ledger, kind: str) -> bool:
    """A content that verdicts rest on must come with its act, or whoever carries it could decide what counts."""
    known = record.folds.kind(kind)
    return known is None or known.erasable


def _cosigned(record: Ledger, log: Holding, note: Note) -> Note:
    """The head with what we know of its signatures, and our own cosignature if we hold all that it covers."""
    if log.head is not None and log.head.checkpoint == note.checkpoint:
        note = merge(log.head, note)
    name = f"comity/{record.mechanism}/{record.party}"
    may = not record.silent and record.party not in record.frozen and record.ready[record.party]
    if log.party == record.party or log.size < note.checkpoint.size or not may:
        return note
    if any(line.name == name for line in note.lines):
        return note
    return cosign(note, record.party, saying.signers(record), int(record.clock().timestamp()))


def _advance(record: Ledger, party: str, taken: Taken) -> None:
    """Move the ready cut: first over what came in, then over what had waited for it."""
    ready = record.ready
    if ready[party] == taken.start:
        seen = None
        for number, leaf in enumerate(taken.leaves, taken.start):
            if leaf.seen is not seen and leaf.seen != seen:
                if not _known(record, leaf.seen):
                    break
                seen = leaf.seen
            ready[party] = number + 1
    _advance_waiting(record)
    if party == record.party and taken.leaves:
        record.last_time = taken.leaves[-1].time
        restoring.recovered(record)


def _known(record: Ledger, seen: Cut) -> bool:
    """Whether everything of a cut is ready here.

    Nobody waits for a frozen log: it has two histories, and whoever met the other one would never be read again.
    """
    return all(
        size <= record.ready.get(party, 0) for party, size in seen.items() if party not in record.frozen
    )


def _advance_waiting(record: Ledger) -> None:
    ready, moved = record.ready, True
    while moved:
        moved = False
        for other in record.parties:
            while ready[other] < record.logs[other].size:
                entry = entry_at(record.store, Ref(other, ready[other]))
                leaf = parse_leaf(entry.leaf)
                if not _known(record, leaf.seen):
                    break
                record.folds.touch([Ref.parse(leaf.docket)] if leaf.docket else [])
                ready[other] += 1
                moved = True
    record.note_others()


def _destroy(record: Ledger, ref: Ref) -> None:
    """Another party destroyed a content of its own: honour it, if its kind may be destroyed."""
    if ref.number < record.logs[ref.party].size:
        if record.store.get(_lacking(ref)) is not None:
            record.put(_lacking(ref), None)
        entry = entry_at(record.store, ref)
        leaf = parse_leaf(entry.leaf)
        kind = record.folds.kind(leaf.kind)
        if kind is not None and kind.erasable and entry.content is not None:
            record.erase(ref)
            record.folds.drop(Ref.parse(leaf.docket) if leaf.docket else ref)
