"""The index that `search` asks: which folded words stand in which act of a record, and nothing that can be read.

    index = Index(folder / "search.db")
    index.run(lambda database: take_in(database, record, 0))

It is SQLite's FTS5 in a database of its own, and holds no text. It is derived: where it is not of this record any more,
or is damaged, it is thrown away and made anew. Contents that may be destroyed are never put into it (law 8): nothing of
them could be left behind.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from comity.core import canonical
from comity.core.act import Ref
from comity.core.entry import Leaf, leaf_hash, parse_leaf
from comity.core.errors import Malformed, Unavailable
from comity.desk import folding
from comity.node.record import Record
from comity.storage import opening

__all__ = ["Index", "ref_of", "row_of", "take_in", "texts"]

_FORMAT = 1
"""Of the tables and of the folding: an index of another one is thrown away."""

_DROP = ("DROP TABLE IF EXISTS words", "DROP TABLE IF EXISTS reached")
_SCHEMA = (
    """CREATE VIRTUAL TABLE words USING fts5(title, body, cited, content='', detail='full', prefix='2 3',
       tokenize="unicode61 remove_diacritics 2")""",
    "CREATE TABLE reached(party TEXT PRIMARY KEY, size INTEGER NOT NULL, last TEXT NOT NULL) STRICT",
    f"PRAGMA user_version={_FORMAT}",
)
_BUSY_MS = 30_000
_SETTINGS = ("journal_mode=WAL", "synchronous=NORMAL", "trusted_schema=ON", "cache_size=-16000")
_BATCH = 2_000
_LONGEST_TEXT = 200_000
_BATCH_BYTES = 8 << 20
_NUMBER = (1 << 40) - 1
_NONE = (0, "")
_GAP = " \ue000 "  # a word that nobody can type

T = TypeVar("T")


class Index:
    """The file of one record. Safe to share between threads; another process may use the same one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the index; where it is damaged, once more with a new one. Raises `Unavailable`."""
        try:
            try:
                with self._held(fcntl.LOCK_SH):
                    return self._do(work)
            except sqlite3.Error as error:
                if opening.is_busy(error):
                    raise
            with self._held(fcntl.LOCK_EX):
                return self._do_at_last(work)
        except (OSError, sqlite3.Error) as error:
            raise Unavailable(f"search index {self._path}", str(error)) from error

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        """While anybody uses the file nobody removes it: SQLite goes by names, and would mix the old and the new."""
        lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with closing(self._open()) as database:
            return work(database)

    def _do_at_last(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Nobody else uses the file, and somebody may have made it anew since it was found damaged."""
        with suppress(sqlite3.Error):
            return self._do(work)
        for end in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        return self._do(work)

    def _open(self) -> sqlite3.Connection:
        database = opening.connect(self._path, _BUSY_MS, _SETTINGS)
        try:
            if _version(database) != _FORMAT:
                _clear(database, lambda: _version(database) != _FORMAT)
        except BaseException:
            database.close()
            raise
        return database


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def row_of(parties: Sequence[str], ref: Ref) -> int:
    """The number of an act in the index; `parties` are all of the record, in order."""
    return parties.index(ref.party) << 40 | ref.number


def ref_of(parties: Sequence[str], row: int) -> Ref:
    """The act with that number."""
    return Ref(parties[row >> 40], row & _NUMBER)


# ---------------------------------------------------------------------------------------- taking in


def take_in(database: sqlite3.Connection, record: Record, most: int) -> int:
    """Bring the index up to what is ready; all of it anew where it is another record's. Returns what is left."""
    with record.reading():
        ready = dict(record.ready)
    if not _is_of(record, _reached(database), ready):
        _clear(database, lambda: not _is_of(record, _reached(database), ready))
    room = most or sum(ready.values())
    while room > 0 and (took := _batch(database, record, ready, min(room, _BATCH))):
        room -= took
    return _left(database, ready)


def _left(database: sqlite3.Connection, ready: Mapping[str, int]) -> int:
    """How many acts are not in the index, be it that another thread is at it."""
    reached = _reached(database)
    return sum(max(0, size - reached.get(party, _NONE)[0]) for party, size in ready.items())


def _reached(database: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """How much of each log is in the index, and the leaf hash of the last of it."""
    rows = database.execute("SELECT party, size, last FROM reached")
    return {party: (size, last) for party, size, last in rows}


def _is_of(record: Record, reached: Mapping[str, tuple[int, str]], ready: Mapping[str, int]) -> bool:
    """Whether what is in the index is the beginning of this record: it was not put back, or another's."""
    return all(
        size <= ready.get(party, 0)
        and (not size or record.folds.leaves.hash_of(Ref(party, size - 1)) == last)
        for party, (size, last) in reached.items()
    )


def _batch(database: sqlite3.Connection, record: Record, ready: dict[str, int], most: int) -> int:
    """Take in the next acts of one log, in one transaction. Returns how many."""
    database.execute("BEGIN IMMEDIATE")
    try:
        took = _next(database, record, ready, most)
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # what went wrong before is what counts
            database.execute("ROLLBACK")
        raise
    return took


def _next(database: sqlite3.Connection, record: Record, ready: dict[str, int], most: int) -> int:
    parties, reached = sorted(record.parties), _reached(database)
    party = next((one for one in parties if reached.get(one, _NONE)[0] < ready.get(one, 0)), None)
    if party is None:
        return 0
    start = reached.get(party, _NONE)[0]
    entries = record.store.entries(party, start, min(ready[party], start + most), _BATCH_BYTES)
    rows = []
    for number, entry in enumerate(entries, start):
        ref = Ref(party, number)
        leaf = parse_leaf(entry.leaf, str(ref))
        title, body = _columns(texts(record, ref, leaf, entry.content))
        cited = _GAP.join(_citation(one) for one in dict.fromkeys([*leaf.answers, leaf.mandate]) if one)
        if title or body or cited:
            rows.append((row_of(parties, ref), title, body, cited))
    database.executemany("INSERT INTO words(rowid, title, body, cited) VALUES(?, ?, ?, ?)", rows)
    last = leaf_hash(entries[-1].leaf) if entries else ""
    database.execute("INSERT OR REPLACE INTO reached VALUES(?, ?, ?)", (party, start + len(entries), last))
    return len(entries)


def _columns(texts: Iterator[tuple[str, bool]]) -> tuple[str, str]:
    """The folded words of titles, and of all else; a sign between two texts, so that no phrase runs across."""
    title, body, size = list[str](), list[str](), 0
    for text, titled in texts:
        size += len(text)
        if size > _LONGEST_TEXT:
            break
        (title if titled else body).append(" ".join(folding.tokens(text)))
    return _GAP.join(title), _GAP.join(body)


def _citation(reference: str) -> str:
    return " ".join(folding.tokens(reference))


def texts(record: Record, ref: Ref, leaf: Leaf, content: bytes | None) -> Iterator[tuple[str, bool]]:
    """The texts of an act that may be looked for: none of what may be destroyed, or of a kind unknown here."""
    kind = record.folds.kind(leaf.kind)
    if content is None or kind is None or kind.erasable:
        return
    with suppress(Malformed):
        yield from folding.pieces(canonical.decode(content[32:], f"content of {ref}", fractions=False))


def _clear(database: sqlite3.Connection, needed: Callable[[], bool]) -> None:
    """An empty index, if that is still needed once nobody else writes."""
    database.execute("BEGIN IMMEDIATE")
    try:
        if needed():
            for statement in (*_DROP, *_SCHEMA):
                database.execute(statement)
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # what went wrong before is what counts
            database.execute("ROLLBACK")
        raise
