"""Asking a large record: proofs, dockets, the whole check. Each is asked of a node that was just opened."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import Any, TypeVar

from comity.bench.fill import DOCKET, openers
from comity.bench.pact import ONE
from comity.core import merkle
from comity.core.act import Ref
from comity.core.errors import Broken
from comity.node.asking import docket as open_docket
from comity.node.check import check_record
from comity.node.holding import Tree
from comity.node.proving import prove
from comity.node.record import Record

__all__ = ["check", "dockets", "proofs"]

T = TypeVar("T")


def proofs(record: Record, first: int, acts: int, samples: int) -> dict[str, Any]:
    """Inclusion proofs for random acts, alone and within the whole file that `comity prove` writes."""
    record.heads()
    size = record.held(ONE)[1]
    read = Tree(record.store, ONE).read
    numbers = random.Random(1).choices(range(first, first + acts), k=samples)
    paths = _times(lambda number: merkle.inclusion_proof(number, size, read), numbers)
    files = _times(lambda number: prove(record, Ref(ONE, number)), numbers[: samples // 4])
    return {
        "prove_p50_us": median(paths) * 1e6,
        "prove_p99_us": _p99(paths) * 1e6,
        "prove_file_p50_us": median(files) * 1e6,
    }


def dockets(record: Record, first: int, acts: int, samples: int) -> dict[str, Any]:
    """Opening dockets of 20 acts that this process has never opened: read, folded, described, every act of it shown."""
    found = openers(first, acts)
    chosen = random.Random(2).sample(found, min(samples, len(found)))
    times = _times(lambda ref: _whole(open_docket(record, ref), ref), chosen)
    return {"open_docket_p50_ms": median(times) * 1e3, "open_docket_p99_ms": _p99(times) * 1e3}


def _whole(shown: dict[str, Any], ref: Ref) -> None:
    """What is measured must be right: twenty acts, each of them regular."""
    if len(shown["acts"]) != DOCKET or any(act["irregular"] for act in shown["acts"]):
        raise Broken(f"docket {ref}", f"was opened with {len(shown['acts'])} acts, not {DOCKET} regular ones")


def check(record: Record) -> dict[str, Any]:
    """Everything derived again from stored bytes."""
    began = time.perf_counter()
    for finding in check_record(record):
        raise Broken(finding.thing, finding.why)
    return {"check_s": time.perf_counter() - began}


def _times(work: Callable[[T], object], things: Sequence[T]) -> list[float]:
    times = []
    for thing in things:
        began = time.perf_counter()
        work(thing)
        times.append(time.perf_counter() - began)
    return times


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98]
