"""A committee's report for a period: what it did, how far its commitments are, who sits in it. No names of persons.

    report(record, "TUR/3#art-4", "joint-committee", date(2024, 1, 1), date(2024, 12, 31), {"IRQ": 30, "TUR": 40})
    -> {"report": 1, "at": {"IRQ": 30, "TUR": 40}, "counts": {"commitments": 12, "done": 4, ...}, "commitments": [...]}
    digest(...)  ->  "5b1c..."

A report is made of the acts below a cut and of nothing else: every node that holds them makes the same, byte for byte.
So what the sides agree on is a hash (`committee.report_proposed/1`), and each makes the report itself before it says
yes. Both days belong to the period; everything stands as it stood at the end of its last day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from comity.chapters.commitments.summary import OnDay, Summary, on_day
from comity.chapters.committees.acts import ReportProposed
from comity.core import canonical
from comity.core.act import Act, Cut, Ref
from comity.core.chapter import BodyTerms, Chapter
from comity.core.errors import Refused
from comity.node import showing
from comity.node.programme import CLOSED, body_terms
from comity.node.record import Record

__all__ = ["SECTIONS", "VERSION", "digest", "proposal", "report", "require_same"]

VERSION = 1
SECTIONS = (
    "done", "started", "not_started", "obstructed", "disputed", "unanswered", "silent", "replaced", "dropped",
)  # fmt: skip
"""Where a commitment can stand: agreed in one of four words, or not agreed, or closed. Each stands in one of these."""

_DAY = timedelta(days=1)


def digest(made: Mapping[str, Any]) -> str:
    """The SHA-256 of a report's canonical JSON, in hex."""
    return hashlib.sha256(canonical.encode(made)).hexdigest()


def report(
    record: Record, mandate: str, body: str, since: date, until: date, cut: Cut | None = None
) -> dict[str, Any]:
    """The report on a body for a period, of the acts below a cut (None: of all that can be read here now).

    Raises `Refused` for a body that the provision does not set up, a period that ends before it begins, and a cut
    beyond what can be read here.
    """
    if until < since:
        raise Refused("report_period", since=since.isoformat(), until=until.isoformat())
    with record.reading():
        below = _cut(record, cut)
        found, terms = body_terms(record, mandate, body, below)
        about = _About(record, mandate, body, below)
        met, taken = _meetings(about, since, until)
        every, earlier = _commitments(about, since, until)
        rows = [_row(one, on_day(one, until), since, until) for one in every]
        sections = {name: [row["docket"] for row in rows if row["section"] == name] for name in SECTIONS}
        return {
            "report": VERSION,
            "mechanism": record.mechanism,
            "mandate": mandate,
            "body": body,
            "kind": terms.kind,
            "names": dict(terms.names),
            "provision": dict(found.title),
            "parties": sorted(found.parties),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "at": below,
            "meetings": met,
            "decisions": taken,
            "counts": {**_counts(rows, since), "earlier": earlier},
            "sections": {**sections, "overdue": [row["docket"] for row in rows if row["overdue"]]},
            "commitments": rows,
            "seats": _seats(about, sorted(found.parties), terms, until),
        }


def _cut(record: Record, cut: Cut | None) -> dict[str, int]:
    """The cut, with every party in it."""
    asked = record.ready if cut is None else cut
    for party, size in asked.items():
        held = record.ready.get(party, 0)
        if party not in record.parties or size > held:
            raise Refused("report_ahead", party=party, number=size, held=held)
    return {party: asked.get(party, 0) for party in sorted(record.parties)}


class _About:
    """One body as of a cut: the summaries of its dockets in each chapter."""

    def __init__(self, record: Record, mandate: str, body: str, cut: Cut) -> None:
        self._record, self._mandate, self._body, self._cut = record, mandate, body, cut

    def of(self, name: str) -> list[Any]:
        """Every docket of that chapter that is this body's."""
        chapter: Chapter | None = self._record.chapters.get(name)
        if chapter is None:
            return []
        told = self._record.summaries.at(chapter, self._cut, self._ours)
        return [one for _, one in told if self._ours(one)]

    def _ours(self, one: Any) -> bool:
        if isinstance(one, Summary):
            return one.opened is not None and (one.mandate, one.body) == (self._mandate, self._body)
        return one["body"] is not None and (one["mandate"], one["body"]) == (self._mandate, self._body)


# ------------------------------------------------------------------------------- meetings, decisions, seats


def _meetings(about: _About, since: date, until: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The meetings held in the period, and the decisions whose last yes was said in it."""
    held, taken = [], []
    for one in about.of("meetings"):
        days = [day for day in one["held"] if since.isoformat() <= day <= until.isoformat()]
        if days:
            held.append({**{name: one[name] for name in ("docket", "round", "title")}, "held": days})
        for decision in one["decisions"]:
            if since.isoformat() <= decision["day"] <= until.isoformat():
                told = {name: decision[name] for name in ("ref", "text", "day", "reserved_by", "newest")}
                taken.append({**told, "meeting": one["docket"]})
    held.sort(key=lambda one: (one["held"][0], one["docket"]))
    return held, sorted(taken, key=lambda one: (one["day"], one["ref"]))


def _seats(about: _About, parties: Iterable[str], terms: BodyTerms, on: date) -> dict[str, dict[str, Any]]:
    """Each party's seats: how many there are (None: the mandate does not say), which are held that day."""
    registers = about.of("committees")
    found: dict[str, dict[str, Any]] = {}
    for party in parties:
        number = terms.seats.get(party)
        said = [term for one in registers for term in one["terms"].get(party, ())]
        held = [term for term in said if _held(term, on)]
        filled = [
            {name: term[name] for name in ("seat", "role", "since", "until", "ref")}
            for term in sorted(held, key=lambda term: (term["seat"], term["since"], term["ref"]))
        ]
        taken = len({term["seat"] for term in filled})
        vacant = None if number is None else max(0, number - taken)
        found[party] = {"seats": number, "vacant": vacant, "filled": filled}
    return found


def _held(term: Mapping[str, Any], on: date) -> bool:
    until = term["until"]
    return term["since"] <= on.isoformat() and (until is None or on.isoformat() <= until)


# ------------------------------------------------------------------------------------------- commitments


def _commitments(about: _About, since: date, until: date) -> tuple[list[Summary], int]:
    """The commitments that the period is about, and how many were over before it began."""
    every = [one for one in about.of("commitments") if one.opened <= until]
    kept = [one for one in every if not _earlier(one, since, until)]
    return kept, len(every) - len(kept)


def _earlier(one: Summary, since: date, until: date) -> bool:
    """Whether it was closed, or agreed to be done, before the period, and nothing was said of it in it."""
    if since == date.min or any(since <= day <= until for day in one.days):
        return False
    before = on_day(one, since - _DAY)
    return before.is_ in CLOSED or before.status == "done"


def _row(one: Summary, now: OnDay, since: date, until: date) -> dict[str, Any]:
    terms = now.terms
    due = terms.due if terms is not None else None
    stage = next((stage for stage in reversed(one.stages) if stage.day <= until), None)
    return {
        "docket": one.docket,
        "title": dict(terms.title) if terms is not None else {},
        "text": dict(terms.text) if terms is not None else {},
        "source": terms.source if terms is not None else "",
        "owners": list(terms.owners) if terms is not None else [],
        "proposed_by": one.proposed_by,
        "opened": _iso(one.opened),
        "agreed": _iso(next((stage.day for stage in one.stages if stage.day <= until), None)),
        "terms": now.stage,
        "due": _iso(now.due),
        "event": dict(due.event) if due is not None else {},
        "overdue": now.overdue,
        "days_late": -(now.days_left or 0) if now.overdue else 0,
        "section": now.status if now.is_ == "agreed" else now.is_,
        "since": _iso(now.since),
        "views": [_view(now, party) for party in one.parties if party in now.said],
        "behind": {
            party: {"ref": waits.ref, "since": waits.day.isoformat()}
            for party, waits in sorted(now.behind.items())
        },
        "parents": list(one.parents),
        "replaced_by": list(stage.by) if stage is not None and now.is_ == "replaced" else [],
        "evidence": _evidence(one, until),
        "instruments": [
            {"ref": carried.ref, "by": carried.party, "instrument": carried.instrument}
            for carried in one.instruments
            if carried.day <= until
        ],
        "moved": any(since <= day <= until for day in one.days),
    }


def _view(now: OnDay, party: str) -> dict[str, Any]:
    said = now.said[party]
    return {
        "party": party,
        "status": said.status,
        "reason": dict(said.reason),
        "as_of": _iso(said.as_of),
        "ref": said.ref,
        "day": said.day.isoformat(),
    }


def _evidence(one: Summary, until: date) -> dict[str, dict[str, int]]:
    """How many files each party had recorded by then, and how many of those it had given to the others."""
    found: dict[str, dict[str, int]] = {}
    for file in one.evidence:
        if file.day <= until:
            count = found.setdefault(file.party, {"recorded": 0, "released": 0})
            count["recorded"] += 1
            count["released"] += file.released is not None and file.released <= until
    return dict(sorted(found.items()))


def _counts(rows: list[dict[str, Any]], since: date) -> dict[str, int]:
    begun = since.isoformat()
    files = [count for row in rows for count in row["evidence"].values()]
    return {
        "commitments": len(rows),
        **{name: sum(row["section"] == name for row in rows) for name in SECTIONS},
        "overdue": sum(row["overdue"] for row in rows),
        "opened": sum(row["opened"] >= begun for row in rows),
        "agreed": sum(row["agreed"] is not None and row["agreed"] >= begun for row in rows),
        "evidence": sum(count["recorded"] for count in files),
        "released": sum(count["released"] for count in files),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# ------------------------------------------------------------------------------------ agreeing on one


def proposal(record: Record, docket: Ref, since: date, until: date, cut: Cut | None = None) -> dict[str, Any]:
    """What `committee.report_proposed/1` says of the report of a committee's docket: its hash, and the cut.

    Raises `Refused`.
    """
    mandate, body = _committee(record, docket)
    made = report(record, mandate, body, since, until, cut)
    return {"digest": digest(made), "at": made["at"]}


def require_same(record: Record, ref: Ref) -> dict[str, Any]:
    """The report that an act put, made here of the same acts; `Refused` where this node gets another one, or cannot."""
    act: Act = showing.act_of(record, ref)
    if not isinstance(act.body, ReportProposed):
        raise Refused("not_a_report", ref=ref)
    mandate, body = _committee(record, act.docket)
    made = report(record, mandate, body, act.body.since, act.body.until, act.body.at)
    ours = digest(made)
    if ours != act.body.digest:
        raise Refused("report_differs", ref=ref, theirs=act.body.digest, ours=ours)
    return made


def _committee(record: Record, docket: Ref) -> tuple[str, str]:
    """Whose register and report file that docket is: its mandate and its body."""
    with record.reading():
        fold = record.folds.fold(docket)
        summary = fold.chapter.summary if fold.chapter.name == "committees" else None
        told = msgspec.to_builtins(summary(fold.at(record.ready))) if summary is not None else {}
    if not told.get("body"):
        raise Refused("not_a_committee", ref=docket)
    return told["mandate"], told["body"]
