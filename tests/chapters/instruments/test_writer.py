"""What is written is read back as the same text."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import BRACKETS, PLAIN_BRACKET, files, text

import comity
from comity.chapters.instruments.ids import carried
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text
from comity.chapters.instruments.writer import to_markdown
from comity.core.errors import Malformed

TEXTS = Path(comity.__file__).parent / "demo" / "texts"
PASSAGES = [
    "1. One.", "2. Two: [TUR: x] [IRQ: y].", "(a) Point.", "(b) Point {#b-point}.", "(i) Roman.", "- Dash.", "Plain words.",
    "\\1. Not a number.", "\\\\Backslash.", "\\[Literal\\].", "\\# Hash.", "\\(a) Not a point.", "Ends with \\{#x}", "[Plain.]",
    "\\Done at Ankara.", "Done in two originals.", "\\---", "## Article {n} — Heading", "## Article {n}", "### Chapter {n} — C",
    "## Annex {n} — A {#own-{n}}", "Türkiye’nin şartları.", "بِسْمِ الله‌ ورد.",
]  # fmt: skip


def again(one: Text) -> Text:
    written = [(tag, to_markdown(one, tag).encode()) for tag in one.languages]
    return msgspec.convert(read_text(written)["text"], Text)


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_writing_and_reading_give_the_same_text(seed: int) -> None:
    """Seen to fail without the backslash before words that look like a number."""
    chance = random.Random(seed)
    chosen = [
        chance.choice(PASSAGES).replace("{n}", str(number)) for number in range(1, chance.randrange(2, 14))
    ]
    typed = [
        (
            f"{tag}.md",
            f"---\nlanguage: {tag}\n---\n# T\n\nPreamble.\n\n" + "\n\n".join(chosen[: len(chosen) - cut]),
        )
        for tag, cut in (("en", 0), ("tr", chance.randrange(2)), ("ar", 0))
    ]
    try:
        one = msgspec.convert(read_text([(name, said.encode()) for name, said in typed])["text"], Text)
    except Malformed:
        return
    assert again(one) == one


@pytest.mark.parametrize("name", ["memorandum", "memorandum-draft1", "mechanism-2019"])
def test_the_worked_example_survives_writing(name: str) -> None:
    raw = [(file.name, file.read_bytes()) for file in sorted(TEXTS.glob(f"{name}.??.md"))]
    one = msgspec.convert(read_text(raw)["text"], Text)
    assert again(one) == one


def test_ids_that_were_carried_over_survive_writing() -> None:
    moved = [
        (name, raw.replace(b" 3 ", b" 4 ").replace(b" 2 ", b" 3 ")) for name, raw in files(more=BRACKETS)
    ]
    moved = [
        (name, raw.replace(b"article: 3", b"article: 4").replace(b"article: 2", b"article: 3"))
        for name, raw in moved
    ]
    new = carried(text(committee=PLAIN_BRACKET), msgspec.convert(read_text(moved)["text"], Text))
    assert [row.id for row in new.provisions if row.kind == "article"] == ["art-1", "art-2", "art-3"]
    assert "{#art-2}" in to_markdown(new, "tr")
    assert again(new) == new


def test_a_language_that_the_text_lacks_is_malformed() -> None:
    with pytest.raises(Malformed, match="is not in fr; it is in en, tr, ar"):
        to_markdown(text(), "fr")
