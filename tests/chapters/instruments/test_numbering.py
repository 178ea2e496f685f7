"""Headings and numbers of three languages come out the same."""

from __future__ import annotations

import pytest

from comity.chapters.instruments import numbering
from comity.chapters.instruments.numbering import Heading, Mark


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Article 4 — Joint planning group", Heading("article", "4", "Joint planning group")),
        ("ARTICLE 4: Joint", Heading("article", "4", "Joint")),
        ("Article (4)", Heading("article", "4", "")),
        ("Article 5 bis - Costs", Heading("article", "5bis", "Costs")),
        ("Article 5a. Costs", Heading("article", "5a", "Costs")),
        ("Article IV", Heading("article", "IV", "")),
        ("Madde 4 – Amaç", Heading("article", "4", "Amaç")),
        ("MADDE 4", Heading("article", "4", "")),
        ("المادة 4 — الغرض", Heading("article", "4", "الغرض")),
        ("المادة ٤: الغرض", Heading("article", "4", "الغرض")),
        ("المادة الرابعة: الغرض", Heading("article", "4", "الغرض")),
        ("المادة الرابعة عشرة", Heading("article", "14", "")),
        ("الفصل الأول — أحكام عامة", Heading("chapter", "1", "أحكام عامة")),
        ("Birinci Bölüm — Genel hükümler", Heading("chapter", "1", "Genel hükümler")),
        ("İKİNCİ KISIM", Heading("chapter", "2", "")),
        ("CHAPTER II", Heading("chapter", "II", "")),
        ("Annex C", Heading("annex", "C", "")),
        ("Ek 1 - Liste", Heading("annex", "1", "Liste")),
        ("الديباجة", Heading("preamble", "", "")),
        ("İMZA", Heading("closing", "", "")),
        ("Ekonomi", None),
        ("Party matters", None),
        ("", None),
    ],
)
def test_headings(typed: str, found: Heading | None) -> None:
    assert numbering.heading(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1. Words", Mark("paragraph", "1", "Words")),
        ("1).  Words", Mark("paragraph", "1", "Words")),
        ("(12) Words", Mark("paragraph", "12", "Words")),
        ("٣- كلمات", Mark("paragraph", "3", "كلمات")),
        ("(b) words", Mark("point", "b", "words")),
        ("ç) kelimeler", Mark("point", "ç", "kelimeler")),
        ("(ب) كلمات", Mark("point", "ب", "كلمات")),
        ("هـ) كلمات", Mark("point", "ه", "كلمات")),
        ("(iii) words", Mark("point", "iii", "words")),
        ("– words", Mark("item", "", "words")),
        ("A. Smith", None),
        ("2024. gada", None),
        ("1.5 per cent", None),
        ("words", None),
    ],
)
def test_how_a_passage_begins(typed: str, found: Mark | None) -> None:
    assert numbering.mark(typed) == found


@pytest.mark.parametrize(
    ("letters", "latin"),
    [("abcd", "abcd"), ("abcçd", "abcde"), ("أبجدهوز", "abcdefg"), ("ابج", "abc"), ("?", "?")],
)
def test_points_are_counted_in_the_alphabet_of_their_list(letters: str, latin: str) -> None:
    assert "".join(numbering.spelled(letter, letters[:at]) for at, letter in enumerate(letters)) == latin


def test_every_latin_point_has_an_arabic_letter_that_is_read_back() -> None:
    for number in [*"abcdefghijklmnopqrstuvwxyz", "za", "zb"]:
        assert numbering.spelled(numbering.lettered(number, "ar"), "") == number
    assert numbering.lettered("i", "en") == "i"
    assert numbering.lettered("iii", "ar") == "iii"


def test_roman_numbers_of_headings_count_as_numbers_and_annex_letters_do_not() -> None:
    assert [numbering.roman(number) for number in ("I", "IV", "IX", "XIV", "C", "5a", "")] == [
        "1", "4", "9", "14", "C", "5a", "",
    ]  # fmt: skip


def test_i_after_h_goes_on_the_letters() -> None:
    assert not numbering.is_roman("i", "h")
    assert numbering.is_roman("i", "b")
    assert not numbering.is_roman("b", "a")


def test_words_that_would_be_read_as_something_else_are_known() -> None:
    for words in ("# x", "1. x", "(a) x", "- x", "Done at Ankara", "İşbu mutabakat zaptı, x"):
        assert numbering.opened(words), words
    assert not numbering.opened("Plain words.")
    assert numbering.label("article", "kmr") == "Bend"
    assert numbering.label("preamble", "nl") == "Preamble"
