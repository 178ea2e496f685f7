"""What all parties have released to the public, and nothing else: the way from a record to a page without an account.

    for release in released(record, date(2024, 9, 1)): ...
    find(record, Ref("TUR", 40), on)     ->   Release("TUR/40", "TUR/4", "outcome", ...)

All that one of them shows is in `release`, the meetings among them in `calendar`.

What is shown of a release is fixed by the act that proposed it, and never changes while it is shown: `mark` names it,
and a page made of it may be kept for as long as the mark stays. An end counts from the moment that it is here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

import comity
from comity.core import canonical
from comity.core.act import Cut, Names, Ref, covers
from comity.core.errors import Refused
from comity.core.fold import Fold
from comity.node import standing
from comity.node.record import Record

__all__ = ["Entry", "Release", "entries", "find", "mark", "mark_of", "of_matter", "released", "title"]

_NOUN = "releases"


class Release(msgspec.Struct, frozen=True):
    """A release that is shown. `ref` is its docket, `matter` what it shows, `at` the cut as of which.

    `since` is the day of the last yes, `yes` each party's.
    """

    ref: str
    matter: str
    extent: str
    title: Names
    note: Names
    at: dict[str, int]
    since: date
    parties: tuple[str, ...]
    yes: dict[str, str]


class Entry(msgspec.Struct, frozen=True):
    """A release as lists show it: with the chapter of its matter, and a title."""

    release: Release
    chapter: str
    title: Names


# ----------------------------------------------------------------------------------- which are shown


class _Known(NamedTuple):
    """What was worked out last for a record, and of what: its ready cut, the receipts, the day."""

    asked: tuple[Cut, Mapping[str, Cut], date]
    shown: Mapping[str, Release]
    listed: tuple[Release, ...]


_known: WeakKeyDictionary[Record, _Known] = WeakKeyDictionary()
_keeping = Lock()


def _all(record: Record, on: date) -> _Known:
    """Every release that is shown on a day. Many ask between two changes, so it is worked out once."""
    with record.reading():
        held = standing.receipts(record)
        asked = (dict(record.ready), held, on)
        with _keeping:
            known = _known.get(record)
        if known is None or known.asked != asked:
            shown = _shown(record, on, held)
            known = _Known(asked, {one.ref: one for one in shown}, tuple(_listed(shown)))
            with _keeping:
                _known[record] = known
        return known


def _shown(record: Record, on: date, held: Mapping[str, Cut]) -> list[Release]:
    """Every release that is shown on a day, newest first."""
    chapter = record.chapters.get(_NOUN)
    found = []
    for _, told in record.summaries.of(chapter) if chapter is not None else ():
        if told["matter"] is None or told["standing"] != "released":
            continue
        if date.fromisoformat(told["since"]) <= on and _settled(told["yes"], held):
            found.append(_release(told))
    return sorted(found, key=_order, reverse=True)


def _order(one: Release) -> tuple[date, Ref]:
    return one.since, Ref.parse(one.ref)


def _settled(yes: Mapping[str, str], held: Mapping[str, Cut]) -> bool:
    """Whether every party's receipt covers the others' yeses: each knows of itself that all have said yes."""
    said = [Ref.parse(ref) for ref in yes.values()]
    return all(
        receipt.get(ref.party, 0) > ref.number
        for ref in said
        for party, receipt in held.items()
        if party != ref.party
    )


def _release(told: Mapping[str, Any]) -> Release:
    return Release(
        told["docket"],
        told["matter"],
        told["extent"],
        told["title"],
        told["note"],
        told["at"],
        date.fromisoformat(told["since"]),
        tuple(told["parties"]),
        told["yes"],
    )


def released(record: Record, on: date) -> Sequence[Release]:
    """What is released on a day, newest first, without what a later release of the same matter shows as well."""
    return _all(record, on).listed


def _listed(shown: Sequence[Release]) -> Iterator[Release]:
    by_matter: dict[str, list[Release]] = {}
    for one in shown:
        by_matter.setdefault(one.matter, []).append(one)
    for one in shown:
        if not any(_instead(other, one) for other in by_matter[one.matter]):
            yield one


def _instead(other: Release, one: Release) -> bool:
    """Whether another release of the same matter takes the place of one: it shows more, or the same and is newer."""
    return _shows(other, one) and (_order(other) > _order(one) or not _shows(one, other))


def _shows(other: Release, one: Release) -> bool:
    """Whether all that one release shows is in the other."""
    return (other.extent == "record" or one.extent == "outcome") and covers(other.at, one.at)


def of_matter(record: Record, matter: Ref, on: date) -> Release | None:
    """The newest release of a matter that is shown on a day; None where there is none."""
    return next((one for one in released(record, on) if one.matter == str(matter)), None)


def entries(record: Record, several: Sequence[Release]) -> list[Entry]:
    """These releases with titles and chapters, for a page of a list. A matter of an unknown kind has its reference."""
    with record.reading():
        return [_entry(record, one) for one in several]


def _entry(record: Record, one: Release) -> Entry:
    try:
        fold = record.folds.fold(Ref.parse(one.matter))
    except Refused:
        return Entry(one, "", one.title or {"en": one.matter})
    return Entry(one, fold.chapter.name, title(fold, one))


def title(fold: Fold, one: Release) -> Names:
    """The title that was released, or else the matter's own as of the release's cut."""
    return one.title or dict(fold.chapter.title(fold.at(one.at)))


def mark(record: Record, several: Sequence[Release], *more: str) -> str:
    """A name for all that can be shown of these releases, in hex: what is made of them alone stays while it stays."""
    told = msgspec.json.encode(list(several), order="deterministic").decode()
    return mark_of(record.mechanism, told, *more)


def mark_of(*told: str) -> str:
    """A name for these texts in this order, in this version of the program."""
    return hashlib.sha256(canonical.encode([comity.__version__, *told])).hexdigest()[:32]


def find(record: Record, ref: Ref, on: date) -> Release:
    """The release of that docket, if it is shown on the day. Nothing is told of what is not."""
    found = _all(record, on).shown.get(str(ref))
    if found is None:
        raise Refused("not_public", ref=ref)
    return found
