"""People and offices: who holds which office of each party, with which key and full powers; our own people beside them.

GET /m/3f2a91c07b1e/people
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from comity.accounts import Person
from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chapter import Office, Powers
from comity.core.keys import key_id
from comity.desk.titles import title
from comity.node.record import Record
from comity.web.page import Page
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]


def people(visit: Visit) -> Answer:
    """The offices of each party."""
    record = visit.record
    with record.reading():
        parties = [_party(visit, record, party) for party in record.parties]
    return visit.page("people.html", parties=parties)


def _party(visit: Visit, record: Record, party: str) -> dict[str, Any]:
    half = record.folds.half(party, record.ready)
    offices = record.folds.offices(party, record.ready)
    ours = party == record.party
    names = ours and charters.ROOT in visit.offices  # who may name certificates
    certified = {one.office: str(one.said) for one in half.certificates}
    held = _held(visit, record) if ours else {}
    return {
        "party": party,
        "name": visit.party(party),
        "ours": ours,
        "offices": [
            _office(visit, one, certified.get(name, ""), held.get(name, ()), may_certify=names)
            for name, one in sorted(offices.items(), key=lambda item: (item[0] == charters.ROOT, item[0]))
        ],
        "powers": [_powers(visit, offices, one) for one in half.powers],
    }


def _held(visit: Visit, record: Record) -> Mapping[str, Sequence[Person]]:
    """Office -> the people of this node who may speak for it."""
    found: dict[str, list[Person]] = {}
    for person in visit.house.accounts.people():
        for office in person.offices(record.mechanism):
            found.setdefault(office, []).append(person)
    return found


def _office(
    visit: Visit, office: Office, certificate: str, held: Sequence[Person], *, may_certify: bool
) -> dict[str, Any]:
    return {
        "name": office.name,
        "title": _title(visit, office),
        "holder": office.holder,
        "key": key_id(office.key) if office.key else "",
        "key_type": office.key.partition(":")[0],
        "capacity": visit.say(f"web.capacity.{office.ex_officio}") if office.ex_officio else "",
        "said": str(office.said),
        "href": visit.act_at(office.said),
        "certificate": certificate,
        "certificate_href": visit.act_at(certificate) if certificate else "",
        "certify": f"{visit.root}/people/certify?office={quote(office.name)}"
        if may_certify and office.name != charters.ROOT
        else "",
        "people": [person.display for person in held],
    }


def _title(visit: Visit, office: Office) -> str:
    if office.name == charters.ROOT:
        return str(visit.say("web.people.root"))
    return visit.named(office.titles) or office.name


def _powers(visit: Visit, offices: Mapping[str, Office], powers: Powers) -> dict[str, Any]:
    today = visit.house.today()
    over = powers.until is not None and powers.until < today
    word = "revoked" if powers.revoked else "over" if over else "valid"
    office = offices.get(powers.office)
    return {
        "office": _title(visit, office) if office is not None else powers.office,
        "instrument": powers.instrument,
        "instrument_href": visit.docket_at(powers.instrument),
        "instrument_title": visit.named(title(visit.record, Ref.parse(powers.instrument))),
        "until": (powers.until.isoformat(), visit.day(powers.until), visit.hijri(powers.until))
        if powers.until
        else None,
        "said": str(powers.said),
        "href": visit.act_at(powers.said),
        "word": visit.say(f"web.powers.{word}"),
        "kind": word,
    }


PAGES = (Page("/m/{mechanism:str}/people", people),)
