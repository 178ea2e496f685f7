"""Which days had begun somewhere, at both ends of time too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from comity.core.days import newest_day


@pytest.mark.parametrize(
    ("time", "day"),
    [
        (datetime(2024, 8, 15, 9, 59, 59, tzinfo=UTC), date(2024, 8, 15)),
        (datetime(2024, 8, 15, 10, 0, tzinfo=UTC), date(2024, 8, 16)),
        (datetime(2024, 8, 15, 23, 0, tzinfo=timezone(timedelta(hours=14))), date(2024, 8, 15)),
        (datetime(2024, 8, 15, 23, 0, tzinfo=timezone(timedelta(hours=-12))), date(2024, 8, 17)),
        (datetime(9999, 12, 31, 23, 0, tzinfo=UTC), date.max),
        (datetime(9999, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=-14))), date.max),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), date.max),
    ],
)
def test_a_day_has_begun_once_it_is_midnight_in_the_easternmost_zone(time: datetime, day: date) -> None:
    """Seen to fail with the day of UTC. What lies outside all days is answered, not raised."""
    assert newest_day(time) == day
