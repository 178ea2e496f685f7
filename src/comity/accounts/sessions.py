"""Sessions: 256 random bits in a cookie, of which only the hash is stored here, with all the rest.

    accounts.session(cookie)      Session(ayla, strong, since 09:30, last 09:41)   or None

They end after 30 idle minutes, after 12 hours, at a new password, when the person is disabled, and when asked to.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from comity.accounts.change import Change, moment
from comity.accounts.people import People
from comity.accounts.person import Named, Person, name_of
from comity.accounts.register import digest, secret
from comity.core.errors import Refused

__all__ = ["Session", "Sessions"]

_TOUCH_MS = 60_000


class Session(msgspec.Struct, frozen=True):
    """Somebody who is signed in. `token` is there only in the moment in which the session begins: it is the cookie's.

    `strong`: they showed a second factor, or a passkey. `csrf` stands in every form of the session.
    """

    person: Person
    token_hash: str
    csrf: str
    since: datetime
    last: datetime
    strong: bool
    address: str = ""
    token: str = ""

    def __repr__(self) -> str:
        """Without what opens it: it may come to stand in a log."""
        return f"Session({self.person.name}, {'strong' if self.strong else 'weak'}, since {self.since})"


class Sessions(People):
    """Who is signed in."""

    def session(self, token: str) -> Session | None:
        """The session of a cookie, if it still holds; that it was used is noted once a minute."""
        if len(token) != 43:
            return None
        hashed = digest(token)
        now = self._now()
        with self._read() as read:
            row = read.row(
                "SELECT person, csrf, since, last, strong, address FROM session WHERE hash=?", hashed
            )
            if row is None or not self._holds(row[2], row[3], now):
                return None
            person = read.person(row[0])
        if person.disabled:
            return None
        if now - row[3] >= _TOUCH_MS:
            with self._database.changing() as connection:
                connection.execute("UPDATE session SET last=? WHERE hash=? AND last<?", (now, hashed, now))
        return _session(person, hashed, *row[1:])

    def sessions(self, name: Named) -> list[Session]:
        """What a person has open, newest first; `csrf` is left out."""
        now = self._now()
        with self._read() as read:
            person = read.person(name_of(name))
            rows = read.rows(
                "SELECT hash, since, last, strong, address FROM session WHERE person=? ORDER BY since DESC",
                person.name,
            )
        return [_session(person, r[0], "", *r[1:]) for r in rows if self._holds(r[1], r[2], now)]

    def end(self, token: str, *, address: str = "") -> None:
        """End a session: signing out. One that has ended already stays so."""
        hashed = digest(token)
        with self._change(address=address) as change:
            row = change.row("SELECT person FROM session WHERE hash=?", hashed)
            if row is not None:
                change.tell("DELETE FROM session WHERE hash=?", hashed)
                change.of(row[0]).note("audit.signed_out")

    def end_session(self, by: str, name: Named, token_hash: str, *, address: str = "") -> None:
        """End one of a person's sessions, by what `sessions` calls it: their own wish or an administrator's."""
        with self._change(by, address) as change:
            change.require_self(name_of(name))
            sql = "DELETE FROM session WHERE person=? AND lower(hex(hash))=?"
            if not change.tell(sql, name_of(name), token_hash):
                raise Refused("session_unknown")
            change.note("audit.session_ended", about=name_of(name))

    def end_all(self, name: Named, *, by: str = "", address: str = "") -> int:
        """End everything a person has open; how many sessions it was."""
        with self._change(by or name_of(name), address) as change:
            change.require_self(name_of(name))
            ended = change.forget_sessions(name_of(name))
            change.note("audit.sessions_ended", about=name_of(name), count=ended)
            return ended

    def _holds(self, since: int, last: int, now: int) -> bool:
        at = self.settings
        return now - last < at.idle_minutes * 60_000 and now - since < at.absolute_hours * 3_600_000

    def _open(self, change: Change, name: str, way: str, *, strong: bool) -> Session:
        """Begin a session, inside the change that found the person to be who they say."""
        token, csrf = secret(), secret()
        sql = "INSERT INTO session VALUES(?,?,?,?,?,?,?)"
        change.tell(sql, digest(token), name, csrf, change.now, change.now, strong, change.address[:100])
        change.tell("UPDATE person SET failures=0 WHERE name=?", name)
        change.of(name).note("audit.sign_in", way=way)
        found = _session(
            change.person(name), digest(token), csrf, change.now, change.now, strong, change.address[:100]
        )
        return msgspec.structs.replace(found, token=token)

    def _sweep(self, change: Change) -> None:
        """Throw away what is over."""
        at, now = self.settings, change.now
        idle, old = now - at.idle_minutes * 60_000, now - at.absolute_hours * 3_600_000
        change.tell("DELETE FROM session WHERE last<=? OR since<=?", idle, old)
        for table in ("ticket", "challenge", "errand"):
            change.tell(f"DELETE FROM {table} WHERE until<=?", now)  # noqa: S608
        change.tell("DELETE FROM allowance WHERE spent<?", now - 86_400_000)
        change.tell("DELETE FROM draft WHERE at<=?", now - at.draft_days * 86_400_000)


def _session(
    person: Person, hashed: bytes, csrf: str, since: int, last: int, strong: int, address: str
) -> Session:
    return Session(person, hashed.hex(), csrf, moment(since), moment(last), bool(strong), address)
