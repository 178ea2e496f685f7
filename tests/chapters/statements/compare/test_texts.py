"""A text read keeps its sentences, words and tokens in step."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.texts import read, sentences_as_passages
from comity.chapters.statements.compare.tokens import Reader


def test_sentences_are_passages_numbered_from_one() -> None:
    text = read("The two sides met. They agreed to meet again.", Reader("en"))
    found = sentences_as_passages(text)
    assert [passage.number for passage in found] == [1, 2]
    assert [span.text for passage in found for span in passage.spans] == [
        "The two sides met.",
        "They agreed to meet again.",
    ]
    assert found[0].forms == ["the", "two", "sides", "met"]


@given(st.text(max_size=150))
def test_rows_are_as_many_as_sentences(text: str) -> None:
    found = read(text, Reader("en"))
    assert len(found.found) == len(found.rows) == len(found.tokens)
    assert all(row for row in found.rows)
    assert all(word.sentence == number for number, row in enumerate(found.rows) for word in row)
