"""The meetings that are released, as a calendar (iCalendar, RFC 5545).

calendar([record], date(2024, 9, 1), "tr")     ->   b"BEGIN:VCALENDAR..."
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from icalendar import Calendar

from comity.chapters.meetings import ical, state
from comity.core.act import Ref
from comity.desk.public import Release, released
from comity.node.record import Record

__all__ = ["calendar", "meetings"]


def calendar(records: Sequence[Record], on: date, language: str = "en") -> bytes:
    """Every released meeting with a date that holds, as one iCalendar file (RFC 5545), by the meeting's reference.

    Dates that were only proposed are in it where the whole record of the meeting is released. The same acts give the
    same bytes.
    """
    made = Calendar()
    made.add("prodid", "-//Comity//released meetings//EN")
    made.add("version", "2.0")
    known: set[str] = set()
    for record in records:
        with record.reading():
            for one in meetings(record, on):
                for event in _events(record, one, language):
                    if str(event["UID"]) not in known:
                        known.add(str(event["UID"]))
                        made.add_component(event)
    return bytes(made.to_ical())


def meetings(record: Record, on: date) -> list[Release]:
    """The releases of meetings that are shown on a day, by the meeting's reference."""
    chapter = record.chapters.get("meetings")
    with record.reading():
        known = record.summaries.of(chapter) if chapter is not None else []
        dockets = {str(ref) for ref, _ in known}
    found = [one for one in released(record, on) if one.matter in dockets]
    return sorted(found, key=lambda one: Ref.parse(one.matter))


def _events(record: Record, one: Release, language: str) -> list[Any]:
    view = record.folds.fold(Ref.parse(one.matter)).at(one.at)
    if state.opening(view) is None:
        return []
    events = Calendar.from_ical(ical.export(view, record.mechanism, language)).walk("VEVENT")
    if one.extent == "record":
        return list(events)
    dated = any(state.agreed(view, put.subject) for put in state.dates(view).values())
    return [event for event in events if dated and str(event["STATUS"]) != "TENTATIVE"]
