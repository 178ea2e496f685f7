"""Ids survive renumbering, and no id is ever used for something else."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import text

from comity.chapters.instruments.ids import carried, default_id
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text

WORDS = [
    "peace",
    "trade",
    "water",
    "energy",
    "road",
    "school",
    "border",
    "river",
    "bridge",
    "health",
    "visa",
    "grain",
    "court",
    "bank",
    "port",
]


def memo(articles: list[str], bodies: str = "") -> Text:
    typed = f"---\nlanguage: en\n{bodies}---\n# T\n\n"
    for number, said in enumerate(articles, 1):
        typed += f"## Article {number}\n\n1. {said}.\n\n2. And {said[::-1]}.\n\n"
    return msgspec.convert(read_text([("m.md", typed.encode())])["text"], Text)


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_ids_follow_their_provisions_through_inserting_deleting_and_moving(seed: int) -> None:
    """Seen to fail when numbers are matched before words."""
    chance = random.Random(seed)
    said = [" ".join(chance.sample(WORDS, 5)) for _ in range(6)]
    old = memo(said)
    at = {words: f"art-{number}" for number, words in enumerate(said, 1)}
    kept = [words for words in said if chance.random() < 0.8]
    new_words = [
        " ".join(chance.choices(WORDS, k=3)) + f" {chance.random()}" for _ in range(chance.randrange(3))
    ]
    for words in new_words:
        kept.insert(chance.randrange(len(kept) + 1), words)
    if not kept:
        return
    new = carried(old, memo(kept))
    articles = [row for row in new.provisions if row.kind == "article"]
    for row, words in zip(articles, kept, strict=True):
        if words in at:
            assert row.id == at[words]
            assert [one.id for one in new.below(row.id)[1:]] == [f"{row.id}.1", f"{row.id}.2"]
    assert len({row.id for row in new.provisions}) == len(new.provisions)


def test_a_reworded_article_keeps_its_id_and_a_new_one_gets_one_that_was_never_used() -> None:
    old = memo(["the parties meet twice a year in turns", "costs are shared equally by both sides"])
    new = carried(old, memo([
        "something quite different now", "the parties meet once a year in turns", "costs are shared equally by both sides",
    ]), used={"art-1a"})  # fmt: skip
    assert [row.id for row in new.provisions if row.kind == "article"] == ["art-1b", "art-1", "art-2"]


def test_bodies_and_final_clauses_follow_their_article() -> None:
    bodies = "bodies:\n- {{article: {0}, kind: committee, names: {{en: A}}}}\nfinal: {{article: {0}}}\n"
    old = memo(["alpha beta gamma", "delta epsilon zeta"], bodies.format(2))
    new = carried(old, memo(["new words here", "alpha beta gamma", "delta epsilon zeta"], bodies.format(3)))
    assert (new.bodies[0].provision, new.final.provision) == ("art-2", "art-2")


def test_the_same_text_keeps_every_id() -> None:
    assert carried(text(), text()) == text()


def test_an_id_that_was_given_by_hand_wins() -> None:
    old = memo(["alpha beta", "gamma delta"])
    typed = "---\nlanguage: en\n---\n# T\n\n## Article 1 {#art-2}\n\n1. alpha beta.\n"
    new = carried(old, msgspec.convert(read_text([("m.md", typed.encode())])["text"], Text))
    assert new.provisions[0].id == "art-2"


@pytest.mark.parametrize(
    ("kind", "number", "under", "ordinal", "id_"),
    [
        ("article", "5bis", "chap-1", 0, "art-5bis"),
        ("article", "1", "annex-1", 0, "annex-1.art-1"),
        ("annex", "", "", 1, "annex-1"),
        ("paragraph", "", "art-1", 2, "art-1.t2"),
        ("item", "", "art-1.2", 3, "art-1.2.d3"),
        ("closing", "", "", 1, "closing"),
    ],
)
def test_ids_at_first_reading(kind: str, number: str, under: str, ordinal: int, id_: str) -> None:
    assert default_id(kind, number, under, ordinal) == id_
