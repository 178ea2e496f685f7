"""Commitments: how all stand on a day, a body's work programme as table and timeline, and one with both sides' views.

    /m/ID/commitments/overview?on=2024-12-02&is=disputed&owner=IRQ
    /m/ID/commitments/programme?mandate=TUR/9%23art-2&body=planning
    /m/ID/commitments/TUR/27

Where the sides differ both views stand side by side, in the order of the parties' codes, and neither above the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from comity.chapters.commitments.summary import OnDay, Summary, on_day, summary
from comity.core.errors import Refused
from comity.desk.exhibits import disclosure
from comity.node import evidence as files
from comity.node import programme
from comity.node.lineage import lineage
from comity.web import timeline
from comity.web.form import LARGEST
from comity.web.matter import Link, Matter, asked_day, links, thing_at
from comity.web.page import Page
from comity.web.tabs import PLACE
from comity.web.timeline import Bar, Labels
from comity.web.visit import Answer, Visit, reference

__all__ = ["PAGES", "short_word"]

_PAGE = 50
_IS = ("disputed", "unanswered", "silent", "agreed", "replaced", "dropped")
_ATTENTION = ("overdue", "due", "dormant")
_STATUSES = ("not_started", "started", "done", "obstructed")


# ------------------------------------------------------------------------------------------- all of them


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
        counts=_counts(visit, told["total"]),
        bodies=[
            {**one, "name": visit.named(one["names"]), "href": _programme_at(visit, one, on)}
            for one in told["bodies"]
        ],
        sides=[(party, visit.party(party)) for party in told["parties"]],
        choices=[(word, short_word(visit, word)) for word in (*_IS, *_ATTENTION, *_STATUSES)],
        disputed=_disputed(visit, on),
        lists=[(word, [_line(visit, one) for one in told[word]]) for word in _ATTENTION],
        waits=[_wait(visit, one) for one in told["waits"]],
        listed=listed,
        next=more,
        here=lambda **more: _here(visit, on, {**asked, **more}),
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
    page = [_line(visit, programme.row(one, day.now)) for one, day in found[start : start + _PAGE]]
    more = _here(visit, on, {**asked, "from": str(start + _PAGE)}) if len(found) > start + _PAGE else ""
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


def _here(visit: Visit, on: date, asked: Mapping[str, str]) -> str:
    kept = {name: value for name, value in {**asked, "on": on.isoformat()}.items() if value}
    return f"{visit.root}/commitments/overview?{urlencode(kept)}"


def short_word(visit: Visit, word: str) -> str:
    """The short word for how a commitment stands."""
    return str(visit.say(f"is.{word}", PLACE))


def _counts(visit: Visit, total: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """(word, words, how many) for each way in which commitments can stand."""
    counted = {**total["is"], **{name: total[name] for name in _ATTENTION}}
    return [(word, short_word(visit, word), counted[word]) for word in (*_IS, *_ATTENTION)]


def _disputed(visit: Visit, on: date) -> list[dict[str, Any]]:
    """The disputed ones, each with both views."""
    with visit.record.reading():
        every = programme.commitments(visit.record, on)
    return [
        {**_line(visit, programme.row(one, day.now)), "views": _views(visit, one, day.now)}
        for _, one, day in every
        if day.now.is_ == "disputed"
    ][:20]


def _views(visit: Visit, one: Summary, now: OnDay) -> list[dict[str, Any]]:
    """What each party says of it, side by side."""
    found = []
    for party in one.parties:
        said = now.said.get(party)
        found.append(
            {
                "party": party,
                "name": visit.party(party),
                "status": said.status if said else "",
                "words": short_word(visit, said.status) if said else "",
                "reason": visit.named(said.reason) if said and said.reason else "",
                "as_of": said.as_of.isoformat() if said and said.as_of else "",
                "day": said.day.isoformat() if said else "",
                "ref": said.ref if said else "",
                "owes": now.behind[party].ref if party in now.behind else "",
            }
        )
    return found


def _line(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
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


# ------------------------------------------------------------------------------------------- one body


def work_programme(visit: Visit) -> Answer:
    """A body's commitments on a day, as a timeline and as a table; where none is named, the bodies to choose from."""
    on, mandate, body = asked_day(visit), visit.query("mandate"), visit.query("body")
    bodies = programme.overview(visit.record, on, most=0)["bodies"]
    if body and not mandate:
        mandate = next((one["mandate"] for one in bodies if one["body"] == body), "")
    if not body and len(bodies) == 1:
        mandate, body = bodies[0]["mandate"], bodies[0]["body"]
    known = [
        {**one, "name": visit.named(one["names"]), "href": _programme_at(visit, one, on)} for one in bodies
    ]
    if not body:
        return visit.page(
            "commitments_programme.html", on=on, told=None, bodies=known, rows=[], svg="", title=""
        )
    told = programme.work_programme(visit.record, mandate, body, on)
    rows = [_line(visit, row) for row in told["rows"]]
    return visit.page(
        "commitments_programme.html",
        on=on,
        told=told,
        bodies=known,
        title=visit.named(told["names"]),
        rows=rows,
        counts=_counts(visit, told["counts"]),
        svg=_drawing(visit, told, on) if rows else "",
        overview=_here(visit, on, {"mandate": mandate, "body": body}),
        propose=_propose(visit, mandate, body),
    )


def _programme_at(visit: Visit, one: Mapping[str, Any], on: date) -> str:
    asked = urlencode({"mandate": one["mandate"], "body": one["body"], "on": on.isoformat()})
    return f"{visit.root}/commitments/programme?{asked}"


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
            "late" if row["overdue"] else "done" if row["status"] == "done" or row["is"] in _CLOSED else "",
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


_CLOSED = ("replaced", "dropped")


# ------------------------------------------------------------------------------------------- one commitment


def commitment(visit: Visit) -> Answer:
    """One commitment: what each side says of it, by when, what shows it, where it comes from and what became of it."""
    matter, on = Matter(visit, "commitments"), asked_day(visit)
    state = matter.state
    if state["body"] is None:
        raise Refused("docket_unknown", docket=matter.ref)
    status, due = matter.ask("status", on), matter.ask("due", on)
    now = on_day(summary(matter.view), on)
    held = msgspec.to_builtins(now.terms) if now.terms is not None else None
    return matter.page(
        "commitment.html",
        "",
        on=on,
        told=state,
        how=status,
        is_words=short_word(visit, status["status"] or status["is"]),
        closed=now.is_ if now.is_ in _CLOSED else "",
        views=_sides(matter, status, on),
        terms=held,
        due=due,
        basis=_basis(visit, due["basis"]),
        owners=[(party, visit.party(party)) for party in due["owners"]],
        body=_body(visit, state, on),
        source_at=thing_at(visit, held["source"]) if held else "",
        offers=[_offer(matter, one) for one in state["offers"] if one["time"][:10] <= on.isoformat()],
        evidence=[_evidence(matter, one) for one in matter.ask("evidence", on)],
        lineage=_lineage(visit, str(matter.ref)),
        waits=[_waits(visit, one) for one in matter.ask("waits_for", on)],
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
        "href": _programme_at(visit, {"mandate": state["mandate"], "body": state["body"]}, on),
    }


def _sides(matter: Matter, status: Mapping[str, Any], on: date) -> list[dict[str, Any]]:
    """Each party's own view, whether or not it has said one, in the order of the codes."""
    visit, said = matter.visit, {one["party"]: one for one in status["views"]}
    found = []
    for party in matter.state["parties"]:
        one = said.get(party)
        behind = status["behind"].get(party)
        found.append(
            {
                "party": party,
                "name": visit.party(party),
                "status": one["status"] if one else "",
                "words": short_word(visit, one["status"]) if one else "",
                "reason": visit.named(one["reason"]) if one and one["reason"] else "",
                "as_of": one["as_of"] or "" if one else "",
                "day": one["day"] if one else "",
                "ref": one["ref"] if one else "",
                "owes": behind["ref"] if behind else "",
                "owes_since": visit.day(behind["since"]) if behind else "",
                "before": [
                    {**old, "words": short_word(visit, old["status"])}
                    for old in reversed(matter.state["status"].get(party, ()))
                    if one is not None and old["ref"] != one["ref"] and old["day"] <= on.isoformat()
                ],
            }
        )
    return found


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


def _evidence(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """A piece of evidence: what is known of it here, and what can be done with its file."""
    visit = matter.visit
    ours = one["by"] == visit.record.party
    at = f"{matter.path}/evidence/{one['ref']}"
    can = []
    if one["is"] == "match":
        can.append(Link(str(matter.say("evidence.save")), at))
    if ours and visit.offices and one["size"] <= LARGEST:
        can.append(Link(str(matter.say("evidence.disclose")), f"{at}/disclosure"))
    if ours and one["is"] == "withheld":
        can += links([matter.may("release-evidence", one["ref"])])
    return {
        **one,
        "name": visit.party(one["by"]),
        "title": visit.named(one["title"]),
        "is_words": matter.value(one["is"]),
        "shows_words": short_word(visit, one["shows"]) if one.get("shows") else "",
        "size_words": visit.number(one["size"]),
        "can": can,
    }


def _waits(visit: Visit, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "who": visit.party(one["party"]),
        "what": str(visit.say(f"value.{one['for']}", "commitments")),
        "ref": one["ref"],
        "day": visit.day(one["since"][:10]),
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


# ------------------------------------------------------------------------------------------- files of evidence


def evidence_file(visit: Visit) -> Answer:
    """The file that was released, once it was held against the digest that was recorded."""
    matter, ref = Matter(visit, "commitments"), _evidence_ref(visit)
    found = files.evidence(visit.record, ref)
    if found.docket != matter.ref:
        raise Refused("evidence_unknown", act=ref)
    name, data = files.released_file(visit.record, found.ref)
    return visit.download(data, name, "application/octet-stream")


def evidence_disclosure(visit: Visit) -> Answer:
    """The disclosure of a file that we keep: for one reader, outside the record. Nothing is said."""
    matter, ref = Matter(visit, "commitments"), _evidence_ref(visit)
    found = files.evidence(visit.record, ref)
    if found.docket != matter.ref:
        raise Refused("evidence_unknown", act=ref)
    files.require_ours(visit.record, found)
    if not visit.offices:
        raise Refused("office_not_yours", office="—", held="—")
    if found.said.size > LARGEST:
        raise Refused("evidence_too_large_to_show", evidence=found.ref, limit=LARGEST >> 20)
    name = f"evidence-{found.ref.party}-{found.ref.number}.disclosure"
    with disclosure(visit.record, visit.house.node.withheld(visit.record), found) as shown:
        return visit.download(shown.read(), name, "application/octet-stream")


def _evidence_ref(visit: Visit) -> Any:
    return reference(f"{visit.path['by']}/{visit.path['act']}")


_PATH = "/m/{mechanism:str}/commitments"
_ONE = f"{_PATH}/{{party:str}}/{{number:str}}"
PAGES = (
    Page(f"{_PATH}/overview", overview),
    Page(f"{_PATH}/programme", work_programme),
    Page(_ONE, commitment),
    Page(f"{_ONE}/evidence/{{by:str}}/{{act:str}}", evidence_file),
    Page(f"{_ONE}/evidence/{{by:str}}/{{act:str}}/disclosure", evidence_disclosure),
)
