"""What lists and overviews need of a commitment, small and without a day in it; and what it comes to on a day.

    on_day(summary(view), date(2025, 4, 1))
    -> OnDay(is_="unanswered", since=2025-02-10, behind={"IRQ": ...}, due=2025-03-31, days_left=-1, overdue=True, ...)

Thousands of these are asked at once, so nothing here looks at a view again.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

import msgspec

from comity.chapters.commitments import state
from comity.chapters.commitments.acts import Terms
from comity.chapters.commitments.state import Stage
from comity.chapters.commitments.status import Assertion, shown
from comity.core.chapter import View

__all__ = ["Carried", "Evidence", "OnDay", "Summary", "Waiting", "on_day", "silent_for", "summary"]


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A file that a party has; `released` is the day on which it first gave it to the others."""

    ref: str
    party: str
    day: date
    title: dict[str, str]
    digest: str
    size: int
    media_type: str
    shows: str
    released: date | None


class Carried(msgspec.Struct, frozen=True, gc=False):
    """A party's word that the commitment is carried out by that instrument."""

    ref: str
    party: str
    day: date
    instrument: str


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """An answer to terms or a closing that is awaited as the acts stand; or a new agreement, where two crossed."""

    sort: str
    party: str
    ref: str
    since: date


class Summary(msgspec.Struct, frozen=True, gc=False):
    """One commitment. `opened` is None, and all else empty, where nobody was allowed to open it.

    `stages` say what held from which day on; `first` are the terms first put; `assertions` are each party's own.
    `days` are those on which something was said, in order.
    """

    docket: str
    opened: date | None = None
    proposed_by: str = ""
    mandate: str = ""
    body: str = ""
    parties: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    first: Terms | None = None
    stages: tuple[Stage, ...] = ()
    assertions: dict[str, tuple[Assertion, ...]] = {}
    evidence: tuple[Evidence, ...] = ()
    instruments: tuple[Carried, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    days: tuple[date, ...] = ()


class OnDay(msgspec.Struct, frozen=True, gc=False):
    """A commitment on a day.

    `is_`: not_open (not yet), silent, agreed, unanswered, disputed, or replaced or dropped. `since`: from which day
    that is so. `status`: the agreed one. `behind`: for each party that owes an answer the oldest assertion that waits.
    `said`: each party's newest assertion. `stage`: how firm the `terms` are: proposed, agreed, crossed, replaced,
    dropped. `due` is None where an event is awaited. `overdue`: that day is over, and it is neither closed nor agreed
    to be done.
    """

    is_: str
    status: str
    since: date | None
    behind: dict[str, Assertion]
    said: dict[str, Assertion]
    stage: str
    terms: Terms | None
    due: date | None
    days_left: int | None
    overdue: bool


_NOT_OPEN = OnDay("not_open", "", None, {}, {}, "proposed", None, None, None, False)


def summary(view: View) -> Summary:
    """What lists need of the docket."""
    first = state.opening(view)
    if first is None:
        return Summary(str(view.docket))
    return Summary(
        docket=str(view.docket),
        opened=first.time.date(),
        proposed_by=first.ref.party,
        mandate=view.halves[first.ref.party].mandate,
        body=first.body.body,
        parties=state.required(view),
        parents=first.body.parents,
        first=first.body.terms,
        stages=state.stages(view),
        assertions=state.assertions(view),
        evidence=tuple(_evidence(view)),
        instruments=tuple(
            Carried(put.subject, put.ref.party, put.time.date(), put.body.instrument)
            for party in sorted(view.halves)
            for put in view.halves[party].instruments.values()
        ),
        waiting=tuple(
            Waiting(sort, party, ref, since.date()) for sort, party, ref, since in state.waiting(view)
        ),
        days=tuple(sorted({act.time.date() for act in view.acts})),
    )


def _evidence(view: View) -> list[Evidence]:
    found = []
    for party in sorted(view.halves):
        half: state.Half = view.halves[party]
        for put in half.evidence.values():
            body = put.body
            released = min((one.time.date() for one in half.releases.get(put.subject, ())), default=None)
            found.append(
                Evidence(
                    put.subject,
                    party,
                    put.time.date(),
                    body.title,
                    body.digest,
                    body.size,
                    body.media_type,
                    body.shows or "",
                    released,
                )
            )
    return found


def on_day(one: Summary, on: date) -> OnDay:
    """What the commitment is on that day."""
    if one.opened is None or on < one.opened:
        return _NOT_OPEN
    stage: Stage | None = None
    begun: date = one.opened
    for later in one.stages:
        if later.day > on:
            break
        if stage is None:
            begun = later.day
        stage = later
    now = shown(one.assertions, one.parties, on)
    is_, status, since, behind = now.is_, now.status, now.since or begun, now.behind
    firm, terms = "proposed", one.first
    if stage is not None:
        firm, terms = stage.is_, stage.terms[0] if stage.terms else terms
    closed = stage is not None and firm in ("replaced", "dropped")
    if stage is not None and closed:
        is_, status, since, behind = firm, "", stage.day, {}
    due = terms.due.on if terms is not None else None
    left = (due - on).days if due is not None else None
    late = left is not None and left < 0 and status != "done" and not closed
    return OnDay(is_, status, since, behind, now.said, firm, terms, due, left, late)


def silent_for(one: Summary, on: date) -> int | None:
    """For how many days nothing had been said on that day; None before the commitment was put."""
    if one.opened is None or on < one.opened:
        return None
    last = one.days[bisect_right(one.days, on) - 1]
    return (on - last).days
