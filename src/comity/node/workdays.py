"""Days on which all parties are at work, counted by the calendars that the `holidays` package has for their countries.

    deadline(date(2024, 6, 12), 3, ("IRQ", "TUR"))
    Deadline(on=2024-06-25, estimated=False, skipped=(2024-06-14 IRQ weekend, 2024-06-15 IRQ weekend, ...))

Türkiye rests on Saturday and Sunday, Iraq on Friday and Saturday: together they work from Monday to Thursday. A day on
which a party closes at one o'clock (the eve of a feast in Türkiye, and 28 October) is no whole working day and is not
counted. Feasts that follow the moon are *estimates* where the package has no confirmed date: Iraq announces each by
sight, and the package confirms it afterwards; Türkiye's are computed years ahead, and confirmed as far as that reaches.

A government may close its offices by announcement, or open them on a Saturday (Iraq's Law 12 of 2024 gives it seven
days a year). No package knows those in advance: whoever counts says them (`Announced`).

Rules and folds never use this, since two nodes may have different versions of the package. A date is counted before an
act is said, and what is said and agreed is the date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import holidays
from holidays import HALF_DAY, PUBLIC, HolidayBase
from holidays.utils import list_supported_countries

from comity.core.act import Names
from comity.core.errors import Refused

__all__ = [
    "FIRST",
    "LAST",
    "MOST",
    "NONE",
    "Announced",
    "Calendar",
    "Closed",
    "Deadline",
    "Holiday",
    "calendar",
    "closed",
    "deadline",
    "following",
    "is_working",
    "joint_working_days",
    "next_joint_working_day",
]

FIRST, LAST = 1990, 2076
"""The years that can be counted in: before, the law was another; after, the tables of the moon end."""

MOST = 1000
"""The most working days that can be counted: four years of them."""

Why = Literal["weekend", "holiday", "half_day", "announced"]
_DAY = timedelta(days=1)

# What the package keeps of Iraq's Law 110 of 1972 until Law 12 of 2024, and what the Governing Council had
# abolished on 13 July 2003: the days of the coups of 1963 and 1968. No feast fell on one of them in those years.
_ABOLISHED: Mapping[str, tuple[tuple[int, int, int], ...]] = {"IRQ": ((2004, 2, 8), (2004, 7, 17))}


class Holiday(NamedTuple):
    """A day off in one country. `moving`: a feast falls on it that may come a day earlier or later.

    `estimated`: it is a day off by such a feast alone.
    """

    on: date
    names: Names
    moving: bool
    estimated: bool
    half: bool


class Calendar(NamedTuple):
    """A country's year: the days of the week on which it rests (0 is Monday), and its holidays, in order."""

    party: str
    year: int
    weekend: tuple[int, ...]
    holidays: tuple[Holiday, ...]


class Closed(NamedTuple):
    """Why a party does not work on a day. `names` are the holiday's."""

    on: date
    party: str
    why: Why
    names: Names
    estimated: bool = False


class Announced(NamedTuple):
    """What governments have announced: (party, day) pairs on which it is closed, or works all the same."""

    closed: frozenset[tuple[str, date]] = frozenset()
    worked: frozenset[tuple[str, date]] = frozenset()


class Deadline(NamedTuple):
    """The last day of a count. `skipped` are the days that did not count, once for each party that was closed.

    `estimated`: a feast whose date is an estimate could, if it came a day earlier or later, move this day.
    """

    on: date
    estimated: bool
    skipped: tuple[Closed, ...]


NONE = Announced()


def calendar(party: str, year: int) -> Calendar:
    """The calendar of a party's country. Raises `Refused` for a party that is none, and for years unknown."""
    return _calendar(party, _known_year(year))


def _known_year(year: int) -> int:
    if not FIRST <= year <= LAST:
        raise Refused("calendar_year", year=year, first=FIRST, last=LAST)
    return year


@lru_cache(maxsize=256)
def _calendar(party: str, year: int) -> Calendar:
    if party not in _countries():
        raise Refused("calendar_none", party=party)
    plain = _loaded(party, year, PUBLIC)
    abolished = {date(year, month, day) for since, month, day in _ABOLISHED.get(party, ()) if year >= since}
    found = [_holiday(party, year, PUBLIC, on) for on in sorted(plain) if on not in abolished]
    if HALF_DAY in plain.supported_categories:
        whole = {holiday.on for holiday in found}
        halves = (on for on in sorted(_loaded(party, year, HALF_DAY)) if on not in whole)
        found += [_holiday(party, year, HALF_DAY, on) for on in halves]
    return Calendar(party, year, tuple(sorted(plain.weekend)), tuple(sorted(found, key=lambda h: h.on)))


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """The ISO 3166 alpha-3 codes that the package knows."""
    return frozenset(code for code in list_supported_countries(include_aliases=True) if len(code) == 3)


@lru_cache(maxsize=256)
def _loaded(party: str, year: int, category: str, language: str = "", *, marked: bool = True) -> HolidayBase:
    """The package's holidays of one year. `marked`: estimates say so in their names, in whichever language."""
    options: dict[str, Any] = {"years": year, "categories": category, "expand": False}
    if language:
        options["language"] = language
    made = holidays.country_holidays(party, **options)
    if not marked and "islamic_show_estimated" in made.get_supported_options():
        made = holidays.country_holidays(party, **options, islamic_show_estimated=False)
    return made


def _holiday(party: str, year: int, category: str, on: date) -> Holiday:
    """A day off. The package marks estimates in their names: they are the names that change without the mark."""
    marked = set(_loaded(party, year, category).get_list(on))
    plain = set(_loaded(party, year, category, marked=False).get_list(on))
    names = _names(party, year, category, on)
    return Holiday(on, names, marked != plain, not marked & plain, category == HALF_DAY)


def _names(party: str, year: int, category: str, on: date) -> Names:
    """Its names, in those of our languages that the package has for the country, and else in its own."""
    known = _loaded(party, year, category)
    found: Names = {}
    for tag in known.supported_languages:
        if tag[:2] in ("en", "tr", "ar") and tag[:2] not in found:
            found[tag[:2]] = "; ".join(_loaded(party, year, category, tag, marked=False).get_list(on))
    return found or {known.default_language or "en": "; ".join(known.get_list(on))}


# ------------------------------------------------------------------------------------------ one day


def closed(on: date, party: str, said: Announced = NONE) -> Closed | None:
    """Why the party does not work on that day, or None where it does. An announcement goes before the calendar."""
    if (party, on) in said.worked:
        return None
    if (party, on) in said.closed:
        return Closed(on, party, "announced", {})
    year = calendar(party, on.year)
    if on.weekday() in year.weekend:
        return Closed(on, party, "weekend", {})
    found = _on(on, party)
    if found is None:
        return None
    return Closed(on, party, "half_day" if found.half else "holiday", found.names, found.estimated)


def _on(on: date, party: str) -> Holiday | None:
    return next((holiday for holiday in calendar(party, on.year).holidays if holiday.on == on), None)


def is_working(on: date, parties: Sequence[str], said: Announced = NONE) -> bool:
    """Whether all of these parties work on that day, all of it."""
    return not _closures(on, parties, said)


def _closures(on: date, parties: Sequence[str], said: Announced) -> list[Closed]:
    return [shut for party in parties if (shut := closed(on, party, said)) is not None]


def _doubtful(on: date, parties: Sequence[str], said: Announced) -> bool:
    """Whether it depends on the moon if the parties work that day: it lies at the edge of an estimated feast,

    and nothing else closes it for sure.
    """
    shut = _closures(on, parties, said)
    return all(one.estimated for one in shut) and any(
        _at_an_edge(on, party) for party in parties if (party, on) not in said.worked
    )


def _at_an_edge(on: date, party: str) -> bool:
    """A feast that moves by a day takes its first and last days with it, and not those within."""
    moves = [_moves(on + _DAY * by, party) for by in (-1, 0, 1)]
    return any(moves) and not all(moves)


def _moves(on: date, party: str) -> bool:
    found = _on(on, party) if FIRST <= on.year <= LAST else None
    return found is not None and found.moving


# --------------------------------------------------------------------------------------- several days


def joint_working_days(start: date, end: date, parties: Sequence[str], said: Announced = NONE) -> list[date]:
    """The days from `start` to `end`, both among them, on which all work."""
    _required(parties)
    days = (_in_range(start) + _DAY * count for count in range((end - start).days + 1))
    return [day for day in days if is_working(day, parties, said)]


def next_joint_working_day(on: date, parties: Sequence[str], said: Announced = NONE) -> date:
    """That day, if all work on it, or else the next one on which they do."""
    return following(on, parties, said).on


def following(on: date, parties: Sequence[str], said: Announced = NONE) -> Deadline:
    """The same, with the days that were skipped to reach it."""
    _required(parties)
    skipped, estimated = list[Closed](), _doubtful(_in_range(on), parties, said)
    while shut := _closures(on, parties, said):
        skipped += shut
        on += _DAY
        estimated = estimated or _doubtful(on, parties, said)
    return Deadline(on, estimated, tuple(skipped))


def deadline(start: date, days: int, parties: Sequence[str], said: Announced = NONE) -> Deadline:
    """The last of so many joint working days. The day from which is counted is not one of them.

    Raises `Refused` for a party without a calendar, a year without one, and a count of none or too many.
    """
    _required(parties)
    if not 1 <= days <= MOST:
        raise Refused("workdays_count", days=days, most=MOST)
    day, skipped, estimated = _in_range(start), list[Closed](), False
    while days:
        day += _DAY
        shut = _closures(day, parties, said)
        estimated = estimated or _doubtful(day, parties, said)
        skipped += shut
        days -= not shut
    return Deadline(day, estimated, tuple(skipped))


def _in_range(day: date) -> date:
    """The day, if there is a calendar of its year."""
    _known_year(day.year)
    return day


def _required(parties: Sequence[str]) -> None:
    """Without a party every day would be a working day."""
    if not parties:
        raise Refused("calendar_none", party="—")
