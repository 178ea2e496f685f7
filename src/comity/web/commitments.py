"""Commitments: how all stand on a day, what needs attention first, and the list, filtered.

    /m/ID/commitments/overview?on=2024-12-02&is=disputed&owner=IRQ

Where the sides differ both views stand side by side, in the order of the parties' codes, and neither above the other.
One body's programme is in `comity.web.programme`, one commitment in `comity.web.commitment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from comity.chapters.commitments.summary import OnDay, Summary
from comity.node import programme
from comity.web.matter import asked_day
from comity.web.page import Page
from comity.web.tabs import PLACE
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "counts", "line", "overview_at", "programme_at", "short_word", "views"]

_PAGE = 50
_IS = ("disputed", "unanswered", "silent", "agreed", "replaced", "dropped")
_ATTENTION = ("overdue", "due", "dormant")
_STATUSES = ("not_started", "started", "done", "obstructed")


def overview(visit: Visit) -> Answer:
    """How everything stands on a day; what needs attention first; and the list, filtered."""
    on = asked_day(visit)
    told = programme.overview(visit.record, on)
    asked = {name: visit.query(name)[:200] for name in ("mandate", "body", "owner", "is")}
    listed, more = _listed(visit, on, asked)
    return visit.page(
        "commitments_overview.html",
        on=on,
        told=told,
        asked=asked,
        filtered=any(asked.values()),
        counts=counts(visit, told["total"]),
        bodies=[
            {**one, "name": visit.named(one["names"]), "href": programme_at(visit, one, on)}
            for one in told["bodies"]
        ],
        sides=[(party, visit.party(party)) for party in told["parties"]],
        choices=[(word, short_word(visit, word)) for word in (*_IS, *_ATTENTION, *_STATUSES)],
        disputed=_disputed(visit, on),
        lists=[(word, [line(visit, one) for one in told[word]]) for word in _ATTENTION],
        waits=[_wait(visit, one) for one in told["waits"]],
        listed=listed,
        next=more,
        here=lambda **more: overview_at(visit, on, {**asked, **more}),
    )


def _listed(visit: Visit, on: date, asked: Mapping[str, str]) -> tuple[list[dict[str, Any]], str]:
    """A page of the commitments that were asked for, and where the next one begins."""
    try:
        start = max(0, int(visit.query("from") or "0"))
    except ValueError:
        start = 0
    with visit.record.reading():
        every = programme.commitments(visit.record, on)
    found = [(one, day) for _, one, day in every if _fits(one, day, asked)]
    page = [line(visit, programme.row(one, day.now)) for one, day in found[start : start + _PAGE]]
    more = overview_at(visit, on, {**asked, "from": str(start + _PAGE)}) if len(found) > start + _PAGE else ""
    return page, more


def _fits(one: Summary, day: programme.Day, asked: Mapping[str, str]) -> bool:
    now, word = day.now, asked["is"]
    if asked["mandate"] and one.mandate != asked["mandate"]:
        return False
    if asked["body"] and one.body != asked["body"]:
        return False
    if asked["owner"] and (now.terms is None or asked["owner"] not in now.terms.owners):
        return False
    return not word or _is(word, day)


def _is(word: str, day: programme.Day) -> bool:
    now = day.now
    left = now.days_left
    match word:
        case "overdue":
            return now.overdue
        case "due":
            return left is not None and 0 <= left <= programme.SOON and not day.over
        case "dormant":
            return day.quiet >= programme.DORMANT and not day.over
        case _:
            return word in (now.is_, now.status)


def overview_at(visit: Visit, on: date, asked: Mapping[str, str]) -> str:
    """The overview of a day, filtered."""
    kept = {name: value for name, value in {**asked, "on": on.isoformat()}.items() if value}
    return f"{visit.root}/commitments/overview?{urlencode(kept)}"


def short_word(visit: Visit, word: str) -> str:
    """The short word for how a commitment stands."""
    return str(visit.say(f"is.{word}", PLACE))


def counts(visit: Visit, total: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """(word, words, how many) for each way in which commitments can stand."""
    counted = {**total["is"], **{name: total[name] for name in _ATTENTION}}
    return [(word, short_word(visit, word), counted[word]) for word in (*_IS, *_ATTENTION)]


def _disputed(visit: Visit, on: date) -> list[dict[str, Any]]:
    """The disputed ones, each with both views."""
    with visit.record.reading():
        every = programme.commitments(visit.record, on)
    return [
        {**line(visit, programme.row(one, day.now)), "views": views(visit, one, day.now)}
        for _, one, day in every
        if day.now.is_ == "disputed"
    ][:20]


def views(visit: Visit, one: Summary, now: OnDay) -> list[dict[str, Any]]:
    """What each party says of it, side by side."""
    found = []
    for party in one.parties:
        said = now.said.get(party)
        found.append(
            {
                "party": party,
                "name": visit.party(party),
                "words": short_word(visit, said.status) if said else "",
                "reason": visit.named(said.reason) if said and said.reason else "",
                "as_of": said.as_of.isoformat() if said and said.as_of else "",
                "day": said.day.isoformat() if said else "",
                "ref": said.ref if said else "",
                "owes": now.behind[party].ref if party in now.behind else "",
            }
        )
    return found


def line(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """A commitment as one line of a list (`programme.row`)."""
    return {
        **row,
        "href": f"{visit.root}/commitments/{row['docket']}",
        "name": visit.named(row["title"]),
        "is_words": short_word(visit, row["status"] or row["is"]),
        "owner_names": [visit.party(party) for party in row["owners"]],
        "due_words": visit.day(row["due"])
        if row["due"]
        else visit.named(row["event"])
        if row["event"]
        else "",
        "terms_words": str(visit.say(f"value.{row['terms']}", "commitments")),
        "said": [(visit.party(party), short_word(visit, status)) for party, status in row["views"].items()],
    }


def programme_at(visit: Visit, one: Mapping[str, Any], on: date) -> str:
    """The page of a body's work programme."""
    asked = urlencode({"mandate": one["mandate"], "body": one["body"], "on": on.isoformat()})
    return f"{visit.root}/commitments/programme?{asked}"


def _wait(visit: Visit, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "name": visit.named(one["title"]),
        "href": f"{visit.root}/commitments/{one['docket']}",
        "who": visit.party(one["party"]),
        "what": str(visit.say(f"value.{one['for']}", "commitments")),
        "day": visit.day(one["since"]),
        "ours": one["party"] == visit.record.party,
    }


PAGES = (Page("/m/{mechanism:str}/commitments/overview", overview),)
