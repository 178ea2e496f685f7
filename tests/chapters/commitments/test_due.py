"""Periods that can be counted without a table of holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.commitments.acts import Basis
from comity.chapters.commitments.due import counted, earliest

MONTHS = [
    (date(2025, 1, 31), 1, date(2025, 2, 28)),
    (date(2024, 1, 31), 1, date(2024, 2, 29)),
    (date(2024, 12, 31), 2, date(2025, 2, 28)),
    (date(2024, 8, 15), 6, date(2025, 2, 15)),
    (date(2024, 11, 30), 13, date(2025, 12, 30)),
    (date(9999, 11, 30), 2, date.max),
]


@pytest.mark.parametrize(("start", "count", "end"), MONTHS)
def test_months_end_on_the_same_day_or_the_month_s_last(start: date, count: int, end: date) -> None:
    assert counted(Basis(start, count, "months")) == end


def test_days_are_counted_from_the_day_after() -> None:
    assert counted(Basis(date(2024, 2, 28), 2, "days")) == date(2024, 3, 1)


def test_days_never_go_beyond_the_last_day_that_there_is() -> None:
    assert counted(Basis(date(9999, 12, 30), 36_600, "days")) == date.max


def test_what_depends_on_a_calendar_is_not_counted_here() -> None:
    """Seen to fail when working days are taken for days."""
    assert counted(Basis(date(2025, 3, 3), 5, "working_days", ("TUR",))) is None
    assert counted(Basis(date(2025, 3, 3), 5, "days", ("TUR",))) is None
    assert earliest(Basis(date(2025, 3, 3), 5, "working_days", ("TUR",))) == date(2025, 3, 8)


@given(st.dates(), st.integers(1, 36_600), st.sampled_from(["days", "working_days", "months"]))
def test_no_period_raises_or_ends_before_it_begins(start: date, count: int, unit: str) -> None:
    end = earliest(Basis(start, count, unit))
    assert start < end or end == date.max
    if unit != "months" and end < date.max:
        assert end - start == timedelta(days=count)
