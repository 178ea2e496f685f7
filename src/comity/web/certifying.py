"""A certificate for an office, by whoever holds the root key: chosen, confirmed, named once.

GET  /m/3f2a91c07b1e/people/certify?office=defence     which office, and whether its certificate is made here or brought
POST ... _do=check     what it would say; here files and passphrases are asked for, which are shown on no page again
POST ... _do=say       named, once for each form; leads to the fingerprint that the other parties compare
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock

from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.errors import ComityError, Malformed, Refused
from comity.desk import reasons, signing, wording
from comity.desk.signing import Brought, Certified, Held
from comity.desk.statuses import status_of
from comity.node import saying, showing
from comity.node.record import Said
from comity.web import keeping
from comity.web.form import Form
from comity.web.page import Page
from comity.web.text import Typed
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "beside"]

_HOW = ("made", "brought")
_FILES = ("_certificate", "_private_key")
_MISSING = "is needed and was not given"
_INSIDE = "reason.inside_"  # what is wrong within a file: whoever chooses one cannot do anything with it
_naming = Lock()

Told = Sequence[tuple[str, str]]
"""What is wrong: the field that it stands beside, or "", and the sentence."""


def opened(visit: Visit) -> Answer:
    """A certificate for an office: the form; or what was named by it."""
    offices = _offices(visit)
    named = _named(visit)
    kept = keeping.kept(visit, _at(visit))
    form = kept or Form({"office": [visit.query("office")], "how": ["made"]})
    return _form(visit, offices, form, named=named)


def _form(
    visit: Visit, offices: Sequence[str], form: Form, told: Told = (), status: int = 200,
    named: Certified | None = None,
) -> Answer:  # fmt: skip
    return visit.page(
        "certify.html", status,
        action=_at(visit), errors=told, faults=dict(told),
        offices=[(name, visit.office(name)) for name in offices],
        office=form.text("office") if form.text("office") in offices else "",
        how=form.text("how") if form.text("how") in _HOW else "made",
        ways=[(how, visit.say(f"certify.{how}")) for how in _HOW],
        once=form.key,
        named=named, named_office=visit.office(named.office) if named else "",
        named_href=visit.act_at(named.ref) if named else "", until=visit.day(named.until) if named else "",
    )  # fmt: skip


def sent(visit: Visit) -> Answer:
    """What the form sent: to be looked at, changed, or named."""
    offices, form = _offices(visit), visit.form
    office, how = form.text("office"), form.text("how")
    if office not in offices or how not in _HOW:
        name = "office" if office not in offices else "how"
        return _form(visit, offices, form, [(name, str(visit.say("fault.missing")))], 422)
    match form.all("_do")[-1:]:  # a button's own comes behind the form's
        case ["edit"]:
            return _form(visit, offices, form)
        case ["say"]:
            return _say(visit, office, form)
    return _confirm(visit, office, form)


def _confirm(visit: Visit, office: str, form: Form, told: Told = (), status: int = 200) -> Answer:
    """What would be named, and that it is final."""
    record, how = visit.record, form.text("how")
    with record.reading():
        saying.may_sign(record)
    root = record.charter.card(record.party).root[0]
    asks = ""
    with suppress(ComityError):
        asks = visit.house.node.keys.asks(root)
    party, title = signing.subject(record, office)
    return visit.page(
        "certify_confirm.html", status,
        action=_at(visit), errors=told, faults=dict(told), office=visit.office(office), how=how,
        subject=f"CN={title}, O={party}" if how == "made" else "", asks=asks, party_name=visit.party(record.party),
        sent=[("office", office), ("how", how), ("_once", Typed(form.key))],
    )  # fmt: skip


def _say(visit: Visit, office: str, form: Form) -> Answer:
    if form.text("_own") != form.text("_own_again"):
        return _confirm(visit, office, form, [("_own", str(visit.say("certify.own_differs")))], 422)
    try:
        named = _certified(visit, office, form)
    except (ComityError, OSError) as error:
        status = status_of(error, said=True)
        return _confirm(
            visit, office, form, [beside(visit, error, _FIELDS, {name: name for name in _FILES})], status
        )
    with suppress(ComityError):  # it is named, whatever becomes of the draft
        keeping.drop(visit, _at(visit))
    return visit.go(f"{_at(visit)}?said={named.ref}")


def _certified(visit: Visit, office: str, form: Form) -> Certified:
    """Named, unless this form has named it already. Raises what is wrong with what was typed."""
    own, record = form.text("_own")[:1000], visit.record
    key = form.once(
        visit.person.name,
        visit.record.mechanism,
        {"how": form.text("how"), "kind": signing.CERTIFIED, "office": office},
    )
    before = record.said_before(key)
    if before is not None:
        return signing.certified(before)
    brought = _brought(form) if form.text("how") == "brought" else None
    held = Held(
        visit.house.accounts, visit.person, visit.house.node.keys, form.text("_passphrase")[:1000], own, visit.address
    )  # fmt: skip
    with _naming:
        return signing.certify(
            record, held, office, brought, visit.house.clock(),
            clock_checked=bool(form.text("_clock_checked")), once=key,
        )  # fmt: skip


def _brought(form: Form) -> Brought:
    files = [form.file(name) for name in _FILES]
    for name, file in zip(_FILES, files, strict=True):
        if file is None or not file.body:
            raise Malformed(name, _MISSING)
    certificate, private = (file.body if file is not None else b"" for file in files)
    return Brought(certificate, private, form.text("_key_passphrase")[:1000], (_FILES[0], _FILES[1]))


_FIELDS = (
    ("passphrase_short", "_own"),
    ("passphrase_", "_passphrase"),
    ("sign_in_often", "_passphrase"),
    ("clock_went_back", "_clock_checked"),
)


# ----------------------------------------------------------------------------- shared with signing papers


def beside(
    visit: Visit, error: Exception, known: Sequence[tuple[str, str]], files: Mapping[str, str]
) -> tuple[str, str]:
    """An error with the field that it stands beside: by how a refusal's code begins, or by what errors call a file."""
    if isinstance(error, Refused):
        name = next((name for code, name in known if error.code.startswith(code)), "")
        return name, wording.sentence(visit.words, error)
    thing, why = getattr(error, "thing", ""), getattr(error, "why", "")
    called = next((one for one in files if thing.startswith(one)), "")
    if not called:
        return "", wording.sentence(visit.words, error)
    if why == _MISSING:
        return files[called], str(visit.say("fault.missing"))
    worded = reasons.found(why)
    if worded is None or thing != called or worded.key.startswith(_INSIDE):
        return files[called], str(visit.say("fault.file_other"))
    return files[called], str(visit.say("fault.file_why", why=reasons.said(visit.words, why)))


# --------------------------------------------------------------------------------------- who and where


def _offices(visit: Visit) -> list[str]:
    """The offices of our party that may be given one. Raises `Refused` for whoever does not hold the root key."""
    if charters.ROOT not in visit.offices:
        held = visit.listed(sorted(visit.office(one) for one in visit.offices)) or "—"
        raise Refused("office_not_yours", office=charters.ROOT, held=held)
    record = visit.record
    with record.reading():
        return sorted(set(record.folds.offices(record.party, record.ready)) - {charters.ROOT})


def _named(visit: Visit) -> Certified | None:
    """What the act in the address named, if it is one of ours that named a certificate."""
    with suppress(ComityError):
        ref = Ref.parse(visit.query("said"))
        act = showing.act_of(visit.record, ref)
        if act.kind == signing.CERTIFIED and act.party == visit.record.party:
            return signing.certified(Said(ref, act))
    return None


def _at(visit: Visit) -> str:
    return f"{visit.root}/people/certify"


_PATH = "/m/{mechanism:str}/people/certify"
PAGES = (Page(_PATH, opened), Page(_PATH, sent, ("POST",)))
