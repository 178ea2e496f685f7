"""What lists and reports over all meetings need of one: when it was held, and what it decided.

    {"docket": "TUR/12", "mandate": "TUR/3#art-2", "body": "security-mechanism", "round": 4, "held": ["2024-08-15"],
     "decisions": [{"ref": "TUR/31#D1", "day": "2024-08-20", "newest": true, ...}], ...}

No day is asked, and nothing personal is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from comity.chapters.meetings import state
from comity.chapters.meetings.account import reservations, title
from comity.core import puts
from comity.core.chapter import View

__all__ = ["summary"]


def summary(view: View) -> dict[str, Any]:
    """The meeting in short. Its `body` is None where nobody was allowed to convene it."""
    first = state.opening(view)
    if first is None:
        return {"body": None, "docket": str(view.docket)}
    return {
        "docket": str(view.docket),
        "mandate": view.halves[first.ref.party].mandate,
        "body": first.body.body,
        "round": first.body.round,
        "title": title(view),
        "parties": list(state.required(view)),
        "convened": first.time.date().isoformat(),
        "held": [day.isoformat() for day in state.held_dates(view)],
        "decisions": list(_decisions(view)),
    }


def _decisions(view: View) -> Iterator[dict[str, Any]]:
    """Every decision of minutes that all approved, each with the day of the last yes.

    `newest`: no newer minutes were approved since.
    """
    minutes = state.gather(view, "minutes")
    newest = {put.subject for put in state.newest(view, minutes.values())}
    times = puts.times(view) if newest else {}
    for put in minutes.values():
        match = state.agreed(view, put.subject)
        if match is None:
            continue
        day: date = puts.bound_at(view, [put], state.required(view), times).date()
        made = reservations(view, match)
        for taken in put.body.decisions:
            yield {
                "ref": f"{put.subject}#{taken.id}",
                "minutes": put.subject,
                "id": taken.id,
                "item": taken.item,
                "text": dict(taken.text),
                "day": day.isoformat(),
                "newest": put.subject in newest,
                "reserved_by": sorted({one["party"] for one in made if one["decision"] in ("", taken.id)}),
            }
