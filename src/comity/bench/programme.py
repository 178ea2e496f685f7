"""Asking across thousands of commitments; what runs inside the processes of `comity bench commitments`.

live(folder, 50000, "5000")   ->  {"commitments": 5000, "acts": 50000, "fill_s": 48.1}
across(folder, 50000)         ->  {"overview_ms": 41.2, "overview_p95_ms": 55.0, "report_ms": 112.4, ...}
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from comity.bench import mechanism
from comity.bench.pact import ONE, TWO
from comity.chapters.commitments import acts
from comity.core.act import Ref
from comity.core.charter import ROOT
from comity.core.errors import Broken
from comity.node import asking
from comity.node.lineage import lineage
from comity.node.programme import overview
from comity.node.record import Draft, Record
from comity.node.report import report

__all__ = ["across", "first", "live"]

T = TypeVar("T")

ROUNDS = 40
_SAMPLES = 400
_BODY = mechanism.BODIES[0]
_YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def live(folder: Path, count: int, commitments: str) -> dict[str, Any]:
    """Found the mechanism and say `count` acts on so many commitments, on both nodes."""
    mechanism.found(folder)
    clock = mechanism.Clock()
    with contextlib.ExitStack() as open_:
        one, two = (open_.enter_context(_record(folder, party, clock)) for party in (ONE, TWO))
        began = time.perf_counter()
        made = mechanism.fill(one, two, clock, int(commitments), count)
        return made | {"fill_s": time.perf_counter() - began}


@contextlib.contextmanager
def _record(folder: Path, party: str, clock: Callable[[], datetime]) -> Iterator[Record]:
    node = mechanism.open_node(folder, party, clock)
    try:
        yield node.record()
    finally:
        node.close()


def first(folder: Path, _count: int) -> dict[str, Any]:
    """The first overview that ONE's node makes, which folds everything and puts away what the next process needs."""
    with _record(folder, ONE, _clock()) as record:
        began = time.perf_counter()
        overview(record, mechanism.ASKED)
        taken = time.perf_counter() - began
        record.put_away()
        return {"overview_first_s": taken}


def across(folder: Path, _count: int) -> dict[str, Any]:
    """Ask ONE's node everything that looks across commitments."""
    with _record(folder, ONE, _clock()) as record:
        return _open(record) | _overviews(record) | _reports(record) | _lineages(record)


def _clock() -> mechanism.Clock:
    on = mechanism.ASKED
    return mechanism.Clock(datetime(on.year, on.month, on.day, 9, tzinfo=UTC))


def _open(record: Record) -> dict[str, Any]:
    """Opening commitments that this process has not opened before."""
    chosen = random.Random(2).sample(_every(record), min(_SAMPLES, len(_every(record))))
    times = _times(lambda ref: asking.docket(record, ref), chosen)
    return {
        "open_docket_p50_ms": median(times),
        "open_docket_p99_ms": quantiles(times, n=100, method="inclusive")[98],
    }


def _every(record: Record) -> list[Ref]:
    found: list[Ref] = []
    while page := record.store.opened("commitment", found[-1] if found else None, 1000):
        found += page
    return found


def _overviews(record: Record) -> dict[str, Any]:
    """The overview right after a new act, again and again: each time one commitment is not what it was."""
    times, busy, expected = [], [], overview(record, mechanism.ASKED)["total"]["commitments"]
    for ref in random.Random(4).sample(_every(record), ROUNDS):
        opening = record.folds.opening(ref, record.ready)
        if opening is None:
            raise Broken(f"commitment {ref}", "was not opened by an act")
        body = acts.EvidenceRecorded({"en": "A letter"}, f"{record.ready[ONE]:064x}", 1, "text/plain")
        record.say(Draft("commitment.evidence_recorded/1", body, ROOT, ref, (), opening.mandate))
        began, worked = time.perf_counter(), time.process_time()
        told = overview(record, mechanism.ASKED)
        busy.append((time.process_time() - worked) * 1e3)
        times.append((time.perf_counter() - began) * 1e3)
        if told["total"]["commitments"] != expected:
            raise Broken("overview", f"counts {told['total']['commitments']} commitments, and not {expected}")
    return {
        "overview_ms": median(times),
        "overview_p95_ms": _p95(times),
        "overview_cpu_p95_ms": _p95(busy),
    }


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[18]


def _reports(record: Record) -> dict[str, Any]:
    """A committee's report for a year; and the same again as of a cut that some of its dockets have moved beyond."""
    times = _times(lambda _: report(record, mechanism.MANDATE, _BODY, *_YEAR), range(9))
    told = report(record, mechanism.MANDATE, _BODY, *_YEAR)
    cut = {party: size - size // 50 for party, size in told["at"].items()}
    again = _times(lambda _: report(record, mechanism.MANDATE, _BODY, *_YEAR, cut), range(3))
    return {
        "report_ms": median(times),
        "report_cut_ms": median(again),
        "report_rows": len(told["commitments"]),
    }


def _lineages(record: Record) -> dict[str, Any]:
    chosen = random.Random(5).sample(_every(record), 9)
    return {"lineage_ms": median(_times(lambda ref: lineage(record, str(ref)), chosen))}


def _times(work: Callable[[T], object], things: Sequence[T]) -> list[float]:
    """How long each took, in milliseconds."""
    times = []
    for thing in things:
        began = time.perf_counter()
        work(thing)
        times.append((time.perf_counter() - began) * 1e3)
    return times
