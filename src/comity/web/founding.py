"""Founding in the pages: where one stands, our party's card, and a mechanism once its charter is accepted.

    GET  /found                   our cards, the mechanisms that stand, and the three ways on
    POST /found/card              a card with fresh keys, signed with the root key; leads to /found/cards/ID
    GET  /found/m/ID              who has accepted; the charter to hand on

Only who may found comes here: that is `root`, held where no mechanism is yet (`Person.founds`). How a charter is
proposed and accepted is in `comity.web.accepting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from comity.core import canonical
from comity.core.charter import Card, card_fingerprint
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.core.keys import Signer, key_id
from comity.desk import founding, wording
from comity.web import keeping
from comity.web.form import Form, Sent
from comity.web.memory import Memory
from comity.web.page import Page
from comity.web.text import Typed, visible
from comity.web.visit import Answer, Visit, short

__all__ = [
    "FOUNDING",
    "PAGES",
    "Trouble",
    "asks",
    "card_shown",
    "file_name",
    "read",
    "require_founder",
    "say",
    "signer",
    "trouble",
]

_CARD = "/found/card"
_LARGEST = 64 << 10
_PLACE = "founding"
_made: Memory[str] = Memory(1000)
FOUNDING = Lock()
"""One thing is founded at a time: a second press finds what the first has done."""


class Trouble(NamedTuple):
    """Why a form comes back: words by the field that they are about, "" for the whole; and the status of the page."""

    told: Mapping[str, str] = {}
    status: int = 422


def require_founder(visit: Visit) -> None:
    """Raise `Refused` unless the person may found mechanisms; the trail hears of it."""
    if not visit.person.founds:
        visit.house.accounts.note("audit.refused", visit.person.name, visit.address, code="not_a_founder")
        raise Refused("not_a_founder")


def say(visit: Visit, key: str, **facts: object) -> str:
    """Words of these pages."""
    return str(visit.say(f"founding.{key}", _PLACE, **facts))


# ---------------------------------------------------------------------------------------------- where we are


def begin(visit: Visit) -> Answer:
    """Our cards and the mechanisms that stand, and what to do next."""
    require_founder(visit)
    used = {tuple(one.charter.card(one.party).node) for one in visit.house.mechanisms()}
    cards = [
        {
            **card_shown(visit, one.card),
            "href": f"/found/cards/{one.name}",
            "used": tuple(one.card.node) in used,
        }
        for one in reversed(visit.house.node.cards())
    ]
    standing = visit.house.open_to(visit.person)
    mechanisms = [(visit.named(one.charter.names), f"/found/m/{short(one)}") for one in standing]
    told = visit.query("told")
    return visit.page("found.html", cards=cards, mechanisms=mechanisms, told=told if told == "stands" else "")


def card_shown(visit: Visit, card: Card) -> dict[str, Any]:
    """All that a card says, for a page."""
    return {
        "party": card.party,
        "name": visit.named(card.names),
        "names": [(tag, _language(visit, tag), name) for tag, name in sorted(card.names.items())],
        "address": card.address,
        "tls": card.tls,
        "keys": [
            (say(visit, f"keys.{use}"), [(key.partition(":")[0], key_id(key)) for key in keys])
            for use, keys in (("root", card.root), ("node", card.node), ("sealing", [card.sealing]))
        ],
        "fingerprint": card_fingerprint(card),
    }


def _language(visit: Visit, tag: str) -> str:
    return str(visit.say(f"language.{tag}")) if visit.words.has(f"language.{tag}", "web") else tag


# ------------------------------------------------------------------------------------------------- our card


def card_form(visit: Visit) -> Answer:
    """The form of a card of ours."""
    require_founder(visit)
    kept = keeping.kept(visit, _CARD)
    return _card_form(visit, kept or Form(), Trouble(status=200), kept is not None)


def _card_form(visit: Visit, form: Form, found: Trouble, kept: bool = False) -> Answer:
    return visit.page(
        "found_card.html", found.status, told=found.told, kept=kept,
        address=Typed(form.text("address")[:400]), classic=bool(form.text("classic")),
        once=form.key, asks=asks(visit),
    )  # fmt: skip


def make_card(visit: Visit) -> Answer:
    """A card with fresh keys, signed with the root key; once for each form."""
    require_founder(visit)
    form = visit.form
    told: dict[str, str] = {}
    address, pin = form.text("address").strip(), ""
    if address and not _is_address(address):
        told["address"] = say(visit, "fault.address")
    certificate = form.file("_certificate")
    if certificate is not None:
        try:
            pin = founding.pin(read(certificate, _LARGEST), "certificate")
        except Malformed:
            told["_certificate"] = say(visit, "fault.certificate", name=file_name(certificate))
    if told:
        return _card_form(visit, form, Trouble(told))
    key = (
        str(visit.house.node.folder),
        visit.person.name,
        form.key,
    )
    try:
        with FOUNDING:
            name = _made.get(key, lambda: _fresh(visit, address, pin))
    except (ComityError, OSError) as error:
        return _card_form(visit, form, trouble(visit, error))
    with suppress(ComityError):  # the card is made, whatever becomes of the draft
        keeping.drop(visit, _CARD)
    return visit.go(f"/found/cards/{name}?told=made")


def _fresh(visit: Visit, address: str, pin: str) -> str:
    classic = bool(visit.form.text("classic"))
    made = founding.make_card(visit.house.node, address, pin, classic=classic, signer=signer(visit))
    visit.house.accounts.note("audit.card_made", visit.person.name, visit.address, card=made.name)
    return made.name


def _is_address(text: str) -> bool:
    try:
        found = urlsplit(text)
        return (
            found.scheme in ("http", "https") and bool(found.hostname) and found.port != 0 and " " not in text
        )
    except ValueError:
        return False


def own_card(visit: Visit) -> Answer:
    """A card of ours, with its fingerprint to be read aloud."""
    require_founder(visit)
    found = founding.own_card(visit.house.node, str(visit.path["card"]))
    here = f"/found/cards/{found.name}"
    told = visit.query("told") == "made"
    return visit.page("found_own.html", card=card_shown(visit, found.card), file=f"{here}/file", told=told)


def own_card_file(visit: Visit) -> Answer:
    """The file of a card of ours, for the other parties."""
    require_founder(visit)
    found = founding.own_card(visit.house.node, str(visit.path["card"]))
    return visit.download(found.raw + b"\n", f"{found.card.party.lower()}.card", "application/json")


# ----------------------------------------------------------------------------------------- once it is accepted


def mechanism(visit: Visit) -> Answer:
    """A mechanism whose charter is accepted here: who else has, and what to hand on to whom."""
    require_founder(visit)
    record = visit.record
    with record.reading():
        here = {party: bool(record.ready[party]) for party in record.parties}
    cards = [{**card_shown(visit, card), "accepted": here[card.party]} for card in record.charter.parties]
    reached = all(card.address for card in record.charter.parties)
    told = visit.query("told") == "accepted"
    return visit.page(
        "found_mechanism.html", cards=cards, name=visit.named(record.charter.names), identifier=record.mechanism,
        file=f"/found/m/{short(record)}/charter", stands=all(here.values()), reached=reached, told=told,
        silent=bool(record.silent),
    )  # fmt: skip


def charter_file(visit: Visit) -> Answer:
    """The charter as a file: what the other parties accept."""
    require_founder(visit)
    record = visit.record
    raw = canonical.encode(record.charter) + b"\n"
    return visit.download(raw, f"{short(record)}.charter", "application/json")


# ----------------------------------------------------------------------------------------- what forms share


def read(sent: Sent, most: int) -> bytes:
    """A file that came with a form. Raises `Malformed` where it is larger."""
    if len(sent.body) > most:
        raise Malformed("file", f"is larger than {most} bytes")
    return sent.body


def file_name(sent: Sent) -> str:
    """What its sender calls a file."""
    return visible(sent.name[:100]) or "—"


def asks(visit: Visit) -> str:
    """What the root key asks its holder for: "passphrase", "pin" or ""."""
    with suppress(ComityError):
        return visit.house.node.keys.asks(visit.house.node.settings.root[0])
    return ""


def signer(visit: Visit) -> Callable[[str], Signer]:
    """Opens the root key for the person, with what they typed."""
    typed = visit.form.text("_passphrase")[:1000]
    return visit.house.accounts.ring(visit.person, visit.house.node.keys, typed, visit.address).signer


def trouble(visit: Visit, error: Exception) -> Trouble:
    """An error as a form tells it."""
    at = (
        "_passphrase"
        if isinstance(error, Refused) and error.code.startswith(("passphrase_", "sign_in_often"))
        else ""
    )
    status = 409 if isinstance(error, Refused) else 503 if isinstance(error, Unavailable | OSError) else 422
    return Trouble({at: wording.sentence(visit.words, error)}, 500 if isinstance(error, Broken) else status)


PAGES: Sequence[Page] = (
    Page("/found", begin),
    Page(_CARD, card_form),
    Page(_CARD, make_card, ("POST",)),
    Page("/found/cards/{card:str}", own_card),
    Page("/found/cards/{card:str}/file", own_card_file),
    Page("/found/m/{mechanism:str}", mechanism),
    Page("/found/m/{mechanism:str}/charter", charter_file),
)
