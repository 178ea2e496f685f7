"""An officer's keys for one request: what stays shut is refused, since asking again would not help.

KeysAt(house.accounts.ring(person, house.node.keys, passphrase, address)).signer(public)
409  {"code":"key_shut", ...}        where the key is not here, or is under a passphrase that nobody gave the node
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from comity.core.errors import Refused, Unavailable
from comity.core.keys import Signer

if TYPE_CHECKING:  # what signs papers is heavy, and optional
    from comity.desk.signing import Held
    from comity.node.keystore import DocumentKey

__all__ = ["HeldAt", "KeysAt"]


class KeysAt:
    """Keys of whoever speaks by a token; `keys`: see `comity.desk.drafting.Keys`."""

    def __init__(self, keys: Any) -> None:
        self._keys = keys

    def signer(self, public: str) -> Signer:
        """The signing key. Raises `Refused`."""
        with _shut():
            signer: Signer = self._keys.signer(public)
            return signer

    def make(self, kind: str) -> Any:
        """A fresh key."""
        return self._keys.make(kind)


class HeldAt(KeysAt):
    """The same with keys for papers; see `comity.desk.signing.Keys`."""

    def __init__(self, held: Held) -> None:
        super().__init__(held)
        self._held = held

    def document(self, point: bytes) -> DocumentKey:
        """The key of a certificate. Raises `Refused`."""
        with _shut():
            return self._held.document(point)

    def put(self, key: DocumentKey) -> None:
        """Keep a key. Raises `Unavailable` or `Refused`."""
        self._held.put(key)


@contextmanager
def _shut() -> Iterator[None]:
    try:
        yield
    except Unavailable as error:
        raise Refused("key_shut", key=error.thing, why=error.why) from error
