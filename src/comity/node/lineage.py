"""Where a commitment comes from and what became of it, walkable both ways.

    TUR/3#art-2  --mandate-->  TUR/12  --part-->  TUR/31#D1  --source-->  TUR/40  --split-->  TUR/45
                                                                            TUR/45  --implements-->  IRQ/50

    lineage(record, "TUR/40")
    -> {"ref": "TUR/40", "up": [{"parent": "TUR/31#D1", "child": "TUR/40", "by": "source", "distance": 1}, ...],
        "down": [{"parent": "TUR/40", "child": "TUR/45", "by": "split", "distance": 1}, ...], "nodes": {...}}

Each step is there because one act says so: a commitment names its parents in the act that opens it, its terms name
their source. Sources of terms that were replaced since stay: nothing that once was a parent ever ceases to be one.

A walk looks at the steps that it takes and at no others: the record's summaries keep them by both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from comity.chapters.commitments.summary import Summary
from comity.core.act import Names, Ref
from comity.core.chapter import Passage
from comity.core.errors import Malformed, Refused
from comity.node.record import Record

__all__ = ["Edge", "lineage"]


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
        lines, known = _Lines(record), _known(record, ref)
        up = _walk(ref, lines.above, lambda edge: edge.parent)
        down = _walk(ref, lines.below, lambda edge: edge.child)
        if not up and not down and known is None:
            raise Refused("lineage_unknown", ref=ref)
        named = {ref, *(name for edge, _ in (*up, *down) for name in (edge.parent, edge.child))}
        return {
            "ref": ref,
            "up": [{**edge._asdict(), "distance": distance} for edge, distance in up],
            "down": [{**edge._asdict(), "distance": distance} for edge, distance in down],
            "nodes": {name: _node(record, name) for name in sorted(named, key=_place)},
        }


def _walk(
    start: str, found: Callable[[str], Iterable[Edge]], along: Callable[[Edge], str]
) -> list[tuple[Edge, int]]:
    """Every edge that can be reached, by distance; each once, also where edges lead in a circle."""
    walked: list[tuple[Edge, int]] = []
    seen, front, distance = {start}, [start], 1
    while front:
        following: list[str] = []
        for name in front:
            for edge in sorted(found(name), key=lambda edge: (_place(along(edge)), edge.by)):
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


class _Lines:
    """Every step that the commitments and meetings of the record name. For use within `record.reading()`."""

    def __init__(self, record: Record) -> None:
        chapters = [record.chapters.get(name) for name in ("commitments", "meetings")]
        self._several = [record.summaries.gathered(one, _Steps) for one in chapters if one is not None]

    def above(self, name: str) -> Iterator[Edge]:
        """The steps that lead to a thing."""
        yield from self._named_above(name)
        if self._is_provision(name):
            yield _part(name)

    def below(self, name: str) -> Iterator[Edge]:
        """The steps that lead from it."""
        for steps in self._several:
            yield from steps.below.get(name, ())
        cited = {one for steps in self._several for one in steps.cited.get(name, ())}
        yield from (_part(one) for one in cited if self._is_provision(one))

    def _named_above(self, name: str) -> Iterator[Edge]:
        for steps in self._several:
            yield from steps.above.get(name, ())

    def _is_provision(self, name: str) -> bool:
        """A provision belongs to its instrument, and no act says so: whatever names one leads on to the other."""
        named = (edge for steps in self._several for edge in steps.below.get(name, ()))
        begins = "#" in name and any(edge.by in ("source", "mandate") for edge in named)
        return begins and all(edge.by != "part" for edge in self._named_above(name))


def _part(provision: str) -> Edge:
    return Edge(provision.partition("#")[0], provision, "part")


class _Steps:
    """The steps that one chapter's dockets name, from either end; `cited` are the parts of an act that are parents."""

    def __init__(self) -> None:
        self.above: dict[str, set[Edge]] = {}
        self.below: dict[str, set[Edge]] = {}
        self.cited: dict[str, set[str]] = {}
        self._of: dict[Ref, frozenset[Edge]] = {}

    def take(self, docket: Ref, summary: Any) -> None:
        """The steps that this docket names now; no other docket names any of them."""
        named = _of_commitment(summary) if isinstance(summary, Summary) else _of_meeting(summary)
        before, now = self._of.get(docket, frozenset()), frozenset(named)
        for edge in before - now:
            self.above[edge.child].discard(edge)
            self.below[edge.parent].discard(edge)
        for edge in now - before:
            self.above.setdefault(edge.child, set()).add(edge)
            self.below.setdefault(edge.parent, set()).add(edge)
            self.cited.setdefault(edge.parent.partition("#")[0], set()).add(edge.parent)
        self._of[docket] = now


def _of_meeting(one: Mapping[str, Any]) -> Iterator[Edge]:
    if one["body"] is not None:
        yield Edge(one["mandate"], one["docket"], "mandate")
        for decision in one["decisions"]:
            yield Edge(one["docket"], decision["ref"], "part")


def _of_commitment(one: Summary) -> Iterator[Edge]:
    if one.opened is None:
        return
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
