"""What every part of the accounts stands on: a change is one transaction, dated, and written into the trail.

    with self._change(by="ayla", address="10.0.0.7") as change:
        change.tell("UPDATE person SET locked=0 WHERE name=?", name)
        change.note("audit.unlocked", about=name)

A `Refused` inside a change undoes it, and the refusal itself goes into the trail.
"""

from __future__ import annotations

import secrets
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from comity.accounts import trail
from comity.accounts.database import Database
from comity.accounts.password import Passwords
from comity.accounts.person import MACHINE, Person
from comity.accounts.seal import Seal
from comity.accounts.settings import Settings
from comity.core.errors import Refused
from comity.core.keys import b64
from comity.node.keystore import KeyStore

__all__ = ["Change", "Reading", "Register", "digest", "moment", "normal", "secret"]

_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


class Reading:
    """Questions to the database, by one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Every row."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return found

    def person(self, name: str) -> Person:
        """The person of that name. Raises `Refused`."""
        row = self.row(
            "SELECT name, display, language, password != '', admin, disabled, locked, totp != '', since,"
            " (SELECT count(*) FROM passkey WHERE person=name), (SELECT count(*) FROM recovery WHERE person=name)"
            " FROM person WHERE name=?",
            name,
        )
        if row is None:
            raise Refused("person_unknown")
        name, display, language, password, admin, disabled, locked, totp, since, passkeys, codes = row
        held = self.rows("SELECT mechanism, office FROM held WHERE person=?", name)
        return Person(
            name, display, language, bool(admin), bool(disabled), bool(locked), bool(password), bool(totp), passkeys,
            codes, frozenset(held), moment(since),
        )  # fmt: skip


class Change(Reading):
    """One transaction: at one time, by one person, from one address. Times are in ms since 1970."""

    def __init__(self, connection: sqlite3.Connection, now: int, by: str, address: str) -> None:
        super().__init__(connection)
        self.now, self.by, self.address = now, by, address

    def tell(self, sql: str, *values: object) -> int:
        """Change something; how many rows it was."""
        return self._connection.execute(sql, values).rowcount

    def note(self, what: str, **facts: object) -> None:
        """A row of the trail about what `by` did. Facts are neither secrets nor anything that was said."""
        told = {name: str(fact) for name, fact in facts.items()}
        trail.append(self._connection, self.now, self.address, self.by, what, told)

    def of(self, name: str) -> Change:
        """The same transaction, by a person whom it has come to know."""
        return Change(self._connection, self.now, name, self.address)

    def require_admin(self) -> None:
        """Raise `Refused` unless an administrator, or whoever is at the machine itself, wants this."""
        if self.by == MACHINE:
            return
        if self.row("SELECT 1 FROM person WHERE name=? AND admin AND NOT disabled", self.by) is None:
            raise Refused("not_admin")

    def require_self(self, name: str) -> None:
        """Raise `Refused` unless it is the person's own wish, or an administrator's."""
        if self.by != name:
            self.require_admin()

    def forget_sessions(self, name: str) -> int:
        """End what a person has open, also half-way in; how many sessions it was."""
        self.tell("DELETE FROM ticket WHERE person=?", name)
        return self.tell("DELETE FROM session WHERE person=?", name)


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


def moment(ms: int) -> datetime:
    """A time of the database as a time in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


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
