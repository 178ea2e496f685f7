"""A provision mandates from its entry into force to its end, and never before all have agreed."""

from __future__ import annotations

from datetime import date

from tests.chapters.instruments.drafts import HEAD, Room, at
from tests.chapters.instruments.scenarios import edits, orphan

from comity.chapters.instruments import CHAPTER
from comity.core.act import Ref
from comity.core.chapter import Passage


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


# -------------------------------------------------------------------------------------- as a thing to cite


def cited(room: Room, provision: str, act: Ref | None = None) -> Passage | None:
    """What the first act, or another one, names with that provision."""
    found: Passage | None = CHAPTER.passage(room.view(), act or room.docket, provision)
    return found


def test_a_provision_can_be_cited_from_its_proposal_and_is_agreed_once_all_have_adopted_it() -> None:
    """Since when it binds is only said once that is fixed. Seen to fail when a proposed text counted as agreed."""
    room = Room()
    room.propose()
    proposed = cited(room, "art-2")
    assert proposed is not None
    assert (proposed.ref, proposed.sort, proposed.parties) == ("TUR/1#art-2", "provision", ("IRQ", "TUR"))
    assert proposed.title["en"] == "Committee"
    assert (proposed.agreed, proposed.since) == (False, None)
    room.do("TUR", "accepted")
    assert not cited(room, "art-2").agreed
    room.do("IRQ", "accepted")
    assert (cited(room, "art-2").agreed, cited(room, "art-2").since) == (True, None)
    for party in room.parties:
        room.sign(party)
    for day, party in enumerate(room.parties, 1):
        room.do(party, "notified", time=at(date(2024, 9, day)))
    assert (cited(room, "art-2").agreed, cited(room, "art-2").since) == (True, date(2024, 10, 2))


def test_a_whole_instrument_can_be_cited_by_its_first_act_alone() -> None:
    """Its title is that of the text as it stands; no other act of the docket names it, nor a provision of it."""
    room = Room()
    room.propose()
    whole = cited(room, "")
    assert whole is not None
    assert (whole.ref, whole.sort, whole.agreed, whole.since) == ("TUR/1", "matter", False, None)
    assert whole.title["tr"] == "Ticaret hakkında mutabakat zaptı"
    accepted = room.do("IRQ", "accepted")
    assert cited(room, "", accepted) is None
    assert cited(room, "art-2", accepted) is None
    entered = Room()
    entered.enter()
    assert (cited(entered, "").agreed, cited(entered, "").since) == (True, date(2024, 10, 10))


def test_what_no_text_has_cannot_be_cited() -> None:
    """Nor anything of a docket that nobody was allowed to open."""
    room = Room()
    room.enter()
    for provision in ("art-99", "D1", "art-2 ", "ART-2"):
        assert cited(room, provision) is None
    for provision in ("", "art-2"):
        assert cited(orphan(), provision) is None


def test_a_provision_that_an_amendment_brings_is_agreed_when_the_amendment_is() -> None:
    """And one that an amendment deletes can still be cited: it was agreed."""
    room = Room()
    room.enter()
    words = {tag: {"text": "x"} for tag in ("en", "tr", "ar")}
    article = {"id": "art-2a", "kind": "article", "number": "2a", "words": words}
    changes = [{"op": "insert_after", "at": "art-2", "rows": [article]}, {"op": "delete", "at": "art-2"}]
    ref = room.do("IRQ", "amendment_proposed", edits=changes, time=at(date(2025, 1, 1)))
    assert cited(room, "art-2a") is None
    room.do("TUR", "accepted", version=str(ref), time=at(date(2025, 1, 2)))
    assert (cited(room, "art-2a").agreed, cited(room, "art-2a").since) == (True, None)
    for party in room.parties:
        room.do(party, "notified", matter=str(ref), time=at(date(2025, 2, 1)))
    assert (cited(room, "art-2a").agreed, cited(room, "art-2a").since) == (True, date(2025, 3, 3))
    assert (cited(room, "art-2").agreed, cited(room, "art-2").since) == (True, date(2024, 10, 10))
