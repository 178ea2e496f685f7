"""The store in one SQLite file: WAL, synchronous=FULL, so what was committed survives the power going.

    entry_ID(number, leaf, content)   the log with that id, one table each
    docket(docket, entry)       which acts belong to a docket; opened(noun, docket) lists dockets; id << 40 | number
    node(key, hashes)           Merkle nodes: leaf hashes in blocks of 256; levels 8, 16, 24 one a row
    note(log, place, size, note), value(name, value), log(id, party, size)

Rows wait in memory until the transaction needs them or ends, and then go in by one statement.

A log has a table of its own so that its rows are only ever added at the end. In one table for all logs a row would be
put between two others, SQLite would move its neighbours to another page to make room, and what they were copied from
stays behind in the unused part of the old page, where `secure_delete` does not reach it when they are erased.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from types import UnionType

from comity.core.act import Cut, Ref
from comity.core.entry import Entry
from comity.core.errors import Unavailable
from comity.storage import opening
from comity.storage.port import BLOCK, Row, StoredNote, note_text

__all__ = ["SETTINGS", "SqliteStore"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS log(id INTEGER PRIMARY KEY, party TEXT NOT NULL UNIQUE, size INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS docket(docket INTEGER, entry INTEGER, PRIMARY KEY(docket, entry)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS opened(noun TEXT, docket INTEGER, PRIMARY KEY(noun, docket)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS node(key INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS note(log INTEGER, place INTEGER, size INTEGER NOT NULL, note BLOB NOT NULL,
                                PRIMARY KEY(log, place)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS note_size ON note(log, size);
CREATE TABLE IF NOT EXISTS value(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""
_ENTRIES = """
CREATE TABLE IF NOT EXISTS entry_%d(number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, content BLOB) STRICT
"""
_APPLICATION = 0x436F6D69  # "Comi"
_VERSION = 2
_NUMBER = (1 << 40) - 1
CLEAN_MS = 500  # how long an erasure waits for readers to let go of the page it was on
_TOGETHER = 50
_Kind = type | UnionType
_ENTRY = (bytes, bytes | None)
SETTINGS = (*opening.DURABLE, "cache_size=-32000", "wal_autocheckpoint=4000")
"""The PRAGMAs of each connection."""


class SqliteStore:
    """See `comity.storage.port.Store`. `busy_ms`: how long to wait for another process that writes."""

    def __init__(self, path: Path, busy_ms: int = 10_000) -> None:
        self.name = f"database {path}"
        self._path, self._busy_ms = path, busy_ms
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._writing = 0  # the thread inside a transaction
        # Something was erased, and the write-ahead log still has the page it was on. Also where a process before us
        # left such a log behind: it may have died right after an erasure.
        self._erasing = _has_bytes(path.with_name(path.name + "-wal"))
        self._entries: dict[int, list[tuple[int, bytes, bytes | None]]] = {}
        self._dockets: list[tuple[int, int]] = []
        self._opened: list[tuple[str, int]] = []
        self._ids: dict[str, int] = {}  # of each log, by party; never changed in place
        self._sizes: dict[str, int] = {}
        self._stored: dict[str, int] = {}
        try:
            with self._errors():
                self._writer = self._connect()
                self._open_schema()
                self._version = self._data_version()
        except BaseException:
            self.close()
            raise

    # ------------------------------------------------------------- connections and transactions

    def _connect(self) -> sqlite3.Connection:
        connection = opening.connect(self._path, self._busy_ms, SETTINGS, look=self._require_ours)
        self._connections.append(connection)
        return connection

    def _require_ours(self, connection: sqlite3.Connection) -> None:
        application, version, tables = self._format(connection)
        if (application or version or tables) and application != _APPLICATION:
            raise Unavailable(self.name, "is not a database of Comity")
        if application and version != _VERSION:
            advice = "update it" if version > _VERSION else "use the version that wrote it"
            raise Unavailable(self.name, f"has format {version}; this program reads {_VERSION}: {advice}")

    def _format(self, connection: sqlite3.Connection) -> tuple[int, int, int]:
        """Whose file this is, its format, and how many tables it has; all 0 for a new one."""
        connection.execute("BEGIN")  # one look: another process may be making the tables just now
        asked = ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_schema")
        application, version, tables = (int(connection.execute(sql).fetchone()[0]) for sql in asked)
        connection.execute("COMMIT")
        return application, version, tables

    def _open_schema(self) -> None:
        if not any(self._format(self._writer)):
            self._writer.executescript(
                f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA application_id={_APPLICATION};"
                f"PRAGMA user_version={_VERSION};COMMIT;"
            )

    def _here(self) -> sqlite3.Connection:
        """The writer's connection inside its transaction; else one for each thread."""
        if self._writing == threading.get_ident():
            self._flush()
            return self._writer
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            if not self._connections:
                raise Unavailable(self.name, "is closed")
            with self._errors():
                connection = self._local.connection = self._connect()
        return connection

    def _data_version(self) -> int:
        return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise Unavailable(self.name, _advice(error)) from error
        except UnicodeError as error:  # a damaged schema, quoted in an error message
            raise Unavailable(self.name, _advice(sqlite3.DatabaseError("malformed database"))) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._errors():
            self._writer.execute("BEGIN IMMEDIATE")
        self._writing = threading.get_ident()
        known = self._ids
        self._sizes.clear()  # another process may have appended since
        self._stored.clear()
        try:
            yield
            with self._errors():
                self._flush()
                self._writer.execute("COMMIT")
            self._clean()
        except BaseException:
            for waiting in (self._entries, self._dockets, self._opened):
                waiting.clear()
            self._ids = known
            if self._writer.in_transaction:
                with suppress(sqlite3.Error):  # what went wrong before is what the caller must hear of
                    self._writer.execute("ROLLBACK")
            raise
        finally:
            self._writing = 0

    def _clean(self) -> None:
        """Empty the write-ahead log of what was erased; if a reader is in its way, after a later transaction.

        What was committed stays committed, so nothing that goes wrong here is an error of the transaction.
        """
        if self._erasing:
            with suppress(sqlite3.Error):
                self._writer.execute(f"PRAGMA busy_timeout={min(self._busy_ms, CLEAN_MS)}")
                self._erasing = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 1
            self._writer.execute(f"PRAGMA busy_timeout={self._busy_ms}")

    def changed(self) -> bool:
        with self._errors():
            version = self._data_version()
        if version == self._version:
            return False
        self._version = version
        return True

    def _flush(self) -> None:
        """Put the rows that wait into the database."""
        if not self._entries:
            return
        with self._errors():
            for log, rows in self._entries.items():
                self._insert(f"entry_{log}", rows)
            self._insert("docket", self._dockets)
            self._insert("opened", self._opened)
            for party, size in self._sizes.items():
                if self._stored.get(party) != size:
                    self._writer.execute("UPDATE log SET size=? WHERE party=?", (size, party))
                    self._stored[party] = size
        for waiting in (self._entries, self._dockets, self._opened):
            waiting.clear()

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """`_TOGETHER` rows a statement, since each call into SQLite has its price; then the rest one by one."""
        if not rows:
            return
        marks = f"({','.join('?' * len(rows[0]))})"
        whole = len(rows) - len(rows) % _TOGETHER
        if whole:
            groups = (chain.from_iterable(rows[at : at + _TOGETHER]) for at in range(0, whole, _TOGETHER))
            sql = f"INSERT INTO {table} VALUES{','.join([marks] * _TOGETHER)}"
            self._writer.executemany(sql, map(tuple, groups))
        self._writer.executemany(f"INSERT INTO {table} VALUES{marks}", rows[whole:])

    def _ask(self, kinds: Sequence[_Kind], sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """Rows with cells of these types."""
        connection = self._here()
        with self._errors():
            rows = connection.execute(sql, values).fetchall()
        for row in rows:
            self._require(kinds, row)
        return rows

    def _require(self, kinds: Sequence[_Kind], row: tuple[object, ...]) -> None:
        """In a damaged file a cell may have another type than it was written with, whatever its table says."""
        if not all(map(isinstance, row, kinds)):
            raise Unavailable(self.name, _advice(sqlite3.DatabaseError("malformed row")))

    def _tell(self, sql: str, *values: object) -> None:
        if self._writing != threading.get_ident():
            raise Unavailable(self.name, "can only be written to inside a transaction")
        with self._errors():
            self._here().execute(sql, values)

    def _key(self, party: str, number: int) -> int:
        log = self._ids.get(party)
        if log is None:
            log = self._learn().get(party)
            if log is None:
                raise Unavailable(self.name, f"has no log of {party}")
        return log << 40 | number

    def _learn(self) -> dict[str, int]:
        """The id of each log, read anew, since another process may have begun one."""
        self._ids = ids = dict(self._ask((str, int), "SELECT party, id FROM log"))
        return ids

    def _table(self, party: str) -> str:
        return f"entry_{self._key(party, 0) >> 40}"

    # ------------------------------------------------------------------------------------- logs

    def add_party(self, party: str) -> None:
        self._tell("INSERT OR IGNORE INTO log(party, size) VALUES(?, 0)", party)
        self._tell(_ENTRIES % self._learn()[party])

    def parties(self) -> list[str]:
        return [row[0] for row in self._ask((str,), "SELECT party FROM log ORDER BY party")]

    def size(self, party: str) -> int:
        if self._writing == threading.get_ident():
            if party not in self._sizes:
                self._sizes[party] = self._stored[party] = self._stored_size(party)
            return self._sizes[party]
        return self._stored_size(party)

    def _stored_size(self, party: str) -> int:
        rows = self._ask((int,), "SELECT size FROM log WHERE party=?", party)
        if not rows:
            raise Unavailable(self.name, f"has no log of {party}")
        return rows[0][0]  # type: ignore[no-any-return]

    def append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        if self._writing != threading.get_ident():
            raise Unavailable(self.name, "can only be written to inside a transaction")
        size = self.size(party)
        if size != at:
            raise Unavailable(self.name, f"the log of {party} has {size} acts, not {at}: read it again")
        log = self._key(party, 0) >> 40
        first = log << 40 | at
        keys = {other: self._key(other, 0) for other in {row.docket.party for row in rows}}
        waiting = self._entries.setdefault(log, [])
        waiting += [(number, leaf, content) for number, ((leaf, content), _, _) in enumerate(rows, at)]
        self._dockets += [
            (keys[docket.party] | docket.number, key) for key, (_, docket, _) in enumerate(rows, first)
        ]
        self._opened += [(noun, keys[docket.party] | docket.number) for _, docket, noun in rows if noun]
        self._sizes[party] = at + len(rows)

    def entries(self, party: str, start: int, stop: int, limit: int = 0) -> list[Entry]:
        table = self._table(party)
        connection = self._here()
        sql = f"SELECT leaf, content FROM {table} WHERE number>=? AND number<? ORDER BY number"  # noqa: S608
        with self._errors():
            rows = connection.execute(sql, (start, min(stop, _NUMBER)))
            found: list[Entry] = []
            size = 0
            for row in rows:
                self._require(_ENTRY, row)
                entry = Entry(*row)
                if limit:
                    size += len(entry.leaf) + len(entry.content or b"")
                    if size > limit and found:
                        break
                found.append(entry)
            return found

    def scan(self, party: str, start: int = 0) -> Iterator[Entry]:
        while found := self.entries(party, start, start + 2000):
            yield from found
            start += len(found)

    def docket(self, docket: Ref, since: Cut) -> dict[str, list[tuple[int, Entry]]]:
        key = self._key(docket.party, docket.number)
        found: dict[str, list[tuple[int, Entry]]] = {}
        for party, number in self._learn().items():
            rows = self._ask(
                (int, *_ENTRY),
                f"SELECT e.number, e.leaf, e.content FROM docket d CROSS JOIN entry_{number} e"  # noqa: S608
                " ON e.number=d.entry & ? WHERE d.docket=? AND d.entry>=? AND d.entry<? ORDER BY d.entry",
                _NUMBER,
                key,
                number << 40 | since.get(party, 0),
                (number + 1) << 40,
            )
            if rows:
                found[party] = [(place, Entry(leaf, content)) for place, leaf, content in rows]
        return found

    def opened(self, noun: str, after: Ref | None, limit: int) -> list[Ref]:
        """In the order of party codes, then numbers."""
        found: list[Ref] = []
        for party, log in sorted(self._learn().items()):
            if after is not None and party < after.party:
                continue
            start = after.number + 1 if after is not None and party == after.party else 0
            rows = self._ask(
                (int,),
                "SELECT docket FROM opened WHERE noun=? AND docket>=? AND docket<? ORDER BY docket LIMIT ?",
                noun,
                log << 40 | start,
                (log + 1) << 40,
                limit - len(found),
            )
            found += [Ref(party, row[0] & _NUMBER) for row in rows]
            if len(found) >= limit:
                break
        return found

    def nouns(self) -> list[str]:
        return [row[0] for row in self._ask((str,), "SELECT DISTINCT noun FROM opened ORDER BY noun")]

    def docket_count(self) -> int:
        return int(self._ask((int,), "SELECT count(*) FROM docket")[0][0])

    def erase(self, ref: Ref) -> None:
        if ref.number >= self.size(ref.party):
            raise Unavailable(self.name, f"has no act {ref}")
        self._tell(f"UPDATE {self._table(ref.party)} SET content=NULL WHERE number=?", ref.number)  # noqa: S608
        self._erasing = True

    # ------------------------------------------------------------------- nodes, notes, values

    def put_nodes(self, party: str, level: int, first: int, nodes: Sequence[bytes]) -> None:
        if level:
            for index, node in enumerate(nodes, first):
                self._tell("INSERT OR REPLACE INTO node VALUES(?,?)", self._node(party, level, index), node)
            return
        for at in range(0, len(nodes), BLOCK):
            block = self._node(party, 0, (first + at) // BLOCK)
            self._tell("INSERT OR REPLACE INTO node VALUES(?,?)", block, b"".join(nodes[at : at + BLOCK]))

    def nodes(self, party: str, level: int, start: int, stop: int) -> bytes:
        sql = "SELECT hashes FROM node WHERE key>=? AND key<? ORDER BY key"
        if level:
            rows = self._ask((bytes,), sql, self._node(party, level, start), self._node(party, level, stop))
            return b"".join(row[0] for row in rows)
        first = start // BLOCK
        rows = self._ask((bytes,), sql, self._node(party, 0, first), self._node(party, 0, -(-stop // BLOCK)))
        return b"".join(row[0] for row in rows)[(start - first * BLOCK) * 32 : (stop - first * BLOCK) * 32]

    def _node(self, party: str, level: int, index: int) -> int:
        return self._key(party, 0) << 5 | level << 40 | index

    def node_count(self, party: str) -> int:
        first = self._node(party, 0, 0)
        return int(
            self._ask((int,), "SELECT count(*) FROM node WHERE key>=? AND key<?", first, first + (1 << 45))[
                0
            ][0]
        )

    def put_note(self, party: str, note: StoredNote) -> None:
        log = self._key(party, 0) >> 40
        same = self._ask((int, bytes), "SELECT place, note FROM note WHERE log=? AND size=?", log, note.size)
        last = self._ask((int | None,), "SELECT max(place) FROM note WHERE log=?", log)[0][0]
        place = next((at for at, kept in same if note_text(kept) == note_text(note.note)), None)
        if place is None:
            place = 0 if last is None else last + 1
        self._tell("INSERT OR REPLACE INTO note VALUES(?,?,?,?)", log, place, note.size, note.note)

    def notes(self, party: str, size: int) -> list[StoredNote]:
        log = self._key(party, 0) >> 40
        return [
            StoredNote(*row)
            for row in self._ask(
                (int, bytes), "SELECT size, note FROM note WHERE log=? AND size=? ORDER BY place", log, size
            )
        ]

    def newest_note(self, party: str, within: int = 1 << 40) -> StoredNote | None:
        log = self._key(party, 0) >> 40
        sql = "SELECT size, note FROM note WHERE log=? AND size<=? ORDER BY place DESC LIMIT 1"
        rows = self._ask((int, bytes), sql, log, within)
        return StoredNote(*rows[0]) if rows else None

    def all_notes(self, party: str) -> Iterator[StoredNote]:
        log, place = self._key(party, 0) >> 40, -1
        while rows := self._ask(
            (int, int, bytes),
            "SELECT place, size, note FROM note WHERE log=? AND place>? ORDER BY place LIMIT 500",
            log,
            place,
        ):
            yield from (StoredNote(size, note) for _, size, note in rows)
            place = rows[-1][0]

    def put(self, name: str, value: bytes | None) -> None:
        if value is None:
            self._tell("DELETE FROM value WHERE name=?", name)
        else:
            self._tell("INSERT OR REPLACE INTO value VALUES(?,?)", name, value)

    def get(self, name: str) -> bytes | None:
        rows = self._ask((bytes,), "SELECT value FROM value WHERE name=?", name)
        return rows[0][0] if rows else None

    def named(self, prefix: str) -> Mapping[str, bytes]:
        return dict(
            self._ask(
                (str, bytes),
                "SELECT name, value FROM value WHERE substr(name, 1, ?)=? ORDER BY name",
                len(prefix),
                prefix,
            )
        )

    # --------------------------------------------------------------------------------- the file

    def faults(self) -> list[str]:
        found = [row[0] for row in self._ask((str,), "PRAGMA integrity_check(20)") if row[0] != "ok"]
        sizes = {f"entry_{log}": size for log, size in self._ask((int, int), "SELECT id, size FROM log")}
        for (table,) in self._ask(
            (str,), "SELECT name FROM sqlite_schema WHERE type='table' AND name GLOB 'entry_*'"
        ):
            if table not in sizes:
                found.append(f"entries in table {table} belong to no log")
                continue
            sql = f"SELECT count(*) FROM {table} WHERE number<0 OR number>=?"  # noqa: S608
            strays = self._ask((int,), sql, sizes[table])[0][0]
            if strays:
                found.append(f"{strays} entries in table {table} are beyond the end of its log")
        names = {log: party for party, log in self._learn().items()}
        for log, count, last in self._ask(
            (int, int, int), "SELECT log, count(*), max(place) FROM note GROUP BY log"
        ):
            if log not in names or count != last + 1:
                found.append(f"signed heads of {names.get(log, 'no log')} are not in order")
        if self._ask((int,), "SELECT 1 FROM node WHERE key>>45 NOT IN (SELECT id FROM log) LIMIT 1"):
            found.append("Merkle nodes belong to no log")
        return found

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()


def _has_bytes(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _advice(error: sqlite3.Error) -> str:
    """What SQLite said, and what to do about it."""
    text = str(error)
    for sign, advice in (
        ("locked", "another program is writing to it; wait, or end that program"),
        ("full", "the disk is full; make room, nothing was lost"),
        ("no such table", "the file is damaged; restore a backup"),
        ("malformed", "the file is damaged; run `comity check`, then restore a backup"),
        ("not a database", "the file is damaged or of another program; restore a backup"),
        ("readonly", "the file or its folder cannot be written to; look at their owner and mode"),
        ("unable to open", "the file cannot be opened; look at the path and the folder's mode"),
        ("disk I/O error", "the disk reports an error; look at the machine's log before anything else"),
    ):
        if sign in text:
            return f"{text}: {advice}"
    return text
