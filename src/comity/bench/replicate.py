"""Verified replication between two processes, page by page, in turn with the floor.

TWO fetches ONE's whole log as `comity sync` would: every page is asked for, carried, proved against the signed head,
stored with its index and trees, and on disk before the next is asked for. The floor gets the same acts in the same
batches, without any of that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from comity.bench.floor import Floor
from comity.bench.pact import ONE
from comity.core.entry import Entry
from comity.core.errors import Broken
from comity.core.log import parse_page
from comity.exchange.talk import PageReply, Reply, Request, converse
from comity.node.record import Record

__all__ = ["fetch"]

_PAGES = 8  # in a round


def fetch(record: Record, ask: Callable[[Request], Reply], beside: Path) -> dict[str, Any]:
    """Take in all that ONE has, and report how fast. Rates are medians over rounds of a few pages."""
    floor = Floor(beside)
    start, _ = record.held(ONE)
    rates: list[float] = []
    floors: list[float] = []
    pages: list[bytes] = []
    spent, acts = 0.0, start

    def turn() -> None:
        nonlocal spent, acts
        bare = [[Entry(*entry) for entry in parse_page(page).entries] for page in pages]
        count = sum(map(len, bare))
        rates.append(count / spent)
        floors.append(count / floor.append(bare))
        pages.clear()
        spent, acts = 0.0, acts + count

    conversation = converse(record, ONE)
    request = next(conversation)
    try:
        while True:
            began = time.perf_counter()
            reply = ask(request)
            request = conversation.send(reply)
            if isinstance(reply, PageReply):
                spent += time.perf_counter() - began
                pages.append(reply.page)
            if len(pages) == _PAGES:
                turn()
    except StopIteration as ended:
        if ended.value.faults:
            raise Broken("replication", str(ended.value.faults)) from ended
    if pages and not rates:
        turn()
    floor.close()
    return {
        "replicated": record.held(ONE)[0] - start,
        "replicate_per_s": median(rates),
        "replicate_floor_per_s": median(floors),
        "replicate_rounds": [[round(rate), round(bare)] for rate, bare in zip(rates, floors, strict=True)],
    }
