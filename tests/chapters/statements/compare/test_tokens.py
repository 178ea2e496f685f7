"""What words mean to a comparison: what is the same, what binds, what is denied."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.texts import read
from comity.chapters.statements.compare.tokens import Reader, Token


def tokens(text: str, language: str = "en") -> list[Token]:
    return [token for row in read(text, Reader(language)).tokens for token in row]


def one(text: str, form: str, language: str = "en") -> Token:
    return next(token for token in tokens(text, language) if token.form == form)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "a memorandum of understanding", "an MoU"),
        ("en", "they prepare it", "they draft it"),
        ("en", "in Türkiye", "in Turkey"),
        ("en", "every three months", "quarterly"),
        ("tr", "kurulması kararlaştırıldı", "kurulmasına karar verildi"),
        ("tr", "iş birliği", "işbirliği"),
        ("ar", "مذكرة تفاهم", "مذكرة التفاهم"),
        ("ar", "شدد الجانبان", "أكد الطرفان"),
    ],
)
def test_the_same_in_other_words(language: str, first: str, second: str) -> None:
    mine, theirs = tokens(first, language), tokens(second, language)
    assert all(any(set(a.ids) & set(b.ids) for b in theirs) for a in mine)


@pytest.mark.parametrize(
    ("language", "text", "form", "level", "negated"),
    [
        ("en", "It shall be opened.", "shall", 4, False),
        ("en", "It may be opened.", "may", 1, False),
        ("en", "It shall not be opened.", "opened", -1, True),
        ("en", "without prior notice", "prior", -1, True),
        ("tr", "izin vermeyecektir", "izin", -1, True),
        ("tr", "talep edebilecektir", "talep", 1, False),
        ("tr", "talep etmeyecektir", "talep", 4, True),
        ("tr", "Uygun değildir.", "uygun", -1, True),
        ("ar", "لا يجوز البدء", "يجوز", 1, True),
        ("ar", "ولن يسمح", "يسمح", -1, True),
        ("ar", "تقرر النظر في فتح قنصلية", "النظر", 1, False),
    ],
)
def test_what_binds_and_what_is_denied(
    language: str, text: str, form: str, level: int, *, negated: bool
) -> None:
    found = one(text, form, language)
    assert found.negated is negated
    assert found.level == level or found.sort != "modal"


def test_capitals_within_a_sentence_are_names() -> None:
    assert one("The report of Karim Abbas", "abbas").sort == "name"
    assert one("Committees met.", "committees").sort == "word"


def test_a_name_known_from_the_text_beside_is_a_name_in_arabic() -> None:
    reader = Reader("ar", {"كريم"})
    found = [token for row in read("افتتحه كريم", reader).tokens for token in row]
    assert [token.sort for token in found] == ["word", "name"]


def test_places_are_the_same_in_three_languages() -> None:
    keys = {
        tokens(text, language)[-1].key
        for language, text in (("en", "in Baghdad"), ("tr", "Bağdat'ta"), ("ar", "في بغداد"))
    }
    assert len(keys) == 1


@given(st.text(max_size=150), st.sampled_from(["en", "tr", "ar", "ku"]))
def test_any_text_is_read_and_tokens_stand_in_order(text: str, language: str) -> None:
    found = tokens(text, language)
    assert all(a.start < a.end <= b.start for a, b in pairwise(found))
