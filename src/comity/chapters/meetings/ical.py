"""A meeting for a calendar, as iCalendar (RFC 5545). The same acts always give the same bytes:

    BEGIN:VEVENT
    SUMMARY:High-Level Security Mechanism\\, meeting 4
    DTSTART:20240815T070000Z
    DTSTAMP:20240701T090000Z
    UID:TUR-10@<mechanism>
    SEQUENCE:1
    STATUS:CONFIRMED

DTSTAMP is the time of the newest act that the entry rests on, SEQUENCE the number of agreements on the date:
there is no clock in it. Where several dates are possible, each is an entry of its own and tentative.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event

from comity.chapters.meetings import state
from comity.chapters.meetings.account import title
from comity.chapters.meetings.acts import CallingOffProposed
from comity.chapters.meetings.questions import candidates
from comity.chapters.meetings.state import Put
from comity.core.act import Names, Ref
from comity.core.chapter import View

__all__ = ["export"]


def export(view: View, mechanism: str, language: str = "en") -> bytes:
    """The calendar file. A meeting that was called off keeps its last agreed date, marked CANCELLED."""
    calendar = Calendar()
    calendar.add("prodid", "-//Comity//meetings//EN")
    calendar.add("version", "2.0")
    puts = state.arrangements(view)
    newest = state.newest(view, puts.values())
    sequence = sum(1 for put in puts.values() if state.agreed(view, put.subject))
    items = [item for item in state.gather(view, "items").values() if state.agreed(view, item.subject)]
    entries = [(put, "TENTATIVE") for put, _ in candidates(view, puts)]
    match [put.body for put in newest]:
        case [CallingOffProposed(outcome=outcome)]:
            if outcome == "cancelled" or not entries:
                dates = state.dates(view)
                entries = [(put, "CANCELLED") for put in state.newest(view, dates.values()) or dates.values()]
        case [_]:
            entries = [(newest[0], "CONFIRMED")]
        case _:
            pass
    for put, status in entries:
        uid = f"{view.docket.party}-{view.docket.number}"
        if len(entries) > 1:
            uid += f"-{put.ref.party}-{put.ref.number}"
        event = _event(view, put, items, language)
        event.add("uid", f"{uid}@{mechanism}")
        event.add("dtstamp", _stamp(view, [put, *newest, *items]))
        event.add("sequence", sequence)
        event.add("status", status)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(view: View, put: Put[Any], items: list[Put[Any]], language: str) -> Event:
    event = Event()
    event.add("summary", _in(title(view), language))
    event.add("dtstart", put.body.starts.astimezone(UTC))
    if put.body.ends:
        event.add("dtend", put.body.ends.astimezone(UTC))
    if put.body.place:
        event.add("location", _in(put.body.place, language))
    if items:
        agenda = [f"{number}. {_in(item.body.title, language)}" for number, item in enumerate(items, start=1)]
        event.add("description", "\n".join(agenda))
    return event


def _in(names: Names, language: str) -> str:
    return names.get(language) or names.get("en") or names[min(names)]


def _stamp(view: View, puts: list[Put[Any]]) -> datetime:
    """The time of the newest act among those that put these, and those by which they are agreed."""
    times = {act.ref: act.time for act in view.acts}
    bound = [Ref(*pair) for put in puts for pair in (state.agreed(view, put.subject) or {}).items()]
    return max(times[ref] for ref in [*bound, *(put.ref for put in puts)]).astimezone(UTC)
