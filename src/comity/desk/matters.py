"""A chapter's matters, newest first, a page at a time: what each is called, who opened it when, what it last came to.

    page = matters(record, record.chapters["meetings"], limit=50)
    page.rows[0]      Row(docket="IRQ/31", party="IRQ", time="2024-10-15T09:00:00Z", title={...}, ...)
    page.older        {"IRQ": 31, "TUR": 36}       where the next page begins; None where there is none

Each party's matters come from the index, and are merged by the time at which they were opened; only those that are
shown are folded.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from comity.core.act import Cut, Names, Ref
from comity.core.chapter import Chapter
from comity.core.entry import parse_leaf
from comity.node import standing
from comity.node.record import Record
from comity.storage.port import entry_at

__all__ = ["Matters", "Row", "matters"]

_EVERY = 10_000_000


class Row(NamedTuple):
    """One docket. `milestone` is what became true last, as `standing.milestones` tells it; None where nothing did."""

    docket: str
    party: str
    time: str
    title: Names
    milestone: Mapping[str, Any] | None


class Matters(NamedTuple):
    """A page of them; `number` counts all that the chapter has here."""

    rows: tuple[Row, ...]
    older: Cut | None
    number: int


def matters(record: Record, chapter: Chapter, before: Cut | None = None, limit: int = 50) -> Matters:
    """The newest matters of a chapter, or those opened before: of each party below its number in `before`."""
    with record.reading():
        known = [
            ref
            for ref in record.store.opened(chapter.noun, None, _EVERY)
            if ref.number < record.ready.get(ref.party, 0)
        ]
        shown, older = _newest(record, known, before, limit)
        rows = tuple(_row(record, chapter, ref, time) for time, ref in shown)
        return Matters(rows, older, len(known))


def _newest(
    record: Record, known: list[Ref], before: Cut | None, limit: int
) -> tuple[list[tuple[datetime, Ref]], Cut | None]:
    """The page, and what to ask for next. A log's later acts come first, whatever its clock said."""
    cut = {party: record.ready.get(party, 0) for party in record.parties}
    cut.update({party: min(number, cut[party]) for party, number in (before or {}).items() if party in cut})
    logs = {party: [ref for ref in known if ref.party == party and ref.number < cut[party]] for party in cut}
    heads = [(*_opened(record, log.pop()), party) for party, log in logs.items() if log]
    heapq.heapify(heads)
    shown: list[tuple[datetime, Ref]] = []
    while heads and len(shown) < limit:
        _, ref, time, party = heapq.heappop(heads)
        shown.append((time, ref))
        cut[party] = ref.number
        if logs[party]:
            heapq.heappush(heads, (*_opened(record, logs[party].pop()), party))
    return shown, (cut if heads else None)


def _opened(record: Record, ref: Ref) -> tuple[float, Ref, datetime]:
    time = parse_leaf(entry_at(record.store, ref).leaf, str(ref)).time
    return -time.timestamp(), ref, time


def _row(record: Record, chapter: Chapter, ref: Ref, time: datetime) -> Row:
    fold = record.folds.fold(ref)
    said = {(act.party, act.ref.number): act.time for act in fold.all_acts()}
    reached = standing.milestones(record, ref)
    last = max(reversed(reached), key=lambda one: max(_times(one, said), default=time), default=None)
    title = dict(chapter.title(fold.at(record.ready)))
    return Row(str(ref), ref.party, time.isoformat().replace("+00:00", "Z"), title, last)


def _times(milestone: Mapping[str, Any], said: Mapping[tuple[str, int], datetime]) -> Iterator[datetime]:
    for half in milestone["halves"].values():
        ref = Ref.parse(half)
        if (ref.party, ref.number) in said:
            yield said[ref.party, ref.number]
