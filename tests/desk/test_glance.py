"""A mechanism at a glance says what its parts say, and what keeps this node from speaking."""

from __future__ import annotations

from datetime import date, timedelta

from tests.node.committees import BEGUN, PARTIES, Room

from comity.desk.glance import clocks, glance
from comity.node.waiting import waiting

ON = date(2025, 6, 1)


def room_with_waits() -> Room:
    room = Room()
    for number in range(3):
        step = room.agreed(title=f"Step {number}")
        room.meet().state("TUR", step, "started")
        room.propose("IRQ", title=f"New {number}")
    return room.meet()


def test_what_waits_for_us_is_apart_from_what_waits_for_them() -> None:
    room = room_with_waits()
    for party, other in (PARTIES, PARTIES[::-1]):
        record = room.node(party)
        found, whole = glance(record, ON), waiting(record, ON)
        assert found.ours.oldest == tuple(one for one in whole if one.party == party)
        assert found.theirs[other].oldest == tuple(one for one in whole if one.party == other)
        assert found.ours.number + found.theirs[other].number == len(whole)
        assert found.ours.number >= 3
        assert (found.unfounded, found.silent, found.frozen) == ((), (), ())


def test_of_many_the_oldest_are_told_and_all_are_counted() -> None:
    record = room_with_waits().node("TUR")
    whole, short = glance(record, ON), glance(record, ON, most=1)
    assert short.ours.oldest == whole.ours.oldest[:1]
    assert short.ours.number == whole.ours.number


def test_a_clock_that_is_wrong_is_noticed() -> None:
    """Ten minutes are let pass; beyond them the party and its act are named."""
    record = Room().meet().node("TUR")
    assert clocks(record, BEGUN + timedelta(days=1)) == []
    assert [one.party for one in clocks(record, BEGUN - timedelta(days=900))] == sorted(PARTIES)
