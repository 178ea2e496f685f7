"""One commitment, with both sides' views: by when, what shows it, where it comes from and what became of it.

/m/ID/commitments/TUR/27?on=2024-12-02
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.commitments.summary import OnDay, Summary, on_day, summary
from comity.core.errors import Refused
from comity.node import programme
from comity.node.lineage import lineage
from comity.web import evidence
from comity.web.commitments import programme_at, short_word, views
from comity.web.matter import Matter, asked_day, links, thing_at
from comity.web.page import Page
from comity.web.tabs import PLACE
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]


def commitment(visit: Visit) -> Answer:
    """One commitment: what each side says of it, by when, what shows it, where it comes from and what became of it."""
    matter, on = Matter(visit, "commitments"), asked_day(visit)
    state = matter.state
    if state["body"] is None:
        raise Refused("docket_unknown", docket=matter.ref)
    status, due = matter.ask("status", on), matter.ask("due", on)
    whole = summary(matter.view)
    now = on_day(whole, on)
    held = msgspec.to_builtins(now.terms) if now.terms is not None else None
    return matter.page(
        "commitment.html",
        "",
        on=on,
        told=state,
        how=status,
        is_words=short_word(visit, status["status"] or status["is"]),
        closed=now.is_ if now.is_ in programme.CLOSED else "",
        views=_sides(visit, whole, now, on),
        terms=held,
        due=due,
        basis=_basis(visit, due["basis"]),
        owners=[(party, visit.party(party)) for party in due["owners"]],
        body=_body(visit, state, on),
        source_at=thing_at(visit, held["source"]) if held else "",
        offers=[_offer(matter, one) for one in state["offers"] if one["time"][:10] <= on.isoformat()],
        evidence=[evidence.shown(matter, one) for one in matter.ask("evidence", on)],
        lineage=_lineage(visit, str(matter.ref)),
        waits=matter.waits(on),
        acts=links(
            matter.may(verb)
            for verb in ("assert-status", "propose-terms", "propose-closing", "record-evidence")
            if not state["closed"]  # as things stand now, whatever day is shown
        ),
    )


def _body(visit: Visit, state: Mapping[str, Any], on: date) -> dict[str, str]:
    try:
        with visit.record.reading():
            _, terms = programme.body_terms(visit.record, state["mandate"], state["body"])
        name = visit.named(terms.names)
    except Refused:
        name = state["body"]
    return {
        "name": name,
        "mandate": state["mandate"],
        "mandate_at": thing_at(visit, state["mandate"], "provision"),
        "href": programme_at(visit, {"mandate": state["mandate"], "body": state["body"]}, on),
    }


def _sides(visit: Visit, whole: Summary, now: OnDay, on: date) -> list[dict[str, Any]]:
    """Each party's own view, whether or not it has said one, with those that it had before."""
    return [
        {
            **side,
            "before": [
                {
                    "ref": old.ref,
                    "day": old.day.isoformat(),
                    "reason": old.reason,
                    "words": short_word(visit, old.status),
                }
                for old in reversed(whole.assertions.get(side["party"], ()))
                if side["ref"] and old.ref != side["ref"] and old.day <= on
            ],
        }
        for side in views(visit, whole, now)
    ]


def _basis(visit: Visit, basis: Mapping[str, Any] | None) -> str:
    """How a due day was counted, in words."""
    if basis is None:
        return ""
    facts = {
        "number": visit.number(basis["count"]),
        "start": visit.day(basis["start"]),
        "unit": visit.say(f"value.{basis['unit']}", "commitments"),
    }
    told = str(visit.say("due.counted", PLACE, **facts))
    if basis.get("calendars"):
        parties = visit.listed(visit.party(party) for party in basis["calendars"])
        told += " " + str(visit.say("due.calendars", PLACE, parties=parties))
    if basis.get("estimated"):
        told += " " + str(visit.say("due.estimated", PLACE))
    return told


def _offer(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """Terms or a closing that somebody put: where it stands, and what may be said to it."""
    visit, closing, terms = matter.visit, one.get("closing"), one.get("terms")
    due = terms["due"] if terms else {}
    return {
        **matter.put(one, "accept"),
        "what": str(visit.say(f"offer.{closing['outcome']}" if closing else "offer.terms", PLACE)),
        "reason": visit.named(closing["reason"]) if closing else "",
        "replaced_by": closing.get("by", []) if closing else [],
        "title": visit.named(terms["title"]) if terms else "",
        "due": visit.day(due["on"]) if due.get("on") else visit.named(due.get("event", {})),
    }


def _lineage(visit: Visit, ref: str) -> dict[str, list[dict[str, Any]]]:
    """Where it comes from and what became of it: each step with the thing at its other end."""
    found = lineage(visit.record, ref)
    return {
        "up": list(_steps(visit, found, "up", "parent")),
        "down": list(_steps(visit, found, "down", "child")),
    }


def _steps(visit: Visit, found: Mapping[str, Any], way: str, end: str) -> Iterator[dict[str, Any]]:
    for step in found[way]:
        node = found["nodes"][step[end]]
        yield {
            "ref": step[end],
            "title": visit.named(node["title"]),
            "sort": str(visit.say(f"sort.{node['sort']}", "cli")),
            "by": str(visit.say(f"step.{way}.{step['by']}", PLACE)),
            "of": step["child"] if end == "parent" else step["parent"],
            "distance": step["distance"],
            "href": thing_at(visit, step[end], node["sort"]),
        }


PAGES = (Page("/m/{mechanism:str}/commitments/{party:str}/{number:str}", commitment),)
