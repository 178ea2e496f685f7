"""How settled something is.

*Said*: in its author's log. *Received*: every other party's receipt covers it. *Settled*: agreed, and every half of it
received.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.core.act import Cut, Ref
from comity.core.chapter import Milestone
from comity.core.checkpoint import parse_note
from comity.core.entry import parse_leaf
from comity.node.record import Record

__all__ = ["covered", "milestones", "of_act", "receipts"]


def receipts(record: Record) -> dict[str, Cut]:
    """party -> what it has receipted of each log: by its newest head and its last act, of what we have read of it.

    Not by what is stored and waits: an act that claims to have seen what does not exist yet could otherwise become
    readable after a later receipt of its author had settled something, and take that back.
    """
    found: dict[str, Cut] = {}
    for party, log in record.logs.items():
        ready = record.ready[party]
        if party == record.party:
            found[party] = dict(record.ready)
            continue
        head, receipt = log.head, dict(log.seen)
        if ready < log.size:
            last = record.store.entries(party, ready - 1, ready) if ready else []
            receipt = dict(parse_leaf(last[0].leaf).seen) if last else {}
        if head is not None and head.checkpoint.size > ready:
            stored = record.store.newest_note(party, ready)
            head = parse_note(stored.note) if stored else None
        for other, size in head.checkpoint.receipts.items() if head is not None else ():
            receipt[other] = max(size, receipt.get(other, 0))
        found[party] = receipt
    return found


def covered(party: str, number: int, held: Mapping[str, Cut]) -> bool:
    """Whether every other party's receipt covers act `number` of that party."""
    return all(receipt.get(party, 0) > number for other, receipt in held.items() if other != party)


def of_act(record: Record, ref: Ref) -> str:
    """`said` or `received`, for one act."""
    with record.reading():
        return "received" if covered(ref.party, ref.number, receipts(record)) else "said"


def milestones(record: Record, docket: Ref) -> list[dict[str, Any]]:
    """What has become true in a docket, each with its standing."""
    with record.reading():
        fold = record.folds.fold(docket)
        held = receipts(record)
        return [_milestone(m, held) for m in fold.chapter.milestones(fold.at(record.ready))]


def _milestone(milestone: Milestone, held: Mapping[str, Cut]) -> dict[str, Any]:
    whole = all(covered(party, number, held) for party, number in milestone.halves.items())
    return {
        "what": milestone.what,
        "subject": milestone.subject,
        "facts": dict(milestone.facts),
        "halves": {party: f"{party}/{number}" for party, number in sorted(milestone.halves.items())},
        "standing": "settled" if whole else "said",
    }
