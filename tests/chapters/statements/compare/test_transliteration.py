"""A name in Latin letters finds its Arabic spelling beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.transliteration import arabic_names, spelled_alike


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("كريم", "Karim"),
        ("بغداد", "Baghdad"),
        ("بغداد", "Bağdat"),
        ("موصل", "Mosul"),
        ("بصره", "Basra"),
        ("ليلي", "Layla"),
        ("عباس", "Abbas"),
        ("توك", "Tok"),
        ("كركوك", "Kirkuk"),
    ],
)
def test_spelled_alike(arabic: str, latin: str) -> None:
    assert spelled_alike(arabic, latin)


@pytest.mark.parametrize(
    ("arabic", "latin"), [("كريم", "Hasan"), ("موصل", "Basra"), ("يا", "Ay"), ("بغداد", "Ankara")]
)
def test_spelled_otherwise(arabic: str, latin: str) -> None:
    assert not spelled_alike(arabic, latin)


def test_names_are_found_by_the_text_beside_them() -> None:
    found = arabic_names("It was opened by Ambassador Karim Abbas.", "افتتحه السفير كريم عباس.")
    assert {"كريم", "عباس"} <= found
    assert "افتتحه" not in found


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_get_an_answer(latin: str, arabic: str) -> None:
    assert isinstance(arabic_names(latin, arabic), set)
