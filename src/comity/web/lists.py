"""A chapter's dockets, newest first, and how to open a new one; the charter with its keys, offices and chapters.

GET /m/3f2a91c07b1e/meetings?before=IRQ/31,TUR/36
GET /m/3f2a91c07b1e/charter
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chapter import Chapter
from comity.core.charter import card_fingerprint
from comity.core.errors import Malformed, Refused
from comity.core.keys import key_id
from comity.desk import dates, wording
from comity.desk.drafting import may_speak
from comity.desk.matters import Matters, Row, matters
from comity.desk.titles import told
from comity.node.record import Record
from comity.web.docket import verb_words
from comity.web.memory import Memory
from comity.web.offers import say_path
from comity.web.page import Page
from comity.web.text import visible
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "PER_PAGE"]

PER_PAGE = 50
_kept: Memory[Matters] = Memory(100)
_MOST = 64  # parties in an address


def listing(visit: Visit) -> Answer:
    """The dockets of a chapter."""
    record, asked = visit.record, _asked(visit)
    if asked == charters.CHAPTER.name:
        return charter(visit)
    chapter = record.chapters.get(asked)
    if chapter is None:
        known = ", ".join(sorted(record.chapters))
        raise Refused("chapter_unknown", chapter=visible(asked[:40]), known=known)
    before = _before(visit.query("before"))
    state, place = visit.house.state(record), tuple(sorted((before or {}).items()))
    page = (record.mechanism, state, chapter.name, before is None, place, PER_PAGE)
    found = _kept.get(page, lambda: matters(record, chapter, before, PER_PAGE))
    here = f"{visit.root}/{chapter.name}"
    older = ",".join(f"{party}/{number}" for party, number in sorted((found.older or {}).items()))
    with record.reading():
        active = record.folds.active(chapter.name, record.ready)
    return visit.page(
        "list.html",
        chapter=chapter.name,
        title=visit.say("chapter", chapter.name),
        rows=[_row(visit, chapter, row) for row in found.rows],
        number=visit.number(found.number),
        previous=here if before is not None else "",
        next=f"{here}?before={older}" if older else "",
        openers=_openers(visit, chapter) if active and not record.silent else [],
        active=active,
        more=[(visit.say("web.list.overview"), f"{here}/overview")] if chapter.name == "commitments" else [],
    )


def _asked(visit: Visit) -> str:
    """The chapter in the path."""
    return str(visit.path.get("chapter") or visit.request.url.path.rstrip("/").rpartition("/")[2])


def _before(asked: str) -> dict[str, int] | None:
    """Where a page begins, as its address says it; what is no such place is the beginning."""
    if not asked:
        return None
    try:
        refs = [Ref.parse(one) for one in asked.split(",", _MOST)[:_MOST]]
    except Malformed:
        return None
    return {ref.party: ref.number for ref in refs}


def _row(visit: Visit, chapter: Chapter, row: Row) -> dict[str, Any]:
    last = row.milestone
    return {
        "ref": row.docket,
        "href": visit.docket_at(row.docket),
        "title": visit.named(told(visit.record, row.title)) or row.docket,
        "name": visit.party(row.party),
        "party": row.party,
        "time": row.time,
        "shown": visit.day(row.time),
        "hijri": visit.hijri(row.time),
        "what": _became(visit, chapter.name, last) if last else "",
        "standing": last["standing"] if last else "",
        "label": wording.standing(visit.words, last["standing"]) if last else "",
    }


def _became(visit: Visit, chapter: str, milestone: Mapping[str, Any]) -> str:
    """A milestone in words, its days and times as the reader writes them."""
    facts = {name: _fact(visit, chapter, fact) for name, fact in milestone["facts"].items()}
    return wording.milestone(visit.words, chapter, {**milestone, "facts": facts})


def _fact(visit: Visit, chapter: str, fact: str) -> str:
    if fact in visit.record.parties:
        return visit.party(fact)
    return visit.moment(fact) if dates.parsed(fact) is not None else wording.value(visit.words, fact, chapter)


def _openers(visit: Visit, chapter: Chapter) -> list[tuple[str, str]]:
    """What the person may open here."""
    return [
        (verb_words(visit, chapter.name, kind.verb), say_path(visit.root, chapter.name, kind.verb))
        for kind in chapter.kinds
        if kind.opens and any(may_speak(kind, office) for office in visit.offices)
    ]


# ----------------------------------------------------------------------------------------- the charter


def charter(visit: Visit) -> Answer:
    """Who the parties are: their cards, keys and addresses; and which chapters all have activated."""
    record = visit.record
    with record.reading():
        parties = [_party(visit, record, party) for party in record.parties]
        chapters = [_chapter(visit, record, chapter) for chapter in record.chapters.values()]
    speaks = any(office == charters.ROOT for office in visit.offices) and not record.silent
    verbs = [kind for kind in charters.CHAPTER.kinds if not kind.opens and speaks]
    return visit.page(
        "charter.html",
        parties=parties,
        chapters=chapters,
        identifier=record.mechanism,
        verbs=[
            (verb_words(visit, "charter", kind.verb), say_path(visit.root, "charter", kind.verb))
            for kind in verbs
        ],
    )


def _party(visit: Visit, record: Record, party: str) -> dict[str, Any]:
    half, card = record.folds.half(party, record.ready), record.charter.card(party)
    address = half.address[0] if half.card is not None else card.address
    held = half.keys or [charters.HeldKey(key, "node", 0) for key in card.node]
    return {
        "party": party,
        "name": visit.party(party),
        "href": visit.docket_at(Ref(party, 0)),
        "accepted": half.card is not None,
        "fingerprint": card_fingerprint(card),
        "address": address,
        "root": [_key(key) for key in card.root],
        "keys": [
            {
                **_key(one.key),
                "use": visit.say(f"web.key.{one.use}"),
                "since": f"{party}/{one.added}",
                "since_href": visit.act_at(f"{party}/{one.added}"),
                "revoked": f"{party}/{one.revoked}" if one.revoked is not None else "",
                "revoked_href": visit.act_at(f"{party}/{one.revoked}") if one.revoked is not None else "",
            }
            for one in held
        ],
    }


def _key(key: str) -> dict[str, str]:
    return {"type": key.partition(":")[0], "id": key_id(key)}


def _chapter(visit: Visit, record: Record, chapter: Chapter) -> Mapping[str, Any]:
    said = [
        party for party in record.parties if chapter.name in record.folds.half(party, record.ready).chapters
    ]
    return {
        "title": visit.say("chapter", chapter.name),
        "href": f"{visit.root}/{chapter.name}",
        "active": len(said) == len(record.parties),
        "missing": [visit.party(party) for party in record.parties if party not in said],
    }


_WITH_PAGES = ("instruments", "meetings", "commitments", "committees", "statements")
"""Chapters below whose path there are further pages: a router then looks no further than that path."""

PAGES = (
    Page("/m/{mechanism:str}/{chapter:str}", listing),
    *(Page(f"/m/{{mechanism:str}}/{chapter}", listing) for chapter in _WITH_PAGES),
)
