"""Dates that final clauses compute, checked against tables worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.instruments import clauses
from comity.chapters.instruments.text import Entry, Final, Notice

D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-08-31", -6, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
        ("9999-12-31", 1, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ],
)
def test_months_end_on_the_day_of_the_same_number_or_the_last_of_the_month(
    day: str, months: int, result: str
) -> None:
    """ETS 76 art. 4(2). Seen to fail when 31 January plus a month is rolled over into March."""
    assert clauses.add_months(D(day), months) == D(result)


@pytest.mark.parametrize(
    ("rule", "signed", "notified", "result"),
    [
        (Entry(), ["2024-08-15", "2024-08-20"], [], "2024-08-20"),
        (Entry(days=30), ["2024-08-15"], [], "2024-09-14"),
        (Entry(after="notifications"), ["2024-08-15"], ["2024-09-01", "2024-09-10"], "2024-09-10"),
        (Entry(after="notifications", days=30), [], ["2024-09-10", "2024-09-01"], "2024-10-10"),
        (Entry(after="notifications", month=2), [], ["1983-12-15", "1983-11-20"], "1984-02-01"),
        (Entry(after="notifications", month=2), [], ["1983-12-01", "1983-12-31"], "1984-02-01"),
        (Entry(after="notifications", month=1), [], ["2024-12-31"], "2025-01-01"),
        (Entry(after="notifications", month=3), [], ["2024-11-30"], "2025-02-01"),
        (Entry(after="day", day=D("2025-01-01")), ["2024-08-15"], [], "2025-01-01"),
        (Entry(after="day", day=D("2024-01-01")), ["2024-08-15"], [], "2024-08-15"),
    ],
)
def test_entry_into_force(rule: Entry, signed: list[str], notified: list[str], result: str) -> None:
    """Seen to fail when the first notification counts instead of the last."""
    assert clauses.entry_date(rule, [D(day) for day in signed], [D(day) for day in notified]) == D(result)


def test_without_its_conditions_a_text_has_no_entry_into_force() -> None:
    assert clauses.entry_date(Entry(), [], []) is None
    assert clauses.entry_date(Entry(after="notifications"), [D("2024-08-15")], []) is None
    assert clauses.entry_date(Entry(after="day"), [D("2024-08-15")], []) is None


NL_IRAQ = Final(
    entry=Entry(after="notifications", month=2),
    duration=60,
    renewal=12,
    denunciation=Notice(months=6, at="end_of_period"),
    refusal=Notice(months=6, at="end_of_period"),
    reply_days=90,
)
"""Articles 10 and 11 of the Netherlands-Iraq agreement of 31 October 1983, as data."""


def test_the_periods_of_the_agreement_of_1983_are_five_years_and_then_one_each() -> None:
    ends = islice(clauses.periods(D("1984-02-01"), NL_IRAQ), 4)
    assert list(ends) == [D("1989-02-01"), D("1990-02-01"), D("1991-02-01"), D("1992-02-01")]


@pytest.mark.parametrize(
    ("given_on", "ends_on"),
    [
        ("1984-03-01", "1989-02-01"),
        ("1988-08-01", "1989-02-01"),
        ("1988-08-02", "1990-02-01"),
        ("1989-07-31", "1990-02-01"),
        ("1989-08-02", "1991-02-01"),
    ],
)
def test_notice_in_time_ends_the_running_period_and_late_notice_the_next(given_on: str, ends_on: str) -> None:
    """Article 10(2): at least six months before the period expires. Seen to fail with one day more or less."""
    notice = NL_IRAQ.denunciation
    assert notice is not None
    assert clauses.notice_end(D("1984-02-01"), NL_IRAQ, notice, D(given_on)) == D(ends_on)


def test_notice_at_any_time_counts_from_its_receipt() -> None:
    """Article 21(2) of the Netherlands-Türkiye agreement of 2005: three months from the notification."""
    notice = Notice(months=3)
    assert clauses.notice_end(D("2007-01-01"), Final(), notice, D("2024-11-30")) == D("2025-02-28")
    assert clauses.notice_end(D("2025-06-01"), Final(), notice, D("2024-11-30")) == D("2025-06-01")


def test_the_reply_to_an_amendment_is_due_after_ninety_days() -> None:
    assert clauses.add_days(D("1985-01-10"), NL_IRAQ.reply_days) == D("1985-04-10")


def test_periods_are_counted_from_entry_into_force_and_not_from_a_shortened_end() -> None:
    ends = islice(clauses.periods(D("2024-02-29"), Final(duration=12, renewal=12)), 4)
    assert list(ends) == [D("2025-02-28"), D("2026-02-28"), D("2027-02-28"), D("2028-02-29")]


def test_an_instrument_without_duration_has_no_periods_and_one_without_renewal_expires() -> None:
    assert list(clauses.periods(D("2024-01-01"), Final())) == []
    assert clauses.expiry(D("2024-01-01"), Final(duration=60)) == D("2029-01-01")
    assert clauses.expiry(D("2024-01-01"), Final(duration=60, renewal=12)) is None
    assert clauses.notice_end(D("2024-01-01"), Final(), Notice(at="end_of_period"), D("2024-01-01")) is None


@given(st.dates(), st.integers(-2000, 2000), st.integers(-40000, 40000))
def test_no_date_raises_and_later_days_never_come_out_earlier(day: date, months: int, days: int) -> None:
    moved = clauses.add_months(day, months)
    after = clauses.add_months(min(day, date(9999, 12, 30)) + timedelta(1), months)
    assert moved <= after
    assert (moved >= day) == (months >= 0) or moved == day
    clauses.add_days(day, days)
    clauses.entry_date(Entry(after="notifications", days=36600, month=24), [], [day])
    clauses.latest_notice(day, Notice(months=1200, days=36600))
