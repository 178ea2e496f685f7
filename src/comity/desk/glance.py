"""A mechanism at a glance, as data: may this node speak, what waits, what comes, who holds what, which body is silent.

    glance(record, date(2024, 8, 20))
    -> Glance(founded=True, silent=(), frozen=(), ours=Waits(3, (...)), theirs={"IRQ": Waits(1, (...))}, ...)

Everything comes from summaries and from what was asked before: of thousands of dockets only those are folded that have
new acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from comity.core.act import Ref
from comity.core.entry import parse_leaf
from comity.node import asking, bodies
from comity.node.record import Record
from comity.node.waiting import Coming, Waiting, coming, waiting
from comity.storage.port import entry_at

__all__ = ["Clock", "Glance", "Waits", "clocks", "glance"]

SKEW = timedelta(minutes=10)
"""How far another party's clock may run before ours without a word about it."""


class Clock(NamedTuple):
    """A party's last act, when it lies in our future: one of the two clocks is wrong. Nothing is decided by it."""

    party: str
    act: str
    time: str


class Waits(NamedTuple):
    """What waits for a party: how many answers, and the oldest of them."""

    number: int
    oldest: tuple[Waiting, ...]


class Glance(NamedTuple):
    """How a mechanism stands. `unfounded`: parties whose acceptance of the charter is not here.

    `silent`: the parties that a restored node must hear first. `logs` are those of `asking.status`, `bodies` those of
    `node.bodies`.
    """

    unfounded: tuple[str, ...]
    silent: tuple[str, ...]
    frozen: tuple[str, ...]
    ours: Waits
    theirs: Mapping[str, Waits]
    coming: tuple[Coming, ...]
    logs: Mapping[str, Mapping[str, Any]]
    bodies: tuple[Mapping[str, Any], ...]


def glance(record: Record, on: date, most: int = 12) -> Glance:
    """How a mechanism stands on a day; of what waits for each party the oldest `most`."""
    with record.reading():
        status, waits = asking.status(record), waiting(record, on)
        by = {party: [wait for wait in waits if wait.party == party] for party in record.parties}
        told = {party: Waits(len(found), tuple(found[:most])) for party, found in by.items()}
        return Glance(
            unfounded=tuple(party for party, log in status["logs"].items() if not log["ready"]),
            silent=tuple(status["silent"]),
            frozen=tuple(party for party, log in status["logs"].items() if log["frozen"]),
            ours=told.pop(record.party),
            theirs=told,
            coming=tuple(coming(record, on))[:most],
            logs=status["logs"],
            bodies=tuple(bodies.bodies(record, on)),
        )


def clocks(record: Record, now: datetime) -> list[Clock]:
    """The parties whose last act was said at a time that is still to come here."""
    found = []
    for party in record.parties:
        size = record.store.size(party)
        if size:
            last = Ref(party, size - 1)
            time = parse_leaf(entry_at(record.store, last).leaf, str(last)).time.astimezone(UTC)
            if time > now + SKEW:
                found.append(Clock(party, str(last), time.isoformat()))
    return found
