"""What waits for whom, over all chapters: the same as each docket says of itself, kept until it has new acts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import JOINT, PARTIES, Room, memorandum

from comity.chapters.instruments.acts import Accepted, Proposed, Withdrawn
from comity.chapters.instruments.text import digest
from comity.chapters.meetings import acts
from comity.core.chapter import View
from comity.node import asking
from comity.node.record import Record
from comity.node.waiting import coming, waiting

ON = date(2024, 12, 2)


def naive(record: Record, on: date) -> list[tuple[str, str, str, str, str]]:
    """What every docket's own question says, one after the other."""
    found = asking.worst_first(record, on)
    return sorted((str(one["since"]), one["docket"], one["ref"], one["party"], one["for"]) for one in found)


def convene(room: Room, party: str, day: int, number: int) -> str:
    convened = acts.Convened("joint", number, datetime(2025, 1, day, 10, tzinfo=UTC), parties=PARTIES)
    return str(room.say(party, "meeting.convened/1", convened, mandate=JOINT))


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from(PARTIES), st.integers(1, 28)), min_size=1, max_size=4))
def test_what_waits_is_what_each_docket_says(said: list[tuple[str, int]]) -> None:
    """On every node, whatever was asked before and on another day."""
    room = Room()
    for number, (party, day) in enumerate(said, 1):
        convene(room, party, day, number)
        room.meet()
        for on in (date(2024, 12, 30), date(2025, 1, day), date(2025, 2, 1)):
            record = room.node("IRQ")
            assert [one[:5] for one in waiting(record, on)] == naive(record, on)


def test_only_what_changed_is_asked_again() -> None:
    room = Room()
    for number in range(1, 6):
        convene(room, "TUR", number, number)
    room.meet()
    record = room.node("IRQ")
    before = waiting(record, ON)
    assert [one.party for one in before] == ["IRQ"] * 5
    folded: list[str] = []
    chapter = record.chapters["meetings"]
    asked = chapter.questions["waits_for"]

    def counting(view: View, on: date) -> object:
        folded.append(str(view.docket))
        return asked(view, on)

    with mock.patch.dict(chapter.questions, waits_for=counting):  # type: ignore[arg-type]
        assert waiting(record, ON) == before
        assert folded == []
        new = convene(room, "IRQ", 9, 9)
        assert {one.party for one in waiting(record, ON) if one.docket == new} == {"TUR"}
        assert folded == [new]


def test_a_text_waits_for_yes_and_then_for_signatures() -> None:
    """Who put it is waited for when the others have said yes; a withdrawn yes is waited for again."""
    room = Room()
    text = memorandum()
    ref = room.say("TUR", "instrument.proposed/1", Proposed(text))
    room.meet()

    def waits() -> list[tuple[str, str]]:
        for party in PARTIES:
            told = [one for one in waiting(room.meet().node(party), ON) if one.docket == str(ref)]
        return [(one.party, one.sort) for one in told]

    assert waits() == [("IRQ", "answer_to_text")]
    room.say("IRQ", "instrument.accepted/1", Accepted(str(ref), digest(text)), ref)
    assert waits() == [("TUR", "answer_to_text")]
    room.say("IRQ", "instrument.acceptance_withdrawn/1", Withdrawn(str(ref), digest(text)), ref)
    assert waits() == [("IRQ", "answer_to_text")]
    for party in PARTIES:
        room.say(party, "instrument.accepted/1", Accepted(str(ref), digest(text)), ref)
    assert waits() == [("IRQ", "signature"), ("TUR", "signature")]


def test_what_comes_is_in_order_and_within_the_days_asked() -> None:
    room = Room()
    room.agreed(title="Later", due=date(2025, 1, 20))
    room.agreed(title="Sooner", due=date(2024, 12, 20))
    convene(room, "TUR", 5, 1)
    record = room.meet().node("IRQ")
    found = coming(record, ON)
    assert [(one.on, one.what) for one in found] == [
        ("2024-12-20", "due"),
        ("2025-01-05", "meeting"),
        ("2025-01-20", "due"),
    ]
    assert [one.what for one in coming(record, ON, 40)] == ["due", "meeting"]
    assert coming(record, ON, 5) == []
