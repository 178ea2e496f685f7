"""A text's language is told by its script and its commonest words, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.statements.compare.scoring import HERE, pair

from comity.chapters.statements.compare.languages import language_of

NAMES = [file.stem for file in sorted((HERE / "pairs").glob("*.yaml"))]


@pytest.mark.parametrize("name", NAMES)
def test_each_text_is_in_its_language(name: str) -> None:
    two = pair(name)
    assert language_of(two.published) == two.language
    for passage in two.passages:
        assert language_of(passage["en"]) in {"en", ""}
        assert language_of(passage[two.language]) in {two.language, ""}


@pytest.mark.parametrize(
    "text", ["", "OK", "Baghdad 2024", "1 2 3 4 5 6 7 8", "ʘ ʘ ʘ ʘ ʘ ʘ ʘ", "xx yy zz qq ww kk vv"]
)
def test_too_little_to_tell(text: str) -> None:
    assert language_of(text) == ""


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert language_of(text) in {"en", "tr", "ar", ""}
