"""What people ask of a meeting, on a day: when it is, what is decided, and whose answer is awaited.

    waits_for(2024-07-01)
    -> [{"for": "date", "party": "IRQ", "ref": "TUR/10", "since": "2024-06-20T09:00:00+00:00"}]

Nobody is told a date that the parties did not agree: where two agreements crossed, `state` says so and asks
for a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from comity.chapters.meetings import state
from comity.chapters.meetings.account import SORTS, reservations, standing
from comity.chapters.meetings.acts import CallingOffProposed, Convened, DateProposed, Decision
from comity.chapters.meetings.state import Arrangement, Put
from comity.core.act import Ref
from comity.core.chapter import View
from comity.core.puts import bound_at, silent, times

__all__ = ["QUESTIONS", "candidates", "decisions", "next_dates", "state_on", "waits_for"]

_Wait = tuple[date, str, str, str]
"""Since when (a day, or a moment), the reference it is about, the party, and what for."""


def next_dates(view: View, on: date) -> list[dict[str, Any]]:
    """The meeting's dates from that day on: the agreed one or those that crossed, and those proposed."""
    puts = state.arrangements(view)
    found = []
    for put, firmness in candidates(view, puts):
        starts: datetime = put.body.starts
        if starts.date() >= on:
            found.append(
                {"what": "meeting", "on": starts.date().isoformat(), "standing": firmness, **_when(put)}
            )
    return sorted(found, key=lambda entry: (entry["on"], entry["ref"]))


def candidates(view: View, puts: Mapping[str, Put[Any]]) -> Iterator[tuple[Put[Any], str]]:
    """The dates that may come true, each with how firm it is: agreed, crossed or proposed."""
    newest = state.newest(view, puts.values())
    for put in newest:
        if not isinstance(put.body, CallingOffProposed):
            yield put, "agreed" if len(newest) == 1 else "crossed"
    for put in puts.values():
        over = isinstance(put.body, CallingOffProposed) or state.held_dates(view)
        if not over and standing(view, put, puts) == "open":
            yield put, "proposed"


def _when(put: Put[Any]) -> dict[str, Any]:
    body = put.body
    return {
        "ref": put.subject,
        "starts": body.starts.isoformat(),
        "ends": body.ends.isoformat() if body.ends else None,
        "place": dict(body.place),
        "format": body.format,
    }


def waits_for(view: View, on: date) -> list[dict[str, Any]]:
    """Which party's answer is awaited, on what and since when. Dates that have passed wait for nobody."""
    if state_on(view, on)["is"] == "cancelled":
        return []
    said_at = times(view)
    waits = [*_waits_on_proposals(view, on, said_at), *_waits_on_the_day(view, on, said_at)]
    return [
        {"for": sort, "party": party, "ref": ref, "since": since.isoformat()}
        for since, ref, party, sort in sorted(waits, key=lambda wait: (wait[0].isoformat(), *wait[1:]))
    ]


def _waits_on_proposals(view: View, on: date, said_at: Mapping[Ref, datetime]) -> Iterator[_Wait]:
    """Everything put and still open, for each party that has not said yes to it."""
    when = state.arrangements(view)
    for sort, folder in SORTS.items():
        puts = state.gather(view, folder)
        rivals = {"agenda_item": {}, "minutes": puts}.get(sort, when)
        for put in puts.values():
            late = sort in {"date", "calling_off"} and bool(state.held_dates(view))
            passed = sort == "date" and put.body.starts.date() < on
            if not late and not passed and standing(view, put, rivals) == "open":
                yield from (
                    (since, put.subject, party, sort)
                    for party, since in silent(view, put, puts.values(), state.required(view), said_at)
                )


def _waits_on_the_day(view: View, on: date, said_at: Mapping[Ref, datetime]) -> Iterator[_Wait]:
    """What is due once the day has come: everyone's word that the meeting was held, then minutes."""
    docket, parties = str(view.docket), state.required(view)
    held = state.held_dates(view)
    stated = [party for party in parties if view.halves[party].held]
    newest = state.newest(view, state.arrangements(view).values())
    if held:
        minutes = state.gather(view, "minutes").values()
        if not minutes:
            yield from ((held[-1], docket, party, "minutes_text") for party in parties)
        elif len(crossed := state.newest(view, minutes)) > 1:
            yield from (
                (bound_at(view, crossed, parties, said_at), docket, party, "new_minutes") for party in parties
            )
    elif stated:
        first = min(act.time for act in view.acts if act.kind == "meeting.held/1")
        # Where all have stated a day and the days differ, it is for each to look again.
        missing = [party for party in parties if party not in stated] or parties
        yield from ((first, docket, party, "held") for party in missing)
    elif len(newest) > 1:
        yield from (
            (bound_at(view, newest, parties, said_at), docket, party, "new_agreement") for party in parties
        )
    for put in newest if not stated else ():
        if _agreed_state(newest, on)[0] == "date_passed" and not isinstance(put.body, CallingOffProposed):
            yield from ((put.body.starts, put.subject, party, "held") for party in parties)


def state_on(view: View, on: date) -> dict[str, Any]:
    """How the meeting stands: `is` in one word, the dates that it rests on, and what is `needed` next."""
    newest = state.newest(view, state.arrangements(view).values())
    held = state.held_dates(view)
    minutes = state.newest(view, state.gather(view, "minutes").values())
    word, needed = _agreed_state(newest, on)
    rests: list[Put[Any]] = list(minutes or newest)
    if minutes:
        word, needed = ("minutes_approved", "") if len(minutes) == 1 else ("minutes_crossed", "new_minutes")
    elif held:
        word, needed = ("held", "minutes") if len(held) == 1 else ("held_crossed", "minutes")
    elif state.opening(view) is None:
        word, needed = "not_open", "convened"
    return {
        "is": word,
        "needed": needed,
        "rests_on": [put.subject for put in rests],
        "dates": [_when(put) for put in newest if not isinstance(put.body, CallingOffProposed)],
        "held": [day.isoformat() for day in held],
    }


def _agreed_state(newest: list[Put[Arrangement]], on: date) -> tuple[str, str]:
    match [put.body for put in newest]:
        case []:
            return "convened", "date"
        case [CallingOffProposed(outcome=outcome)]:
            return outcome, "date" if outcome == "postponed" else ""
        case [Convened(starts=starts) | DateProposed(starts=starts)]:
            return ("date_passed", "held") if starts.date() < on else ("date_agreed", "")
        case _:
            return "crossed", "new_agreement"


def decisions(view: View, on: date) -> list[dict[str, Any]]:  # noqa: ARG001 -- every question takes a day
    """Every decision of approved minutes, with the reservations made on it.

    `valid` is false where newer minutes were approved since.
    """
    puts = state.gather(view, "minutes")
    newest = {put.subject for put in state.newest(view, puts.values())}
    found = []
    for put in puts.values():
        match = state.agreed(view, put.subject)
        for decision in put.body.decisions if match else ():
            made = [r for r in reservations(view, match or {}) if r["decision"] == decision.id]
            found.append({**_decision(put, decision), "valid": put.subject in newest, "reservations": made})
    return found


def _decision(put: Put[Any], decision: Decision) -> dict[str, Any]:
    cited = f"{put.subject}#{decision.id}"
    return {
        "ref": cited,
        "minutes": put.subject,
        "id": decision.id,
        "item": decision.item,
        "text": dict(decision.text),
    }


QUESTIONS: Mapping[str, Any] = {
    "next_dates": next_dates,
    "waits_for": waits_for,
    "state": state_on,
    "decisions": decisions,
}
