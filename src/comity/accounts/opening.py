"""Officers' own keys: who tried to open which, how often, and whether it was theirs to open.

    signer = accounts.signer("deniz", node.keys, office_key, passphrase, "10.0.0.7")
    ring = accounts.ring("deniz", node.keys, passphrase, "10.0.0.7")         the same, for whoever takes keys

Five wrong passphrases or PINs, then one a minute; a token counts wrong PINs itself, too. The trail says which key was
used, and never with what.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from comity.accounts import allowance
from comity.accounts.oidc import Directories
from comity.accounts.person import Named, name_of
from comity.core.errors import Refused
from comity.core.keys import Signer, key_id
from comity.node.keystore import AnyKey, KeyStore

__all__ = ["OfficerKeys", "Ring"]

_BURST, _REFILL_SECONDS = 5, 60


class OfficerKeys(Directories):
    """Keys that ask for their officer."""

    def signer(
        self, person: Named, keys: KeyStore, public: str, passphrase: str = "", address: str = ""
    ) -> Signer:
        """A key for one signature by this person.

        Raises `Refused`: "passphrase_needed", "passphrase_wrong" (of a token only when it signs), "sign_in_often".
        """
        asks = keys.asks(public)
        if not asks:
            return keys.signer(public)
        if not passphrase:
            raise Refused("passphrase_needed")
        if asks == "pin":
            return _Watched(self, name_of(person), keys.signer(public, passphrase), address)
        with self.opening(person, public, address):
            return keys.signer(public, passphrase)

    def ring(self, person: Named, keys: KeyStore, passphrase: str = "", address: str = "") -> Ring:
        """The node's keys in the hands of one person, with what they typed."""
        return Ring(self, name_of(person), keys, passphrase, address)

    @contextmanager
    def opening(self, person: Named, public: str, address: str = "") -> Iterator[None]:
        """Around what opens a key: limited, and written down."""
        name = name_of(person)
        key = allowance.name_key("key", f"{name}\n{public}")
        with self._change(name, address) as change:
            wait = allowance.take(change, key, _BURST, _REFILL_SECONDS)
        if wait:
            raise Refused("sign_in_often", seconds=wait)
        try:
            yield
        except Refused as error:
            if error.code == "passphrase_wrong":
                self.note("audit.passphrase_wrong", name, address, key=key_id(public))
            raise
        with self._change(name, address) as change:
            change.tell("DELETE FROM allowance WHERE key=?", key)
            change.note("audit.key_opened", key=key_id(public))


class _Watched:
    """A token's key, whose PIN is tried when it signs."""

    def __init__(self, keys: OfficerKeys, person: str, signer: Signer, address: str) -> None:
        self._keys, self._person, self._signer, self._address = keys, person, signer, address

    @property
    def public(self) -> str:
        """The typed public key."""
        return self._signer.public

    def sign(self, message: bytes) -> bytes:
        """See `comity.core.keys.Signer`."""
        with self._keys.opening(self._person, self.public, self._address):
            return self._signer.sign(message)


class Ring:
    """Keys of a node for one person and one request: what they typed opens the one that asks for it."""

    def __init__(
        self, opener: OfficerKeys, person: str, keys: KeyStore, passphrase: str, address: str
    ) -> None:
        self._opener, self._person, self._keys = opener, person, keys
        self._passphrase, self._address = passphrase, address

    def signer(self, public: str) -> Signer:
        """A key for one signature; see `OfficerKeys.signer`."""
        return self._opener.signer(self._person, self._keys, public, self._passphrase, self._address)

    def asks(self, public: str) -> str:
        """What the key asks for: "passphrase", "pin" or ""."""
        return self._keys.asks(public)

    def make(self, kind: str) -> AnyKey:
        """A fresh key, under the node's own passphrase if it has one."""
        return self._keys.make(kind)
