"""The final clauses, computed: entry into force, duration, tacit renewal, notices, replies.

How days are counted follows the European Convention on the Calculation of Time-Limits (ETS 76): the day of
the event is not counted (art. 3), and a period in months or years ends on the day of the same number, or on
the last day of the month where there is none (art. 4(2)): one month after 31 January is 28 or 29 February.
Periods are always counted from entry into force itself, never from an earlier shortened end, so five years
after 29 February and one more year are six years after 29 February.

An instrument in force from 1 February 1984 for five years binds through 31 January 1989: its end is the
first day on which it no longer binds, 1 February 1989, and six months' notice must be received by 1 August
1988.

    >>> entry_date(Entry(after="notifications", month=2), [], [date(1983, 11, 20), date(1983, 12, 15)])
    datetime.date(1984, 2, 1)

Dates beyond year 9999 stop at its last day; nothing here raises.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import assert_never

from comity.chapters.instruments.text import Entry, Final, Notice

__all__ = ["add_days", "add_months", "entry_date", "latest_notice", "notice_end", "periods"]


def add_months(day: date, months: int) -> date:
    """The day of the same number so many months later (earlier if negative), or the last of that month (ETS
    76 art. 4(2))."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """So many days later; the first day is not counted (ETS 76 art. 3(1))."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def first_of_month(day: date, months: int) -> date:
    """The first day of the so-manieth month following the month of `day`."""
    return add_months(day.replace(day=1), months)


def entry_date(rule: Entry, signed: Sequence[date], notified: Sequence[date]) -> date | None:
    """When a text enters into force, given the day of every party's signature and notification; None if not
    by these."""
    match rule.after:
        case "signature":
            basis = max(signed, default=None)
        case "notifications":
            basis = max([*signed, *notified]) if notified else None
        case "day":
            basis = max([rule.day, *signed]) if rule.day else None
        case _:
            assert_never(rule.after)
    if basis is None:
        return None
    later = add_days(basis, rule.days)
    return first_of_month(later, rule.month) if rule.month else later


def periods(since: date, final: Final) -> Iterator[date]:
    """The end of each period, the first day after it: one without tacit renewal, none if the duration is
    unlimited."""
    if not final.duration:
        return
    months = final.duration
    end = add_months(since, months)
    yield end
    while final.renewal and end < date.max:
        months += final.renewal
        end = add_months(since, months)
        yield end


def latest_notice(end: date, notice: Notice) -> date:
    """The last day on which a notice against the period that ends then can be received."""
    return add_days(add_months(end, -notice.months), -notice.days)


def notice_end(since: date, final: Final, notice: Notice, given: date) -> date | None:
    """The first day on which the instrument no longer binds, by a notice received on `given`.

    A notice that is too late for the running period ends the next one. None where no period ends.
    """
    if notice.at == "any_time":
        return max(since, add_days(add_months(given, notice.months), notice.days))
    return next((end for end in periods(since, final) if given <= latest_notice(end, notice)), None)


def expiry(since: date, final: Final) -> date | None:
    """The first day after an instrument that is not renewed; None if it is unlimited or tacitly renewed."""
    return None if final.renewal else next(periods(since, final), None)
