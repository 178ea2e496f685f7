"""Founding, as every interface does it: our card, the others' cards, fingerprints compared by voice, acceptance.

    made = make_card(node, "https://mfa.example.tr", certificate)
    charter = proposed(node, cards, {"en": "Trade mechanism"}, ["meetings"])
    compare(charter, node.party, {"IRQ": "63086 ..."})
    node.accept(charter)

What is compared is thirty digits over everything that a card says. They are what another party *reads aloud*: an
interface asks for what was heard, and only a person can have heard it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from comity.core.act import Names
from comity.core.charter import Card, Charter, card_fingerprint, parse_card
from comity.core.errors import Malformed, Refused
from comity.core.keys import ED25519, ML_DSA, Signer, key_id
from comity.node.cards import Held, held
from comity.node.home import Node

__all__ = ["compare", "digits", "kinds", "make_card", "own_card", "pin", "proposed", "same"]

_DIGITS = 30


def kinds(*, classic: bool) -> tuple[str, ...]:
    """The types of key that a party signs with: both, or the classic one alone."""
    return (ED25519,) if classic else (ED25519, ML_DSA)


def pin(raw: bytes, thing: str) -> str:
    """SHA-256 of a certificate's DER, base64url, from a PEM or DER file. Raises `Malformed`."""
    pem = re.search(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", raw, re.DOTALL)
    try:
        der = base64.b64decode(pem[1]) if pem else raw
    except ValueError as error:
        raise Malformed(thing, f"is not a certificate: {error}") from error
    if der[:1] != b"\x30":
        raise Malformed(thing, "is not a certificate in PEM or DER: give the file that the server shows")
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def make_card(
    node: Node,
    address: str = "",
    tls: str = "",
    *,
    classic: bool = False,
    signer: Callable[[str], Signer] | None = None,
) -> Held:
    """A fresh card of our party, kept in the node's folder. Raises `Malformed`, `Refused`, `Unavailable`."""
    raw = node.make_card(address, tls, kinds(classic=classic), signer)
    return own_card(node, key_id(parse_card(raw).node[0]))


def own_card(node: Node, name: str) -> Held:
    """A card that was made here, by its name. Raises `Refused("card_unknown")`."""
    return held(node.folder, name)


def proposed(node: Node, cards: Sequence[Card], names: Names, chapters: Sequence[str]) -> Charter:
    """The charter over these cards, with ours among them. Nothing is accepted. Raises `Refused`, `Malformed`."""
    charter = node.propose(cards, names, chapters or sorted(node.chapters))
    node.require_ours(charter)
    return charter


def digits(heard: str) -> str:
    """The thirty digits that somebody wrote down, in whichever groups and numerals; "" where they are not that.

    >>> digits("63086 12345-00000 ٣٢٠٠١ 37049 11111")
    '630861234500000320013704911111'
    """
    found = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in heard
        if not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Pd")
    )
    return found if re.fullmatch(rf"[0-9]{{{_DIGITS}}}", found) else ""


def same(card: Card, heard: str) -> bool:
    """Whether what was heard is the card's fingerprint."""
    return hmac.compare_digest(digits(heard), card_fingerprint(card).replace(" ", ""))


def compare(charter: Charter, ours: str, heard: Mapping[str, str]) -> None:
    """Hold what was heard against the cards. Raises `Refused` unless every other party's was heard, and is the same."""
    for party in heard:
        charter.card(party)
    for card in charter.parties:
        if card.party == ours and card.party not in heard:
            continue
        shown = card_fingerprint(card)
        if card.party not in heard:
            raise Refused("fingerprint_missing", party=card.party, shown=shown)
        if not same(card, heard[card.party]):
            raise Refused("fingerprint_differs", party=card.party, heard=heard[card.party], shown=shown)
