"""Tokens for programs: each speaks for one office, for as long as the person who made it holds that office.

comity_5zTqbCtiV95yNV5HKqBaTEh-a0Y8Ap7TBt8vAbVja1g         shown once; only its hash is stored
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec

from comity.accounts import allowance
from comity.accounts.change import Change, moment
from comity.accounts.drafts import Drafts
from comity.accounts.person import MACHINE, Named, Person, name_of
from comity.accounts.register import digest, secret
from comity.core.errors import Refused

__all__ = ["Token", "Tokens"]

_PREFIX = "comity_"
_TOUCH_MS = 60_000
_FIELDS = "id, person, mechanism, office, title, since, until, last"


class Token(msgspec.Struct, frozen=True):
    """A token, without what opens it. `person` speaks by it, for that office of that mechanism and nothing else."""

    id: str
    person: Person
    mechanism: str
    office: str
    title: str
    since: datetime
    until: datetime
    last: datetime | None


class Tokens(Drafts):
    """What programs sign in with."""

    def make_token(
        self, by: str, person: Named, mechanism: str, office: str, title: str, until: datetime | None = None,
        *, address: str = "",
    ) -> str:  # fmt: skip
        """A token, told only here. One's own: an administrator could otherwise speak for an office of another."""
        with self._change(by, address) as change:
            name = change.person(name_of(person)).name
            if by not in (name, MACHINE):
                raise Refused("token_not_own")
            if office not in change.person(name).offices(mechanism):
                raise Refused("office_not_granted", office=office)
            longest = moment(change.now) + timedelta(days=self.settings.token_days)
            ends = until or longest
            if ends.tzinfo is None or not moment(change.now) < ends <= longest + timedelta(days=1):
                raise Refused("token_until", days=self.settings.token_days)
            if not 1 <= len(title.strip()) <= 200 or not title.isprintable():
                raise Refused("token_title")
            raw = _PREFIX + secret()
            made = secrets.token_hex(6)
            change.tell(
                "INSERT INTO token VALUES(?,?,?,?,?,?,?,?,0,0)", made, digest(raw), name, mechanism, office,
                title.strip(), change.now, int(ends.timestamp() * 1000),
            )  # fmt: skip
            change.note("audit.token_made", about=name, token=made, mechanism=mechanism[:12], office=office)
            return raw

    def token(self, raw: str, address: str = "") -> Token | None:
        """The token, if it holds and its person still holds the office. What is refused goes into the trail."""
        if not raw.startswith(_PREFIX) or len(raw) != len(_PREFIX) + 43:
            return None
        now = self._now()
        with self._read() as read:
            row = read.row(f"SELECT {_FIELDS}, told FROM token WHERE hash=?", digest(raw))  # noqa: S608
            found = _token(row[:8], read.person(row[1])) if row else None
        if row is None or found is None:
            with self._change(address=address) as change:
                if not allowance.take(change, allowance.name_key("token", address), 10, 60):
                    change.note("audit.token_unknown")
            return None
        if now >= row[6] or found.office not in found.person.offices(found.mechanism):
            if not row[8]:  # told once, or a program that goes on trying would fill the trail
                with self._change(found.person.name, address) as change:
                    change.tell("UPDATE token SET told=1 WHERE id=?", found.id)
                    change.note("audit.token_refused", token=found.id, office=found.office)
            return None
        if now - row[7] >= _TOUCH_MS or row[8]:
            with self._database.changing() as connection:
                connection.execute("UPDATE token SET last=?, told=0 WHERE id=?", (now, found.id))
        return found

    def tokens(self, person: Named = "") -> list[Token]:
        """Every token, or a person's."""
        name = name_of(person)
        with self._read() as read:
            rows = read.rows(
                f"SELECT {_FIELDS} FROM token WHERE ?='' OR person=? ORDER BY since, id",  # noqa: S608
                name, name,
            )  # fmt: skip
            return [_token(row, read.person(row[1])) for row in rows]

    def revoke_token(self, by: str, token: str, *, address: str = "") -> None:
        """Let a token, by its `id`, open nothing more: its person's wish or an administrator's."""
        with self._change(by, address) as change:
            change.require_self(_owner(change, token))
            change.tell("DELETE FROM token WHERE id=?", token)
            change.note("audit.token_revoked", token=token)


def _owner(change: Change, token: str) -> str:
    row = change.row("SELECT person FROM token WHERE id=?", token)
    if row is None:
        raise Refused("token_unknown")
    return str(row[0])


def _token(row: tuple[str, str, str, str, str, int, int, int], person: Person) -> Token:
    found, _, mechanism, office, title, since, until, last = row
    return Token(
        found, person, mechanism, office, title, moment(since), moment(until), moment(last) if last else None
    )
