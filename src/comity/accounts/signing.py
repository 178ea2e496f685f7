"""Signing in, step by step. Whatever was wrong, the answer and the time it takes are the same.

    step = accounts.sign_in("ayla", password, address)     Step(ayla, needs="totp", ticket="...")
    session = accounts.second_factor(step.ticket, "492039", address)

Where nothing more is needed, `needs` is "" and `step.session` is there at once.
"""

from __future__ import annotations

import msgspec

from comity.accounts.change import Change, Reading
from comity.accounts.person import Person
from comity.accounts.register import digest, normal, secret
from comity.accounts.sessions import Session, Sessions
from comity.core.errors import Refused

__all__ = ["SignIn", "Step"]

_TRIES = 5


class Step(msgspec.Struct, frozen=True):
    """What comes after the password: "totp", "passkey", or "" with the `session`. `ways`: all that would do."""

    person: Person
    needs: str
    ticket: str
    ways: tuple[str, ...] = ()
    session: Session | None = None

    def __repr__(self) -> str:
        """Without what opens a session: it may come to stand in a log."""
        return f"Step({self.person.name}, needs={self.needs!r})"


class SignIn(Sessions):
    """Passwords at the door."""

    def sign_in(self, name: str, password: str, address: str) -> Step:
        """The first step. Raises `Refused("sign_in_failed")`, or "sign_in_often" with the seconds to wait."""
        asked = normal(name)
        self._spend(asked or name, address)
        with self._read() as read:
            row = read.row("SELECT password FROM person WHERE name=?", asked)
        stored = row[0] if row else ""
        right = self._passwords.check(password, stored)
        fresh = self._passwords.hash(password) if right and self._passwords.outdated(stored) else ""
        with self._change(address=address) as change:
            self._sweep(change)
            # Looked at again: another try may have locked the account, or a new password been set, while this waited.
            same = change.row(
                "SELECT 1 FROM person WHERE name=? AND password=? AND NOT locked AND NOT disabled",
                asked,
                stored,
            )
            if right and same is not None:
                if fresh:
                    change.tell("UPDATE person SET password=? WHERE name=?", fresh, asked)
                return self._next(change, asked, "password")
            self._fail(change, asked if row else "", "audit.sign_in_failed")
        raise Refused("sign_in_failed")

    def _next(self, change: Change, name: str, way: str) -> Step:
        """What the person must still show, or their session."""
        person = change.person(name)
        ways = (*(("totp",) if person.totp else ()), *(("passkey",) if person.passkeys else ()))
        if not ways:
            return Step(person, "", "", (), self._open(change, name, way, strong=False))
        ticket = secret()
        until = change.now + self.settings.ticket_minutes * 60_000
        change.tell("INSERT INTO ticket VALUES(?,?,?,0,?)", digest(ticket), name, way, until)
        change.of(name).note("audit.first_step", way=way)
        return Step(person, ways[0], ticket, ways)

    def _holder(self, reading: Reading, ticket: str, now: int) -> tuple[str, str]:
        """Whose ticket it is, and by which way they came. Raises `Refused` where it is over or used up."""
        row = reading.row(
            "SELECT t.person, t.way FROM ticket t JOIN person p ON p.name=t.person WHERE t.hash=? AND t.until>?"
            " AND t.tries<? AND NOT p.locked AND NOT p.disabled",
            digest(ticket), now, _TRIES,
        )  # fmt: skip
        if row is None:
            raise Refused("ticket_ended")
        return row[0], row[1]

    def _miss(self, change: Change, ticket: str, name: str) -> None:
        """Count a second step that failed, on the ticket and on the person."""
        change.tell("UPDATE ticket SET tries=tries+1 WHERE hash=?", digest(ticket))
        self._fail(change, name, "audit.second_step_failed")
