"""The mechanism at a glance: bodies, next dates, what waits for us and for them, how far each log is held, silences.

GET /m/3f2a91c07b1e            the page
GET /m/3f2a91c07b1e/state      IRQ:12,TUR:19;IRQ:12,TUR:19;12,19      for a page that wants to know of news
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from comity.desk import glance as desk
from comity.desk import wording
from comity.desk.titles import told
from comity.node.record import Record
from comity.node.waiting import Coming, Waiting
from comity.web.memory import Memory
from comity.web.page import Page
from comity.web.visit import Answer, Visit, short

__all__ = ["PAGES"]

_kept: Memory[desk.Glance] = Memory(16)


def front(visit: Visit) -> Answer:
    """The first page: the only mechanism, or the list of them."""
    found = visit.house.open_to(visit.person)
    if len(found) == 1:
        return visit.go(f"/m/{short(found[0])}")
    listed = [(visit.named(one.charter.names), f"/m/{short(one)}") for one in found]
    return visit.page("front.html", mechanisms=listed)


def glance(visit: Visit) -> Answer:
    """One mechanism."""
    record, today = visit.record, visit.house.today()
    known = (record.mechanism, visit.house.state(record), tuple(record.silent), tuple(record.frozen), today)
    found = _kept.get(known, lambda: _looked(record, today))
    return visit.page(
        "glance.html",
        glance=found,
        names={party: visit.party(party) for party in record.parties},
        ours=_waits(visit, found.ours),
        theirs=[(party, waits.number, _waits(visit, waits)) for party, waits in found.theirs.items()],
        coming=[_coming(visit, one) for one in found.coming],
        bodies=[_body(visit, one) for one in found.bodies],
        clocks=[
            {**one._asdict(), "shown": visit.moment(one.time)}
            for one in desk.clocks(record, visit.house.clock())
        ],
        us=record.party,
        today=(today.isoformat(), visit.day(today), visit.hijri(today)),
    )


def _looked(record: Record, on: date) -> desk.Glance:
    """What is shown of a mechanism on a day; and for the next process, what that was made of."""
    found = desk.glance(record, on)
    record.put_away()
    return found


def _waits(visit: Visit, waits: desk.Waits) -> list[dict[str, Any]]:
    return [
        {
            "title": visit.named(told(visit.record, one.title)) or one.docket,
            "href": visit.docket_at(one.docket),
            "ref": one.ref,
            "act": visit.act_at(one.ref.partition("#")[0]),
            "what": _sort(visit, one),
            "since": one.since,
            "shown": visit.day(one.since) if one.since else "",
            "hijri": visit.hijri(one.since[:10]) if one.since else "",
        }
        for one in waits.oldest
    ]


def _sort(visit: Visit, one: Waiting) -> str:
    """What is awaited, in words: as this page says it, or as the chapter does."""
    key = f"web.awaited.{one.sort}"
    return (
        visit.say(key) if visit.words.has(key, "web") else wording.value(visit.words, one.sort, one.chapter)
    )


def _coming(visit: Visit, one: Coming) -> dict[str, Any]:
    return {
        "on": one.on,
        "shown": visit.day(one.on),
        "hijri": visit.hijri(one.on),
        "title": visit.named(told(visit.record, one.title)) or one.docket,
        "href": visit.docket_at(one.docket),
        "what": visit.say(f"web.coming.{one.what}")
        if one.what in ("meeting", "due", "term_ends")
        else wording.value(visit.words, one.what, one.chapter),
        "standing": wording.value(visit.words, one.standing, one.chapter) if one.standing else "",
        "parties": [visit.party(party) for party in one.parties],
    }


def _body(visit: Visit, body: Mapping[str, Any]) -> dict[str, Any]:
    word = "silent" if body["overdue"] else "in_force" if body["in_force"] else "not_in_force"
    key = "status.body_never" if body["last"] is None else "status.body_silent"
    return {
        "name": visit.named(body["names"]),
        "href": f"{visit.root}/commitments/programme?{urlencode({'mandate': body['mandate'], 'body': body['body']})}",
        "mandate": body["mandate"],
        "mandate_href": visit.docket_at(body["mandate"].partition("#")[0]),
        "last": (body["last"], visit.day(body["last"]), visit.hijri(body["last"])) if body["last"] else None,
        "due": (body["due"], visit.day(body["due"]), visit.hijri(body["due"])) if body["due"] else None,
        "every": body["every_months"],
        "word": word,
        "why": visit.say(
            key, "cli", body=visit.named(body["names"]), months=body["months"], every=body["every_months"],
            last=visit.day(body["last"] or ""), mandate=body["mandate"], due=visit.day(body["due"]),
        ) if body["overdue"] else "",
    }  # fmt: skip


def state(visit: Visit) -> Answer:
    """How much is here, as one short line."""
    return visit.answer(visit.house.state(visit.record).encode(), "text/plain; charset=utf-8")


PAGES = (Page("/", front), Page("/m/{mechanism:str}", glance), Page("/m/{mechanism:str}/state", state))
