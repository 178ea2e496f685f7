"""Which bodies have a mandate in force on a day, when they met, and which should have met since."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.node.committees import JOINT, PARTIES, WATER, Room

from comity.chapters.meetings import acts
from comity.node.bodies import bodies


def test_every_body_of_an_instrument_in_force_is_there_with_the_days_on_which_it_met() -> None:
    """On both nodes, in the order of the provisions; only days that both have stated, each under its own body."""
    room = Room()
    room.meeting(date(2024, 10, 1))
    room.meeting(date(2024, 10, 5), mandate=WATER)
    room.meeting(date(2024, 11, 1), 2, decide=False)
    for party in PARTIES:
        told = bodies(room.node(party), date(2025, 1, 1))
        assert [(body["mandate"], body["body"], body["met"]) for body in told] == [
            (JOINT, "joint", ["2024-10-01", "2024-11-01"]),
            (WATER, "water", ["2024-10-05"]),
        ]
        assert all(body["in_force"] for body in told)
        assert told[0]["last"] == "2024-11-01"


def test_before_its_provision_is_in_force_a_body_is_not_and_owes_no_meeting() -> None:
    told = bodies(Room().node("IRQ"), date(2023, 12, 31))
    assert [(body["in_force"], body["overdue"], body["met"]) for body in told] == [(False, None, [])] * 2
    assert told[0]["since"] == "2024-01-01"


def test_a_meeting_that_one_side_alone_states_has_not_been_held() -> None:
    room = Room()
    starts = datetime(2024, 10, 1, 10, tzinfo=UTC)
    convened = acts.Convened("joint", 1, starts, parties=PARTIES)
    docket = room.say("TUR", "meeting.convened/1", convened, mandate=JOINT)
    room.meet().say("IRQ", "meeting.date_accepted/1", acts.DateAccepted(), docket, docket, mandate=JOINT)
    room.meet().on(date(2024, 10, 2))
    room.say("TUR", "meeting.held/1", acts.Held(date(2024, 10, 1)), docket, mandate=JOINT)
    room.meet()
    assert bodies(room.node("IRQ"), date(2025, 1, 1))[0]["met"] == []
    room.say("IRQ", "meeting.held/1", acts.Held(date(2024, 10, 1)), docket, mandate=JOINT)
    assert bodies(room.node("IRQ"), date(2025, 1, 1))[0]["met"] == ["2024-10-01"]
