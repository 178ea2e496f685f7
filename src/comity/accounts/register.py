"""What every part of the accounts stands on: a change is one transaction, dated, and written into the trail.

    with self._change(by="ayla", address="10.0.0.7") as change:
        change.tell("UPDATE person SET locked=0 WHERE name=?", name)
        change.note("audit.unlocked", about=name)

A `Refused` inside a change undoes it, and the refusal itself goes into the trail.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from comity.accounts.change import Change, Reading
from comity.accounts.database import Database
from comity.accounts.password import Passwords
from comity.accounts.person import MACHINE
from comity.accounts.seal import Seal
from comity.accounts.settings import Settings
from comity.core.errors import Refused
from comity.core.keys import b64
from comity.node.keystore import KeyStore

__all__ = ["Register", "digest", "normal", "secret"]

_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


class Register:
    """The database, a clock, settings, and the node's keys: the parent of every part of `Accounts`."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], settings: Settings | None = None,
        keys: KeyStore | None = None,
    ) -> None:  # fmt: skip
        self.settings = settings or Settings()
        self._clock = clock
        self._passwords = Passwords(self.settings)
        self._seal = Seal(keys or KeyStore(folder / "keys"))
        self._database = Database(
            folder / "accounts.db",
            lambda opened: self._seal.close_all(Change(opened, self._now(), MACHINE, "")),
        )

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def note(self, what: str, person: str = "", address: str = "", **facts: object) -> None:
        """Write a row into the trail: what an interface refused or did. Neither secrets nor contents."""
        with self._database.changing() as connection:
            Change(connection, self._now(), person, address).note(what, **facts)

    def _now(self) -> int:
        return int(self._clock().timestamp() * 1000)

    @contextmanager
    def _read(self) -> Iterator[Reading]:
        with self._database.reading() as connection:
            yield Reading(connection)

    @contextmanager
    def _change(self, by: str = "", address: str = "") -> Iterator[Change]:
        with self._heard(by, address), self._database.changing() as connection:
            yield Change(connection, self._now(), by, address)

    @contextmanager
    def _heard(self, by: str, address: str) -> Iterator[None]:
        """What is refused in the block goes into the trail."""
        try:
            yield
        except Refused as error:
            self.note("audit.refused", by, address, code=error.code)
            raise


def secret() -> str:
    """256 fresh bits as text."""
    return b64(secrets.token_bytes(32))


def digest(text: str) -> bytes:
    """What is stored of a secret that has 256 bits of its own: one hash is enough."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def normal(name: str) -> str:
    """A name as it is stored: lower case, without what keyboards add. "" where it can be nobody's name."""
    if len(name) > 256:
        return ""
    found = unicodedata.normalize("NFKC", name).strip().casefold()
    good = 2 <= len(found) <= 64 and set(found) <= _NAME and found[0].isalpha() and found != MACHINE
    return found if good else ""
