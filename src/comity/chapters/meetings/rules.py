"""What may be said in a meeting, and when. Each rule sees the meeting as the act's own author knew it.

    Refused("overtaken", answered="IRQ/5", by="TUR/10")    IRQ/5 was put before TUR/10 was agreed

A rule only ever forbids what its author could know to be pointless or false. What crosses on the way is
allowed, and shown for what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comity.chapters.meetings import state
from comity.chapters.meetings.acts import (
    CallingOffProposed,
    Convened,
    Decision,
    Held,
    MinutesApproved,
    MinutesProposed,
)
from comity.chapters.meetings.state import Half
from comity.core.act import Act
from comity.core.chapter import Setting, View
from comity.core.days import newest_day
from comity.core.errors import Refused
from comity.core.mandates import check_body, check_same_mandate
from comity.core.puts import Put, answered, check_no, check_not_overtaken, check_yes

__all__ = ["check"]


def check(view: View, act: Act, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said."""
    if isinstance(act.body, Convened):
        check_body(act, setting, act.body.body, act.body.names, act.body.parties)
        _check_hours(act.body)
        return
    first = state.opening(view)
    if first is None:
        raise Refused("meeting_not_open", docket=act.docket)
    check_same_mandate(act, view.halves[first.ref.party].mandate)
    rule = _RULES.get(act.kind)
    if rule is not None:
        rule(view, act)


def _check_hours(body: Any) -> None:
    if body.ends is not None and body.ends <= body.starts:
        raise Refused("ends_before_start", starts=body.starts.isoformat(), ends=body.ends.isoformat())


def _check_still_to_come(view: View, act: Act) -> None:
    half: Half = view.halves[act.party]
    if half.held:
        raise Refused("held_already", on=half.held[-1].isoformat())
    _check_not_cancelled(view)


def _check_not_cancelled(view: View) -> None:
    match [put.body for put in state.newest(view, state.arrangements(view).values())]:
        case [CallingOffProposed(outcome="cancelled")]:
            raise Refused("meeting_cancelled", docket=view.docket)
        case _:
            pass


def _check_yes(view: View, act: Act, puts: Mapping[str, Put[Any]]) -> None:
    check_yes(view, act, puts, state.required(view))


def _check_no(view: View, act: Act, puts: Mapping[str, Put[Any]]) -> None:
    check_no(view, act, puts, state.required(view))


def _check_not_overtaken(view: View, act: Act, puts: Mapping[str, Put[Any]]) -> None:
    check_not_overtaken(view, act, puts, state.required(view), state.same)


def _date_proposed(view: View, act: Act) -> None:
    answered(act, state.arrangements(view))
    _check_still_to_come(view, act)
    _check_hours(act.body)


def _date_accepted(view: View, act: Act) -> None:
    _check_yes(view, act, state.dates(view))
    _check_not_overtaken(view, act, state.arrangements(view))
    _check_still_to_come(view, act)


def _date_acceptance_withdrawn(view: View, act: Act) -> None:
    _check_no(view, act, state.dates(view))


def _calling_off_proposed(view: View, act: Act) -> None:
    _check_still_to_come(view, act)


def _calling_off_accepted(view: View, act: Act) -> None:
    _check_yes(view, act, state.gather(view, "callings_off"))
    _check_not_overtaken(view, act, state.arrangements(view))
    _check_still_to_come(view, act)


def _calling_off_withdrawn(view: View, act: Act) -> None:
    _check_no(view, act, state.gather(view, "callings_off"))


def _agenda_item_proposed(view: View, act: Act) -> None:  # noqa: ARG001 -- every rule is called alike
    _check_not_cancelled(view)


def _agenda_item_accepted(view: View, act: Act) -> None:
    _check_yes(view, act, state.gather(view, "items"))
    _check_not_cancelled(view)


def _agenda_item_withdrawn(view: View, act: Act) -> None:
    _check_no(view, act, state.gather(view, "items"))


def _held(view: View, act: Act) -> None:
    said: Held = act.body
    half: Half = view.halves[act.party]
    if said.on > newest_day(act.time):
        raise Refused("held_in_future", on=said.on.isoformat())
    last = half.held[-1] if half.held else None
    if last is not None and said.instead_of is None:
        raise Refused("held_already", on=last.isoformat())
    if said.instead_of != last:
        raise Refused("held_not_stated", on=(said.instead_of or said.on).isoformat())
    if last == said.on:
        raise Refused("held_already", on=last.isoformat())
    if last is not None and state.agreed(view, f"held:{last.isoformat()}"):
        raise Refused("held_agreed", on=last.isoformat())


def _minutes_proposed(view: View, act: Act) -> None:
    body: MinutesProposed = act.body
    answered(act, state.gather(view, "minutes"))
    half: Half = view.halves[act.party]
    if not half.held:
        raise Refused("held_not_yet", docket=view.docket)
    if not body.paragraphs and not body.decisions:
        raise Refused("minutes_empty")
    texts = [*body.paragraphs, *(decision.text for decision in body.decisions)]
    languages = {tag for text in texts for tag in text}
    for number, text in enumerate(texts, start=1):
        missing = ", ".join(sorted(languages - set(text)))
        if missing:
            raise Refused("language_missing", languages=missing, passage=number)
    ids = [decision.id for decision in body.decisions]
    for decision in body.decisions:
        if ids.count(decision.id) > 1:
            raise Refused("decision_twice", decision=decision.id)
        _check_item(view, decision)


def _check_item(view: View, decision: Decision) -> None:
    if decision.item not in state.gather(view, "items") or not state.agreed(view, decision.item):
        raise Refused("item_not_agreed", decision=decision.id, item=decision.item)


def _minutes_approved(view: View, act: Act) -> None:
    puts = state.gather(view, "minutes")
    _check_yes(view, act, puts)
    _check_not_overtaken(view, act, puts)
    body: MinutesApproved = act.body
    minutes: MinutesProposed = puts[str(act.answers[0])].body
    for reservation in body.reservations:
        decision, paragraph = reservation.decision, reservation.paragraph
        known = not decision or any(decision == taken.id for taken in minutes.decisions)
        if not known or paragraph > len(minutes.paragraphs) or (decision and paragraph):
            raise Refused("reservation_unknown", passage=" ".join(filter(None, (decision, f"§{paragraph}"))))


def _minutes_approval_withdrawn(view: View, act: Act) -> None:
    _check_no(view, act, state.gather(view, "minutes"))


# A delegation is its author's own affair, and its content may be gone: there is nothing to check in it.
_RULES: Mapping[str, Callable[[View, Act], None]] = {
    "meeting.date_proposed/1": _date_proposed,
    "meeting.date_accepted/1": _date_accepted,
    "meeting.date_acceptance_withdrawn/1": _date_acceptance_withdrawn,
    "meeting.calling_off_proposed/1": _calling_off_proposed,
    "meeting.calling_off_accepted/1": _calling_off_accepted,
    "meeting.calling_off_withdrawn/1": _calling_off_withdrawn,
    "meeting.agenda_item_proposed/1": _agenda_item_proposed,
    "meeting.agenda_item_accepted/1": _agenda_item_accepted,
    "meeting.agenda_item_withdrawn/1": _agenda_item_withdrawn,
    "meeting.held/1": _held,
    "meeting.minutes_proposed/1": _minutes_proposed,
    "meeting.minutes_approved/1": _minutes_approved,
    "meeting.minutes_approval_withdrawn/1": _minutes_approval_withdrawn,
}
