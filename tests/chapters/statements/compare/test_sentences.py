"""A text is cut where a reader would cut it, and nothing of it gets lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.sentences import sentences

PIECES = [
    "a",
    "B",
    "ş",
    "ك",
    "1",
    ".",
    "!",
    "؟",
    "\n",
    "\n\n",
    " ",
    "[...]",
    "12:30",
    "(X)",
    "–",
    "2. ",
    "\u202e",
    "\0",
    "…",
]


def cut(text: str, language: str = "en") -> list[str]:
    return [text[one.start : one.end] for one in sentences(text, language)[0]]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "They met. They agreed.", ["They met.", "They agreed."]),
        ("en", "On Aug. 16 Dr. A. Smith spoke. He left.", ["On Aug. 16 Dr. A. Smith spoke.", "He left."]),
        ("en", "It rose by 2.5 per cent.", ["It rose by 2.5 per cent."]),
        (
            "tr",
            "Grubun 4. toplantısı yapıldı. Taraflar anlaştı.",
            ["Grubun 4. toplantısı yapıldı.", "Taraflar anlaştı."],
        ),
        ("ar", "متى؟ غداً. انتهى.", ["متى؟", "غداً.", "انتهى."]),
        ("en", "2. It was decided.\n3. They agreed.", ["It was decided.", "They agreed."]),
        ("en", "- first point\n- second point", ["first point", "second point"]),
        ("en", "the two sides\nagreed to meet", ["the two sides\nagreed to meet"]),
        ("en", "A headline\nThe two sides met.", ["A headline", "The two sides met."]),
    ],
)
def test_where_sentences_end(language: str, text: str, found: list[str]) -> None:
    assert cut(text, language) == found


def test_list_numbers_are_kept_as_labels() -> None:
    found, _ = sentences("4. Four.\n(3) Three.\nii) Two.\n٢. اثنان.", "en")
    assert [one.label for one in found] == ["4", "3", "ii", "٢"]


def test_a_text_that_breaks_off_is_marked() -> None:
    found, _ = sentences(
        "It was direct[ed ...]\n\nIt was decided to form commit[tees ...]\n\nIt ended.\n\nOr not…", "en"
    )
    assert [one.cut for one in found] == [True, True, False, True]


def test_page_furniture_is_told_apart() -> None:
    text = "TEHRAN, Aug. 16 (XNA) – The two sides met.\nMore news\n09.01.2026, 11:23\n\nXNA/PR"
    found, aside = sentences(text, "en")
    assert [text[one.start : one.end] for one in found] == ["The two sides met."]
    assert {one.why for one in aside} == {"dateline", "furniture", "sign_off"}


def test_a_line_before_a_clock_time_that_ends_as_a_sentence_stays() -> None:
    """Seen to fail when every line before a time was taken for a link."""
    found, aside = sentences("The two sides met and agreed.\nYesterday, 13:35", "en")
    assert len(found) == len(aside) == 1


def test_the_first_line_may_be_a_headline_only_where_more_follows() -> None:
    assert sentences("Talks held in Ankara\n\nThe two sides met.", "en")[0][0].first
    assert not sentences("Talks held in Ankara", "en")[0][0].first
    assert not sentences("Talks were held.\n\nThe two sides met.", "en")[0][0].first


@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=120),
    st.sampled_from(["en", "tr", "ar"]),
)
def test_every_letter_and_digit_stands_in_one_sentence_or_aside(text: str, language: str) -> None:
    """List numbers alone are looked through."""
    found, aside = sentences(text, language)
    spans = sorted(
        [(one.start, one.end) for one in found] + [(one.span.start, one.span.end) for one in aside]
    )
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for one in aside:
        assert text[one.span.start : one.span.end] == one.span.text
    outside = [
        at for at, char in enumerate(text) if char.isalnum() and not any(a <= at < b for a, b in spans)
    ]
    assert len(outside) <= 3 * (
        text.count(".") + text.count(")") + text.count("-") + text.count("–")
    ) + 5 * text.count("12:30")
