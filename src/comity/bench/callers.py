"""Saying acts, rules and all: many in one transaction, one caller alone, and 64 callers at once.

One caller waits for the disk with each act. 64 callers, each of whom says one act and waits for it, share that wait;
so what sharing gains depends on the disk, and how long a bare commit of one row takes is measured beside it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from comity.bench.chapter import Text
from comity.bench.floor import Floor
from comity.core.act import Ref
from comity.core.charter import ROOT
from comity.core.entry import Entry
from comity.node import saying
from comity.node.record import Record
from comity.node.saying import Draft

__all__ = ["CALLERS", "callers"]

CALLERS = 64
_BATCH = 200
_TEXT = Text("x" * 87)
_ENTRY = Entry(bytes(170), bytes(130))


def callers(record: Record, rounds: int, each: int, beside: Path) -> dict[str, Any]:
    """`rounds` turns of: one caller saying 4 * `each` acts, 64 callers saying `each`, batches of 200. Medians."""
    dockets = [record.say(_opening()).ref for _ in range(CALLERS)]
    rates: dict[str, list[float]] = {"say_one_per_s": [], "say_64_per_s": [], "say_batch_per_s": []}
    floor, commits = Floor(beside), []
    for _ in range(rounds):
        commits.append(floor.append([[_ENTRY]] * each) / each)
        rates["say_one_per_s"].append(_one(record, dockets[0], 4 * each))
        rates["say_64_per_s"].append(_many(record, dockets, each))
        rates["say_batch_per_s"].append(_batches(record, dockets, max(1, each // 8)))
    floor.close()
    found = {name: median(values) for name, values in rates.items()} | {
        "commit_floor_us": median(commits) * 1e6
    }
    ratios = [many / one for many, one in zip(rates["say_64_per_s"], rates["say_one_per_s"], strict=True)]
    return {**found, "callers_ratio": median(ratios), "callers_ratios": [round(ratio, 1) for ratio in ratios]}


def _opening() -> Draft:
    return Draft("bench.opened/1", _TEXT, ROOT, clock_checked=True)


def _note(docket: Ref) -> Draft:
    return Draft("bench.noted/1", _TEXT, ROOT, docket=docket, clock_checked=True)


def _one(record: Record, docket: Ref, count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        record.say(_note(docket))
    return count / (time.perf_counter() - began)


def _many(record: Record, dockets: Sequence[Ref], each: int) -> float:
    """Every caller is a thread with a docket of its own."""
    start = threading.Barrier(len(dockets) + 1)

    def call(docket: Ref) -> None:
        start.wait()
        for _ in range(each):
            record.say(_note(docket))

    threads = [threading.Thread(target=call, args=(docket,)) for docket in dockets]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return len(dockets) * each / (time.perf_counter() - began)


def _batches(record: Record, dockets: Sequence[Ref], count: int) -> float:
    chance = random.Random(count)

    def say() -> None:
        for docket in chance.choices(dockets, k=_BATCH):
            saying.say(record, _note(docket))

    began = time.perf_counter()
    for _ in range(count):
        record.write(say)
    return count * _BATCH / (time.perf_counter() - began)
