"""A table's acts again: in other orders, up to every cut, and what is told of them each time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import msgspec
from tests.chapters.table import Table

from comity.core import canonical
from comity.core.act import Act
from comity.core.chapter import Milestone, View

ON = (date(2019, 1, 1), date(2024, 8, 15), date(2031, 12, 31))


def verdicts(table: Table, acts: list[Act] | None = None) -> dict[Any, Any]:
    return {fault.ref: (fault.code, dict(fault.facts)) for fault in table.fold(acts).irregular}


def account(table: Table, view: View) -> bytes:
    """Everything that a chapter tells about a docket, in bytes."""
    chapter = table.chapter
    told = [
        chapter.describe(view),
        chapter.title(view),
        [list(milestone) for milestone in chapter.milestones(view)],
        [question(view, on) for question in chapter.questions.values() for on in ON],
        msgspec.to_builtins(chapter.summary(view)) if chapter.summary is not None else None,
    ]
    return canonical.encode(told)


def floats(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(floats(v) or not isinstance(k, str) for k, v in value.items())
    if isinstance(value, list | tuple):
        return any(floats(v) for v in value)
    return not (value is None or isinstance(value, str | int | bool))


def closed_cuts(table: Table) -> list[dict[str, int]]:
    """Every cut below which each act finds what it had seen."""
    first = {p: table.sizes[p] - sum(act.party == p for act in table.acts) for p in table.parties}
    reach: dict[str, list[dict[str, int]]] = {}
    for party in table.parties:
        own = sorted((act for act in table.acts if act.party == party), key=lambda act: act.ref.number)
        reach[party] = [{}]
        for act in own:
            before = reach[party][-1]
            reach[party].append(
                {p: max(before.get(p, 0), act.seen.get(p, 0)) for p in table.parties if p != party}
            )
    cuts = []
    for steps in product(*(range(len(reach[party])) for party in table.parties)):
        cut = {party: first[party] + step for party, step in zip(table.parties, steps, strict=True)}
        needed = [reach[party][step] for party, step in zip(table.parties, steps, strict=True)]
        if all(cut[p] >= min(number, table.sizes[p]) for need in needed for p, number in need.items()):
            cuts.append(cut)
    return cuts


def settled(milestone: Milestone, table: Table, cut: Mapping[str, int]) -> bool:
    """Whether at that cut every other party's newest act shows that it holds each half."""
    for party in table.parties:
        newest = max(
            (a for a in table.acts if a.party == party and a.ref.number < cut[party]),
            key=lambda a: a.ref,
            default=None,
        )
        held = newest.seen if newest else {}
        if any(other != party and held.get(other, 0) <= number for other, number in milestone.halves.items()):
            return False
    return True


def told(milestone: Milestone) -> tuple[Any, ...]:
    return (
        milestone.what,
        milestone.subject,
        tuple(sorted(milestone.halves.items())),
        tuple(sorted(milestone.facts.items())),
    )


def shuffled(table: Table, chance: random.Random) -> list[Act]:
    """The acts in a random order that no act's author could tell from the true one."""
    waiting = {
        p: sorted((a for a in table.acts if a.party == p), key=lambda a: a.ref.number) for p in table.parties
    }
    order: list[Act] = []
    while any(waiting.values()):
        ready = [
            said[0]
            for said in waiting.values()
            if said
            and all(
                not waiting[p] or waiting[p][0].ref.number >= n
                for p, n in said[0].seen.items()
                if p in waiting
            )
        ]
        act = chance.choice(ready)
        waiting[act.party].remove(act)
        order.append(act)
    return order
