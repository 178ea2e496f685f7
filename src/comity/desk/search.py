"""Full text over the titles and texts of all dockets, in three languages; kept beside the record and never part of it.

    search = Search(folder / "search.db")
    search.find(record, "بغداد مركز", limit=20)
    -> Found(hits=(Hit(ref="TUR/9", docket="TUR/9", party="TUR", excerpt=(Span("...", False), Span("بغداد", True))),),
             more=False, behind=0)

What is shown is read from the record when it is asked; the `index` says where to look. What became ready since is taken
in before each question.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from comity.core.act import Ref
from comity.core.entry import parse_leaf
from comity.desk import folding
from comity.desk.folding import Span, Word
from comity.desk.index import Index, ref_of, row_of, take_in, texts
from comity.node.record import Record
from comity.storage.port import entry_at

__all__ = ["Found", "Hit", "Search", "Span"]

_AT_ONCE = 20_000
"""How many acts a question takes in before it answers; with more to come, it says so."""


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
        self._index = Index(path)

    def find(self, record: Record, words: str, after: int = 0, limit: int = 20) -> Found:
        """The acts in which all the words stand, best first, from place `after` on. Whatever is typed is an answer.

        Every word may go on: "mem" finds "memorandum". Words in quotation marks stand side by side. Raises
        `Unavailable` where the index can be neither read nor made.
        """
        asked = folding.words(words)
        exact = [ref for ref in folding.references(words) if _here(record, ref)]
        return self._index.run(lambda database: _find(database, record, asked, exact, after, limit))

    def keep_up(self, record: Record, most: int = 0) -> int:
        """Take in what became ready since, at most so many acts (0: all). Returns how many are still to come."""
        return self._index.run(lambda database: take_in(database, record, most))


def _find(
    database: sqlite3.Connection,
    record: Record,
    asked: Sequence[Word],
    exact: Sequence[Ref],
    after: int,
    limit: int,
) -> Found:
    behind = take_in(database, record, _AT_ONCE)
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
    without = ",".join(str(row_of(parties, ref)) for ref in but) or "-1"
    rows = database.execute(
        "SELECT rowid FROM words WHERE words MATCH ? AND rank MATCH 'bm25(8.0, 1.0, 2.0)'"  # noqa: S608 -- numbers
        f" AND rowid NOT IN ({without}) ORDER BY rank LIMIT ? OFFSET ?",
        (_expression(asked), limit, skip),
    )
    return [ref_of(parties, row) for (row,) in rows]


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
    found = [text for text, _ in texts(record, ref, leaf, entry.content)]
    time = leaf.time.isoformat().replace("+00:00", "Z")
    excerpt = folding.excerpt(found, asked)
    return Hit(str(ref), leaf.docket or str(ref), ref.party, leaf.office, leaf.kind, time, excerpt, exact)


def _here(record: Record, ref: Ref) -> bool:
    return 0 <= ref.number < record.ready.get(ref.party, 0)
