"""The account of a commitment: its title, its whole state as data, and what has become true of it.

Milestone("status_agreed", {"IRQ": 9, "TUR": 14}, "done", {"status": "done"})

A milestone stays. That all once said "done" stays true when one of them later says otherwise; what is shown of the
status on a day is another matter (`status`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from comity.chapters.commitments import state
from comity.chapters.commitments.acts import STATUSES, Proposed
from comity.chapters.commitments.state import Half
from comity.chapters.commitments.status import Assertion
from comity.core import puts
from comity.core.act import Names
from comity.core.chapter import Milestone, View
from comity.core.halves import Match
from comity.core.puts import Put

__all__ = ["asserted", "describe", "milestones", "title"]


def title(view: View) -> Names:
    """The title of the terms that hold, or of those first put."""
    held = state.current(view)
    return dict(held.title) if held is not None else {"en": str(view.docket)}


def describe(view: View) -> dict[str, Any]:
    """The whole state, JSON-able, the same on every node that holds the same acts. Files themselves are left out."""
    first = state.opening(view)
    if first is None:
        return {"body": None, "docket": str(view.docket)}
    newest = {put.subject for put in state.newest(view)}
    offers = state.arrangements(view).values()
    closing = state.closed(view)
    return {
        "docket": str(view.docket),
        "title": title(view),
        "body": first.body.body,
        "mandate": view.halves[first.ref.party].mandate,
        "proposed_by": first.ref.party,
        "parties": list(state.required(view)),
        "parents": list(first.body.parents),
        "offers": [{**_offer(view, put), "newest": put.subject in newest} for put in offers],
        "closed": closing.body.outcome if closing is not None else "",
        "replaced_by": list(closing.body.by) if closing is not None else [],
        "status": {
            party: [asserted(one) for one in own] for party, own in state.assertions(view).items() if own
        },
        "evidence": [_evidence(view, put) for put in puts.gather(view, "evidence").values()],
        "instruments": [
            {"ref": put.subject, "by": put.ref.party, "instrument": put.body.instrument}
            for put in puts.gather(view, "instruments").values()
        ],
    }


def _offer(view: View, put: Put[Any]) -> dict[str, Any]:
    match = state.agreed(view, put.subject)
    held = state.terms_of(put.body)
    return {
        "ref": put.subject,
        "by": put.ref.party,
        "time": put.time.isoformat(),
        "answers": [str(answered) for answered in put.answers],
        "standing": state.standing(view, put),
        "yes": {p: match[p] for p in sorted(match)} if match else {},
        **(
            {"closing": msgspec.to_builtins(put.body)}
            if held is None
            else {"terms": msgspec.to_builtins(held)}
        ),
    }


def asserted(one: Assertion) -> dict[str, Any]:
    """An assertion of the status as data."""
    return {
        "ref": one.ref,
        "day": one.day.isoformat(),
        "status": one.status,
        "reason": dict(one.reason),
        "as_of": one.as_of.isoformat() if one.as_of else None,
        "answers": list(one.answers),
    }


def _evidence(view: View, put: Put[Any]) -> dict[str, Any]:
    half: Half = view.halves[put.ref.party]
    releases = half.releases.get(put.subject, ())
    return {
        "ref": put.subject,
        "by": put.ref.party,
        "time": put.time.isoformat(),
        **msgspec.to_builtins(put.body),
        "released": [{"ref": one.subject, "destroyed": one.body is None} for one in releases],
    }


def milestones(view: View) -> list[Milestone]:
    """What has become true. Only a withdrawal can still prove to have come too late; nothing else leaves."""
    first = state.opening(view)
    if first is None:
        return []
    found = [Milestone("proposed", {first.ref.party: first.ref.number}, str(view.docket))]
    for put in state.arrangements(view).values():
        match = state.agreed(view, put.subject)
        if match is not None:
            found.append(_agreed(put, match))
        found += puts.withdrawn(view, put, match)
    if any(half.assertions for half in view.halves.values()):
        for status in STATUSES:
            match = state.agreed(view, f"status:{status}")
            if match is not None:
                found.append(Milestone("status_agreed", match, status, {"status": status}))
    for half in view.halves.values():
        found += _own(half)
    return sorted(found, key=lambda milestone: (milestone.what, milestone.subject))


def _agreed(put: Put[Any], match: Match) -> Milestone:
    if isinstance(put.body, Proposed):
        return Milestone("commitment_agreed", match, put.subject)
    if state.terms_of(put.body) is not None:
        return Milestone("terms_agreed", match, put.subject)
    return Milestone(
        put.body.outcome, match, put.subject, {"by": ", ".join(put.body.by)} if put.body.by else {}
    )


def _own(half: Half) -> Iterator[Milestone]:
    """What one party did alone."""
    for put in half.evidence.values():
        facts = {"party": put.ref.party, "digest": put.body.digest}
        yield Milestone("evidence_recorded", {put.ref.party: put.ref.number}, put.subject, facts)
    for of, releases in half.releases.items():
        for one in releases:
            facts = {"party": one.ref.party, "evidence": of}
            yield Milestone("evidence_released", {one.ref.party: one.ref.number}, one.subject, facts)
    for carried in half.instruments.values():
        facts = {"party": carried.ref.party, "instrument": carried.body.instrument}
        yield Milestone(
            "implementation_recorded", {carried.ref.party: carried.ref.number}, carried.subject, facts
        )
