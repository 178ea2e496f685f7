"""Documents: every paper that can be made of the record, as a PDF in up to three languages; packs for a register.

GET /m/3f2a91c07b1e/documents?in=en&in=tr
GET /m/3f2a91c07b1e/documents/paper/TUR/9?in=en,tr        TUR-9.pdf, with the signatures that it has so far
GET /m/3f2a91c07b1e/documents/pack/TUR/9                  TUR-9-registration.zip
"""

from __future__ import annotations

from typing import Any

from comity.core import charter as charters
from comity.core.act import LANGUAGES, Ref
from comity.core.errors import Refused
from comity.desk import documents as desk
from comity.node import showing
from comity.web.memory import Memory
from comity.web.page import Page
from comity.web.visit import Answer, Visit, reference

__all__ = ["PAGES", "listed", "paper_ref", "sign_at"]

_kept: Memory[list[desk.Document]] = Memory(16)


def documents(visit: Visit) -> Answer:
    """All of them, with links in the languages that were chosen."""
    asked = _chosen(visit)
    chosen = tuple(tag for tag in LANGUAGES if tag in asked)
    return visit.page(
        "documents.html",
        documents=[_row(visit, one, chosen) for one in listed(visit)],
        chosen=chosen,
        languages=[(tag, visit.say(f"language.{tag}")) for tag in LANGUAGES],
    )


def listed(visit: Visit) -> list[desk.Document]:
    """Every paper that can be made."""
    record, today = visit.record, visit.house.today()
    known = (record.mechanism, visit.house.state(record), today)
    return _kept.get(known, lambda: desk.documents(record, today))


def sign_at(visit: Visit, ref: Ref | str) -> str:
    """Where a paper is signed; "" for whoever holds no office that could."""
    return f"{visit.root}/documents/sign/{ref}" if visit.offices - {charters.ROOT} else ""


def _chosen(visit: Visit) -> tuple[str, ...]:
    """The languages in the address, in their order, which a paper's columns have: `in=en&in=tr`, or `in=en,tr`."""
    values = [value for name, value in visit.request.query_params.multi_items() if name == "in"]
    asked = dict.fromkeys(tag for value in values for tag in str(value).split(","))
    return tuple(tag for tag in asked if tag in LANGUAGES)


def _row(visit: Visit, one: desk.Document, chosen: tuple[str, ...]) -> dict[str, Any]:
    tags = tuple(tag for tag in chosen if tag in one.languages)
    shown = tags or one.languages[: desk.MOST]
    query = f"?in={','.join(tags)}" if tags else ""
    return {
        "title": visit.named(one.title) or one.docket,
        "sort": visit.say(f"web.paper.{one.sort}"),
        "ref": one.ref,
        "href": visit.docket_at(one.docket),
        "day": one.day,
        "shown": visit.day(one.day) if one.day else "",
        "hijri": visit.hijri(one.day) if one.day else "",
        "languages": [(tag, visit.say(f"language.{tag}")) for tag in shown if tag in LANGUAGES],
        "pdf": f"{visit.root}/documents/paper/{one.ref}{query}",
        "pack": f"{visit.root}/documents/pack/{one.ref}" if one.registrable else "",
        "signed": [visit.party(party) for party in one.signed],
        "sign": sign_at(visit, one.ref),
    }


def paper(visit: Visit) -> Answer:
    """One paper as a file."""
    record, ref = visit.record, paper_ref(visit)
    docket = showing.docket_of(record, ref)
    raw = desk.made(record, docket, ref, _chosen(visit))
    return visit.download(raw, f"{ref.party}-{ref.number}.pdf", "application/pdf")


def pack(visit: Visit) -> Answer:
    """The pack for a register."""
    record, ref = visit.record, paper_ref(visit)
    raw = desk.packed(record, ref, visit.house.today())
    return visit.download(raw, f"{ref.party}-{ref.number}-registration.zip", "application/zip")


def paper_ref(visit: Visit) -> Ref:
    """The reference in the path, of an act that can be read. Raises `Refused`."""
    ref = reference(f"{visit.path['party']}/{visit.path['number']}")
    if ref.number >= visit.record.ready.get(ref.party, 0):
        raise Refused("act_unknown", act=ref)
    return ref


_AT = "/m/{mechanism:str}/documents"
PAGES = (
    Page(_AT, documents),
    Page(f"{_AT}/paper/{{party:str}}/{{number:str}}", paper, slow=True),
    Page(f"{_AT}/pack/{{party:str}}/{{number:str}}", pack, slow=True),
)
