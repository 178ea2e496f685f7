"""Days and times as people of each language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.act import LANGUAGES
from comity.desk import dates

DAY = date(2024, 8, 15)
BAGHDAD = ZoneInfo("Asia/Baghdad")


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "15 August 2024"), ("tr", "15 Ağustos 2024"), ("ar", "15 آب 2024")]
)
def test_months_have_the_names_that_each_country_gives_them(language: str, shown: str) -> None:
    """Iraq calls August آب; Egypt, and `ar` alone, أغسطس."""
    assert dates.day(DAY, language) == shown


def test_a_time_always_says_its_zone() -> None:
    at = datetime(2024, 8, 15, 21, 30, tzinfo=UTC)
    assert dates.moment(at, "en", BAGHDAD) == "16 August 2024, 00:30 (UTC+03:00)"
    assert dates.moment(at, "en", UTC) == "15 August 2024, 21:30 (UTC)"
    assert "\u2066UTC+03:00\u2069" in dates.moment(at, "ar", BAGHDAD)


def test_the_hijri_day_is_shown_beside_it() -> None:
    assert dates.hijri(date(2024, 3, 11), "en") == "1 Ramadan 1445 AH"
    assert dates.hijri(date(2024, 3, 11), "tr") == "1 Ramazan 1445 H."
    assert dates.hijri(date(2024, 3, 11), "ar") == "1 رمضان 1445 هـ"
    assert dates.hijri(date(1800, 1, 1), "en") == ""


@given(st.dates(), st.sampled_from(LANGUAGES))
def test_every_day_can_be_shown(on: date, language: str) -> None:
    assert dates.day(on, language)
    dates.hijri(on, language)


def test_numbers_have_groups() -> None:
    assert [dates.number(100_000, tag) for tag in ("en", "tr")] == ["100,000", "100.000"]


def test_what_is_no_time_is_none() -> None:
    assert dates.parsed("2024-08-15") == DAY
    assert dates.parsed("2024-08-15T10:00:00Z") == datetime(2024, 8, 15, 10, tzinfo=UTC)
    assert dates.parsed("yesterday") is None
    assert dates.parsed("15.08.2024") is None
