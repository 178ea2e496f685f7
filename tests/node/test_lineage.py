"""Lineage loses no parent and invents none, and walking down is walking up the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import DUE, JOINT, PARTIES, Room, live
from tests.node.test_programme import every

from comity.chapters.commitments.summary import summary
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.node import lineage as lines
from comity.node.lineage import Edge, lineage
from comity.node.record import Record

STEPS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from([0, 1, 2, 2, 2, 2, 3, 7, 8, 8, 9, 9, 13, 15]), st.integers(0, 60)
    ),
    min_size=6,
    max_size=40,
)


def edges(record: Record) -> set[Edge]:
    """Every step of a record, from every docket as it is folded now: what a walk must find, found without walking."""
    found: set[Edge] = set()
    with record.reading():
        for name, named in (("commitments", lines._of_commitment), ("meetings", lines._of_meeting)):
            chapter = record.chapters[name]
            assert chapter.summary is not None
            for docket in record.store.opened(chapter.noun, None, 10_000):
                if docket.number < record.ready.get(docket.party, 0):
                    found.update(named(chapter.summary(record.folds.view(docket))))
    provisions = {edge.parent for edge in found if edge.by in ("source", "mandate")} - {
        edge.child for edge in found if edge.by == "part"
    }
    return found | {Edge(name.partition("#")[0], name, "part") for name in provisions}


def walked(record: Record, ref: str, way: str) -> set[Edge]:
    told = lineage(record, ref)[way]
    found = {Edge(edge["parent"], edge["child"], edge["by"]) for edge in told}
    assert len(found) == len(told), "each step once"
    return found


@settings(max_examples=40)
@given(STEPS, STEPS)
def test_lineage_loses_no_parent_and_invents_none(before: Any, after: Any) -> None:
    """Every parent is one that the commitment was put with, and all of them are there: on both nodes, at any time.

    Whatever was split, merged, closed or accepted since, in whatever order it arrived. Seen to fail when only the first
    parent counted.
    """
    room, given_ = Room(), dict[str, set[str]]()
    real = room.propose

    def noted(party: str, *parents: Ref, **how: Any) -> Ref:
        ref = real(party, *parents, **how)
        given_[str(ref)] = set(map(str, parents))
        return ref

    with mock.patch.object(room, "propose", noted):
        for steps in (before, after):
            live(room, steps)
            for party in PARTIES:
                check(room.node(party), given_)
    room.meet()
    assert edges(room.node("IRQ")) == edges(room.node("TUR"))
    for party in PARTIES:
        assert set(map(str, every(room.node(party)))) == given_.keys()
        check(room.node(party), given_)


def check(record: Record, given_: dict[str, set[str]]) -> None:
    """The steps of a node's record against what every commitment that can be read there was put with."""
    ready = [str(ref) for ref in every(record)]
    found = {edge for edge in edges(record) if edge.by in ("split", "merge")}
    expected = {(parent, child) for child in ready for parent in given_[child]}
    assert {(edge.parent, edge.child) for edge in found} == expected
    assert all((edge.by == "merge") == (len(given_[edge.child]) > 1) for edge in found)
    for child in ready:
        one = summary(record.folds.view(Ref.parse(child)))
        sources = {edge.parent for edge in edges(record) if edge.by == "source" and edge.child == child}
        held = {terms.source for stage in one.stages for terms in stage.terms}
        assert sources == {one.first.source, *held}


@settings(max_examples=25)
@given(STEPS)
def test_walking_down_is_walking_up_the_other_way_round(steps: Any) -> None:
    """A thing is above another exactly where that is below it; and every step on the way is the same."""
    room = Room()
    live(room, steps)
    node = room.node("TUR")
    known = edges(node)
    names = sorted({name for edge in known for name in edge[:2]})
    up = {name: walked(node, name, "up") for name in names}
    down = {name: walked(node, name, "down") for name in names}
    for name in names:
        above = {edge.parent for edge in up[name]}
        assert {edge for edge in known if edge.child in above | {name}} == up[name]
        below = {edge.child for edge in down[name]}
        assert {edge for edge in known if edge.parent in below | {name}} == down[name]
        assert all(any(edge.child == name for edge in down[other]) for other in above)
        assert all(any(edge.parent == name for edge in up[other]) for other in below)


def chain(room: Room) -> tuple[Ref, Ref, list[Ref]]:
    """A decision, the commitment cut from it, and the two that it was split into."""
    _, minutes = room.meeting(date(2024, 10, 1))
    assert minutes is not None
    step = room.agreed(source=f"{minutes}#D1")
    children = [room.propose("IRQ", step, title=f"Part {number}") for number in (1, 2)]
    room.carry("IRQ", children[0])
    room.meet()
    return minutes, step, children


def test_from_a_provision_over_a_decision_to_the_instrument_that_carries_it_out_and_back() -> None:
    room = Room()
    minutes, step, children = chain(room)
    told = lineage(room.node("IRQ"), str(step))
    up = [(edge["parent"], edge["child"], edge["by"], edge["distance"]) for edge in told["up"]]
    decision, meeting = f"{minutes}#D1", str(room.docket_of("IRQ", minutes))
    assert up[:4] == [
        (decision, str(step), "source", 1),
        (meeting, decision, "part", 2),
        (JOINT, meeting, "mandate", 3),
        ("TUR/1", JOINT, "part", 4),
    ]
    first = [(edge["child"], edge["by"]) for edge in told["down"] if edge["distance"] == 1]
    assert first == [(str(child), "split") for child in children]
    assert (str(children[0]), "TUR/1", "implements") in {
        (edge["parent"], edge["child"], edge["by"]) for edge in told["down"]
    }
    sorts = {name: node["sort"] for name, node in told["nodes"].items()}
    assert sorts[decision] == "decision"
    assert (sorts[meeting], sorts[JOINT], sorts["TUR/1"]) == ("meeting", "provision", "instrument")
    assert told["nodes"][str(step)]["title"] == {"en": "Joint centre"}
    assert told["nodes"][decision]["title"] == {"en": "A centre is set up."}
    for name in (decision, meeting, JOINT, "TUR/1"):
        assert str(step) in {edge["child"] for edge in lineage(room.node("TUR"), name)["down"]}


def test_a_circle_through_the_instrument_ends() -> None:
    """A commitment of a memorandum that is carried out by that memorandum: each step once, in both directions."""
    room = Room()
    step = room.agreed()
    room.carry("TUR", step)
    told = lineage(room.node("TUR"), str(step))
    assert {(e["parent"], e["child"]) for e in told["up"]} == {
        (e["parent"], e["child"]) for e in told["down"]
    }
    assert len(told["up"]) == len(told["down"]) == 3


def test_the_source_of_terms_that_were_replaced_stays_a_parent() -> None:
    room = Room()
    step = room.agreed()
    newer = room.terms("IRQ", step, source=JOINT, due=DUE + timedelta(days=9))
    room.meet()
    assert sources(room, step) == ["TUR/1#art-3"]
    room.accept("TUR", newer)
    room.meet()
    assert sources(room, step) == [JOINT, "TUR/1#art-3"]


def sources(room: Room, step: Ref) -> Sequence[str]:
    return [edge["parent"] for edge in lineage(room.node("IRQ"), str(step))["up"] if edge["by"] == "source"]


def test_what_nobody_was_allowed_to_open_is_nobody_s_child() -> None:
    """A commitment that its author's node should have refused: kept, shown, and without a lineage."""
    room = Room()
    step = room.agreed()
    with mock.patch("comity.core.fold.judge"):
        forced = room.propose("IRQ", step, source="TUR/1#art-99")
    room.node("IRQ").folds.forget()
    room.meet()
    for party in PARTIES:
        room.world.reopen(party)
        assert not {edge for edge in edges(room.node(party)) if edge.child == str(forced)}
        told = lineage(room.node(party), str(forced))
        assert (told["up"], told["down"]) == ([], [])


@pytest.mark.parametrize(
    "ref", ["", "x", "TUR/99", "JOR/1", "TUR/1#art-99", "TUR/2#D1", "TUR/1#", "TUR/-1", "#art-1"]
)
def test_what_does_not_exist_has_no_lineage(ref: str) -> None:
    room = Room()
    room.agreed()
    with pytest.raises(Refused) as refused:
        lineage(room.node("TUR"), ref)
    assert refused.value.code == "lineage_unknown"
