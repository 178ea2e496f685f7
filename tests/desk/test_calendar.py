"""The calendar has the released meetings with the dates that hold. Seen to fail with tentative dates of an outcome."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar
from tests.desk.releases import LATE, Hall, hall
from tests.node.committees import JOINT, PARTIES

from comity.chapters.meetings import acts as meetings
from comity.core.act import Ref
from comity.desk.calendar import calendar
from comity.desk.calendar import meetings as released_meetings


def events(here: Hall, language: str = "en") -> list[tuple[str, str]]:
    made = Calendar.from_ical(calendar([here.node("IRQ")], LATE, language)).walk("VEVENT")
    return [(str(event["STATUS"]), event["DTSTART"].dt.date().isoformat()) for event in made]


def convened(here: Hall, day: int) -> Ref:
    starts = datetime(2024, 10, day, 10, tzinfo=UTC)
    body = meetings.Convened("joint", day, starts, {"en": "Ankara"}, parties=PARTIES)
    ref = here.say("TUR", "meeting.convened/1", body, mandate=JOINT)
    here.meet()
    return ref


def test_a_calendar_has_released_meetings_with_the_date_that_all_agreed() -> None:
    here = Hall()
    proposed, agreed = convened(here, 1), convened(here, 2)
    here.say("IRQ", "meeting.date_accepted/1", meetings.DateAccepted(), agreed, agreed, mandate=JOINT)
    here.meet()
    for matter in (proposed, agreed, Ref("TUR", 1)):
        here.release(matter)
    assert events(here) == [("CONFIRMED", "2024-10-02")]
    assert [one.matter for one in released_meetings(here.node("IRQ"), LATE)] == [str(proposed), str(agreed)]
    here.release(proposed, "record")
    assert events(here) == [("TENTATIVE", "2024-10-01"), ("CONFIRMED", "2024-10-02")]
    here.release(agreed, "record")
    assert len(events(here)) == 2, "a meeting is in it once"


def test_a_meeting_called_off_without_a_date_is_not_in_the_calendar_of_an_outcome() -> None:
    here = Hall()
    docket = convened(here, 1)
    off = meetings.CallingOffProposed("cancelled")
    put = here.say("TUR", "meeting.calling_off_proposed/1", off, docket, mandate=JOINT)
    here.meet()
    here.say(
        "IRQ", "meeting.calling_off_accepted/1", meetings.CallingOffAccepted(), docket, put, mandate=JOINT
    )
    here.meet()
    here.release(docket)
    assert events(here) == []
    here.release(docket, "record")
    assert events(here) == [("CANCELLED", "2024-10-01")]


def test_a_calendar_is_the_same_on_every_node() -> None:
    here, _ = hall()
    made = {calendar([here.node(party)], LATE, "tr") for party in PARTIES}
    assert len(made) == 1
