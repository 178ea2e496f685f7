"""Signing a paper: by which office, in which languages and where; confirmed; then the signed file.

    GET  /m/3f2a91c07b1e/documents/sign/TUR/9     the form
    POST ... _do=check     what would be signed, by whom, and what follows; passphrases and a file are asked for here
    POST ... _do=say       an instrument is signed in the record, once for each form; another paper comes back signed

Minutes and reports are files that people hand on: whoever signs after another gives the file as it came, and the record
knows nothing of it. A signature on paper is not the consent to be bound, and every page here says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from comity.core import charter as charters
from comity.core.act import LANGUAGES, Ref
from comity.core.errors import ComityError, Refused
from comity.desk import documents as desk
from comity.desk import signing
from comity.desk.signing import Held, Prepared
from comity.desk.statuses import status_of
from comity.desk.titles import title as titled
from comity.node import saying, showing
from comity.papers.certificates import fingerprint
from comity.web import keeping
from comity.web.asked import moved_on, seen_now
from comity.web.certifying import beside
from comity.web.docket import act_shown
from comity.web.documents import listed, paper_ref, sign_at
from comity.web.form import Form
from comity.web.page import Page
from comity.web.text import Typed
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]

_signing = Lock()
_PLACE = 200  # characters of a place

Told = Sequence[tuple[str, str]]


def opened(visit: Visit) -> Answer:
    """Signing a paper: the form, with the languages in which others have signed; or what was signed by it."""
    ref, offices = _about(visit)
    form = keeping.kept(visit, sign_at(visit, ref))
    if form is None:
        form = Form(
            {"in": list(signing.begun(visit.record, ref)[0]), "office": offices if len(offices) == 1 else []}
        )
    return _form(visit, ref, offices, form)


def _about(visit: Visit) -> tuple[Ref, list[str]]:
    """The paper in the path, and the offices of this person that could sign it. Raises `Refused`."""
    ref, offices = paper_ref(visit), sorted(visit.offices - {charters.ROOT})
    if not offices:
        held = visit.listed(sorted(visit.office(one) for one in visit.offices)) or "—"
        raise Refused("office_not_yours", office="—", held=held)
    return ref, offices


def _form(
    visit: Visit, ref: Ref, offices: Sequence[str], form: Form, told: Told = (), status: int = 200
) -> Answer:
    docket, in_record = _docket(visit, ref), signing.signed_in_record(visit.record, ref)
    so_far = signing.begun(visit.record, ref)
    return visit.page(
        "sign_paper.html", status,
        action=sign_at(visit, ref), errors=told, faults=dict(told), title=_title(visit, ref), ref=str(ref),
        href=visit.docket_at(docket), in_record=in_record,
        offices=[(name, visit.office(name)) for name in offices], office=form.text("office"),
        languages=[(tag, visit.say(f"language.{tag}")) for tag in _languages(visit, ref, docket)],
        chosen=form.all("in"),
        place=Typed(form.text("place")[:_PLACE]), afresh=bool(form.text("afresh")),
        signed=[visit.party(party) for party in so_far[1]],
        once=form.key, seen=form.text("_seen") or seen_now(visit),
        done=_done(visit, docket),
    )  # fmt: skip


def _languages(visit: Visit, ref: Ref, docket: Ref) -> Sequence[str]:
    """Those that the paper can be in."""
    known = next((one for one in listed(visit) if one.ref in (str(ref), str(docket))), None)
    return [tag for tag in LANGUAGES if known is None or tag in known.languages]


def _done(visit: Visit, docket: Ref) -> dict[str, Any] | None:
    """The signature in the address, if it is one of ours on this paper: where its file is, and what remains."""
    with suppress(ComityError):
        said = Ref.parse(visit.query("said"))
        act = showing.act_of(visit.record, said)
        if (act.kind, act.party, act.docket) == (signing.SIGNED, visit.record.party, docket):
            tags = ",".join(act.body.languages)
            return {
                "ref": str(said), "href": visit.act_at(said),
                "file": f"{visit.root}/documents/paper/{docket}?in={tags}",
                "consented": signing.consented(visit.record, docket),
                "consent": f"{visit.root}/say/instruments/sign?docket={docket}",
            }  # fmt: skip
    return None


# ------------------------------------------------------------------------------------- what was sent


def sent(visit: Visit) -> Answer:
    """What the form sent: to be looked at, changed, or signed."""
    ref, offices = _about(visit)
    form, office = visit.form, visit.form.text("office")
    if office not in offices:
        return _form(visit, ref, offices, form, [("office", str(visit.say("fault.missing")))], 422)
    done = form.all("_do")[-1:]  # a button's own comes behind the form's
    if done == ["edit"]:
        return _form(visit, ref, offices, form)
    tags = _ordered(form.all("in"), signing.begun(visit.record, ref)[0])
    if len(tags) > desk.MOST:
        told = [("in", str(visit.say("sign_paper.most", most=visit.number(desk.MOST))))]
        return _form(visit, ref, offices, form, told, 422)
    try:
        if done == ["say"]:
            return _sign(visit, ref, office, tags, form)
        with visit.record.reading():
            saying.may_sign(visit.record)
        return _confirm(visit, ref, _prepared(visit, ref, office, tags), form)
    except (ComityError, OSError) as error:
        return _form(
            visit, ref, offices, form, [beside(visit, error, _ASKED, {})], status_of(error, said=True)
        )


def _ordered(asked: Sequence[str], so_far: Sequence[str]) -> tuple[str, ...]:
    """The languages in the order of the paper's columns: as others signed it, if it is in the same ones."""
    return tuple(so_far) if set(asked) == set(so_far) else tuple(tag for tag in LANGUAGES if tag in asked)


def _prepared(visit: Visit, ref: Ref, office: str, tags: Sequence[str]) -> Prepared:
    return signing.prepared(visit.record, ref, tags, office, visit.house.today())


def _confirm(
    visit: Visit, ref: Ref, known: Prepared, form: Form, told: Told = (), status: int = 200
) -> Answer:
    """What would be signed, whole, and that it is final."""
    record, keys = visit.record, visit.house.node.keys
    tags = known.paper.languages if known.paper is not None else ()
    asks = {"_passphrase": "", "_document_passphrase": ""}
    with suppress(ComityError):
        asks["_document_passphrase"] = keys.asks(signing.document_key(known.certificate.point))
        asks["_passphrase"] = keys.asks(known.officer.key) if known.in_record else ""
    fresh = moved_on(visit, known.docket, form.text("_seen")) if known.in_record else []
    kept = {"office": [known.officer.name], "in": list(tags), "place": [form.text("place")[:_PLACE].strip()],
            "afresh": ["yes"] if form.text("afresh") else [], "_once": [form.key],
            "_seen": [seen_now(visit)]}  # fmt: skip
    return visit.page(
        "sign_paper_confirm.html", status,
        action=sign_at(visit, ref), errors=told, faults=dict(told), title=_title(visit, ref), ref=str(ref),
        href=visit.docket_at(known.docket), sort=visit.say(f"web.paper.{known.sort}"),
        office=visit.titled(known.officer.name, known.officer.titles), party_name=visit.party(record.party),
        languages=[(tag, visit.say(f"language.{tag}")) for tag in tags], place=kept["place"][0],
        digest=known.paper.digest if known.paper is not None else "", afresh=bool(kept["afresh"]),
        certificate=known.certificate.subject, fingerprint=fingerprint(known.certificate.der),
        signed=[visit.party(party) for party in signing.begun(record, ref)[1]], in_record=known.in_record,
        consented=signing.consented(record, known.docket), asks=asks, fresh=[act_shown(visit, one) for one in fresh],
        sent=[(name, Typed(value)) for name, values in kept.items() for value in values],
    )  # fmt: skip


# --------------------------------------------------------------------------------------------- signed


def _sign(visit: Visit, ref: Ref, office: str, tags: Sequence[str], form: Form) -> Answer:
    """Sign it, unless this form has signed it already, or the docket is not what it was when the form was opened."""
    place, afresh = form.text("place")[:_PLACE].strip(), bool(form.text("afresh"))
    asked = {
        "afresh": afresh,
        "in": list(tags),
        "kind": signing.SIGNED,
        "office": office,
        "place": place,
        "ref": str(ref),
    }
    record, key = visit.record, form.once(visit.person.name, visit.record.mechanism, asked)
    before = record.said_before(key)
    if before is not None:
        return _signed(visit, ref, before.ref)
    with record.reading():
        saying.may_sign(record)
    known = _prepared(visit, ref, office, tags)
    if known.in_record and moved_on(visit, known.docket, form.text("_seen")):
        return _confirm(visit, ref, known, form, [("", str(visit.say("say.moved_on")))], 409)
    over = None if known.in_record else form.file("_over")
    held = _held(visit, form)
    try:
        with _signing:
            signed = signing.sign(
                record, held, ref, tags, office, place, over.body if over is not None else None,
                now=visit.house.clock(), afresh=afresh, clock_checked=bool(form.text("_clock_checked")),
                once=key if known.in_record else None,
            )  # fmt: skip
    except (ComityError, OSError) as error:
        typed = [(code, f"_{held.trying}") for code in ("passphrase_", "sign_in_often")]
        typed.append(("clock_went_back", "_clock_checked"))
        told = beside(visit, error, typed, {"paper": "_over"} if over is not None else {})
        return _confirm(visit, ref, known, form, [told], status_of(error, said=True))
    if signed.ref is None:
        return visit.download(signed.raw, f"{ref.party}-{ref.number}.pdf", "application/pdf")
    return _signed(visit, ref, signed.ref)


def _held(visit: Visit, form: Form) -> Held:
    own, document = (form.text(name)[:1000] for name in ("_passphrase", "_document_passphrase"))
    return Held(visit.house.accounts, visit.person, visit.house.node.keys, own, document, visit.address)


def _signed(visit: Visit, ref: Ref, said: Ref) -> Answer:
    with suppress(ComityError):  # it is signed, whatever becomes of the draft
        keeping.drop(visit, sign_at(visit, ref))
    return visit.go(f"{sign_at(visit, ref)}?said={said}")


_ASKED = (("office_", "office"), ("certificate_", "office"), ("powers_", "office"), ("paper_languages", "in"))


def _docket(visit: Visit, ref: Ref) -> Ref:
    return showing.docket_of(visit.record, ref)


def _title(visit: Visit, ref: Ref) -> str:
    return visit.named(titled(visit.record, _docket(visit, ref)))


_PATH = "/m/{mechanism:str}/documents/sign/{party:str}/{number:str}"
PAGES = (Page(_PATH, opened), Page(_PATH, sent, ("POST",)))
