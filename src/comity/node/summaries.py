"""What lists and overviews need of every docket of a chapter, kept in memory and renewed only where acts came in.

    for ref, summary in record.summaries.of(chapter):            # one `chapter.summary(view)` for each ready docket
    for ref, summary in record.summaries.at(chapter, cut):       # the same, as of fewer acts

A summary has no day in it: whoever asks applies the day. Folding five thousand dockets anew for each question would
take seconds; this folds those that changed. For the next process they are put away with the record (`shelf`,
`Ledger.put_away`); of those nothing is shown but where the docket has no act since.

    record.summaries.viewed("waits_for", chapter, on, lambda view: asked(view, on))

does the same in memory alone for what depends on a day, and for chapters that have no summaries.

    record.summaries.gathered(chapter, Steps)

is told of each summary once, and again when it is another: what it finds by other keys than a docket is never sought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from heapq import nsmallest
from typing import Any, Protocol, TypeVar

from comity.core.act import Cut, Ref
from comity.core.chapter import Chapter, View
from comity.node import shelf
from comity.node.folds import Folds
from comity.node.shelf import Kept
from comity.storage.port import Store

__all__ = ["Gathering", "Summaries"]

T = TypeVar("T")

_PAGE = 500
_WORTH = 64
"""How many dockets must have been folded anew before it is worth writing all of them down."""


class Gathering(Protocol):
    """What is gathered from all summaries of a chapter."""

    def take(self, docket: Ref, summary: Any) -> None:
        """This is the docket's summary now, in the place of the one that was taken before, if one was."""


G = TypeVar("G", bound=Gathering)


class Summaries:
    """Summaries of one record. Guarded by the record's lock, as its folds are."""

    def __init__(self, store: Store, folds: Folds, ready: Mapping[str, int]) -> None:
        self._store, self._folds, self._ready = store, folds, ready
        self._lists: dict[str, _List] = {}
        self._answers: dict[tuple[str, str], _Answers] = {}
        self._room: int | None = None

    def forget(self) -> None:
        """Drop everything: the store is not what it was."""
        self._lists.clear()
        self._answers.clear()

    def touch(self, dockets: Iterable[Ref]) -> None:
        """These dockets have acts that their summaries have not taken in."""
        dockets = list(dockets)
        for known in self._lists.values():
            known.stale.update(docket for docket in dockets if docket in known.kept)
        for answers in self._answers.values():
            answers.stale.update(docket for docket in dockets if docket in answers.found)

    def of(self, chapter: Chapter) -> list[tuple[Ref, Any]]:
        """Every ready docket of a chapter with its summary, by party and number of its first act.

        Raises `ValueError` for a chapter that has no summaries.
        """
        known = self._renewed(chapter)
        return [(ref, known.kept[ref].summary) for ref in known.order]

    def asked(self, chapter: Chapter, on: date, make: Callable[[Any, date], T]) -> list[tuple[Ref, Any, T]]:
        """Every docket's summary with what `make` makes of it on a day.

        Kept for what was asked last, so that asking again costs only what changed in between.
        """
        known = self._renewed(chapter)
        if known.asked != (on, make):
            known.asked, known.made = (on, make), {}
        found, kept, made = [], known.kept, known.made
        for ref in known.order:
            before, now = made.get(ref), kept[ref]
            if before is None or before[0] is not now:
                before = made[ref] = (now, (ref, now.summary, make(now.summary, on)))
            found.append(before[1])
        return found

    def gathered(self, chapter: Chapter, kind: type[G]) -> G:
        """What `kind()` has taken of every ready docket's summary, kept: asking again costs what changed since."""
        known = self._renewed(chapter)
        found = known.gathered.get(kind)
        if found is None:
            found = kind()
            for ref in known.order:
                found.take(ref, known.kept[ref].summary)
            known.gathered[kind] = found
        return found

    def viewed(
        self, name: str, chapter: Chapter, on: date | None, make: Callable[[View], T]
    ) -> list[tuple[Ref, T]]:
        """What `make(view)` makes of every ready docket of a chapter, by party and number of its first act.

        Kept under `name` for the day asked last: asking again folds only what changed in between, another day all.
        `make` looks at nothing but the view and that day (None: at no day), and does the same for a name always.
        """
        known = self._answers.setdefault((name, chapter.noun), _Answers(on))
        if known.on != on:
            known.on = on
            known.stale.update(known.found)
        known.stale.update(self._new(chapter.noun, known.last))
        many = len(known.stale) > _WORTH
        for ref in self._in_turn(known.stale):
            self._fold_one_more()
            fold = self._folds.once(ref) if many else self._folds.fold(ref)
            known.found[ref] = make(fold.at(self._ready))
            known.stale.discard(ref)
        if len(known.order) != len(known.found):
            known.order = sorted(known.found)
        return [(ref, known.found[ref]) for ref in known.order]

    def at(
        self, chapter: Chapter, cut: Cut, where: Callable[[Any], bool] = lambda _: True
    ) -> list[tuple[Ref, Any]]:
        """The same as of a cut, where `where` holds of a docket's summary as it is now.

        Only dockets that have acts beyond the cut are folded for it.
        """
        found, known = [], self._renewed(chapter)
        for ref in known.order:
            kept = known.kept[ref]
            if ref.number < cut.get(ref.party, 0) and where(kept.summary):
                within = all(reach <= cut.get(party, 0) for party, reach in kept.reach.items())
                found.append(
                    (ref, kept.summary if within else shelf.made(self._folds, chapter, ref, cut).summary)
                )
        return found

    def in_part(self, most: int, ask: Callable[[], object]) -> bool:
        """Ask something for which at most so many dockets are folded anew. Returns whether those were enough.

        What was folded is kept: who asks again, after others had their turn, comes further each time.
        """
        self._room = most
        try:
            ask()
        except _Enough:
            return False
        finally:
            self._room = None
        return True

    def _in_turn(self, stale: set[Ref]) -> list[Ref]:
        """What is to be folded, in order; no more of it than there is room for, with the one that is too many.

        To sort ten thousand would take longer than to fold the few that a step has room for.
        """
        return sorted(stale) if self._room is None else nsmallest(self._room + 1, stale)

    def _fold_one_more(self) -> None:
        if self._room is not None:
            if not self._room:
                raise _Enough
            self._room -= 1

    def _renewed(self, chapter: Chapter) -> _List:
        """The list of a chapter, whole and as of now."""
        if chapter.summary is None:
            raise ValueError(chapter.name)
        known = self._lists.get(chapter.noun)
        if known is None:
            known = self._lists[chapter.noun] = self._taken(chapter)
        known.stale.update(self._new(chapter.noun, known.last))
        many = len(known.stale) > _WORTH
        for ref in self._in_turn(known.stale):
            self._fold_one_more()
            known.kept[ref] = shelf.made(self._folds, chapter, ref, self._ready, once=many)
            for gathering in known.gathered.values():
                gathering.take(ref, known.kept[ref].summary)
            known.stale.discard(ref)
            known.fresh += 1
        known.cut = dict(self._ready)
        if len(known.order) != len(known.kept):
            known.order = sorted(known.kept)
        return known

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

    # ------------------------------------------------------------------------- for the next process

    def _taken(self, chapter: Chapter) -> _List:
        """What another process put away, without what has moved on since; nothing where there is nothing usable."""
        known = _List()
        put_away = shelf.take(self._store, chapter, self._ready)
        if put_away is not None:
            moved = shelf.moved(self._store, put_away.cut)
            known.kept = dict(put_away.kept)
            known.stale = {ref for ref in moved if ref in known.kept}
            known.last = {party: size - 1 for party, size in put_away.cut.items()}
        return known

    def to_keep(self) -> dict[str, bytes]:
        """What is worth being put away now: named values for the store, each as of when its list was last whole."""
        found = {}
        for noun, known in self._lists.items():
            chapter = self._folds.chapter_of(f"{noun}.")
            if known.fresh >= _WORTH and chapter is not None:
                known.fresh = 0
                found[shelf.name(chapter)] = shelf.encode(chapter, known.cut, known.kept)
        return found


class _Enough(Exception):
    """So many dockets were folded as `in_part` allows; it leaves this module never."""


class _List:
    """One chapter's summaries. `stale` are to be made or made anew; `last` is the last docket of each party that was

    found, so that a docket is in `kept` or in `stale` from then on, whatever fails in between. `cut` is the ready cut
    as of which all was last made; `fresh` counts what was made since it was put away. `made` is what was made of each
    for what was `asked` last: the day, and by what. `order` has the dockets in order, and never fewer. `gathered` have
    taken all that is in `kept`.
    """

    __slots__ = ("asked", "cut", "fresh", "gathered", "kept", "last", "made", "order", "stale")

    def __init__(self) -> None:
        self.cut: dict[str, int] = {}
        self.kept: dict[Ref, Kept] = {}
        self.stale: set[Ref] = set()
        self.last: dict[str, int] = {}
        self.fresh = 0
        self.order: list[Ref] = []
        self.asked: tuple[date, Any] | None = None
        self.made: dict[Ref, tuple[Kept, tuple[Ref, Any, Any]]] = {}
        self.gathered: dict[type[Any], Any] = {}


class _Answers:
    """What was made of each docket of one chapter for one day; `stale` is to be made or made anew, as in `_List`."""

    __slots__ = ("found", "last", "on", "order", "stale")

    def __init__(self, on: date | None) -> None:
        self.on = on
        self.found: dict[Ref, Any] = {}
        self.stale: set[Ref] = set()
        self.last: dict[str, int] = {}
        self.order: list[Ref] = []
