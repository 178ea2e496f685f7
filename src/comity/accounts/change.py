"""A change to the accounts: one transaction, at one time, by one person, from one address, and its rows of the trail.

change.tell("UPDATE person SET locked=0 WHERE name=?", name)
change.note("audit.unlocked", about=name)
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

from comity.accounts import trail
from comity.accounts.person import MACHINE, Person
from comity.core.errors import Refused

__all__ = ["Change", "Reading", "moment"]


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


def moment(ms: int) -> datetime:
    """A time of the database as a time in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
