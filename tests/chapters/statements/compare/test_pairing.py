"""Words are paired wherever they stand, and only what can be the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.pairing import paired
from comity.chapters.statements.compare.texts import read
from comity.chapters.statements.compare.tokens import Reader, Token

WORDS = [
    "centre",
    "Baghdad",
    "three",
    "five",
    "will",
    "agreed",
    "1 May 2025",
    "report",
    "reports",
    "MoU",
    "memorandum",
]


def tokens(text: str, language: str = "en") -> list[Token]:
    return [token for row in read(text, Reader(language)).tokens for token in row]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "a joint centre", "a centre, joint"),
        ("en", "on 1 May", "on 1 May 2025"),
        ("en", "an agreement signed", "signed an agrement"),
        ("tr", "toplantı", "toplantısının"),
        ("tr", "sekiz üyeden", "sekiz üyeli"),
        ("ar", "تخفض الرسوم", "تخفيض الرسوم"),
    ],
)
def test_all_is_paired(language: str, one: str, other: str) -> None:
    mine, theirs = tokens(one, language), tokens(other, language)
    assert len(paired(mine, theirs)) == len(mine)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("three", "five"),
        ("Baghdad", "Basra"),
        ("in Iraq", "in Iran"),
        ("1 May", "2 May"),
        ("security", "economy"),
    ],
)
def test_what_differs_is_not_paired(one: str, other: str) -> None:
    assert paired(tokens(one), tokens(other)) == {}


def test_repeated_words_are_paired_one_by_one() -> None:
    assert paired(tokens("report, report and report"), tokens("report and report")) == {0: 0, 1: 1}


texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@given(texts, texts)
def test_each_word_has_one_partner_at_most(one: str, other: str) -> None:
    pairs = paired(tokens(one), tokens(other))
    assert len(set(pairs.values())) == len(pairs)
    assert paired(tokens(one), tokens(one)) == {at: at for at in range(len(tokens(one)))}


def test_near_spellings_are_looked_for_only_where_few_words_are_left() -> None:
    """300 left on both sides would be 90,000 pairs to look at."""
    few = paired(tokens("institutionally"), tokens("institutionaly"))
    ends = [f"{chr(97 + at % 20)}{chr(97 + at // 20)}" for at in range(300)]
    mine = tokens(" ".join(f"institutionq{end}q" for end in ends))
    theirs = tokens(" ".join(f"institutionx{end}q" for end in ends))
    assert few == {0: 0}
    assert paired(mine, theirs) == {}


def test_a_word_of_two_lines_of_the_vocabulary_is_taken_once() -> None:
    assert paired(tokens("they boost and grow"), tokens("they increase")) == {0: 0}
