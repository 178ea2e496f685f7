"""A desk on which papers are signed: two or three nodes in memory, an instrument that all accepted, officers with keys.

desk = Desk.laid()                     # adopted; each party's minister has a certificate named in the charter
raw = desk.sign("TUR")                 # signs in Türkiye's record; returns the file
desk.meet()
raw = desk.sign("IRQ")                 # Iraq signs the file that its own record makes
"""

from __future__ import annotations

import functools
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from tests.chapters.instruments.drafts import text
from tests.worlds.faulty import copy_of
from tests.worlds.world import World, key

from comity.chapters.instruments import CHAPTER, acts
from comity.chapters.instruments.text import Text, digest
from comity.core.act import Ref
from comity.core.charter import CertificateNamed, OfficeFilled, PowersIssued
from comity.core.keys import b64
from comity.node.keystore import DocumentKey, SigningKey
from comity.node.record import Record
from comity.papers import certificates
from comity.papers.assembling import Pen, assemble, sign_in_record

TITLES = {
    "TUR": {"en": "Minister of National Defence", "tr": "Millî Savunma Bakanı", "ar": "وزير الدفاع الوطني"},
    "IRQ": {"en": "Minister of Foreign Affairs", "tr": "Dışişleri Bakanı", "ar": "وزير الخارجية"},
    "JOR": {"en": "Minister of State", "tr": "Devlet Bakanı", "ar": "وزير الدولة"},
}
LANGUAGES = ("en", "tr")


@functools.cache
def document_key(name: str) -> DocumentKey:
    """The same key for the same name in every test: nothing here is secret."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") % (1 << 255) + 1
    return DocumentKey(ec.derive_private_key(number, ec.SECP256R1()))


@functools.cache
def officer(name: str) -> SigningKey:
    return key("JOR", f"officer {name}")


@functools.cache
def certificate(name: str) -> bytes:
    """A certificate for the key of that name: `TUR minister`."""
    return certificates.make(document_key(name).private, name[:3], name, datetime(2024, 8, 15, tzinfo=UTC))


class Desk(World):
    """A world with the instruments chapter. `docket` is the adopted instrument."""

    docket: Ref

    def __init__(self, parties: tuple[str, ...] = ("IRQ", "TUR"), **how: Any) -> None:
        super().__init__(parties, chapters={"instruments": CHAPTER}, **how)

    @classmethod
    def laid(cls, parties: tuple[str, ...] = ("IRQ", "TUR"), *, ready: bool = True) -> Desk:
        """A desk ready for signing; laid once for each set of parties, and copied after that."""
        start = _laid(parties, ready)
        desk = cls(parties, store=lambda party: copy_of(start.stores[party].inner))
        desk.now, desk.docket = start.now, start.docket
        return desk

    def root(self, party: str, kind: str, body: Any) -> Ref:
        """A charter act, signed with the party's root key."""
        return self.say(party, f"charter.{kind}/1", body, Ref(party, 0), signer=key(party, "root"))

    def fill(self, party: str, office: str = "minister", ex_officio: str = "foreign_minister") -> Ref:
        """Fill an office whose holder signs with a key of their own."""
        holder = officer(f"{party} {office}").public
        return self.root(party, "office_filled", OfficeFilled(office, TITLES[party], "", holder, ex_officio))

    def certify(self, party: str, office: str = "minister", name: str = "") -> bytes:
        """Name a certificate for an office."""
        der = certificate(name or f"{party} {office}")
        self.root(party, "certificate_named", CertificateNamed(office, b64(der)))
        return der

    def empower(self, party: str, office: str = "minister", **how: Any) -> Ref:
        """Issue full powers for the instrument."""
        given = {"office": office, "key": officer(f"{party} {office}").public, "instrument": str(self.docket)}
        return self.root(party, "powers_issued", PowersIssued(**{**given, **how}))

    def accept_text(self, party: str, said: Text | None = None) -> Ref:
        body = acts.Accepted(str(self.docket), digest(said or text()))
        return self.say(party, "instrument.accepted/1", body, self.docket)

    def pen(self, party: str, office: str = "minister", name: str = "", time: datetime | None = None) -> Pen:
        """What an officer signs with."""
        named = name or f"{party} {office}"
        held = certificates.read(certificate(named))
        return Pen(
            office, held, document_key(named).sign, time or self.clock() + timedelta(minutes=1), "Baghdad"
        )

    def sign(
        self, party: str, office: str = "minister", languages: tuple[str, ...] = LANGUAGES, **how: Any
    ) -> bytes:
        """Sign in the party's own record; the file."""
        node = self.nodes[party]
        signed = sign_in_record(
            node, self.docket, languages, self.pen(party, office, **how), officer(f"{party} {office}")
        )
        self.now += timedelta(minutes=2)
        return signed.raw

    def assembled(self, party: str, languages: tuple[str, ...] = LANGUAGES) -> bytes:
        """The file as that party's record makes it."""
        return assemble(self.nodes[party], self.docket, languages)

    def node(self, party: str) -> Record:
        return self.nodes[party]


@functools.cache
def _laid(parties: tuple[str, ...], ready: bool) -> Desk:
    desk = Desk(parties)
    desk.found()
    for party in parties:
        desk.fill(party)
        if ready:
            desk.certify(party)
    desk.meet()
    desk.docket = desk.say(
        "TUR", "instrument.proposed/1", acts.Proposed(text(), "A note of the negotiators.")
    )
    desk.meet()
    for party in parties:
        desk.accept_text(party)
    desk.meet()
    return desk


@functools.cache
def unsigned() -> bytes:
    """The paper as Türkiye's record makes it, with its bundle and no signature."""
    return Desk.laid().assembled("TUR")


@functools.cache
def signed(*order: str) -> bytes:
    """The paper signed by these parties, one after the other."""
    desk = Desk.laid(("IRQ", "JOR", "TUR") if "JOR" in order else ("IRQ", "TUR"))
    raw = b""
    for party in order:
        raw = desk.sign(party)
        desk.meet()
    return raw
