"""Acts of about 300 bytes, and their durable append beside the floor.

    {"content":"l1wS...","docket":"ONE/1001","kind":"bench.noted/1","office":"root","seen":{"TWO":1},
     "time":"2024-08-01T09:30:00Z","v":1}       a leaf: about 170 bytes
    32 bytes of salt, {"text":"..."}            its content: 130 bytes

A docket has 20 acts. Fifty dockets grow at a time, so the acts of one lie scattered among 1,000.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from comity.bench.chapter import Text
from comity.bench.floor import Floor
from comity.bench.pact import ONE
from comity.core import canonical
from comity.core.act import Ref
from comity.core.charter import ROOT
from comity.core.entry import SALT, Entry, Leaf, commit, encode_leaf
from comity.core.errors import Malformed
from comity.node.record import Record
from comity.storage.port import Row

__all__ = ["BATCH", "DOCKET", "STRETCH", "append", "openers", "prepare"]

BATCH = 256
DOCKET = 20
ABREAST = 50
STRETCH = DOCKET * ABREAST
_ROUND = 20 * BATCH
_TEXT = "x" * 87
_FIRST = datetime(2024, 8, 1, 9, 30, tzinfo=UTC)
Prepared = tuple[Row, str]
"""An entry with what the index needs, and the hash by which its leaf names its content."""


def prepare(start: int, stop: int, first: int, seen: dict[str, int]) -> list[Prepared]:
    """Acts number `start` to `stop` of ONE's log, where the first stretch of dockets begins at number `first`."""
    chance = random.Random(start)
    made = []
    for number in range(start, stop):
        stretch, place = divmod(number - first, STRETCH)
        opens = place < ABREAST
        docket = Ref(ONE, first + stretch * STRETCH + place % ABREAST)
        content = chance.randbytes(SALT) + canonical.encode(Text(_TEXT))
        leaf = Leaf(
            content=commit(content),
            kind="bench.opened/1" if opens else "bench.noted/1",
            office=ROOT,
            seen=seen,
            time=_FIRST + timedelta(seconds=number),
            v=1,
            docket="" if opens else str(docket),
        )
        made.append((Row(Entry(encode_leaf(leaf), content), docket, "bench" if opens else ""), leaf.content))
    return made


def openers(first: int, acts: int) -> list[Ref]:
    """The dockets that have all their 20 acts."""
    whole = acts // STRETCH
    return [Ref(ONE, first + at * STRETCH + place) for at in range(whole) for place in range(ABREAST)]


def append(record: Record, acts: int, beside: Path) -> dict[str, Any]:
    """Append `acts` to ONE's log, in turn with the floor. Rates are medians over the rounds."""
    first = record.store.size(ONE)
    seen = {party: size for party, size in record.ready.items() if party != ONE}
    floor = Floor(beside)
    rates: list[float] = []
    floors: list[float] = []
    total = 0
    for turn, (start, stop) in enumerate(_rounds(first, acts)):
        prepared = prepare(start, stop, first, seen)
        total += sum(len(row.entry.leaf) + len(row.entry.content or b"") for row, _ in prepared)
        batches = [prepared[at : at + BATCH] for at in range(0, len(prepared), BATCH)]
        bare = [[row.entry for row, _ in batch] for batch in batches]
        if turn % 2:
            floors.append(len(prepared) / floor.append(bare))
        rates.append(len(prepared) / _append(record, start, batches))
        if not turn % 2:
            floors.append(len(prepared) / floor.append(bare))
    floor.close()
    return {
        "bytes_per_act": round(total / acts, 1),
        "append_per_s": median(rates),
        "append_floor_per_s": median(floors),
        "append_rounds": [[round(rate), round(bare)] for rate, bare in zip(rates, floors, strict=True)],
    }


def _rounds(first: int, acts: int) -> Iterator[tuple[int, int]]:
    step = min(_ROUND, -(-acts // 3))
    for start in range(first, first + acts, step):
        yield start, min(start + step, first + acts)


def _append(record: Record, start: int, batches: Sequence[Sequence[Prepared]]) -> float:
    """Through the path on which `say` and `receive` both end: contents held against their leaves, rows and docket

    index stored, trees grown, the ready cut moved, one transaction a batch. Returns seconds.
    """
    began = time.perf_counter()
    for batch in batches:
        record.write(partial(_store, record, start, batch))
        start += len(batch)
    return time.perf_counter() - began


def _store(record: Record, start: int, batch: Sequence[Prepared]) -> None:
    for (entry, _, _), named in batch:
        if commit(entry.content or b"") != named:
            raise Malformed("prepared act", "its content does not match its leaf")
    record.append(ONE, start, [row for row, _ in batch])
    record.ready[ONE] = start + len(batch)
