"""What was agreed takes effect and ends by the clauses of the text, never by one side alone."""

from __future__ import annotations

from datetime import date

from tests.chapters.instruments.drafts import Room, at
from tests.chapters.instruments.scenarios import (
    edits,
    lived,
    recorded,
)

from comity.chapters.instruments import effects


def test_in_force_from_the_last_notification_and_never_by_one_side_alone() -> None:
    room = Room()
    room.adopt()
    for party in room.parties:
        room.sign(party)
    room.do("TUR", "notified", time=at(date(2024, 9, 1)))
    assert effects.since(room.view()) is None
    room.do("IRQ", "notified", time=at(date(2024, 10, 1)), received=date(2024, 9, 20))
    assert effects.since(room.view()) == date(2024, 10, 20)


def test_without_a_final_clause_the_last_signature_brings_it_into_force() -> None:
    """VCLT art. 24(2)."""
    room = Room()
    room.adopt(head="")
    room.sign("TUR")
    assert effects.since(room.view()) is None
    room.sign("IRQ", signed_on=date(2024, 8, 20), time=at(date(2024, 8, 20)))
    assert effects.since(room.view()) == date(2024, 8, 20)


def test_a_recorded_instrument_is_in_force_once_all_have_affirmed_it() -> None:
    room = recorded(("IRQ", "JOR", "TUR"))
    assert effects.since(room.view()) == date(2019, 9, 1)
    short = room.fold(room.acts[:2]).at(room.sizes)
    assert effects.since(short) is None


def test_the_earliest_end_counts_and_is_never_before_all_had_agreed() -> None:
    ends = effects.ends(lived().view())
    assert [(end.day, end.what) for end in ends] == [
        (date(2027, 1, 1), "terminated"),
        (date(2029, 10, 10), "denounced"),
        (date(2029, 10, 10), "renewal_declined"),
    ]
    room = Room()
    room.enter()
    ending = room.do("TUR", "termination_proposed", ends_on=date(2025, 1, 1), time=at(date(2024, 12, 1)))
    room.do("IRQ", "accepted", version=str(ending), time=at(date(2025, 2, 1)))
    assert effects.until(room.view()) == date(2025, 2, 1)


def test_an_amendment_goes_the_way_of_the_base_text_and_takes_effect_by_its_clause() -> None:
    room = lived()
    (fixed, amendment), *_ = effects.amendments(room.view())
    assert (str(amendment.ref), fixed.day) == ("IRQ/4", date(2025, 5, 31))
    before, after = (effects.consolidated(room.view(), day) for day in (date(2025, 5, 30), date(2025, 5, 31)))
    assert before is not None
    assert after is not None
    assert before[1] == []
    assert after[1] == ["IRQ/4"]
    row = after[0].provision("art-1.2")
    assert row is not None
    assert row.words["tr"].text == "Amended for the 1. time."


def test_amendments_apply_in_the_order_of_their_effect_and_a_lost_place_is_told() -> None:
    room = Room()
    room.adopt(head="final: {denunciation: {months: 6}}\n")
    for party in room.parties:
        room.sign(party)
    first = room.do("IRQ", "amendment_proposed", edits=edits(1), sees={"TUR": room.sizes["TUR"]})
    second = room.do(
        "TUR", "amendment_proposed", edits=[{"op": "delete", "at": "art-1.2"}], sees={"IRQ": first.number}
    )
    for party, ref, day in (("IRQ", second, 1), ("TUR", first, 2)):
        room.do(party, "accepted", version=str(ref), time=at(date(2024, 10, day)))
    for ref, day in ((second, 5), (first, 6)):
        for party in room.parties:
            room.sign(party, matter=str(ref), signed_on=date(2024, 10, day), time=at(date(2024, 10, day)))
    done = effects.consolidated(room.view(), date(2025, 1, 1))
    assert done is not None
    assert done[1:] == ([str(second), str(first)], ["art-1.2", "art-1.2"])
