"""The work programmes of a mechanism's committees: how far everything is on a day, what is late, what waits for whom.

    overview(record, date(2025, 12, 15))
    -> {"on": "2025-12-15", "total": {"commitments": 5000, "overdue": 1983, "is": {"disputed": 329, ...}, ...},
        "bodies": [{"mandate": "TUR/3#art-4", "body": "joint-committee", ...}],
        "waits": [{"for": "status", "party": "IRQ", "ref": "TUR/90", "docket": "TUR/30", "since": "2024-11-11", ...}]}

Everything comes from the summaries of commitments (`record.summaries`); no docket is folded for it that was not folded
already. What waits is what each commitment's own question `waits_for` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from comity.chapters.commitments.summary import OnDay, Summary, on_day, silent_for
from comity.core.act import Names, Ref
from comity.core.chapter import BodyTerms, Mandate
from comity.core.errors import Refused
from comity.node.record import Record

__all__ = [
    "DORMANT",
    "SOON",
    "Day",
    "Wait",
    "body_terms",
    "commitments",
    "dormant",
    "overview",
    "reminders",
    "row",
    "title",
    "work_programme",
]

DORMANT, SOON = 90, 30
"""Days without a word after which a commitment is dormant; days before the due date from which it is due soon."""

CLOSED = ("replaced", "dropped")
_Listed = tuple[date, Ref, Summary, OnDay]
"""The day that a list is sorted by, the docket, and what its line is made of."""


class Wait(NamedTuple):
    """Whose answer is awaited since when: on terms or a closing, a status, or the owner's word after the due date."""

    since: date
    ref: str
    party: str
    sort: str


class Day(NamedTuple):
    """A commitment on a day, the answers that it waits for, and when something was last said of it: how many days ago.

    `over`: nothing more is to be done, since it is closed, or agreed to be done.
    """

    now: OnDay
    waits: tuple[Wait, ...]
    last: date
    quiet: int
    over: bool


def commitments(record: Record, on: date) -> list[tuple[Ref, Summary, Day]]:
    """Every commitment that was put by that day, by docket. Call it within `record.reading()`."""
    chapter = record.chapters.get("commitments")
    found = record.summaries.asked(chapter, on, _day) if chapter is not None else []
    return [(ref, one, day) for ref, one, day in found if day is not None]


def _day(one: Summary, on: date) -> Day | None:
    now, quiet = on_day(one, on), silent_for(one, on)
    if quiet is None:
        return None
    last = date.fromordinal(on.toordinal() - quiet)
    over = now.is_ in CLOSED or now.status == "done"
    return Day(now, tuple(_waits(one, now, on)), last, quiet, over)


def body_terms(record: Record, mandate: str, body: str, cut: Any = None) -> tuple[Mandate, BodyTerms]:
    """A body and the provision that sets it up, as of a cut (None: of all that is ready). Raises `Refused`."""
    found = record.folds.mandate(mandate, record.ready if cut is None else cut)
    bodies = found.bodies if found is not None else ()
    terms = next((terms for terms in bodies if terms.id == body), None)
    if found is None or terms is None:
        known = ", ".join(terms.id for terms in bodies) or "—"
        raise Refused("committee_unknown", mandate, body=body, mandate=mandate or "—", known=known)
    return found, terms


# ------------------------------------------------------------------------------------------- overview


def overview(record: Record, on: date, most: int = 20) -> dict[str, Any]:
    """How everything stands on a day: counts for each body and in all; of what needs attention the oldest `most`."""
    with record.reading():
        total, bodies = _Count(record.parties), dict[tuple[str, str], _Count]()
        late, soon, still = list[_Listed](), list[_Listed](), list[_Listed]()
        waits: list[tuple[Wait, Ref, Summary]] = []
        for ref, one, day in commitments(record, on):
            now, place = day.now, (one.mandate, one.body)
            own = bodies.get(place)
            if own is None:
                own = bodies[place] = _Count(record.parties)
            quiet, near = _dormant(day, DORMANT), _soon(day, SOON)
            own.add(day, quiet, near)
            if day.waits:
                waits += [(wait, ref, one) for wait in day.waits]
            if now.due is not None and (now.overdue or near):
                (late if now.overdue else soon).append((now.due, ref, one, now))
            if quiet:
                still.append((day.last, ref, one, now))
        for own in bodies.values():
            total.join(own)
        return {
            "on": on.isoformat(),
            "party": record.party,
            "parties": list(record.parties),
            "total": total.told(),
            "bodies": [
                {**_body(record, place, on), **count.told()}
                for place, count in sorted(bodies.items(), key=_place)
            ],
            "overdue": _lines(late, most),
            "due": _lines(soon, most),
            "dormant": _lines(still, most),
            "waits": [_told_wait(*wait) for wait in sorted(waits, key=_oldest)[:most]],
        }


def _place(counted: tuple[tuple[str, str], _Count]) -> tuple[tuple[str, int], str, str]:
    """Bodies in the order of the provisions that set them up."""
    (mandate, body), _ = counted
    reference, _, provision = mandate.partition("#")
    return Ref.parse(reference), provision, body


def _oldest(wait: tuple[Wait, Ref, Summary]) -> tuple[date, Ref, str, str, str]:
    found, ref, _ = wait
    return found.since, ref, found.ref, found.party, found.sort


class _Count:
    """How many commitments are what, of one body or of all."""

    __slots__ = ("dormant", "due", "is_", "number", "overdue", "since", "status", "waits")

    def __init__(self, parties: tuple[str, ...]) -> None:
        self.number = self.overdue = self.due = self.dormant = 0
        self.is_ = dict.fromkeys(("silent", "unanswered", "disputed", "agreed", *CLOSED), 0)
        self.status = dict.fromkeys(("not_started", "started", "done", "obstructed"), 0)
        self.waits = dict.fromkeys(parties, 0)
        self.since: date | None = None

    def add(self, day: Day, dormant: bool, soon: bool) -> None:
        """One more, as it is on the day."""
        now = day.now
        self.number += 1
        self.is_[now.is_] += 1
        if now.status:
            self.status[now.status] += 1
        self.overdue += now.overdue
        self.due += soon
        self.dormant += dormant
        for wait in day.waits:
            self.waits[wait.party] = self.waits.get(wait.party, 0) + 1
            if self.since is None or wait.since < self.since:
                self.since = wait.since

    def join(self, other: _Count) -> None:
        """All that the other counted, too."""
        for name in ("number", "overdue", "due", "dormant"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for ours, theirs in ((self.is_, other.is_), (self.status, other.status), (self.waits, other.waits)):
            for word, count in theirs.items():
                ours[word] = ours.get(word, 0) + count
        self.since = min((since for since in (self.since, other.since) if since is not None), default=None)

    def told(self) -> dict[str, Any]:
        """The counts as data. `waits_for` counts answers awaited of each party, the oldest since `oldest`."""
        return {
            "commitments": self.number,
            "open": self.number - sum(self.is_[word] for word in CLOSED),
            "is": dict(self.is_),
            "status": dict(self.status),
            "overdue": self.overdue,
            "due": self.due,
            "dormant": self.dormant,
            "waits_for": dict(self.waits),
            "oldest": self.since.isoformat() if self.since else None,
        }


def _body(record: Record, place: tuple[str, str], on: date) -> dict[str, Any]:
    """A body by the provision that sets it up: its names, and whether that provision is in force."""
    mandate, body = place
    try:
        found, terms = body_terms(record, mandate, body)
    except Refused:
        return {"mandate": mandate, "body": body, "names": {"en": body}, "in_force": False}
    return {"mandate": mandate, "body": body, "names": dict(terms.names), "in_force": found.in_force(on)}


def _soon(day: Day, within: int) -> bool:
    """Whether it is due within so many days from the day asked, that day and the last one among them."""
    left = day.now.days_left
    return left is not None and 0 <= left <= within and not day.over


def _dormant(day: Day, days: int) -> bool:
    """Whether nothing was said of it for so many days, and there is something left to do."""
    return day.quiet >= days and not day.over


def _waits(one: Summary, now: OnDay, on: date) -> list[Wait]:
    """What the commitment's own question `waits_for` says, from its summary alone."""
    if now.is_ in CLOSED:
        return []
    found = [Wait(wait.since, wait.ref, wait.party, wait.sort) for wait in one.waiting if wait.since <= on]
    found += [Wait(waits.day, waits.ref, party, "status") for party, waits in now.behind.items()]
    if now.overdue and now.due is not None and now.terms is not None:
        for owner in now.terms.owners:
            said = now.said.get(owner)
            if owner not in now.behind and (said is None or (said.status != "done" and said.day <= now.due)):
                found.append(Wait(now.due, one.docket, owner, "status_due"))
    return found


def _told_wait(wait: Wait, ref: Ref, one: Summary) -> dict[str, Any]:
    return {
        "for": wait.sort,
        "party": wait.party,
        "ref": wait.ref,
        "docket": str(ref),
        "mandate": one.mandate,
        "body": one.body,
        "title": title(one),
        "since": wait.since.isoformat(),
    }


def title(one: Summary) -> Names:
    """The title of the terms that hold now, or of those first put."""
    held = next((terms for stage in one.stages[-1:] for terms in stage.terms), one.first)
    return dict(held.title) if held is not None else {"en": one.docket}


def _lines(listed: list[_Listed], most: int) -> list[dict[str, Any]]:
    first = sorted(listed, key=lambda one: one[:2])[:most]
    return [{"day": day.isoformat(), **row(one, now)} for day, _, one, now in first]


# ------------------------------------------------------------------------------------------ one body


def row(one: Summary, now: OnDay) -> dict[str, Any]:
    """A commitment on a day, as one line of a list."""
    terms = now.terms
    return {
        "docket": one.docket,
        "mandate": one.mandate,
        "body": one.body,
        "title": dict(terms.title) if terms is not None else {"en": one.docket},
        "source": terms.source if terms is not None else "",
        "owners": list(terms.owners) if terms is not None else [],
        "terms": now.stage,
        "is": now.is_,
        "status": now.status,
        "since": _iso(now.since),
        "due": _iso(now.due),
        "event": dict(terms.due.event) if terms is not None else {},
        "days_left": now.days_left,
        "overdue": now.overdue,
        "behind": {party: waits.ref for party, waits in sorted(now.behind.items())},
        "views": {party: said.status for party, said in sorted(now.said.items())},
    }


def work_programme(record: Record, mandate: str, body: str, on: date) -> dict[str, Any]:
    """A committee's commitments on a day: open ones by due date (those that await an event last), then closed ones.

    Raises `Refused` where that provision sets up no such body.
    """
    with record.reading():
        found, terms = body_terms(record, mandate, body)
        count, rows = _Count(record.parties), list[tuple[tuple[bool, date, Ref], dict[str, Any]]]()
        for ref, one, day in commitments(record, on):
            if (one.mandate, one.body) != (mandate, body):
                continue
            now, quiet = day.now, _dormant(day, DORMANT)
            count.add(day, quiet, _soon(day, SOON))
            rows.append(((day.over, now.due or date.max, ref), {**row(one, now), "dormant": quiet}))
        return {
            "mandate": mandate,
            "body": body,
            "names": dict(terms.names),
            "parties": list(found.parties),
            "in_force": found.in_force(on),
            "on": on.isoformat(),
            "counts": count.told(),
            "rows": [told for _, told in sorted(rows, key=lambda one: one[0])],
        }


# ------------------------------------------------------------------------------------------ reminders


def reminders(record: Record, on: date, within: int = SOON) -> list[dict[str, Any]]:
    """What to think of from a day on: what is late, what is due within so many days, and terms of seats that end then.

    By day. `what` is overdue, due or term_ends; `parties` are those whose it is.
    """
    with record.reading():
        found: list[tuple[str, str, dict[str, Any]]] = []
        for _, one, day in commitments(record, on):
            now = day.now
            if now.due is None or not (now.overdue or _soon(day, within)):
                continue
            what = "overdue" if now.overdue else "due"
            told = {"parties": list(now.terms.owners) if now.terms else [], **row(one, now)}
            found.append((now.due.isoformat(), one.docket, {"what": what, "on": now.due.isoformat(), **told}))
        found += _ending(record, on, within)
        return [told for *_, told in sorted(found, key=lambda one: one[:2])]


def _ending(record: Record, on: date, within: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Terms of seats whose last day is near."""
    chapter = record.chapters.get("committees")
    for _, one in record.summaries.of(chapter) if chapter is not None else ():
        for party, terms in one["terms"].items() if one["body"] is not None else ():
            for term in terms:
                until = term["until"]
                if until is None or not 0 <= (date.fromisoformat(until) - on).days <= within:
                    continue
                told = {name: one[name] for name in ("docket", "mandate", "body", "names")}
                told |= {"parties": [party], "seat": term["seat"], "ref": term["ref"]}
                yield until, one["docket"], {"what": "term_ends", "on": until, **told}


def dormant(record: Record, on: date, days: int = DORMANT) -> list[dict[str, Any]]:
    """Commitments with something left to do of which nothing was said for so many days, the longest silent first."""
    with record.reading():
        every = commitments(record, on)
        found = [(day.last, ref, one, day.now) for ref, one, day in every if _dormant(day, days)]
        return _lines(found, len(found))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
