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
        self._kept: dict[str, dict[Ref, Any]] = {}
        self._last: dict[str, dict[str, int]] = {}
        self._stale: set[Ref] = set()

    def forget(self) -> None:
        """Drop everything: the store is not what it was."""
        self._kept.clear()
        self._last.clear()
        self._stale.clear()

    def touch(self, dockets: Iterable[Ref]) -> None:
        """These dockets have acts that their summaries have not taken in."""
        for kept in self._kept.values():
            self._stale.update(docket for docket in dockets if docket in kept)

    def of(self, chapter: Chapter) -> list[tuple[Ref, Any]]:
        """Every ready docket of a chapter with its summary, by party and number of its first act.

        Raises `ValueError` for a chapter that has no summaries.
        """
        if chapter.summary is None:
            raise ValueError(chapter.name)
        kept = self._kept.setdefault(chapter.noun, {})
        for ref in (*self._new(chapter.noun), *(ref for ref in self._stale if ref in kept)):
            kept[ref] = chapter.summary(self._folds.view(ref))
            self._stale.discard(ref)
        return sorted(kept.items())

    def _new(self, noun: str) -> Iterator[Ref]:
        """The ready dockets that were opened since this was last asked."""
        last = self._last.setdefault(noun, {})
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
