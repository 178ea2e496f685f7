"""A provision mandates from its entry into force to its end, and never before all have agreed."""

from __future__ import annotations

from datetime import date

from tests.chapters.instruments.drafts import HEAD, Room, at
from tests.chapters.instruments.scenarios import edits, orphan

from comity.chapters.instruments import CHAPTER


def test_a_provision_is_a_mandate_from_entry_into_force_until_the_end() -> None:
    room = Room()
    room.enter()
    mandate = CHAPTER.mandate(room.view(), "art-2")
    assert mandate is not None
    assert (mandate.ref, mandate.parties, mandate.bodies[0].id) == ("TUR/1#art-2", ("IRQ", "TUR"), "trade")
    assert (mandate.since, mandate.until) == (date(2024, 10, 10), None)
    room.do("TUR", "denounced", time=at(date(2025, 1, 1)))
    ended = CHAPTER.mandate(room.view(), "art-2")
    assert ended is not None
    assert ended.until == date(2029, 10, 10)


def test_an_instrument_that_expires_takes_its_mandates_with_it() -> None:
    room = Room()
    clauses = "final:\n  entry into force: {after: notifications}\n  duration: {years: 5}\n"
    room.enter(head=HEAD.split("final:")[0] + clauses)
    mandate = CHAPTER.mandate(room.view(), "art-2")
    assert mandate is not None
    assert mandate.until == date(2029, 9, 10)


def test_what_is_only_proposed_or_not_there_mandates_nobody() -> None:
    """Never "no rule, so allowed". Seen to fail when a proposed text counts from its proposal."""
    room = Room()
    room.propose()
    mandate = CHAPTER.mandate(room.view(), "art-2")
    assert mandate is not None
    assert mandate.since is None
    assert not mandate.in_force(date(9000, 1, 1))
    assert CHAPTER.mandate(room.view(), "art-99") is None
    assert CHAPTER.mandate(orphan().view(), "art-2") is None


def test_an_amendment_that_deletes_a_provision_ends_its_mandate_and_a_new_one_begins_with_it() -> None:
    room = Room()
    room.enter()
    insert = edits()[1]
    words = {tag: {"text": "x"} for tag in ("en", "tr", "ar")}
    article = {"id": "art-2a", "kind": "article", "number": "2a", "words": words}
    changes = [
        {"op": "insert_after", "at": "art-2", "rows": [article]},
        {"op": "delete", "at": "art-2"},
        {"op": "insert_after", "at": insert.at, "rows": list(insert.rows)},
    ]
    ref = room.do("IRQ", "amendment_proposed", edits=changes, time=at(date(2025, 1, 1)))
    room.do("TUR", "accepted", version=str(ref), time=at(date(2025, 1, 2)))
    pending = CHAPTER.mandate(room.view(), "art-2a")
    assert pending is not None
    assert pending.since is None
    for party in room.parties:
        room.do(party, "notified", matter=str(ref), time=at(date(2025, 2, 1)))
    old, new = CHAPTER.mandate(room.view(), "art-2"), CHAPTER.mandate(room.view(), "art-2a")
    assert old is not None
    assert new is not None
    assert (old.since, old.until, new.since) == (date(2024, 10, 10), date(2025, 3, 3), date(2025, 3, 3))
