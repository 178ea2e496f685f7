"""The vocabulary is found by any form of its words, and is made once."""

from __future__ import annotations

import pytest

from comity.chapters.statements.compare.lookup import lookup


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_longest_phrases_stand_first(language: str) -> None:
    for rows in (*lookup(language).phrases.values(), *lookup(language).names.values()):
        sizes = [len(phrase) for phrase, _ in rows]
        assert sizes == sorted(sizes, reverse=True)


def test_a_phrase_has_its_lines_its_sort_and_its_strength() -> None:
    known = lookup("en")
    assert dict(known.phrases["shall"])["shall",].level == 4
    assert dict(known.phrases["quarter"])["quarter",].sort in {"number", "word"}
    both = dict(known.phrases["both"])["both", "side"]
    assert both.sort == "light"
    assert known.phrases["mou"][0][1].ids[1] == known.phrases["memorandum"][0][1].ids[1]


def test_a_turkish_verb_is_found_bare_and_as_its_noun() -> None:
    known = lookup("tr")
    assert {"kur", "oluştur"} <= set(known.phrases)


def test_it_is_made_once() -> None:
    assert lookup("tr") is lookup("tr")
    assert not lookup("ku").phrases
    assert lookup("ku").names
