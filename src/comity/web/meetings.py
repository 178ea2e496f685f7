"""A meeting: when it is, who comes, its agenda, its minutes in all languages, and what each decision led to.

/m/ID/meetings/TUR/4                      the meeting; ?minutes=TUR/24 shows those minutes
/m/ID/meetings/TUR/4/calendar.ics         the same for a calendar, in the reader's language
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comity.chapters.meetings import ical
from comity.core.errors import Refused
from comity.node.lineage import lineage
from comity.web.matter import Link, Matter, asked_day, links, thing_at
from comity.web.page import Page
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]


def meeting(visit: Visit) -> Answer:
    """One meeting."""
    matter, on = Matter(visit, "meetings"), asked_day(visit)
    told = matter.state
    if told["body"] is None:
        raise Refused("docket_unknown", docket=matter.ref)
    now = matter.ask("state", on)
    minutes = _chosen(told["minutes"], visit.query("minutes"))
    return matter.page(
        "meeting.html",
        "",
        on=on,
        told=told,
        now=now,
        is_words=matter.value(now["is"]),
        needed=matter.value(now["needed"]) if now["needed"] else "",
        mandate_at=thing_at(visit, told["mandate"], "provision"),
        dates=[_arrangement(matter, one) for one in told["arrangements"]],
        agenda=[_item(matter, one) for one in told["agenda"]],
        delegations=[_delegation(visit, party, told["delegations"].get(party)) for party in told["parties"]],
        held=[(visit.party(party), day) for party, day in sorted(told["held"]["stated"].items())],
        minutes=_minutes(matter, minutes) if minutes is not None else None,
        versions=[(one["ref"], _version(matter, one)) for one in told["minutes"]],
        waits=matter.waits(on),
        acts=_acts(matter, now),
        calendar=f"{matter.path}/calendar.ics",
    )


def _acts(matter: Matter, now: Mapping[str, Any]) -> list[Link]:
    """What may be said of the meeting as a whole."""
    match now["is"]:
        case "cancelled" | "not_open":
            return []
        case "held" | "held_crossed" | "minutes_approved" | "minutes_crossed":
            verbs = ["propose-minutes"]
        case "date_passed":
            verbs = ["hold"]
        case _:
            verbs = ["propose-date", "propose-item", "name-delegation", "call-off"]
    return links(matter.may(verb) for verb in verbs)


def _arrangement(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """A date that was put, or a calling off."""
    visit, off = matter.visit, one.get("outcome")
    return {
        **matter.put(one, "accept-calling-off" if off else "accept-date"),
        "what": matter.value(off) if off else visit.moment(one["starts"]),
        "ends_words": visit.moment(one["ends"]) if one.get("ends") else "",
        "place_words": visit.named(one["place"]) if one.get("place") else "",
        "format_words": matter.value(one.get("format", "in_person")) if not off else "",
        "reason_words": visit.named(one["reason"]) if one.get("reason") else "",
    }


def _item(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """A point of the agenda."""
    return {
        **matter.put(one, "accept-item"),
        "title_words": matter.visit.named(one["title"]),
        "papers": list(one.get("documents", ())),
    }


def _delegation(visit: Visit, party: str, one: Mapping[str, Any] | None) -> dict[str, Any]:
    """Who comes for a party: names, or that they were destroyed, or that nobody was named."""
    told: dict[str, Any] = {
        "party": party,
        "name": visit.party(party),
        "ref": "",
        "people": [],
        "gone": False,
    }
    if one is None:
        return told
    people = [] if one["destroyed"] else [one["head"], *one.get("members", ())]
    return {
        **told,
        "ref": one["ref"],
        "gone": one["destroyed"],
        "people": [(each["name"], visit.named(each.get("capacity", {}))) for each in people],
    }


# ------------------------------------------------------------------------------------------- minutes


def _chosen(several: list[dict[str, Any]], asked: str) -> dict[str, Any] | None:
    """The minutes that were asked for, or those that count, or the last put. Raises `Refused`."""
    if asked:
        found = next((one for one in several if one["ref"] == asked), None)
        if found is None:
            raise Refused("act_unknown", act=asked[:40])
        return found
    counting = [one for one in several if one["newest"]]
    return (counting or several)[-1] if several else None


def _version(matter: Matter, one: Mapping[str, Any]) -> str:
    day = matter.visit.day(one["time"])
    return str(
        matter.say("minutes.put", ref=one["ref"], party=matter.visit.party(one["by"]), on=day)
        + f" · {matter.value(one['standing'])}"
    )


def _minutes(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """Minutes with every language beside the others; each passage and decision with the reservations made on it."""
    visit = matter.visit
    texts = [*one.get("paragraphs", ()), *(decision["text"] for decision in one.get("decisions", ()))]
    tags = [tag for tag in ("en", "tr", "ar") if any(tag in text for text in texts)]
    tags += sorted({tag for text in texts for tag in text} - set(tags))
    return {
        **matter.put(one, "approve-minutes"),
        "languages": tags[:3],
        "paragraphs": list(_paragraphs(visit, one)),
        "decisions": list(_decisions(matter, one)),
        "reserved": [
            _reservation(visit, made)
            for made in one["reservations"]
            if not made["decision"] and not made["paragraph"]
        ],
    }


def _paragraphs(visit: Visit, one: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for number, text in enumerate(one.get("paragraphs", ()), start=1):
        reserved = [made for made in one["reservations"] if made["paragraph"] == number]
        yield {
            "number": number,
            "texts": text,
            "reserved": [_reservation(visit, made) for made in reserved],
        }


def _decisions(matter: Matter, one: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    visit = matter.visit
    items = {item["ref"]: visit.named(item["title"]) for item in matter.state["agenda"]}
    grown = lineage(visit.record, str(matter.ref)) if one.get("decisions") else {}
    for decision in one.get("decisions", ()):
        reserved = [made for made in one["reservations"] if made["decision"] == decision["id"]]
        yield {
            "id": decision["id"],
            "texts": decision["text"],
            "item": decision["item"],
            "item_words": items.get(decision["item"], decision["item"]),
            "reserved": [_reservation(visit, made) for made in reserved],
            "led_to": _led_to(visit, grown, f"{one['ref']}#{decision['id']}"),
        }


def _reservation(visit: Visit, made: Mapping[str, Any]) -> tuple[str, str]:
    return visit.party(made["party"]), visit.named(made["text"])


def _led_to(visit: Visit, found: Mapping[str, Any], decision: str) -> list[dict[str, str]]:
    """What came of a decision, nearest first; nothing where nobody has built on it."""
    reached, told = {decision}, []
    for step in found["down"]:  # by distance, so a parent is always there before its child
        if step["parent"] in reached and step["child"] not in reached:
            reached.add(step["child"])
            node = found["nodes"][step["child"]]
            href = thing_at(visit, step["child"], node["sort"])
            told.append({"ref": step["child"], "title": visit.named(node["title"]), "href": href})
    return told


def calendar(visit: Visit) -> Answer:
    """The meeting for a calendar (iCalendar, RFC 5545)."""
    matter = Matter(visit, "meetings")
    body = ical.export(matter.view, visit.record.mechanism, visit.language)
    return visit.download(body, f"{matter.ref.party}-{matter.ref.number}.ics", "text/calendar; charset=utf-8")


_PATH = "/m/{mechanism:str}/meetings/{party:str}/{number:str}"
PAGES = (Page(_PATH, meeting), Page(f"{_PATH}/calendar.ics", calendar))
