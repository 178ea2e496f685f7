"""Drafts: what was typed into a form survives a session that ended while somebody wrote.

    accounts.keep_draft("ayla", "meetings/propose/TUR/4", b'{"place":"Ankara"}')

They are kept 14 days, at most 50 of each person and 1 MiB each, and nobody else is shown them.
"""

from __future__ import annotations

from datetime import datetime

from comity.accounts.change import moment
from comity.accounts.opening import OfficerKeys
from comity.accounts.person import Named, name_of
from comity.core.errors import Refused

__all__ = ["Drafts"]

_LARGEST = 1 << 20
_MOST = 50


class Drafts(OfficerKeys):
    """What people were writing."""

    def keep_draft(self, person: Named, form_key: str, data: bytes) -> None:
        """Keep what stands in a form, in place of what was kept of it before. Raises `Refused("draft_large")`."""
        name = name_of(person)
        if len(data) > _LARGEST or len(form_key) > 1000:
            raise Refused("draft_large", most="1 MiB")
        with self._change(name) as change:
            self._sweep(change)
            change.person(name)
            change.tell("INSERT OR REPLACE INTO draft VALUES(?,?,?,?)", name, form_key, data, change.now)
            change.tell(
                "DELETE FROM draft WHERE person=? AND form NOT IN"
                " (SELECT form FROM draft WHERE person=? ORDER BY at DESC, form=? DESC LIMIT ?)",
                name, name, form_key, _MOST,
            )  # fmt: skip

    def draft(self, person: Named, form_key: str) -> bytes | None:
        """What was kept, if it still is."""
        since = self._now() - self.settings.draft_days * 86_400_000
        with self._read() as read:
            sql = "SELECT data FROM draft WHERE person=? AND form=? AND at>?"
            row = read.row(sql, name_of(person), form_key, since)
        return bytes(row[0]) if row else None

    def drafts(self, person: Named) -> list[tuple[str, datetime]]:
        """Which forms of a person are kept, and since when, newest first."""
        since = self._now() - self.settings.draft_days * 86_400_000
        with self._read() as read:
            sql = "SELECT form, at FROM draft WHERE person=? AND at>? ORDER BY at DESC, form"
            return [(form, moment(at)) for form, at in read.rows(sql, name_of(person), since)]

    def drop_draft(self, person: Named, form_key: str) -> None:
        """Keep it no longer: it was said, or thrown away."""
        with self._change(name_of(person)) as change:
            change.tell("DELETE FROM draft WHERE person=? AND form=?", name_of(person), form_key)
