"""Papers that officers sign, by a program that they trust with their passphrases.

    POST /api/v1/papers/TUR/4/sign      {"place":"Ankara"}      201, the signed PDF; Location: the act that said so
    POST /api/v1/certificates           {"office":"minister"}   201, for a token of the office root

An instrument is signed in the record. Minutes and reports are files that people hand on: the answer is 200, and the
record knows nothing of it. `Comity-Passphrase` opens the office's signing key (or the root key),
`Comity-Document-Passphrase` the key with which its holder signs papers.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from comity.api.asked import Answer, Asked, Hand
from comity.api.exhibits import read_upload
from comity.api.keys import HeldAt
from comity.core.charter import ROOT
from comity.core.errors import Refused
from comity.desk import answers

__all__ = ["Certify", "Sign", "certify", "sign"]

Short = Annotated[str, msgspec.Meta(max_length=300)]
Pem = Annotated[str, msgspec.Meta(max_length=100_000)]


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign a paper for the token's office.

    languages: of the paper; all, where none is named. place: where it is signed. over: the file as it was handed on, by
    its SHA-256; it was sent before (`PUT /uploads/...`). afresh: whatever others have signed. clock_checked: a person
    has looked at a clock that went back.
    """

    languages: Annotated[list[Short], msgspec.Meta(max_length=20)] = []
    place: Short = ""
    over: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    afresh: bool = False
    clock_checked: bool = False


class Certify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name a certificate for an office: made here, or brought with its private key, both as PEM."""

    office: Short
    certificate: Pem = ""
    private_key: Pem = ""
    key_passphrase: Short = ""
    clock_checked: bool = False


def sign(asked: Asked, given: Sign, hand: Hand) -> Answer:
    """The paper with one more signature."""
    from comity.desk import signing  # noqa: PLC0415 -- heavy, and optional

    over = read_upload(asked, given.over) if given.over else None
    signed = signing.sign(
        asked.record, _keys(asked, hand), asked.ref, tuple(given.languages), asked.token.office, given.place, over,
        now=asked.house.clock(), afresh=given.afresh, clock_checked=given.clock_checked, once=hand.once,
    )  # fmt: skip
    if given.over:
        asked.uploads.drop(asked.token.id, given.over)
    name = f"{asked.ref.party}-{asked.ref.number}.pdf"
    return Answer(signed.raw, "application/pdf", name=name, said=str(signed.ref or ""))


def certify(asked: Asked, given: Certify, hand: Hand) -> Answer:
    """The certificate that was named. For a token of the office root, whose key says who signs what."""
    from comity.desk import signing  # noqa: PLC0415 -- the same

    if asked.token.office != ROOT:
        raise Refused("office_not_yours", office=ROOT, held=asked.token.office)
    brought = None
    if given.certificate or given.private_key:
        brought = signing.Brought(
            given.certificate.encode(), given.private_key.encode(), given.key_passphrase
        )
    named = signing.certify(
        asked.record, _keys(asked, hand), given.office, brought, asked.house.clock(),
        clock_checked=given.clock_checked, once=hand.once,
    )  # fmt: skip
    told = answers.Certified(
        str(named.ref), named.office, named.subject, named.sha256, named.key, named.until
    )
    return Answer(msgspec.json.encode(told), said=str(named.ref))


def _keys(asked: Asked, hand: Hand) -> HeldAt:
    from comity.desk.signing import Held  # noqa: PLC0415 -- the same

    house = asked.house
    return HeldAt(
        Held(
            house.accounts, asked.token.person, house.node.keys, hand.passphrase, hand.document_passphrase,
            hand.address,
        )
    )  # fmt: skip
