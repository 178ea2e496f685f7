"""By when a commitment is due: counting again what can be counted without a table of holidays.

    counted(Basis(date(2025, 1, 31), 1, "months"))                    ->  2025-02-28
    counted(Basis(date(2025, 3, 3), 5, "working_days", ("TUR",)))     ->  None
    earliest(Basis(date(2025, 3, 3), 5, "working_days", ("TUR",)))    ->  2025-03-08, if none of the five is a day off

Which days are holidays nobody may look up here: two nodes may have different versions of that table, and would
judge the same act differently. The date is counted before the act is said, and the date is what is agreed.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from comity.chapters.commitments.acts import Basis

__all__ = ["counted", "earliest"]


def earliest(basis: Basis) -> date:
    """The first day on which a period counted so can end; `start` is not counted. No day is after the year 9999."""
    if basis.unit == "months":
        return _months_later(basis.start, basis.count)
    left = (date.max - basis.start).days
    return basis.start + timedelta(days=min(basis.count, left))


def counted(basis: Basis) -> date | None:
    """The day on which the period ends, or None where that depends on somebody's calendar."""
    return None if basis.calendars or basis.unit == "working_days" else earliest(basis)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))
