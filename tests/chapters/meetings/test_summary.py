"""A meeting in short: what reports and lists make of it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.chapters.meetings import scenarios as at

from comity.chapters.meetings import account, acts, questions
from comity.chapters.meetings.summary import summary


def test_a_meeting_in_short_says_what_its_questions_say() -> None:
    """Over every scenario: the days on which it was held, its decisions, and which of them were replaced since."""
    for room in at.scenarios():
        told = summary(room.view())
        whole = account.describe(room.view())
        assert told["body"] == whole["body"]
        if told["body"] is None:
            continue
        assert told["held"] == whole["held"]["agreed"]
        assert told["title"] == whole["title"]
        assert (told["mandate"], told["round"]) == (whole["mandate"], whole["round"])
        asked = questions.decisions(room.view(), date(2030, 1, 1))
        assert [(d["ref"], d["text"], d["newest"]) for d in told["decisions"]] == [
            (d["ref"], d["text"], d["valid"]) for d in asked
        ]


def test_a_decision_has_the_day_of_the_last_yes_and_who_reserved() -> None:
    room, item = at.held_meeting()
    minutes = room.minutes("TUR", item=item, time=at.hour(16))
    assert summary(room.view())["decisions"] == []
    room.approve("IRQ", minutes, acts.Reservation({"en": "Not this."}, "D1"), time=at.hour(20))
    (decision,) = summary(room.view())["decisions"]
    assert (decision["ref"], decision["day"]) == (f"{minutes}#D1", "2024-08-20")
    assert decision["reserved_by"] == ["IRQ"]


@pytest.mark.parametrize("room", at.scenarios())
def test_nobody_is_named_in_it(room: at.Room) -> None:
    """Names stand only in contents that can be destroyed, and lists are kept."""
    told = json.dumps(summary(room.view()))
    assert "A. Example" not in told
