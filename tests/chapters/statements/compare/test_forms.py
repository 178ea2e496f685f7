"""Case, marks, digits and invisible signs make no other word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.forms import normal


def test_case_marks_digits_and_invisible_signs_are_looked_through() -> None:
    assert normal("IRAK", "tr") == "ırak"
    assert normal("İRAN", "tr") == "iran"
    assert normal("IRAQ", "en") == "iraq"
    assert normal("Türkiye", "en") == "turkiye"
    assert normal("٤٥", "ar") == "45"
    assert normal("الإنْـكليزيّة", "ar") == normal("الانكليزية", "ar")
    assert normal("direct[ed", "en") == "directed"
    assert normal("co\u00adop\u200berate", "en") == "cooperate"


@given(st.text(max_size=80), st.sampled_from(["en", "tr", "ar", "ku"]))
def test_a_form_is_its_own_form(word: str, language: str) -> None:
    once = normal(word, language)
    assert normal(once, language) == once
