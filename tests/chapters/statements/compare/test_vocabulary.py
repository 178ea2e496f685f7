"""The vocabulary files say what they are meant to say: nothing stands in them that the program would not read."""

from __future__ import annotations

import pytest

from comity.chapters.statements.compare.forms import normal
from comity.chapters.statements.compare.tokens import Reader
from comity.chapters.statements.compare.vocabulary import WORDED, names, vocabulary

every = pytest.mark.parametrize("language", WORDED)


@every
def test_every_section_is_filled(language: str) -> None:
    known = vocabulary(language)
    assert [name for name, words in known._asdict().items() if not words and name != "irregular"] == []
    assert len(known.common) >= 20
    assert sorted({level for level, _ in known.modal}) == [0, 1, 2, 3, 4]


@every
def test_twelve_months_seven_days_and_the_numbers(language: str) -> None:
    known = vocabulary(language)
    assert len(known.months) == 12
    assert all(known.months)
    assert len(known.weekdays) == 7
    assert all(known.weekdays)
    assert set(range(13)) | {20, 30, 40, 50, 60, 70, 80, 90, 100, 1000} <= set(known.numbers.values()) | {
        11,
        12,
    }


@every
def test_words_stand_as_the_program_reads_them(language: str) -> None:
    """Arabic without marks and with plain alef, Turkish in small letters: else they would never be met."""
    known = vocabulary(language)
    plain = (*known.function, *known.negation, *known.units, *known.joiners, *known.numbers)
    assert [word for word in plain if normal(word, language) != word] == []


@every
def test_nothing_is_left_of_drafting(language: str) -> None:
    known = vocabulary(language)
    lines = [*known.same, *known.frequency, *(line for _, line in known.modal)]
    assert [line for line in lines if any("-" in phrase for phrase in line)] == []
    assert [line for line in (*known.same, *known.frequency) if len(line) < 2] == []


@every
def test_a_word_that_binds_has_one_strength(language: str) -> None:
    """Seen to fail while an Arabic word for should also stood among those for shall."""
    levels: dict[str, set[int]] = {}
    for level, line in vocabulary(language).modal:
        for phrase in line:
            levels.setdefault(phrase, set()).add(level)
    assert {phrase: found for phrase, found in levels.items() if len(found) > 1} == {}


def test_another_language_has_no_words() -> None:
    assert not any(vocabulary("ku"))


def test_each_place_is_known_in_three_languages() -> None:
    assert all(len(spellings) >= 3 for spellings in names())
    readers = {language: Reader(language) for language in WORDED}
    assert set(readers) == {"en", "tr", "ar"}
