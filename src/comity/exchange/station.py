"""One mechanism as the exchange sees it: whose record it is, whom it believes, what it signs with.

    Station("kZTS...7dw", record, keys=lambda party: [...], signers=lambda party: [...])

The same station answers over HTTP, asks over HTTP, packs pouches and opens them. The node makes it; nothing in here
reaches into the node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from comity.core.errors import Refused, Unavailable
from comity.core.keys import ED25519, Signer, key_id
from comity.exchange.talk import Journal

__all__ = ["Station", "newest", "signer_known_as"]


class Station(NamedTuple):
    """A mechanism's record and keys.

    keys(party): that party's node keys in force now, as far as its log is held here; revoked ones are absent.
    signers(party): our own node keys to sign with when we speak to that party, best first. A party that has not
    yet heard of a new key only knows the old one, so: first the keys in force at the size of our log that its
    newest receipt covers, then those in force now.
    """

    mechanism: str
    journal: Journal
    keys: Callable[[str], Sequence[str]]
    signers: Callable[[str], Sequence[Signer]]

    @property
    def own(self) -> str:
        """Our party."""
        return self.journal.party

    def other(self, party: str) -> str:
        """`party`, if it is another party to this mechanism. Raises `Refused`."""
        if party not in self.journal.parties or party == self.own:
            raise Refused("not_a_party", party=party)
        return party


def newest(keys: Sequence[str]) -> str:
    """The key by which a party is addressed: the last Ed25519 one that is known. Raises `Unavailable`."""
    for key in reversed(keys):
        if key.startswith(f"{ED25519}:"):
            return key
    raise Unavailable("node key", "of that party is not known: no Ed25519 key of it is in force here")


def signer_known_as(signers: Sequence[Signer], known: str) -> Signer:
    """The signer whose key has the identifier that the other side knows us by, else the best. Raises `Unavailable`."""
    for signer in signers:
        if key_id(signer.public) == known:
            return signer
    if not signers:
        raise Unavailable("node key", "is not in this node's folder: without it nothing can be signed")
    return signers[0]
