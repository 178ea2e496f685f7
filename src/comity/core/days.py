"""Which days had begun, somewhere in the world, when something was said.

    newest_day(2024-08-15T10:30:00+00:00)   ->   2024-08-16: in the easternmost zone, UTC+14, it is past midnight

A rule that refuses days to come asks this, so that nobody is refused a day that has begun at home.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

__all__ = ["newest_day"]

_EASTERNMOST = timedelta(hours=14)


def newest_day(time: datetime) -> date:
    """The newest day that has begun anywhere at that time; the last one that there is, at the end of time."""
    try:
        return (time.astimezone(UTC) + _EASTERNMOST).date()
    except OverflowError:
        return date.max
