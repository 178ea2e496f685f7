"""A body's work programme on a day, as a timeline and as a table that says the same.

/m/ID/commitments/programme?mandate=TUR/9%23art-2&body=planning
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from comity.node import programme
from comity.node.programme import CLOSED
from comity.web import timeline
from comity.web.commitments import counts, line, overview_at, programme_at
from comity.web.matter import Link, asked_day
from comity.web.page import Page
from comity.web.tabs import PLACE
from comity.web.timeline import Bar, Labels
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]


def work_programme(visit: Visit) -> Answer:
    """A body's commitments on a day, as a timeline and as a table; where none is named, the bodies to choose from."""
    on, mandate, body = asked_day(visit), visit.query("mandate"), visit.query("body")
    bodies = programme.overview(visit.record, on, most=0)["bodies"]
    if body and not mandate:
        mandate = next((one["mandate"] for one in bodies if one["body"] == body), "")
    if not body and len(bodies) == 1:
        mandate, body = bodies[0]["mandate"], bodies[0]["body"]
    known = [
        {**one, "name": visit.named(one["names"]), "href": programme_at(visit, one, on)} for one in bodies
    ]
    if not body:
        return visit.page(
            "commitments_programme.html", on=on, told=None, bodies=known, rows=[], svg="", title=""
        )
    told = programme.work_programme(visit.record, mandate, body, on)
    rows = [line(visit, row) for row in told["rows"]]
    return visit.page(
        "commitments_programme.html",
        on=on,
        told=told,
        bodies=known,
        title=visit.named(told["names"]),
        rows=rows,
        counts=counts(visit, told["counts"]),
        svg=_drawing(visit, told, on) if rows else "",
        overview=overview_at(visit, on, {"mandate": mandate, "body": body}),
        propose=_propose(visit, mandate, body),
    )


def _propose(visit: Visit, mandate: str, body: str) -> list[Link]:
    if not visit.offices:
        return []
    href = f"{visit.root}/say/commitments/propose?{urlencode({'mandate': mandate, 'body': body})}"
    return [Link(str(visit.say("do.propose_commitment", PLACE)), href)]


_DRAWN = 60
"""More bars than this are not drawn: the table has them all."""


def _drawing(visit: Visit, told: Mapping[str, Any], on: date) -> Any:
    with visit.record.reading():
        opened = {one.docket: one.opened for _, one, _ in programme.commitments(visit.record, on)}
    bars = [
        Bar(
            row["docket"],
            f"{visit.named(row['title'])} · \u2066{row['docket']}\u2069",
            opened.get(row["docket"]) or on,
            date.fromisoformat(row["due"]) if row["due"] else None,
            "late" if row["overdue"] else "done" if row["status"] == "done" or row["is"] in CLOSED else "",
            "settled" if row["terms"] not in ("proposed", "crossed") else "open",
        )
        for row in told["rows"][:_DRAWN]
    ]
    labels = Labels(
        str(visit.say("programme.of", PLACE, body=visit.named(told["names"]))),
        str(visit.say("programme.drawing", PLACE, number=visit.number(len(bars)))),
        visit.day(on),
    )
    return timeline.drawn(bars, on, labels, visit.day, rtl=visit.language == "ar")


PAGES = (Page("/m/{mechanism:str}/commitments/programme", work_programme),)
