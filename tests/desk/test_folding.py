"""Folding brings together what means the same, changes nothing twice, and excerpts show the text itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.desk import folding
from comity.desk.folding import Word


@pytest.mark.parametrize(
    ("one", "other"),
    [("İstanbul", "ISTANBUL"), ("ırmak", "Irmak"), ("ĞÜŞÖÇ", "gusoc"), ("İı", "ii"), ("أإآٱ", "اااا"), ("مذكرة", "مذكره"),
     ("على", "علي"), ("مـركز", "مركز"), ("مُؤَسَّسَة", "موسسه"), ("شيء", "شي"), ("مسؤول", "مسوول"), ("٢٠٢٤", "2024"),
     ("۲۰۲۴", "2024"), ("Straße", "STRASSE"), ("ﻣﺮﻛﺰ", "مركز"), ("ﬁnal", "final"), ("a\u200fb", "ab"), ("Şırnak", "sirnak")],
)  # fmt: skip
def test_two_ways_of_writing_are_one(one: str, other: str) -> None:
    assert folding.fold(one) == folding.fold(other)


@given(st.text())
def test_what_is_folded_is_folded_once_and_for_all(text: str) -> None:
    once = folding.fold(text)
    assert folding.tokens(folding.fold(once)) == folding.tokens(once)


def test_what_is_typed_is_words_phrases_and_references() -> None:
    assert folding.words('مركز "high level" 15/2024 a') == (
        Word(("مركز",), True),
        Word(("high", "level"), False),
        Word(("15", "2024"), False),
        Word(("a",), False),
    )
    assert [str(ref) for ref in folding.references("3TUR/3 tur/17, IRQ/0 TUR/01 TUR/9999999999999")] == [
        "TUR/17",
        "IRQ/0",
    ]
    assert len(folding.words("word " * 500)) == 1


def test_an_excerpt_is_of_the_text_as_it_was_written() -> None:
    text = "Uzun bir giriş. " * 20 + "Bağdat'ta ÇAĞRI yapılır." + " Sonra." * 60
    spans = folding.excerpt(["başka", text], folding.words("cagri bagdat"))
    assert [span.text for span in spans if span.found] == ["Bağdat", "ÇAĞRI"]
    assert (
        "".join(span.text for span in spans if not span.text.startswith(" …") and span.text != "… ") in text
    )
    assert sum(len(span.text) for span in spans) < 400


@given(st.lists(st.text(max_size=200), max_size=4), st.text(max_size=40))
def test_an_excerpt_is_made_of_any_text_by_any_words(texts: list[str], asked: str) -> None:
    spans = folding.excerpt(texts, folding.words(asked))
    whole = "".join(span.text for span in spans).removeprefix("… ").removesuffix(" …")
    assert not whole or any(whole in text for text in texts)


def test_what_machines_write_is_not_looked_in() -> None:
    content = {
        "title": {"en": "done"},
        "status": "in_person",
        "key": "ed25519:" + "A" * 43,
        "starts": "2024-08-15T10:00:00+03:00",
        "items": [{"text": {"en": "A text"}}, 7, None, True],
        "format": "text/plain",
    }
    assert list(folding.pieces(content)) == [
        ("done", True),
        ("2024-08-15", False),
        ("A text", False),
        ("text/plain", False),
    ]
