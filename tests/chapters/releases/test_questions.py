"""Whether a matter is released is asked of a day, and who is waited for is said."""

from __future__ import annotations

from datetime import date

import pytest
from tests.chapters.releases import scenarios as at


def day(number: int) -> date:
    return date(2024, 8, number)


@pytest.mark.parametrize(("on", "shown"), [(11, False), (12, True), (19, True), (20, False), (31, False)])
def test_released_from_the_day_of_the_last_yes_until_the_day_of_the_end(on: int, shown: bool) -> None:
    told = at.ended().ask("released", day(on))
    assert told["released"] is shown
    assert told["since"] == ("2024-08-12" if on >= 12 else None)
    assert told["until"] == ("2024-08-20" if on >= 20 else None)
    assert [end["by"] for end in told["ends"]] == (["IRQ"] if on >= 20 else [])


def test_what_was_ended_on_its_first_day_was_never_released_on_any_day() -> None:
    room = at.released()
    room.end("TUR", time=at.hour(12, 23))
    assert not any(room.ask("released", day(on))["released"] for on in range(1, 32))


def test_a_crossed_no_shows_the_day_between() -> None:
    room = at.crossed()
    assert [room.ask("released", day(on))["released"] for on in (11, 12, 13)] == [False, True, False]


def test_nothing_is_released_that_is_not_agreed() -> None:
    for story in (at.declined, at.withdrawn, at.not_open):
        told = story().ask("released", day(31))
        assert (told["released"], told["since"], told["ends"]) == (False, None, [])


def test_who_has_not_answered_is_waited_for_and_a_no_is_an_answer() -> None:
    room = at.Room(("IRQ", "SYR", "TUR"))
    first = room.propose(time=at.hour(10))
    waits = room.ask("waits_for", day(31))
    assert [(wait["party"], wait["since"]) for wait in waits] == [
        ("IRQ", "2024-08-10T10:00:00+00:00"),
        ("SYR", "2024-08-10T10:00:00+00:00"),
    ]
    room.yes("IRQ", first)
    assert [wait["party"] for wait in room.ask("waits_for", day(31))] == ["SYR"]
    room.no("SYR", first)
    assert room.ask("waits_for", day(31)) == []


def test_nobody_is_waited_for_once_it_is_released_or_taken_back() -> None:
    assert at.released().ask("waits_for", day(31)) == []
    room = at.Room()
    room.no("TUR", room.propose())
    assert room.ask("waits_for", day(31)) == []
    assert at.not_open().ask("waits_for", day(31)) == []
