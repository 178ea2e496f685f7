"""Where a commitment comes from and what became of it, walkable both ways.

    TUR/3#art-2  --mandate-->  TUR/12  --part-->  TUR/31#D1  --source-->  TUR/40  --split-->  TUR/45
                                                                            TUR/45  --implements-->  IRQ/50

    lineage(record, "TUR/40")
    -> {"ref": "TUR/40", "up": [{"parent": "TUR/31#D1", "child": "TUR/40", "by": "source", "distance": 1}, ...],
        "down": [{"parent": "TUR/40", "child": "TUR/45", "by": "split", "distance": 1}, ...], "nodes": {...}}

Each step is there because one act says so: a commitment names its parents in the act that opens it, its terms name
their source. Sources of terms that were replaced since stay: nothing that once was a parent ever ceases to be one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from comity.chapters.commitments.summary import Summary
from comity.core.act import Names, Ref
from comity.core.chapter import Passage
from comity.core.errors import Malformed, Refused
from comity.node.record import Record

__all__ = ["Edge", "edges", "lineage"]


class Edge(NamedTuple):
    """One step from a parent to a child.

    `by`: source (provision or decision to commitment), split or merge (commitment to commitment), implements
    (commitment to the matter that carries it out), mandate (provision to meeting), part (an instrument to a provision
    of it, a meeting to a decision of it).
    """

    parent: str
    child: str
    by: str


def lineage(record: Record, ref: str) -> dict[str, Any]:
    """Every step that leads to a thing (`up`) and from it (`down`), with how many steps away, nearest first.

    `ref` is a commitment, meeting or instrument by its docket, or a provision or decision. Raises `Refused` where it
    is none of these.
    """
    with record.reading():
        every = edges(record)
        above: dict[str, list[Edge]] = {}
        below: dict[str, list[Edge]] = {}
        for edge in every:
            above.setdefault(edge.child, []).append(edge)
            below.setdefault(edge.parent, []).append(edge)
        known = _known(record, ref)
        if ref not in above and ref not in below and known is None:
            raise Refused("lineage_unknown", ref=ref)
        up = _walk(ref, above, lambda edge: edge.parent)
        down = _walk(ref, below, lambda edge: edge.child)
        named = {ref, *(name for edge, _ in (*up, *down) for name in (edge.parent, edge.child))}
        return {
            "ref": ref,
            "up": [{**edge._asdict(), "distance": distance} for edge, distance in up],
            "down": [{**edge._asdict(), "distance": distance} for edge, distance in down],
            "nodes": {name: _node(record, name) for name in sorted(named, key=_place)},
        }


def _walk(start: str, found: dict[str, list[Edge]], along: Callable[[Edge], str]) -> list[tuple[Edge, int]]:
    """Every edge that can be reached, by distance; each once, also where edges lead in a circle."""
    walked: list[tuple[Edge, int]] = []
    seen, front, distance = {start}, [start], 1
    while front:
        following: list[str] = []
        for name in front:
            for edge in sorted(found.get(name, ()), key=lambda edge: (_place(along(edge)), edge.by)):
                walked.append((edge, distance))
                if along(edge) not in seen:
                    seen.add(along(edge))
                    following.append(along(edge))
        front, distance = following, distance + 1
    return walked


def _place(name: str) -> tuple[Ref, str]:
    """Where a name stands among others: by its act, then by its part."""
    reference, _, part = name.partition("#")
    return Ref.parse(reference), part


# ------------------------------------------------------------------------------------------ the steps


def edges(record: Record) -> set[Edge]:
    """Every step that the commitments and meetings of the record name. Call it within `record.reading()`."""
    found: set[Edge] = set()
    for one in _summaries(record, "commitments"):
        if one.opened is not None:
            found.update(_of_commitment(one))
    for one in _summaries(record, "meetings"):
        if one["body"] is not None:
            found.add(Edge(one["mandate"], one["docket"], "mandate"))
            found.update(Edge(one["docket"], decision["ref"], "part") for decision in one["decisions"])
    # A provision belongs to its instrument: whatever names one leads on to the other.
    provisions = {edge.parent for edge in found if edge.by in ("source", "mandate")} - {
        edge.child for edge in found if edge.by == "part"
    }
    return found | {Edge(name.partition("#")[0], name, "part") for name in provisions}


def _summaries(record: Record, name: str) -> Iterator[Any]:
    chapter = record.chapters.get(name)
    for _, one in record.summaries.of(chapter) if chapter is not None else ():
        yield one


def _of_commitment(one: Summary) -> Iterator[Edge]:
    sort = "merge" if len(one.parents) > 1 else "split"
    for parent in one.parents:
        yield Edge(parent, one.docket, sort)
    terms = [*(terms for stage in one.stages for terms in stage.terms), *([one.first] if one.first else [])]
    for said in terms:
        yield Edge(said.source, one.docket, "source")
    for carried in one.instruments:
        yield Edge(one.docket, carried.instrument, "implements")


# --------------------------------------------------------------------------------------- what they are


def _node(record: Record, name: str) -> dict[str, Any]:
    """What a thing is and what it is called."""
    known = _known(record, name)
    sort, title = known if known is not None else ("unknown", {"en": name})
    return {"sort": sort, "title": title}


def _known(record: Record, name: str) -> tuple[str, Names] | None:
    """Its sort (provision, decision, or the noun of its docket's chapter) and title; None where there is none."""
    try:
        docket, part = _place(name)
    except Malformed:
        return None
    if part:
        found: Passage | None = record.folds.passage(name, record.ready)
        return (found.sort, dict(found.title)) if found is not None else None
    if name.endswith("#"):
        return None
    try:
        fold = record.folds.fold(docket)
    except Refused:
        return None
    return fold.chapter.noun, dict(fold.chapter.title(fold.at(record.ready)))
