"""The charter: who the parties are, which keys speak for them, which offices they have filled.

A party card is what one side hands to the others; a charter is the cards and the names that all accept. The
mechanism's identifier is the charter's hash, so a mechanism cannot be given other parties or root keys later:

    {"chapters":["instruments","meetings"],"names":{"en":"Türkiye–Iraq mechanism",...},
     "parties":[{"address":"https://...","names":{...},"node":["ed25519:..."],"party":"IRQ",
                 "root":["ed25519:..."],"sealing":"ml-kem-768-x25519:...","v":1},...],"v":1}

Act 0 of each log accepts it, signed with that party's root key. Later charter acts, all signed with the root key,
are in that same docket (`TUR/0`): keys added and revoked, offices filled and vacated, full powers issued and
revoked, certificates named, chapters activated. Only acts decide which key is valid, never a clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comity.core import canonical
from comity.core.act import PARTY, Act, Body, Names, Ref
from comity.core.chapter import Chapter, Kind, Milestone, Office, Powers, Setting, View
from comity.core.errors import Broken, Malformed, Refused
from comity.core.keys import ML_DSA, SEALING, SIGNATURES, Signer, b64, fingerprint, raw_key, unb64, verify

__all__ = [
    "CHAPTER",
    "Card",
    "Certificate",
    "Charter",
    "Half",
    "card_fingerprint",
    "make_card",
    "parse_card",
    "parse_charter",
    "root_office",
]

_CARD = b"comity party card\n"
_CHARTER = b"comity charter\n"
_OFFICE = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
_KEY = Annotated[str, Meta(max_length=2000)]
_CHAPTER = Annotated[str, Meta(pattern=r"^[a-z]{1,30}\Z")]
_CERTIFICATE = Annotated[str, Meta(max_length=10_923)]  # 8 KiB in base64url
ROOT = "root"
EX_OFFICIO = ("", "head_of_state", "head_of_government", "foreign_minister")
USES = ("node", "sealing")

# What the rules allow there, for forms to offer. Another word is refused and not malformed, so these stay texts.
_USE = Annotated[str, Meta(extra={"known": USES})]
_CAPACITY = Annotated[str, Meta(extra={"known": tuple(filter(None, EX_OFFICIO))})]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A party as it presents itself. `tls` pins its server's certificate: SHA-256 of the DER, base64url."""

    names: Names
    node: Annotated[list[_KEY], Meta(min_length=1, max_length=4)]
    party: Annotated[str, Meta(pattern=rf"^{PARTY}\Z")]
    root: Annotated[list[_KEY], Meta(min_length=1, max_length=4)]
    sealing: _KEY
    v: int
    address: Annotated[str, Meta(max_length=400)] = ""
    tls: Annotated[str, Meta(max_length=43)] = ""


class SignedCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party card file: the card, and its signature by each of its own root keys."""

    card: Card
    signatures: Annotated[list[str], Meta(min_length=1, max_length=4)]


class Charter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The parties in the order of their codes, the mechanism's names, the chapters it begins with."""

    chapters: Annotated[list[_CHAPTER], Meta(max_length=40)]
    names: Names
    parties: Annotated[list[Card], Meta(min_length=2, max_length=64)]
    v: int

    @property
    def id(self) -> str:
        """The mechanism's identifier: base64url of SHA-256 over the charter's canonical bytes."""
        return b64(hashlib.sha256(_CHARTER + canonical.encode(self)).digest())

    def card(self, party: str) -> Card:
        """That party's card. Raises `Refused`."""
        for card in self.parties:
            if card.party == party:
                return card
        raise Refused("not_a_party", party=party)

    @property
    def codes(self) -> tuple[str, ...]:
        """The parties' codes, sorted."""
        return tuple(card.party for card in self.parties)


def card_fingerprint(card: Card) -> str:
    """What is read aloud: thirty digits over everything that the card says."""
    return fingerprint(canonical.encode(card).decode())


def make_card(card: Card, root: Sequence[Signer]) -> bytes:
    """The card file, signed with the root keys that the card names."""
    _check_card(card)
    message = _CARD + canonical.encode(card)
    return canonical.encode(SignedCard(card, [b64(signer.sign(message)) for signer in root]))


def parse_card(raw: bytes, thing: str = "party card") -> Card:
    """Read a card file and verify it against its own root keys. Raises `Malformed` or `Broken`."""
    signed = canonical.parse(raw.strip(), SignedCard, thing)
    card = signed.card
    _check_card(card, thing)
    if len(signed.signatures) != len(card.root):
        raise Malformed(thing, f"has {len(signed.signatures)} signatures for {len(card.root)} root keys")
    message = _CARD + canonical.encode(card)
    for key, signature in zip(card.root, signed.signatures, strict=True):
        if not verify(key, message, unb64(signature, SIGNATURES[raw_key(key)[0]], thing)):
            raise Broken(
                thing, f"the signature of {card.party}'s root key does not verify: ask for the card again"
            )
    return card


def parse_charter(raw: bytes, thing: str = "charter") -> Charter:
    """Read a charter. Raises `Malformed`."""
    charter = canonical.parse(raw.strip(), Charter, thing)
    if charter.v != 1:
        raise Malformed(thing, f"is of version {charter.v}; this program reads 1: update it")
    codes = [card.party for card in charter.parties]
    if codes != sorted(set(codes)):
        raise Malformed(thing, "parties must be sorted by code, each once", at="parties")
    if charter.chapters != sorted(set(charter.chapters)):
        raise Malformed(thing, "chapters must be sorted, each once", at="chapters")
    _check_names(charter.names, thing)
    for card in charter.parties:
        _check_card(card, f"{thing}: card of {card.party}")
    keys = [key for card in charter.parties for key in (*card.root, *card.node, card.sealing)]
    if len(set(keys)) != len(keys):
        raise Malformed(thing, "two parties, or two uses, have the same key", at="parties")
    return charter


def _check_card(card: Card, thing: str = "party card") -> None:
    if card.v != 1:
        raise Malformed(thing, f"is of version {card.v}; this program reads 1: update it")
    for key in (*card.root, *card.node):
        raw_key(key)
    if raw_key(card.root[0])[0] == ML_DSA or raw_key(card.node[0])[0] == ML_DSA:
        raise Malformed(thing, "the first root key and the first node key must be Ed25519")
    raw_key(card.sealing, (SEALING,))
    if card.tls:
        unb64(card.tls, 32, f"{thing}: tls")
    _check_names(card.names, thing)


def _check_names(names: Names, thing: str) -> None:
    if not names or any(
        not 0 < len(name) <= 200 or not tag.isascii() or not 2 <= len(tag) <= 12
        for tag, name in names.items()
    ):
        raise Malformed(thing, "names need at least one language tag with 1 to 200 characters", at="names")


class Accepted(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The charter itself, accepted."""

    charter: Charter


class KeyAdded(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A new key. `use` is `node` (signs checkpoints and requests) or `sealing` (content is encrypted to it)."""

    key: _KEY
    use: _USE


class KeyRevoked(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A key that signs nothing from this act on."""

    key: _KEY
    reason: Annotated[str, Meta(max_length=400)] = ""


class OfficeFilled(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Someone takes an office. `ex_officio` is the capacity of VCLT art. 7(2), or empty."""

    office: _OFFICE
    titles: Names
    holder: Annotated[str, Meta(max_length=200)] = ""
    key: _KEY = ""
    ex_officio: _CAPACITY = ""


class OfficeVacated(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An office is empty from this act on."""

    office: _OFFICE


class PowersIssued(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Full powers for the holder of an office, with the key they sign with, for one instrument."""

    office: _OFFICE
    key: _KEY
    instrument: Annotated[str, Meta(pattern=rf"^{PARTY}/(0|[1-9][0-9]{{0,11}})\Z")]
    until: date | None = None


class PowersRevoked(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The full powers that this act answers are revoked."""

    reason: Annotated[str, Meta(max_length=400)] = ""


class CertificateNamed(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The X.509 certificate (DER, base64url) with which the holder of an office signs papers, until another is named.

    It ends when the office is vacated or filled anew. What stands in it is not for the record to judge.
    """

    office: _OFFICE
    certificate: _CERTIFICATE


class ChapterActivated(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The party's yes to a further chapter; it is active when every party has said it."""

    chapter: _CHAPTER


class AddressChanged(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the party's node is reached from now on."""

    address: Annotated[str, Meta(max_length=400)]
    tls: Annotated[str, Meta(max_length=43)] = ""


class HeldKey(msgspec.Struct, frozen=True):
    """A node or sealing key: valid for what was signed at log sizes above `added` and up to `revoked` (None: still)."""

    key: str
    use: str
    added: int
    revoked: int | None = None


class Certificate(msgspec.Struct, frozen=True):
    """The certificate of an office: its DER in base64url, and the act that named it."""

    office: str
    der: str
    said: Ref


class Half(msgspec.Struct, frozen=True):
    """What one party's charter acts come to."""

    card: Card | None = None
    keys: tuple[HeldKey, ...] = ()
    offices: tuple[Office, ...] = ()
    powers: tuple[Powers, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    chapters: tuple[str, ...] = ()
    address: tuple[str, str] = ("", "")

    def valid(self, use: str, size: int | None = None) -> list[str]:
        """The keys of that use in force for a checkpoint of `size` acts; now, if None."""
        return [
            held.key
            for held in self.keys
            if held.use == use
            and (size is None or held.added < size or held.added == 0)
            and (held.revoked is None or (size is not None and size <= held.revoked))
        ]


def root_office(card: Card) -> Office:
    """The office that every party has from its card: the holder of the root key."""
    return Office(ROOT, {"en": "Root key holder"}, "", card.root[0], "", Ref(card.party, 0))


def _check(view: View, act: Act, setting: Setting) -> None:
    half: Half = view.halves[act.party]
    body = act.body
    signer = setting.signer(act)
    may_issue = isinstance(body, PowersIssued | PowersRevoked) and signer is not None and signer.ex_officio
    if not may_issue and (signer is None or signer.name != ROOT):
        raise Refused("root_signature_needed", "charter", kind=act.kind)
    if act.docket.party != act.party or act.docket.number != 0:
        raise Refused("charter_docket", "charter", docket=act.docket)
    match body:
        case Accepted() if act.ref.number != 0:
            raise Refused("charter_accepted_twice", "charter")
        case Accepted(charter=charter) if charter.id != setting.mechanism:
            raise Refused("charter_other", "charter")
        case KeyAdded() | KeyRevoked():
            _check_keys(half, body)
        case OfficeFilled() | OfficeVacated():
            _check_office(half, act)
        case CertificateNamed():
            _check_certificate(half, act)
        case PowersIssued(key=key):
            _check_key(key, "node")
        case PowersRevoked() if all(powers.said != act.answers[0] for powers in half.powers):
            raise Refused("powers_unknown", "VCLT art. 7", answered=act.answers[0])
        case ChapterActivated(chapter=chapter) if chapter in half.chapters:
            raise Refused("chapter_active", "charter", chapter=chapter)
        case _:
            pass


def _check_keys(half: Half, body: KeyAdded | KeyRevoked) -> None:
    if isinstance(body, KeyAdded):
        _check_key(body.key, body.use)
        if any(held.key == body.key for held in half.keys):
            raise Refused("key_known", "charter")
        return
    use = next((held.use for held in half.keys if held.key == body.key and held.revoked is None), "")
    if not use:
        raise Refused("key_unknown", "charter")
    kind = body.key.partition(":")[0]
    if not any(other != body.key and other.partition(":")[0] == kind for other in half.valid(use)):
        raise Refused("key_last", "charter", use=use)


def _check_office(half: Half, act: Act) -> None:
    body = act.body
    if isinstance(body, OfficeVacated):
        if body.office == ROOT:
            raise Refused("office_reserved", "VCLT art. 7(2)", office=ROOT, capacity="")
        if all(held.name != body.office for held in half.offices):
            raise Refused("office_not_held", office=body.office, party=act.party)
        return
    if body.office == ROOT or body.ex_officio not in EX_OFFICIO:
        raise Refused("office_reserved", "VCLT art. 7(2)", office=body.office, capacity=body.ex_officio)
    if body.key:
        _check_key(body.key, "node")


def _check_certificate(half: Half, act: Act) -> None:
    """Its form alone: which certificates are good is asked where a paper is verified, and never changes the record."""
    body: CertificateNamed = act.body
    if body.office == ROOT:
        raise Refused("office_reserved", "VCLT art. 7(2)", office=ROOT, capacity="")
    if all(held.name != body.office for held in half.offices):
        raise Refused("office_not_held", office=body.office, party=act.party)
    try:
        der = unb64(body.certificate, len(body.certificate) * 3 // 4, "certificate")
    except Malformed as error:
        raise Refused("certificate_unsound", "charter", why=error.why) from error
    if not _is_der(der):
        raise Refused("certificate_unsound", "charter", why="it is not one DER structure")
    if any(named.der == body.certificate and named.office != body.office for named in half.certificates):
        raise Refused("certificate_known", "charter", office=body.office)


def _is_der(der: bytes) -> bool:
    """Whether it is one DER SEQUENCE of 128 bytes or more, from its first byte to its last (X.690 section 8.1)."""
    extra = {b"\x30\x81": 1, b"\x30\x82": 2}.get(der[:2], 0)
    size = int.from_bytes(der[2 : 2 + extra], "big")
    return extra > 0 and size >= 1 << (7 if extra == 1 else 8) and len(der) == 2 + extra + size


def _check_key(key: str, use: str) -> None:
    try:
        raw_key(key, (SEALING,)) if use == "sealing" else raw_key(key)
    except Malformed as error:
        raise Refused("key_unsound", "charter", why=error.why) from error
    if use not in USES:
        raise Refused("key_use", "charter", use=use)


def _apply(half: Half, act: Act) -> Half:
    body, number = act.body, act.ref.number
    change: dict[str, Any] = {}
    match body:
        case Accepted(charter=charter):
            card = charter.card(act.party)
            keys = [HeldKey(key, "node", 0) for key in card.node] + [HeldKey(card.sealing, "sealing", 0)]
            change = {
                "card": card,
                "keys": tuple(keys),
                "offices": (root_office(card),),
                "chapters": tuple(charter.chapters),
                "address": (card.address, card.tls),
            }
        case KeyAdded(key=key, use=use):
            change = {"keys": (*half.keys, HeldKey(key, use, number))}
        case KeyRevoked(key=key):
            change = {
                "keys": tuple(
                    HeldKey(k.key, k.use, k.added, number) if k.key == key else k for k in half.keys
                )
            }
        case OfficeFilled():
            office = Office(body.office, body.titles, body.holder, body.key, body.ex_officio, act.ref)
            change = {
                "offices": (*(o for o in half.offices if o.name != body.office), office),
                "certificates": tuple(c for c in half.certificates if c.office != body.office),
            }
        case OfficeVacated(office=name):
            change = {
                "offices": tuple(o for o in half.offices if o.name != name),
                "certificates": tuple(c for c in half.certificates if c.office != name),
            }
        case CertificateNamed(office=name, certificate=der):
            change = {
                "certificates": (
                    *(c for c in half.certificates if c.office != name),
                    Certificate(name, der, act.ref),
                )
            }
        case PowersIssued():
            change = {
                "powers": (*half.powers, Powers(act.ref, body.office, body.key, body.instrument, body.until))
            }
        case PowersRevoked():
            change = {
                "powers": tuple(
                    msgspec.structs.replace(p, revoked=True) if p.said == act.answers[0] else p
                    for p in half.powers
                )
            }
        case ChapterActivated(chapter=chapter):
            change = {"chapters": tuple(sorted({*half.chapters, chapter}))}
        case AddressChanged(address=address, tls=tls):
            change = {"address": (address, tls)}
    return msgspec.structs.replace(half, **change)


def _describe(view: View) -> Mapping[str, Any]:
    half: Half = view.halves[view.docket.party]
    return {
        "party": view.docket.party,
        "keys": [{"key": k.key, "use": k.use, "added": k.added, "revoked": k.revoked} for k in half.keys],
        "offices": [
            {"office": o.name, "titles": o.titles, "ex_officio": o.ex_officio, "said": str(o.said)}
            for o in half.offices
        ],
        "powers": [
            {
                "said": str(p.said),
                "office": p.office,
                "instrument": p.instrument,
                "until": p.until.isoformat() if p.until else None,
                "revoked": p.revoked,
            }
            for p in half.powers
        ],
        "certificates": [{"office": c.office, "said": str(c.said)} for c in half.certificates],
        "chapters": list(half.chapters),
        "address": half.address[0],
    }


def _milestones(view: View) -> list[Milestone]:
    half: Half = view.halves[view.docket.party]
    return [Milestone("charter_accepted", {view.docket.party: 0})] if half.card else []


def _title(view: View) -> Names:
    half: Half = view.halves[view.docket.party]
    return (
        {tag: f"{name}: charter" for tag, name in half.card.names.items()} if half.card else {"en": "Charter"}
    )


CHAPTER = Chapter(
    name="charter",
    noun="charter",
    kinds=(
        Kind("charter.accepted/1", Accepted, "accept", opens=True, signed=True),
        Kind("charter.key_added/1", KeyAdded, "add-key", signed=True),
        Kind("charter.key_revoked/1", KeyRevoked, "revoke-key", signed=True),
        Kind("charter.office_filled/1", OfficeFilled, "fill-office", signed=True),
        Kind("charter.office_vacated/1", OfficeVacated, "vacate-office", signed=True),
        Kind("charter.powers_issued/1", PowersIssued, "issue-powers", signed=True),
        Kind("charter.powers_revoked/1", PowersRevoked, "revoke-powers", signed=True, answers=(1, 1)),
        Kind("charter.certificate_named/1", CertificateNamed, "name-certificate", signed=True),
        Kind("charter.chapter_activated/1", ChapterActivated, "activate", signed=True),
        Kind("charter.address_changed/1", AddressChanged, "move", signed=True),
    ),
    start=Half,
    apply=_apply,
    check=_check,
    describe=_describe,
    milestones=_milestones,
    title=_title,
)
