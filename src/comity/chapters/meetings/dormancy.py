"""How long a body has been silent. These look across its meetings, so they take days and no view.

    held = [date(2019, 1, 15)]
    overdue(date(2023, 6, 1), held, every_months=12, since=date(2018, 1, 1))
    -> Overdue(overdue=True, last=2019-01-15, due=2020-01-15, months=52, every_months=12)

Whoever holds all meetings of the body collects the days with `held_dates` of each.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

import msgspec

__all__ = ["Overdue", "months_later", "overdue", "silent_since", "whole_months"]


class Overdue(msgspec.Struct, frozen=True):
    """No meeting for `months` months, though the mandate says every `every_months`.

    `overdue` is None where that cannot be said: the mandate names no interval, or was never in force.
    `last` is the last meeting (None: never met), `due` the last day on which the next one is in time.
    """

    overdue: bool | None
    last: date | None
    due: date | None
    months: int | None
    every_months: int


def silent_since(on: date, held_dates: Iterable[date]) -> date | None:
    """The day of the last meeting up to `on`, or None if the body had not met."""
    return max((held for held in held_dates if held <= on), default=None)


def overdue(on: date, held_dates: Iterable[date], every_months: int, since: date | None) -> Overdue:
    """Whether the body should have met by `on`. Its mandate is in force since `since` (None: not yet)."""
    last = silent_since(on, held_dates)
    begun = last if last is not None else since
    months = whole_months(begun, on) if begun is not None and begun <= on else None
    if every_months < 1 or since is None or begun is None:
        return Overdue(None, last, None, months, every_months)
    due = months_later(begun, every_months)
    return Overdue(due < on, last, due, months, every_months)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last: 31 January and one month is 28 February.

    Beyond the year 9999 it is the last day that there is.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def whole_months(start: date, end: date) -> int:
    """How many whole months lie between two days, `start` first."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_later(start, months) <= end else months - 1
