"""How an instrument stands: who accepted, signed and notified; since when it is in force, and by which acts.

/m/ID/instruments/TUR/9/state?on=2024-12-02
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.chapters.instruments import account, acts, effects, matters
from comity.chapters.instruments.text import Entry, Notice, Text
from comity.core.errors import Refused
from comity.web.matter import Link, Matter, asked_day, links, placed
from comity.web.page import Page
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "bodies", "consents"]


def state(visit: Visit) -> Answer:
    """Who accepted, signed and notified; when it enters into force and ends; what it was amended by; its bodies."""
    matter, on = Matter(visit, "instruments"), asked_day(visit)
    found = account.current(matter.view)
    if found is None:
        raise Refused("docket_unknown", docket=matter.ref)
    told = matter.state
    force = matter.ask("in_force", on)
    return matter.page(
        "instrument_state.html",
        "/state",
        on=on,
        told=told,
        stage=matter.value(told["stage"]),
        force=force,
        force_words=_force(matter, force),
        entry=_clause(matter, found.final.entry),
        clauses=_clauses(matter, found),
        dates=_dates(matter, on),
        sides=[_side(matter, party) for party in told["parties"]],
        powers=_powers(matter),
        bodies=_mandated(matter, found),
        changes=[_change(matter, one) for one in (*told["amendments"], *told["terminations"])],
        acts=consents(matter),
    )


def _force(matter: Matter, force: Mapping[str, Any]) -> str:
    visit = matter.visit
    if force["in_force"]:
        return str(matter.say("force.yes", since=visit.day(force["since"])))
    why = matter.value(force["why"])
    return str(matter.say("force.no", why=why))


def _clause(matter: Matter, entry: Entry) -> str:
    """An entry-into-force clause in words."""
    say, visit = matter.say, matter.visit
    facts = {"day": visit.day(entry.day)} if entry.day else {}
    told = [str(say(f"clause.{entry.after}", **facts))]
    if entry.days:
        told.append(str(say("clause.days", days=visit.number(entry.days))))
    if entry.month:
        told.append(str(say("clause.month", month=visit.number(entry.month))))
    if entry.signed and entry.after == "notifications":
        told.append(str(say("clause.signed")))
    return " ".join(told)


def _clauses(matter: Matter, found: Text) -> list[tuple[str, str]]:
    """The other final clauses that compute."""
    say, visit, final = matter.say, matter.visit, found.final
    lasting = (
        say("count.months", number=visit.number(final.duration))
        if final.duration
        else say("clause.unlimited")
    )
    told = [("clause.duration", str(lasting))]
    if final.renewal:
        told.append(("clause.renewal", str(say("clause.renewed", number=visit.number(final.renewal)))))
    if final.refusal is not None:
        told.append(("clause.refusal", _notice(matter, final.refusal)))
    if final.denunciation is not None:
        told.append(("clause.denunciation", _notice(matter, final.denunciation)))
    if final.amendments is not None:
        told.append(("clause.amendments", _clause(matter, final.amendments)))
    if final.reply_days:
        told.append(("clause.reply", str(say("count.days", number=visit.number(final.reply_days)))))
    return [(str(say(key)), words) for key, words in told]


def _notice(matter: Matter, notice: Notice) -> str:
    say, visit = matter.say, matter.visit
    counts = [("count.months", notice.months), ("count.days", notice.days)]
    time = visit.listed(say(key, number=visit.number(count)) for key, count in counts if count)
    return str(say(f"clause.notice.{notice.at}", time=time or str(say("clause.no_time"))))


def _dates(matter: Matter, on: date) -> list[dict[str, Any]]:
    return [
        {
            "on": one["date"],
            "what": matter.value(one["what"]),
            "party": matter.visit.party(one["party"]) if one.get("party") else "",
            "ref": one.get("ref", ""),
        }
        for one in matter.ask("next_dates", on)
    ]


def _side(matter: Matter, party: str) -> dict[str, Any]:
    """What one party has done towards being bound: each with the act by which it did."""
    visit, told, docket = matter.visit, matter.state, str(matter.ref)
    adopted = told["adopted"] or {"by": {}}
    signed = [one for one in told["signatures"] if one["by"] == party and one["matter"] == docket]
    papers = [one for one in told["papers"] if one["by"] == party and one["matter"] == docket]
    originals = [one for one in told["originals"] if one["by"] == party and one["matter"] == docket]
    notified = [one for one in told["notifications"] if one["by"] == party and one["matter"] == docket]
    return {
        "party": party,
        "name": visit.party(party),
        "accepted": adopted["by"].get(party, ""),
        "signed": [
            {
                **one,
                "office": visit.office(one["office"], party),
                "day": visit.day(one["date"]),
                "of": visit.party(one["original"]),
            }
            for one in signed
        ],
        "papers": [
            {
                **one,
                "office": visit.office(one["office"], party),
                "here": str(matter.say("paper.here" if one["supplied"] else "paper.not_here")),
            }
            for one in papers
        ],
        "originals": [
            {
                **one,
                "day": visit.day(one["signed_on"]),
                "kept": visit.named(one["kept_at"]),
                "of": visit.party(one["original"]),
            }
            for one in originals
        ],
        "notified": [{**one, "day": visit.day(one["received"])} for one in notified],
    }


def _powers(matter: Matter) -> list[dict[str, Any]]:
    """The full powers that were issued for this instrument, withdrawn ones included."""
    visit, record = matter.visit, matter.visit.record
    with record.reading():
        issued = {
            party: record.folds.half(party, record.ready).powers for party in matters.required(matter.view)
        }
    return [
        {
            "party": party,
            "name": visit.party(party),
            "office": visit.office(one.office, party),
            "ref": str(one.said),
            "until": visit.day(one.until) if one.until else "",
            "revoked": one.revoked,
        }
        for party, several in issued.items()
        for one in several
        if one.instrument == str(matter.ref)
    ]


def bodies(matter: Matter, found: Text) -> list[dict[str, Any]]:
    """The bodies that provisions of the text set up."""
    return [
        {
            "provision": one.provision,
            "number": placed(matter.visit, found.provision(one.provision), found.provisions),
            "name": matter.visit.named(one.terms.names),
        }
        for one in found.bodies
    ]


def _mandated(matter: Matter, found: Text) -> list[dict[str, Any]]:
    """The bodies that provisions of the text mandate, each with its commitments' programme."""
    visit = matter.visit
    return [
        {
            **one,
            "kind": setup.terms.kind,
            "seats": [(visit.party(party), number) for party, number in sorted(setup.terms.seats.items())],
            "every": setup.terms.every_months,
            "mandate": f"{matter.ref}#{setup.provision}",
            "id": setup.terms.id,
        }
        for one, setup in zip(bodies(matter, found), found.bodies, strict=True)
    ]


def consents(matter: Matter) -> list[Link]:
    """What is left for us to say of an accepted text: to sign it, to notify, to change or to end it."""
    view, us, docket = matter.view, matter.visit.record.party, str(matter.ref)
    bound = matters.base(view)
    if bound is None or us not in matters.required(view):
        return []
    rule, may = effects.rule_for(view, docket), []
    if us not in effects.signatures(view, docket, bound.text) and (rule.signed or rule.after == "signature"):
        may.append("sign")
    if rule.after == "notifications" and us not in effects.notifications(view, docket):
        may.append("notify")
    recorded = isinstance(bound.version.body, acts.Recorded)
    return links(matter.may(verb) for verb in ([] if recorded else may) + ["amend", "terminate"])


def _change(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """An amendment or a termination that was put, and what became of it."""
    visit = matter.visit
    amendment = "edits" in one["content"]
    return {
        "ref": one["ref"],
        "amendment": amendment,
        "what": str(matter.say("change.amendment" if amendment else "change.termination")),
        "party": visit.party(one["by"]),
        "on": visit.day(one["on"]),
        "adopted": sorted(one["adopted"]["by"].values()) if one["adopted"] else [],
        "effect": visit.day(one["effect"]) if one["effect"] else "",
        "may": matter.may("accept", one["ref"])
        if not one["adopted"] and one["by"] != visit.record.party
        else None,
    }


PAGES = (Page("/m/{mechanism:str}/instruments/{party:str}/{number:str}/state", state),)
