"""A committee: who sits in it on a day, and its reports, each agreed by its hash and made here again to be read.

    /m/ID/committees/IRQ/32?on=2024-12-02&report=TUR/42

A report is never stored: this node makes it of its own record at the cut that the proposal names, and shows it only
where its hash is the one that was put.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.core.errors import Refused
from comity.desk import wording
from comity.node import report
from comity.web.commitments import short_word
from comity.web.matter import Link, Matter, asked_day, links, thing_at
from comity.web.page import Page
from comity.web.visit import Answer, Visit, reference

__all__ = ["PAGES"]


def committee(visit: Visit) -> Answer:
    """One committee."""
    matter, on = Matter(visit, "committees"), asked_day(visit)
    told = matter.state
    if told["body"] is None:
        raise Refused("docket_unknown", docket=matter.ref)
    register = matter.ask("register", on)
    reports = [_report(matter, one) for one in told["reports"]]
    chosen = visit.query("report")
    if chosen and chosen not in {one["ref"] for one in reports}:
        raise Refused("act_unknown", act=chosen[:40])
    return matter.page(
        "committee.html",
        "",
        on=on,
        told=told,
        mandate_at=thing_at(visit, told["mandate"], "provision"),
        programme=f"{visit.root}/commitments/programme",
        sides=[_side(matter, party, register) for party in told["parties"]],
        ending=[
            {**one, "name": visit.party(one["party"]), "day": visit.day(one["until"])}
            for one in matter.ask("terms_ending", on)
        ],
        history=[
            {**_seat(matter, party, one), "begun": one["begun"], "vacated": one["vacated"]}
            for party, several in sorted(told["terms"].items())
            for one in several
        ],
        reports=reports,
        chosen=chosen,
        made=_made(visit, chosen) if chosen else None,
        acts=links(matter.may(verb) for verb in ("fill-seat", "propose-report")),
    )


def _side(matter: Matter, party: str, register: Mapping[str, Any]) -> dict[str, Any]:
    """A party's seats on the day, and how many are empty where the mandate says how many there are."""
    return {
        "party": party,
        "name": matter.visit.party(party),
        "seats": [_seat(matter, party, one) for one in register["seats"] if one["party"] == party],
        "vacant": register["vacant"].get(party),
    }


def _seat(matter: Matter, party: str, one: Mapping[str, Any]) -> dict[str, Any]:
    ours = party == matter.visit.record.party
    may: list[Link] = []
    if ours and not one.get("vacated"):
        named = None if one["name"] else matter.may("name-person", one["ref"])
        may = links([named, matter.may("vacate-seat", one["ref"])])
    return {
        "seat": one["seat"],
        "party": party,
        "role": matter.value(one["role"]),
        "person": one["name"] or "",
        "capacity": matter.visit.named(one["capacity"]) if one["capacity"] else "",
        "gone": one["destroyed"],
        "since": one["since"],
        "until": one["until"] or "",
        "ref": one["ref"],
        "named": one["named"],
        "may": may,
    }


def _report(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """A report that was put: its period, its hash, where it stands, what may be said to it."""
    put, shown = matter.put(one, "accept-report"), f"{matter.path}?report={one['ref']}#report"
    return {
        **put,
        "made_of": matter.visit.listed(f"{party} {number}" for party, number in one["at"].items()),
        "can": links([Link(str(matter.say("report.show")), shown), put["may"]]),
    }


def _made(visit: Visit, ref: str) -> dict[str, Any]:
    """The report itself, made here; or why this node cannot make the same one."""
    try:
        made = report.require_same(visit.record, reference(ref))
    except Refused as error:
        return {"failed": wording.told(visit.words, error, "committees")["message"]}
    rows = made["commitments"]
    return {
        "failed": "",
        "report": made,
        "title": visit.named(made["names"]),
        "counts": [
            (short_word(visit, word), made["counts"][word])
            for word in (*report.SECTIONS, "overdue")
            if made["counts"][word]
        ],
        "meetings": [
            {**one, "name": visit.named(one["title"]), "href": f"{visit.root}/meetings/{one['docket']}"}
            for one in made["meetings"]
        ],
        "decisions": [
            {
                **one,
                "words": visit.named(one["text"]),
                "href": f"{visit.root}/meetings/{one['meeting']}#{one['ref'].partition('#')[2]}",
                "reserved": [visit.party(party) for party in one["reserved_by"]],
            }
            for one in made["decisions"]
        ],
        "rows": [_row(visit, one) for one in rows],
        "seats": [
            (visit.party(party), len(one["filled"]), one["seats"]) for party, one in made["seats"].items()
        ],
    }


def _row(visit: Visit, one: Mapping[str, Any]) -> dict[str, Any]:
    """A commitment as the report tells it."""
    return {
        "ref": one["docket"],
        "href": f"{visit.root}/commitments/{one['docket']}",
        "title": visit.named(one["title"]),
        "owners": [visit.party(party) for party in one["owners"]],
        "due": one["due"] or "",
        "event": visit.named(one["event"]) if one["event"] else "",
        "overdue": one["overdue"],
        "section": short_word(visit, one["section"]),
        "views": [
            {
                "name": visit.party(said["party"]),
                "words": short_word(visit, said["status"]),
                "reason": visit.named(said["reason"]) if said["reason"] else "",
                "ref": said["ref"],
            }
            for said in one["views"]
        ],
    }


PAGES = (Page("/m/{mechanism:str}/committees/{party:str}/{number:str}", committee),)
