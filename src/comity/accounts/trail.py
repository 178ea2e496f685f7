"""The audit trail: rows that are only ever added, each with the SHA-256 of the one before.

    17  2024-08-15 09:30 UTC  10.0.0.7  ayla  audit.granted  {"about":"deniz","mechanism":"3f2a","office":"secretariat"}

The hash of row n is that of `[n,time,address,person,what,facts,hash of row n-1]` as JSON; the hash of the newest row is
kept beside the trail. So a row that was changed, put in or taken out is found, unless somebody wrote the whole rest
anew: write the newest hash down elsewhere, and that is found too.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

__all__ = ["Row", "append", "first_broken", "newest", "read"]

_FIELDS = "number, time, address, person, what, facts, before"


class Row(msgspec.Struct, frozen=True):
    """One row. `what` is a key of the words; the facts fill their placeholders. `person` did it, "" is nobody known."""

    number: int
    time: datetime
    address: str
    person: str
    what: str
    facts: dict[str, str]
    hash: str


def _hash(number: int, time: int, address: str, person: str, what: str, facts: str, before: bytes) -> bytes:
    row = json.dumps([number, time, address, person, what, facts, before.hex()], separators=(",", ":"))
    return sha256(row.encode()).digest()


def append(
    connection: sqlite3.Connection, time: int, address: str, person: str, what: str, facts: dict[str, str]
) -> None:
    """Add a row, in the transaction that is open. What an address or a fact has beyond 400 characters is left out."""
    last, before = _newest(connection)
    told = json.dumps({name: fact[:400] for name, fact in sorted(facts.items())}, separators=(",", ":"))
    row = (last + 1, time, address[:400], person, what, told, before)
    connection.execute(f"INSERT INTO trail({_FIELDS}) VALUES(?,?,?,?,?,?,?)", row)
    connection.execute("UPDATE newest SET number=?, hash=?", (last + 1, _hash(*row)))


def read(connection: sqlite3.Connection, after: int, limit: int) -> list[Row]:
    """Rows after a number, oldest first."""
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM trail WHERE number>? ORDER BY number LIMIT ?",  # noqa: S608
        (after, limit),
    )
    return [
        Row(number, _moment(time), address, person, what, json.loads(facts), _hash(*row).hex())
        for row in rows
        for number, time, address, person, what, facts, _ in [row]
    ]


def newest(connection: sqlite3.Connection) -> tuple[int, str]:
    """The number and the hash of the newest row; 0 and zeros where there is none."""
    number, found = _newest(connection)
    return number, found.hex()


def _newest(connection: sqlite3.Connection) -> tuple[int, bytes]:
    row = connection.execute("SELECT number, hash FROM newest").fetchone()
    return (int(row[0]), bytes(row[1])) if row is not None else (0, bytes(32))


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def first_broken(connection: sqlite3.Connection) -> int | None:
    """The number of the first row that is not as it was written, or is missing; None if all are there."""
    before, expected = bytes(32), 1
    for row in connection.execute(f"SELECT {_FIELDS} FROM trail ORDER BY number"):  # noqa: S608
        if row[0] != expected:
            return min(int(row[0]), expected)
        if bytes(row[6]) != before:
            return max(expected - 1, 1)
        before, expected = _hash(*row), expected + 1
    number, newest = _newest(connection)
    if number != expected - 1:
        return min(number + 1, expected)
    return None if newest == before else max(expected - 1, 1)
