"""The same number or day is the same fact in every language and spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.facts import agree
from comity.chapters.statements.compare.texts import read
from comity.chapters.statements.compare.tokens import Reader


def facts(language: str, text: str) -> list[str]:
    tokens = read(text, Reader(language)).tokens
    return [token.key for row in tokens for token in row if token.sort in {"number", "date"}]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "thirty-five officers", ["#35"]),
        ("en", "one hundred and fifty officials", ["#150"]),
        ("en", "the 4th meeting, the fourth meeting", ["#4", "#4"]),
        ("en", "2.5 billion dollars", ["#2500000000"]),
        ("en", "1,250,000 people and 0.5 per cent", ["#1250000", "#.5"]),
        ("en", "one of the sides", []),
        ("en", "within one month", ["#1"]),
        ("tr", "otuz beş kişi", ["#35"]),
        ("tr", "yirmi birinci toplantı", ["#21"]),
        ("tr", "on ikişer görevli", ["#12"]),
        ("tr", "bir merkez", []),
        ("tr", "en az bir kez", ["#1"]),
        ("tr", "1.250.000 lira", ["#1250000"]),
        ("ar", "خمسة وثلاثون خبيراً", ["#35"]),
        ("ar", "خمسة عشر يوماً", ["#15"]),
        ("ar", "مئة وست سنوات", ["#106"]),
        ("ar", "٤٥ يوماً", ["#45"]),
        ("ar", "الاجتماع السادس", ["#6"]),
        ("ar", "مليوني شجرة", ["#2000000"]),
    ],
)
def test_numbers(language: str, text: str, found: list[str]) -> None:
    assert facts(language, text) == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "on 1 September 2024", ["@2024-9-1"]),
        ("en", "September 1, 2024", ["@2024-9-1"]),
        ("en", "Sep. 1", ["@-9-1"]),
        ("en", "on the first of September 2024", ["@2024-9-1"]),
        ("en", "3 and 4 February 2026", ["@2026-2-3", "@2026-2-4"]),
        ("en", "students under 27 may apply", ["#27"]),
        ("en", "in 2026", ["@2026"]),
        ("en", "on Thursday", ["@w4"]),
        ("en", "on 2024-09-01", ["@2024-9-1"]),
        ("tr", "1 Eylül 2024'te", ["@2024-9-1"]),
        ("tr", "9-11 Haziran 2025", ["@2025-6-9", "@2025-6-11"]),
        ("tr", "01.09.2024", ["@2024-9-1"]),
        ("tr", "aralık ayında", ["@-12"]),
        ("tr", "bu aralık", []),
        ("ar", "3 و4 شباط/فبراير 2026", ["@2026-2-3", "@2026-2-4"]),
        ("ar", "الأول من أيلول 2024", ["@2024-9-1"]),
        ("ar", "1 كانون الثاني عام 2026", ["@2026-1-1"]),
        ("ar", "في تشرين الأول 2026", ["@2026-10"]),
    ],
)
def test_days(language: str, text: str, found: list[str]) -> None:
    assert facts(language, text) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("@2024-9-1", "@-9-1", True),
        ("@2024-9-1", "@2024-9", True),
        ("@2024-9-1", "@2024-9-2", False),
        ("@2024-9-1", "@2025-9-1", False),
        ("@2026", "@2027", False),
        ("@w4", "@w5", False),
        ("#4", "#4", True),
        ("#4", "#5", False),
        ("#4", "@2024", False),
    ],
)
def test_a_date_agrees_with_what_it_leaves_open(one: str, other: str, *, same: bool) -> None:
    assert agree(one, other) is agree(other, one) is same


@given(st.sampled_from(["en", "tr", "ar"]), st.integers(0, 999_999_999))
def test_digits_are_their_number_in_every_language(language: str, value: int) -> None:
    found = facts(language, f"x {value} x")
    assert found == ([f"@{value}"] if 1900 <= value <= 2099 else [f"#{value}"])
