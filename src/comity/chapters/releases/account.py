"""The account of a release: its title, its whole state as data, what has become true, its summary.

Milestone("released", {"IRQ": 5, "TUR": 9}, "TUR/9", {"matter": "TUR/4"})
Milestone("ended", {"IRQ": 8}, "IRQ/8", {"party": "IRQ"})

That a matter was released stays true when it is ended; the end stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comity.chapters.releases import state
from comity.core import puts
from comity.core.act import Names, Ref
from comity.core.chapter import Milestone, View

__all__ = ["describe", "end", "milestones", "summary", "title"]


def title(view: View) -> Names:
    """The title under which the matter is shown, or else its reference."""
    first = state.opening(view)
    if first is None:
        return {"en": str(view.docket)}
    return dict(first.body.title) or {"en": first.body.matter}


def summary(view: View) -> dict[str, Any]:
    """What lists of everything that is released need of this one: all of it, for it is short."""
    first = state.opening(view)
    if first is None:
        return {"matter": None, "docket": str(view.docket)}
    match, since, until = state.agreed(view) or {}, state.since(view), state.until(view)
    return {
        "docket": str(view.docket),
        "matter": first.body.matter,
        "extent": first.body.extent,
        "title": dict(first.body.title),
        "note": dict(first.body.note),
        "proposed_by": first.ref.party,
        "time": first.time.isoformat(),
        "at": {party: number for party, number in sorted(first.past.items()) if number},
        "parties": list(state.required(view)),
        "standing": state.standing(view),
        "yes": {party: str(Ref(party, match[party])) for party in sorted(match)},
        "no": {party: put.subject for party, put in state.noes(view).items()} if not match else {},
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "ends": [end(one) for one in state.ends(view)],
    }


describe = summary
"""The whole state, JSON-able, the same on every node that holds the same acts."""


def end(one: state.End) -> dict[str, Any]:
    """An end as data: whose, by which act, on which day, why, and whether by a no that came too late."""
    return {
        "ref": str(one.ref),
        "by": one.ref.party,
        "on": one.time.date().isoformat(),
        "reason": dict(one.reason),
        "late": one.late,
    }


def milestones(view: View) -> list[Milestone]:
    """What has become true. Only a no can still prove to have come too late; nothing else leaves."""
    first = state.opening(view)
    if first is None:
        return []
    facts = {"matter": first.body.matter}
    found = [Milestone("proposed", {first.ref.party: first.ref.number}, first.subject, facts)]
    match = state.agreed(view)
    if match is not None:
        found.append(Milestone("released", match, first.subject, facts))
    withdrawn = list(puts.withdrawn(view, first, match))
    found += [*withdrawn, *_own(view, {milestone.subject for milestone in withdrawn})]
    return sorted(found, key=lambda milestone: (milestone.what, milestone.subject))


def _own(view: View, withdrawn: set[str]) -> Iterator[Milestone]:
    """What one party did alone: a no without a yes before it, and the end."""
    for party, half in view.halves.items():
        for what, puts_ in (("declined", half.declined), ("ended", half.ended)):
            for put in puts_:
                if put.subject not in withdrawn:
                    yield Milestone(what, {party: put.ref.number}, put.subject, {"party": party})
