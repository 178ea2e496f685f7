"""The account of a meeting: its title, its whole state as data, and what has become true in it.

Milestone("date_agreed", {"IRQ": 7, "TUR": 10}, "TUR/10", {"starts": "2024-08-15T10:00:00+03:00"})
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.meetings import state
from comity.chapters.meetings.acts import Convened
from comity.chapters.meetings.state import Half, Put
from comity.core import halves
from comity.core import puts as shared
from comity.core.act import Names, Ref
from comity.core.chapter import Milestone, Passage, View

__all__ = ["SORTS", "describe", "milestones", "passage", "reservations", "standing", "title"]

_TITLES = {
    "en": "{body}, meeting {round}",
    "tr": "{body}, {round}. toplantı",
    "ar": "{body}، الاجتماع {round}",
}
SORTS = {"date": "dates", "calling_off": "callings_off", "agenda_item": "items", "minutes": "minutes"}


def title(view: View) -> Names:
    """The body's name and the round, in the languages in which the body has a name."""
    first = state.opening(view)
    if first is None:
        return {"en": str(view.docket)}
    names = first.body.names or dict.fromkeys(_TITLES, first.body.body)
    return {
        tag: _TITLES.get(tag, _TITLES["en"]).replace("{round}", str(first.body.round)).replace("{body}", name)
        for tag, name in names.items()
    }


def passage(view: View, act: Ref, fragment: str) -> Passage | None:
    """A decision, cited by the act that put its minutes (`TUR/31#D1`), or the meeting itself.

    A decision is agreed where those minutes are approved and no newer ones are.
    """
    parties = state.required(view)
    if act == view.docket and not fragment and state.opening(view) is not None:
        held = state.held_dates(view)
        return Passage(str(act), "matter", title(view), parties, bool(held), min(held, default=None))
    puts = state.gather(view, "minutes")
    put = puts.get(str(act))
    taken = next((taken for taken in put.body.decisions if taken.id == fragment), None) if put else None
    if put is None or taken is None:
        return None
    agreed = any(put.ref == newest.ref for newest in state.newest(view, puts.values()))
    since = _day_of(view, put) if agreed else None
    return Passage(f"{act}#{fragment}", "decision", dict(taken.text), parties, agreed, since)


def _day_of(view: View, put: Put[Any]) -> date | None:
    """The day of the last yes to minutes that all approved."""
    match = state.agreed(view, put.subject)
    days = [act.time.date() for act in view.acts if match and match.get(act.party) == act.ref.number]
    return max(days, default=None)


def standing(view: View, put: Put[Any], puts: Mapping[str, Put[Any]]) -> str:
    """Where a proposal stands: agreed, withdrawn by who put it, overtaken by a later agreement, or open."""
    return shared.standing(view, put, puts.values(), state.required(view), state.same)


def describe(view: View) -> dict[str, Any]:
    """The whole state, JSON-able, the same on every node that holds the same acts."""
    first = state.opening(view)
    if first is None:
        return {"body": None, "docket": str(view.docket)}
    puts = state.arrangements(view)
    newest = {put.subject for put in state.newest(view, puts.values())}
    return {
        "docket": str(view.docket),
        "body": first.body.body,
        "round": first.body.round,
        "title": title(view),
        "mandate": view.halves[first.ref.party].mandate,
        "convened_by": first.ref.party,
        "parties": list(state.required(view)),
        "arrangements": [
            {**_proposal(view, put, puts), "newest": put.subject in newest} for put in puts.values()
        ],
        "agenda": [_proposal(view, put, {}) for put in state.gather(view, "items").values()],
        "delegations": {p: _delegation(half) for p, half in sorted(view.halves.items()) if half.delegation},
        "held": {
            "agreed": [day.isoformat() for day in state.held_dates(view)],
            "stated": {p: half.held[-1].isoformat() for p, half in sorted(view.halves.items()) if half.held},
        },
        "minutes": _minutes(view),
    }


def _proposal(view: View, put: Put[Any], rivals: Mapping[str, Put[Any]]) -> dict[str, Any]:
    match = state.agreed(view, put.subject)
    content = msgspec.to_builtins(_date_of(put.body) if isinstance(put.body, Convened) else put.body)
    return {
        "ref": put.subject,
        "by": put.ref.party,
        "time": put.time.isoformat(),
        "answers": [str(answered) for answered in put.answers],
        "standing": standing(view, put, rivals),
        "yes": {p: match[p] for p in sorted(match)} if match else {},
        **content,
    }


def _date_of(body: Convened) -> dict[str, Any]:
    return {
        name: getattr(body, name) for name in ("starts", "ends", "place", "format") if getattr(body, name)
    }


def _delegation(half: Half) -> dict[str, Any]:
    put = half.delegation
    if put is None or put.body is None:
        return {"ref": put.subject if put else "", "destroyed": True}
    return {"ref": put.subject, "destroyed": False, **msgspec.to_builtins(put.body)}


def _minutes(view: View) -> list[dict[str, Any]]:
    puts = state.gather(view, "minutes")
    newest = {put.subject for put in state.newest(view, puts.values())}
    return [
        {
            **_proposal(view, put, puts),
            "newest": put.subject in newest,
            "reservations": reservations(view, state.agreed(view, put.subject) or {}),
        }
        for put in puts.values()
    ]


def reservations(view: View, match: halves.Match) -> list[dict[str, Any]]:
    """The reservations of the yeses by which the parties are bound."""
    return [
        {"party": p, "decision": made.decision, "paragraph": made.paragraph, "text": dict(made.text)}
        for p, number in sorted(match.items())
        for made in view.halves[p].approvals.get(number, ())
    ]


def milestones(view: View) -> list[Milestone]:
    """What has become true. Only a withdrawal can still prove to have come too late; nothing else leaves."""
    first = state.opening(view)
    if first is None:
        return []
    found = [Milestone("convened", {first.ref.party: first.ref.number}, str(view.docket))]
    for sort, folder in SORTS.items():
        for put in state.gather(view, folder).values():
            match = state.agreed(view, put.subject)
            if match is not None:
                found += _agreed(sort, put, match)
            found += shared.withdrawn(view, put, match)
    for day in state.held_dates(view):
        match = state.agreed(view, f"held:{day.isoformat()}") or {}
        found.append(Milestone("held", match, day.isoformat(), {"on": day.isoformat()}))
    named = [act.ref for act in view.acts if act.kind == "meeting.delegation_named/1"]
    found += [Milestone("delegation_named", {r.party: r.number}, str(r), {"party": r.party}) for r in named]
    return sorted(found, key=lambda milestone: (milestone.what, milestone.subject))


def _agreed(sort: str, put: Put[Any], match: halves.Match) -> Iterator[Milestone]:
    match sort:
        case "date":
            yield Milestone("date_agreed", match, put.subject, {"starts": put.body.starts.isoformat()})
        case "calling_off":
            yield Milestone(put.body.outcome, match, put.subject)
        case "agenda_item":
            yield Milestone("item_agreed", match, put.subject)
        case _:
            yield Milestone("minutes_approved", match, put.subject)
            for decision in put.body.decisions:
                facts = {"decision": decision.id, "item": decision.item}
                yield Milestone("decision_taken", match, f"{put.subject}#{decision.id}", facts)
