"""Words are found whole, where they stand."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.sentences import Sentence
from comity.chapters.statements.compare.stems import Stems
from comity.chapters.statements.compare.words import bare, words


def forms(text: str, language: str = "en") -> list[str]:
    return [word.form for word in words(text, [Sentence(0, len(text))], Stems(language))[0]]


def test_words_numbers_and_what_is_joined_to_them() -> None:
    assert forms("1 Eylül 2025'ten önce", "tr") == ["1", "eylül", "2025'ten", "önce"]
    assert forms("يومي 3 و4 شباط/فبراير", "ar") == ["يومي", "3", "و", "4", "شباط", "فبراير"]
    assert forms("25% of 1,250.5 on 01.09.2024") == ["25", "of", "1,250.5", "on", "01.09.2024"]


def test_a_line_end_or_an_editor_inside_a_word() -> None:
    assert forms("co-\noperation was direct[ed ...]") == ["cooperation", "was", "directed"]
    assert forms("High-Level") == ["high", "level"]
    assert forms("co\u00adop\u200beration") == ["cooperation"]


def test_addresses_and_signs_alone_are_no_words() -> None:
    assert forms("see https://example.org/a?b=c and www.example.org — … \u202e\u200b") == ["see", "and"]


def test_a_bare_form_has_nothing_written_together_with_it() -> None:
    assert bare("والعراق", "ar") == bare("العراق", "ar") == "عراق"
    assert bare("Irak'ın", "tr") == "ırak"
    assert bare("وفد", "ar") == "وفد"


@given(st.text(max_size=120), st.sampled_from(["en", "tr", "ar"]))
def test_words_stand_in_order_where_they_say(text: str, language: str) -> None:
    found = words(text, [Sentence(0, len(text))], Stems(language))[0]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(any(map(str.isalnum, text[word.start : word.end])) for word in found)
