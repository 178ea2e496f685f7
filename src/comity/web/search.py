"""Search over the titles and texts of all dockets: who said it, where, how settled it is, and the words as they stand.

GET /m/3f2a91c07b1e/search?q=بغداد&from=20
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from comity.core.act import Ref
from comity.desk import wording
from comity.desk.search import Hit
from comity.desk.titles import title
from comity.node import showing
from comity.web.page import Page
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "PER_PAGE"]

PER_PAGE = 20
_FARTHEST = 2_000
_LONGEST = 200


def search(visit: Visit) -> Answer:
    """What was asked for, and what was found."""
    record, asked = visit.record, visit.query("q")[:_LONGEST]
    after = _after(visit.query("from"))
    if not asked.strip():
        return visit.page("search.html", asked="", hits=(), behind="", previous="", next="")
    found = visit.house.search(record).find(record, asked, after=after, limit=PER_PAGE)
    titles: dict[str, str] = {}
    here = f"{visit.root}/search?q={quote(asked)}"
    return visit.page(
        "search.html",
        asked=asked,
        hits=[_hit(visit, hit, titles) for hit in found.hits],
        behind=visit.number(found.behind) if found.behind else "",
        previous=f"{here}&from={max(0, after - PER_PAGE)}" if after else "",
        next=f"{here}&from={after + PER_PAGE}" if found.more and after < _FARTHEST else "",
    )


def _after(asked: str) -> int:
    found = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return min(found, _FARTHEST)


def _hit(visit: Visit, hit: Hit, titles: dict[str, str]) -> dict[str, Any]:
    record = visit.record
    if hit.docket not in titles:
        titles[hit.docket] = visit.named(title(record, Ref.parse(hit.docket))) or hit.docket
    word = wording.standing_of(showing.show(record, Ref.parse(hit.ref)))
    chapter = wording.chapter_of(record, hit.kind)
    return {
        "ref": hit.ref,
        "href": visit.act_at(hit.ref),
        "docket": hit.docket,
        "docket_href": visit.docket_at(hit.docket),
        "title": titles[hit.docket],
        "chapter": visit.say("chapter", chapter) if chapter else "",
        "what": wording.what(visit.words, record, hit.kind),
        "party": hit.party,
        "name": visit.party(hit.party),
        "time": hit.time,
        "shown": visit.moment(hit.time),
        "hijri": visit.hijri(hit.time),
        "standing": word,
        "label": wording.standing(visit.words, word),
        "excerpt": hit.excerpt,
    }


PAGES = (Page("/m/{mechanism:str}/search", search, slow=True),)
