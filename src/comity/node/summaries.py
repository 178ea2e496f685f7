"""What lists and overviews need of every docket of a chapter, kept in memory and renewed only where acts came in.

    for ref, summary in record.summaries.of(chapter):     # one `chapter.summary(view)` for each ready docket

A summary has no day in it: whoever asks applies the day. Folding five thousand dockets anew for each question would
take seconds; this folds those that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comity.core.act import Ref
from comity.core.chapter import Chapter
from comity.node.folds import Folds
from comity.storage.port import Store

__all__ = ["Summaries"]

_PAGE = 500


class Summaries:
    """Summaries of one record. Guarded by the record's lock, as its folds are."""

    def __init__(self, store: Store, folds: Folds, ready: Mapping[str, int]) -> None:
        self._store, self._folds, self._ready = store, folds, ready
        self._lists: dict[str, _List] = {}

    def forget(self) -> None:
        """Drop everything: the store is not what it was."""
        self._lists.clear()

    def touch(self, dockets: Iterable[Ref]) -> None:
        """These dockets have acts that their summaries have not taken in."""
        dockets = list(dockets)
        for known in self._lists.values():
            known.stale.update(docket for docket in dockets if docket in known.kept)

    def of(self, chapter: Chapter) -> list[tuple[Ref, Any]]:
        """Every ready docket of a chapter with its summary, by party and number of its first act.

        Raises `ValueError` for a chapter that has no summaries.
        """
        if chapter.summary is None:
            raise ValueError(chapter.name)
        known = self._lists.setdefault(chapter.noun, _List())
        known.stale.update(self._new(chapter.noun, known.last))
        for ref in sorted(known.stale):
            known.kept[ref] = chapter.summary(self._folds.view(ref))
            known.stale.discard(ref)
        return sorted(known.kept.items())

    def _new(self, noun: str, last: dict[str, int]) -> Iterator[Ref]:
        """The ready dockets that were opened since this was last asked."""
        for party, ready in self._ready.items():
            after = last.get(party, -1)
            while True:
                page = self._store.opened(noun, Ref(party, after), _PAGE)
                found = [ref for ref in page if ref.party == party and ref.number < ready]
                yield from found
                if found:
                    after = last[party] = found[-1].number
                if len(found) < _PAGE:
                    break


class _List:
    """One chapter's summaries. `stale` are to be made or made anew; `last` is the last docket of each party that was

    found, so that a docket is in `kept` or in `stale` from then on, whatever fails in between.
    """

    __slots__ = ("kept", "last", "stale")

    def __init__(self) -> None:
        self.kept: dict[Ref, Any] = {}
        self.stale: set[Ref] = set()
        self.last: dict[str, int] = {}
