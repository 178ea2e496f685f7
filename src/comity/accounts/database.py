"""The file that a node's accounts are in: SQLite, mode 0600, one writer at a time, and every change one transaction.

    NODE/accounts.db      application_id "ComA", user_version 3

`reading` gives a connection of a small pool. `changing` is a whole transaction: it ends with COMMIT, or, when anything
is raised, with nothing changed.

Format 1 kept secrets of one-time codes as they were. They are sealed when it is next opened: format 2, in one
transaction; then the file is written anew, so that no free page holds what they were: format 3.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.core.errors import Unavailable
from comity.node.files import require_private
from comity.storage import opening

__all__ = ["Database"]

_SCHEMA = """
CREATE TABLE person(
  name TEXT PRIMARY KEY, display TEXT NOT NULL, language TEXT NOT NULL, password TEXT NOT NULL,
  admin INTEGER NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, locked INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, handle BLOB NOT NULL UNIQUE, totp TEXT NOT NULL DEFAULT '',
  totp_next TEXT NOT NULL DEFAULT '', totp_step INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE held(person TEXT, mechanism TEXT, office TEXT, PRIMARY KEY(person, mechanism, office))
  STRICT, WITHOUT ROWID;
CREATE TABLE recovery(hash BLOB PRIMARY KEY, person TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE session(
  hash BLOB PRIMARY KEY, person TEXT NOT NULL, csrf TEXT NOT NULL, since INTEGER NOT NULL, last INTEGER NOT NULL,
  strong INTEGER NOT NULL, address TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session(person);
CREATE TABLE ticket(hash BLOB PRIMARY KEY, person TEXT NOT NULL, way TEXT NOT NULL, tries INTEGER NOT NULL,
  until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE allowance(key TEXT PRIMARY KEY, spent INTEGER NOT NULL, refused INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX allowance_spent ON allowance(spent);
CREATE TABLE draft(person TEXT, form TEXT, data BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(person, form)) STRICT;
CREATE TABLE token(
  id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, person TEXT NOT NULL, mechanism TEXT NOT NULL,
  office TEXT NOT NULL, title TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, last INTEGER NOT NULL,
  told INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE passkey(
  id BLOB PRIMARY KEY, person TEXT NOT NULL, public BLOB NOT NULL, count INTEGER NOT NULL, title TEXT NOT NULL,
  since INTEGER NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_person ON passkey(person);
CREATE TABLE challenge(challenge BLOB PRIMARY KEY, purpose TEXT NOT NULL, until INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX challenge_purpose ON challenge(purpose, until);
CREATE TABLE bound(provider TEXT, subject TEXT, person TEXT NOT NULL, PRIMARY KEY(provider, subject))
  STRICT, WITHOUT ROWID;
CREATE TABLE errand(state BLOB PRIMARY KEY, provider TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL,
  back TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE trail(
  number INTEGER PRIMARY KEY, time INTEGER NOT NULL, address TEXT NOT NULL, person TEXT NOT NULL, what TEXT NOT NULL,
  facts TEXT NOT NULL, before BLOB NOT NULL) STRICT;
CREATE TABLE seal(number INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT;
CREATE TABLE newest(only INTEGER PRIMARY KEY CHECK(only = 1), number INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
INSERT INTO newest VALUES(1, 0, zeroblob(32));
CREATE TRIGGER trail_stays BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
CREATE TRIGGER trail_keeps BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
"""
_APPLICATION = 0x436F6D41  # "ComA"
_PLAIN, _SEALED, _VERSION = 1, 2, 3
_SEAL = next(statement for statement in _SCHEMA.split(";\n") if "TABLE seal(" in statement)
_BUSY_MS = 10_000


class Database:
    """The file, opened; made where there is none. Raises `Unavailable`, whatever SQLite says.

    `seal` seals every secret that format 1 kept as it was, in a transaction that it is given.
    """

    def __init__(self, path: Path, seal: Callable[[sqlite3.Connection], None]) -> None:
        self.name = f"database {path}"
        self._path, self._seal = path, seal
        self._pool: list[sqlite3.Connection] = []  # append and pop are atomic
        self._lock = threading.Lock()
        self._closed = False
        with self._errors():
            try:
                opening.make(path)
                require_private(self.name, path)
            except OSError as error:
                raise Unavailable(self.name, f"cannot be opened: {error.strerror}") from error
            self._writer = self._connect()
            try:
                self._prepare()
            except BaseException:
                self._writer.close()
                raise

    def _connect(self) -> sqlite3.Connection:
        return opening.connect(self._path, _BUSY_MS, opening.DURABLE)

    def _prepare(self) -> None:
        """Make the tables, once, whoever comes first; or see that they are ours."""
        self._writer.execute("BEGIN IMMEDIATE")
        asked = ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_schema")
        found = tuple(int(self._writer.execute(sql).fetchone()[0]) for sql in asked)
        if found == (0, 0, 0):
            for statement in _SCHEMA.split(
                ";\n"
            ):  # one by one: executescript would end the transaction first
                self._writer.execute(statement)
            self._writer.execute(f"PRAGMA application_id={_APPLICATION}")
            self._writer.execute(f"PRAGMA user_version={_VERSION}")
            found = (_APPLICATION, _VERSION, 0)
        elif found[:2] == (_APPLICATION, _PLAIN):
            self._writer.execute(_SEAL)
            self._seal(self._writer)
            self._writer.execute(f"PRAGMA user_version={_SEALED}")
            found = (_APPLICATION, _SEALED, 0)
        self._writer.execute("COMMIT")
        if found[:2] == (_APPLICATION, _SEALED):
            self._scrub()
            return
        if found[0] != _APPLICATION:
            raise Unavailable(self.name, "is not a database of Comity's accounts")
        if found[1] != _VERSION:
            raise Unavailable(self.name, f"has format {found[1]}; this program reads {_VERSION}")

    def _scrub(self) -> None:
        """Leave nothing of what was sealed in free pages or in the write-ahead log; tried again where others read."""
        opening.patiently(self._writer, "VACUUM", _BUSY_MS)
        if not self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            self._writer.execute(f"PRAGMA user_version={_VERSION}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeError) as error:
            raise Unavailable(self.name, f"{error}; nothing was changed") from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for questions; each question is its own transaction."""
        with self._errors():
            self._require_open()
            try:
                connection = self._pool.pop()
            except IndexError:
                connection = self._connect()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
        else:
            self._pool.append(connection)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a transaction, which is committed at the end or, on any error, undone."""
        with self._errors(), self._lock:
            self._require_open()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    with contextlib.suppress(
                        sqlite3.Error
                    ):  # what went wrong before is what must be heard of
                        self._writer.execute("ROLLBACK")
                raise

    def _require_open(self) -> None:
        if self._closed:
            raise Unavailable(self.name, "is closed")

    def close(self) -> None:
        """Close every connection that is not in use just now, and those as soon as they are given back."""
        with self._lock:
            self._closed = True
            self._writer.close()
            while self._pool:
                self._pool.pop().close()
