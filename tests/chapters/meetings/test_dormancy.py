"""How long a body has been silent, without a clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.meetings.dormancy import Overdue, months_later, overdue, silent_since, whole_months

# Only the months of the first meetings were reported; the days are made up.
HELD = [date(2019, 1, 15), date(2023, 12, 19), date(2024, 3, 14), date(2024, 8, 15)]
SINCE = date(2018, 6, 1)

SILENT = [
    (date(2019, 1, 14), None),
    (date(2019, 1, 15), date(2019, 1, 15)),
    (date(2023, 12, 18), date(2019, 1, 15)),
    (date(2024, 8, 14), date(2024, 3, 14)),
    (date(2030, 1, 1), date(2024, 8, 15)),
]


@pytest.mark.parametrize(("on", "last"), SILENT)
def test_silent_since_is_the_last_meeting_up_to_that_day(on: date, last: date | None) -> None:
    assert silent_since(on, HELD) == last
    assert silent_since(on, HELD[::-1]) == last


OVERDUE = [
    # on, held, every, since -> overdue, due, months
    (date(2018, 12, 1), [], 6, SINCE, False, date(2018, 12, 1), 6),
    (date(2018, 12, 2), [], 6, SINCE, True, date(2018, 12, 1), 6),
    (date(2020, 1, 15), HELD, 12, SINCE, False, date(2020, 1, 15), 12),
    (date(2020, 1, 16), HELD, 12, SINCE, True, date(2020, 1, 15), 12),
    (date(2023, 12, 18), HELD, 12, SINCE, True, date(2020, 1, 15), 59),
    (date(2023, 12, 19), HELD, 12, SINCE, False, date(2024, 12, 19), 0),
    (date(2024, 8, 14), HELD, 6, SINCE, False, date(2024, 9, 14), 5),
    (date(2025, 2, 16), HELD, 6, SINCE, True, date(2025, 2, 15), 6),
    # A body that met before its mandate entered into force counts from that meeting.
    (date(2019, 6, 1), [date(2018, 1, 31)], 12, SINCE, True, date(2019, 1, 31), 16),
    # Not known, which is not the same as not overdue.
    (date(2025, 2, 16), HELD, 0, SINCE, None, None, 6),
    (date(2025, 2, 16), [], 6, None, None, None, None),
    (date(2025, 2, 16), HELD, 6, None, None, None, 6),
    (date(2018, 5, 1), [], 6, SINCE, False, date(2018, 12, 1), None),
]


@pytest.mark.parametrize(("on", "held", "every", "since", "late", "due", "months"), OVERDUE)
def test_no_meeting_for_so_many_months_though_the_mandate_says_every_so_many(
    on, held, every, since, late, due, months
) -> None:
    assert overdue(on, held, every, since) == Overdue(late, silent_since(on, held), due, months, every)


MONTHS = [
    (date(2024, 1, 31), 1, date(2024, 2, 29)),
    (date(2023, 1, 31), 1, date(2023, 2, 28)),
    (date(2023, 12, 31), 2, date(2024, 2, 29)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2024, 8, 15), 6, date(2025, 2, 15)),
    (date(2024, 8, 15), 0, date(2024, 8, 15)),
]


@pytest.mark.parametrize(("day", "months", "later"), MONTHS)
def test_some_months_later_is_the_same_day_or_the_month_s_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 6000))
def test_whole_months_never_count_a_month_that_is_not_over(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    months = whole_months(start, end)
    assert months_later(start, months) <= end < months_later(start, months + 1)
