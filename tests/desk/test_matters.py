"""A chapter's matters come newest first, each once, over as many pages as it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import PARTIES, Room

from comity.core.act import Cut
from comity.desk.matters import matters
from comity.node.record import Record


def every(record: Record, limit: int) -> list[str]:
    chapter = record.chapters["commitments"]
    found: list[str] = []
    before: Cut | None = None
    while True:
        page = matters(record, chapter, before, limit)
        assert len(page.rows) <= limit
        found += [row.docket for row in page.rows]
        if page.older is None:
            return found
        before = page.older


@settings(max_examples=15)
@given(st.lists(st.sampled_from(PARTIES), max_size=9), st.integers(1, 4))
def test_pages_hold_every_matter_once_the_newest_first(said: list[str], limit: int) -> None:
    room, opened = Room(), []
    for number, party in enumerate(said):
        room.world.now += timedelta(hours=1)
        opened.append(str(room.propose(party, title=f"Step {number}")))
    record = room.meet().node("TUR")
    assert every(record, limit) == opened[::-1]
    assert matters(record, record.chapters["commitments"]).number == len(said)


def test_what_became_true_last_is_told() -> None:
    room = Room()
    step = room.agreed(title="A centre")
    record = room.node("IRQ")
    (row,) = matters(record, record.chapters["commitments"]).rows
    assert (row.docket, row.party, row.title["en"]) == (str(step), "TUR", "A centre")
    assert row.milestone is not None
    assert "IRQ" in row.milestone["halves"]


@pytest.mark.parametrize("before", [{}, {"XXX": 3}, {"TUR": 0, "IRQ": 0}, {"TUR": 10**12}])
def test_whatever_is_asked_is_a_page(before: Cut) -> None:
    room = Room()
    room.propose("TUR")
    record = room.node("TUR")
    page = matters(record, record.chapters["commitments"], before)
    assert page.number == 1
    assert len(page.rows) == (0 if before == {"TUR": 0, "IRQ": 0} else 1)
