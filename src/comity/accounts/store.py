"""Accounts: a node's own people. Local to the node, in no log, never replicated.

    accounts = Accounts(node_folder, clock)
    step = accounts.sign_in("ayla", "a long password", "10.0.0.7")
    accounts.session(cookie).person.offices(mechanism)      {"secretariat"}

Each part of it is a class of its own, one upon the other: people, sessions, signing in, codes, passkeys, directories,
officers' own keys, drafts, tokens.
"""

from __future__ import annotations

from comity.accounts import trail
from comity.accounts.tokens import Tokens
from comity.accounts.trail import Row

__all__ = ["Accounts"]


class Accounts(Tokens):
    """All of it. `Accounts(folder, clock, settings)`: the node's folder, and the machine's time with its offset."""

    def audit(self, after: int = 0, limit: int = 100) -> list[Row]:
        """Rows of the trail after a number, oldest first."""
        with self._database.reading() as connection:
            return trail.read(connection, after, limit)

    def newest_audit(self) -> tuple[int, str]:
        """The number and the hash of the trail's newest row: what is worth writing down elsewhere."""
        with self._database.reading() as connection:
            return trail.newest(connection)

    def verify_audit(self) -> int | None:
        """The number of the first row of the trail that is not as it was written, or is gone; None if all is well."""
        with self._database.reading() as connection:
            return trail.first_broken(connection)

    def audit_size(self) -> int:
        """How many rows the trail has: `audit(after=audit_size() - 50)` are the newest fifty."""
        return self.newest_audit()[0]
