"""What people ask of a release on a day.

released(view, date(2024, 9, 1))  ->  {"released": True, "since": "2024-08-20", "until": None, "ends": [], ...}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.chapters.releases import state
from comity.chapters.releases.account import end
from comity.core import puts
from comity.core.chapter import View

__all__ = ["QUESTIONS", "released", "waits_for"]


def released(view: View, on: date) -> dict[str, Any]:
    """Whether all had released the matter by that day and nobody had ended it; since and until when, and who ended it.

    `since` is the day of the last yes, `until` the first day on which it is released no more.
    """
    first, since, until = state.opening(view), state.since(view), state.until(view)
    return {
        "matter": first.body.matter if first else None,
        "extent": first.body.extent if first else None,
        "released": since is not None and since <= on and (until is None or on < until),
        "since": since.isoformat() if since and since <= on else None,
        "until": until.isoformat() if until and until <= on else None,
        "ends": [end(one) for one in state.ends(view) if one.time.date() <= on],
    }


def waits_for(view: View, on: date) -> list[dict[str, Any]]:  # noqa: ARG001 -- every question takes a day
    """Whose yes or no to the release is awaited, and since when. A no is an answer: then nobody is waited for."""
    first = state.opening(view)
    if first is None or state.standing(view) != "open":
        return []
    silent = puts.silent(view, first, (), state.required(view), state.times(view))
    return [
        {"for": "release", "party": party, "ref": first.subject, "since": since.isoformat()}
        for party, since in silent
    ]


QUESTIONS: Mapping[str, Any] = {"released": released, "waits_for": waits_for}
