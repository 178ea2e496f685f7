"""`comity account audit`: the trail of the accounts, and whether all of it is as it was written.

comity account audit --after 40 --limit 10
comity account audit --verify                 exit 1 where a row was changed, put in or taken out
"""

from __future__ import annotations

from typing import NamedTuple

import click
import msgspec

from comity.cli.people import accounts
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, moment, table
from comity.cli.spoken import Option, command

__all__ = ["Verified", "audit", "checked", "verified"]


class Verified(NamedTuple):
    """The trail, derived again: its newest row and that row's hash, or the first row that is not as it was written."""

    number: int
    hash: str
    broken: int | None

    def told(self, session: Session) -> str:
        """The same in a sentence."""
        if self.broken is None:
            return session.say("done.audit_verified", number=self.number, hash=self.hash)
        return session.say("done.audit_broken", number=self.broken)


def verified(session: Session) -> Verified:
    """Derive every hash of the trail again. Raises `Unavailable` where the file cannot be read."""
    with accounts(session) as opened:
        number, digest = opened.newest_audit()  # first: whoever signs in meanwhile adds rows
        return Verified(number, digest, opened.verify_audit())


def checked(session: Session) -> Verified | None:
    """The trail for `comity check`; None where the node has no accounts. Raises `Unavailable`."""
    return verified(session) if (session.node.folder / "accounts.db").exists() else None


@command(
    "audit",
    Option(["--after"], type=click.IntRange(min=0), default=0, metavar="NUMBER", key="option.account.after"),
    Option(
        ["--limit"], type=click.IntRange(1, 10_000), default=100, metavar="NUMBER", key="option.account.limit"
    ),
    Option(["--verify"], is_flag=True, key="option.account.verify"),
    key="command.account.audit",
)
def audit(session: Session, after: int, limit: int, verify: bool) -> int:
    """Rows of the trail; or whether all of it is as it was written."""
    if verify:
        return _verify(session)
    with accounts(session) as opened:
        rows = opened.audit(after, limit)
    if session.json:
        emit([msgspec.structs.asdict(row) | {"time": row.time.isoformat()} for row in rows])
        return 0
    headers = [session.say(f"label.account_{name}") for name in ("number", "time", "address", "name", "what")]
    plain = [
        (row.number, moment(row.time.isoformat(timespec="seconds")), row.address, row.person) for row in rows
    ]
    told = [session.say(row.what, "accounts", **row.facts) for row in rows]
    table(
        headers,
        [[*(cell(part, session) for part in row), last] for row, last in zip(plain, told, strict=True)],
        session,
    )
    return 0


def _verify(session: Session) -> int:
    found = verified(session)
    if session.json:
        emit(found._asdict())
    else:
        line(found.told(session))
    return 0 if found.broken is None else 1
