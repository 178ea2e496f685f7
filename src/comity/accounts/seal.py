"""Secrets of one-time codes at rest: sealed to a key of the node that is not in the database.

    accounts.db      seal 1: ml-kem-768-x25519:Qm9v...      ayla: totp "1:kZ3v..."
    keys/ID.key      its private part, mode 0600, under the node's passphrase where it has one

Whoever has `accounts.db` alone makes no codes of it. What is sealed is bound to its person and opens for nobody else.
"""

from __future__ import annotations

from comity.accounts.change import Change, Reading
from comity.core.errors import Malformed, Unavailable
from comity.core.keys import SEALING, b64, unb64
from comity.exchange.sealing import OVERHEAD, seal
from comity.node.keystore import KeyStore

__all__ = ["Seal"]

_THING = "secret of one-time codes"
_SIZE = OVERHEAD + 32  # of 160 bits in base32


class Seal:
    """Closes and opens secrets, in a transaction of the database that they are kept in."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def close(self, change: Change, name: str, secret: str) -> str:
        """What is stored of a person's secret. Raises `Unavailable` where a key is to be made and cannot."""
        number, key = self._newest(change)
        return f"{number}:{b64(seal(secret.encode(), key, _info(name)))}"

    def open(self, reading: Reading, name: str, stored: str) -> str:
        """The secret again. Raises `Unavailable` where the key is gone, or this was not sealed for this person."""
        number, _, box = stored.partition(":")
        row = reading.row("SELECT key FROM seal WHERE number=?", number)
        if row is None:
            raise Unavailable(_THING, "is sealed to a key that nobody knows of")
        try:
            return self._keys.sealing(row[0]).open(unb64(box, _SIZE, _THING), _info(name)).decode()
        except Malformed as error:
            raise Unavailable(_THING, "is not as it was sealed") from error

    def close_all(self, change: Change) -> None:
        """Seal what an earlier format kept as it was."""
        for column in ("totp", "totp_next"):
            for name, secret in change.rows(f"SELECT name, {column} FROM person WHERE {column}!=''"):  # noqa: S608
                stored = self.close(change, name, secret)
                change.tell(f"UPDATE person SET {column}=? WHERE name=?", stored, name)  # noqa: S608

    def _newest(self, change: Change) -> tuple[int, str]:
        """The key to seal to; a fresh one where there is none yet, or its file is gone."""
        row = change.row("SELECT number, key FROM seal ORDER BY number DESC LIMIT 1")
        if row is not None and self._keys.has(row[1]):
            return row[0], row[1]
        if self._keys.locked():
            raise Unavailable(
                "accounts", "need the node's passphrase this once: COMITY_PASSPHRASE or --passphrase-file"
            )
        number, key = (row[0] if row is not None else 0) + 1, self._keys.make(SEALING).public
        change.tell("INSERT INTO seal VALUES(?,?)", number, key)
        return number, key


def _info(name: str) -> bytes:
    return b"comity totp v1\n" + name.encode()
