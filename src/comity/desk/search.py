"""Full text over the titles and texts of all dockets, in three languages; kept beside the record and never part of it.

    search = Search(folder / "search.db")
    search.find(record, "بغداد مركز", limit=20)
    -> Found(hits=(Hit(ref="TUR/9", docket="TUR/9", party="TUR", excerpt=(Span("...", False), Span("بغداد", True))),),
             more=False, behind=0)

The index is SQLite's FTS5 in a database of its own. It holds no text, only which folded words stand in which act; what
is shown is read from the record when it is asked. It is derived: what became ready since is taken in before each
question, and where it is not of this record any more, or is damaged, it is thrown away and made anew.

Contents that may be destroyed are never put into it (law 8): nothing of them could be left behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from comity.core import canonical
from comity.core.act import Ref
from comity.core.entry import Leaf, leaf_hash, parse_leaf
from comity.core.errors import Malformed, Unavailable
from comity.desk import folding
from comity.desk.folding import Span, Word
from comity.node.record import Record
from comity.storage.port import entry_at

__all__ = ["Found", "Hit", "Search", "Span"]

_FORMAT = 1
"""Of the tables and of the folding: an index of another one is thrown away."""

_DROP = ("DROP TABLE IF EXISTS words", "DROP TABLE IF EXISTS reached")
_SCHEMA = (
    """CREATE VIRTUAL TABLE words USING fts5(title, body, cited, content='', detail='full', prefix='2 3',
       tokenize="unicode61 remove_diacritics 2")""",
    "CREATE TABLE reached(party TEXT PRIMARY KEY, size INTEGER NOT NULL, last TEXT NOT NULL) STRICT",
    f"PRAGMA user_version={_FORMAT}",
)
_BATCH = 2_000
_AT_ONCE = 20_000
"""How many acts a question takes in before it answers; with more to come, it says so."""
_LONGEST_TEXT = 200_000
_BATCH_BYTES = 8 << 20
_NUMBER = (1 << 40) - 1
_NONE = (0, "")
_GAP = " \ue000 "  # a word that nobody can type

T = TypeVar("T")


class Hit(NamedTuple):
    """An act in which the words stand. `exact`: it is one that was asked for by its reference."""

    ref: str
    docket: str
    party: str
    office: str
    kind: str
    time: str
    excerpt: tuple[Span, ...]
    exact: bool = False


class Found(NamedTuple):
    """A page of what was found. `more`: there is another page. `behind`: acts that are not in the index yet."""

    hits: tuple[Hit, ...]
    more: bool
    behind: int


class Search:
    """The index of one record. Safe to share between threads; another process may use the same file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, record: Record, words: str, after: int = 0, limit: int = 20) -> Found:
        """The acts in which all the words stand, best first, from place `after` on. Whatever is typed is an answer.

        Every word may go on: "mem" finds "memorandum". Words in quotation marks stand side by side. Raises
        `Unavailable` where the index can be neither read nor made.
        """
        asked = folding.words(words)
        exact = [ref for ref in folding.references(words) if _here(record, ref)]
        return self._run(lambda database: _find(database, record, asked, exact, after, limit))

    def keep_up(self, record: Record, most: int = 0) -> int:
        """Take in what became ready since, at most so many acts (0: all). Returns how many are still to come."""
        return self._run(lambda database: _take_in(database, record, most))

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the index; where it is damaged, once more with a new one. Raises `Unavailable`."""
        try:
            with closing(self._open()) as database:
                return work(database)
        except sqlite3.Error as error:
            self._throw_away(error)
        try:
            with closing(self._open()) as database:
                return work(database)
        except sqlite3.Error as error:
            raise Unavailable(f"search index {self._path}", str(error)) from error

    # ------------------------------------------------------------------------------------- the file

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, isolation_level=None, timeout=30, check_same_thread=False)
        try:
            for pragma in (
                "journal_mode=WAL",
                "synchronous=NORMAL",
                "trusted_schema=ON",
                "cache_size=-16000",
            ):
                database.execute(f"PRAGMA {pragma}")
            if _version(database) != _FORMAT:
                _clear(database, lambda: _version(database) != _FORMAT)
        except BaseException:
            database.close()
            raise
        return database

    def _throw_away(self, error: sqlite3.Error) -> None:
        """Remove the file, for it is damaged; not where another process only has it locked."""
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise Unavailable(f"search index {self._path}", "is being written by another process") from error
        for end in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


# ------------------------------------------------------------------------------------------ asking


def _find(
    database: sqlite3.Connection,
    record: Record,
    asked: Sequence[Word],
    exact: Sequence[Ref],
    after: int,
    limit: int,
) -> Found:
    behind = _take_in(database, record, _AT_ONCE)
    found = list(exact[after : after + limit + 1])
    if asked and len(found) <= limit:
        found += _matching(database, record, asked, exact, max(0, after - len(exact)), limit + 1 - len(found))
    hits = [_hit(record, ref, asked, exact=ref in exact) for ref in found[:limit]]
    return Found(tuple(hits), len(found) > limit, behind)


def _matching(
    database: sqlite3.Connection,
    record: Record,
    asked: Sequence[Word],
    but: Sequence[Ref],
    skip: int,
    limit: int,
) -> list[Ref]:
    """The acts that the index has for the words, best first: words in a title weigh more, then the newer act."""
    parties = sorted(record.parties)
    without = ",".join(str(_id(parties, ref)) for ref in but) or "-1"
    rows = database.execute(
        "SELECT rowid FROM words WHERE words MATCH ? AND rank MATCH 'bm25(8.0, 1.0, 2.0)'"  # noqa: S608 -- numbers
        f" AND rowid NOT IN ({without}) ORDER BY rank LIMIT ? OFFSET ?",
        (_expression(asked), limit, skip),
    )
    return [Ref(parties[row >> 40], row & _NUMBER) for (row,) in rows]


def _expression(asked: Sequence[Word]) -> str:
    """The words in the language of FTS5: only letters and digits of the question come into it, each in quotes."""
    whole = []
    for word in asked:
        forms = [f'"{" ".join(parts)}"{" *" if word.open else ""}' for parts in folding.variants(word)]
        whole.append(f"({' OR '.join(forms)})")
    return " AND ".join(whole)


def _hit(record: Record, ref: Ref, asked: Sequence[Word], *, exact: bool) -> Hit:
    entry = entry_at(record.store, ref)
    leaf = parse_leaf(entry.leaf, str(ref))
    texts = [text for text, _ in _texts(record, ref, leaf, entry.content)]
    time = leaf.time.isoformat().replace("+00:00", "Z")
    excerpt = folding.excerpt(texts, asked)
    return Hit(str(ref), leaf.docket or str(ref), ref.party, leaf.office, leaf.kind, time, excerpt, exact)


def _here(record: Record, ref: Ref) -> bool:
    return 0 <= ref.number < record.ready.get(ref.party, 0)


# ---------------------------------------------------------------------------------------- taking in


def _take_in(database: sqlite3.Connection, record: Record, most: int) -> int:
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
        size <= ready.get(party, 0) and (not size or record.folds.hash_of(Ref(party, size - 1)) == last)
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
        title, body = _columns(_texts(record, ref, leaf, entry.content))
        cited = _GAP.join(_citation(one) for one in dict.fromkeys([*leaf.answers, leaf.mandate]) if one)
        if title or body or cited:
            rows.append((_id(parties, ref), title, body, cited))
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


def _texts(record: Record, ref: Ref, leaf: Leaf, content: bytes | None) -> Iterator[tuple[str, bool]]:
    """The texts of an act that may be looked for: none of what may be destroyed, or of a kind unknown here."""
    kind = record.folds.kind(leaf.kind)
    if content is None or kind is None or kind.erasable:
        return
    with suppress(Malformed):
        yield from folding.pieces(canonical.decode(content[32:], f"content of {ref}", fractions=False))


def _id(parties: Sequence[str], ref: Ref) -> int:
    return parties.index(ref.party) << 40 | ref.number


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
