"""Words of a published sentence find the passages that say them; work grows with the text, not with its square."""

from __future__ import annotations

from comity.chapters.statements.compare.match import Index, Part
from comity.chapters.statements.compare.texts import read
from comity.chapters.statements.compare.tokens import Reader, Token

STATEMENT = [
    "It was decided to establish a joint coordination centre in Baghdad before 1 September 2025.",
    "The centre will be staffed by 24 officers and will work by consensus.",
    "Citizens under 15 shall be exempt from the visa requirement.",
]


def tokens(text: str) -> list[Token]:
    return [token for row in read(text, Reader("en")).tokens for token in row]


def parts(index: Index, text: str, turns: dict[int, int] | None = None) -> list[Part]:
    row = tokens(text)
    return index.parts(row, [2, *((turns or {}).get(at, 0) for at in range(1, len(row)))], 0, 0)


def test_a_sentence_finds_its_passage() -> None:
    index = Index([tokens(text) for text in STATEMENT])
    assert [part.passage for part in parts(index, "Citizens below 15 need no visa and are exempt.")] == [2]
    assert [part.passage for part in parts(index, "The delegations later visited a museum.")] == [-1]


def test_a_sentence_may_carry_two_passages() -> None:
    index = Index([tokens(text) for text in STATEMENT])
    text = "A joint coordination centre is established in Baghdad, 24 officers work there by consensus."
    at = next(at for at, token in enumerate(tokens(text)) if token.key == "#24")
    assert [part.passage for part in parts(index, text, {at: 2})] == [0, 1]


def test_the_same_people_and_places_alone_are_no_match() -> None:
    """Seen to fail: every sentence with both capitals went to the passage that names them."""
    long = (
        "Ankara and Baghdad will fight smuggling with concrete measures and common patrols, Hakan Salim said."
    )
    index = Index([tokens(long), *(tokens(text) for text in STATEMENT)])
    assert [part.passage for part in parts(index, "Hakan Salim left Ankara for Baghdad.")] == [-1]


def test_a_word_of_one_passage_weighs_most_and_a_word_without_meaning_nothing() -> None:
    index = Index([tokens(text) for text in STATEMENT])
    weights = {token.key: index.weight(token) for text in STATEMENT for token in tokens(text)}
    assert weights["visa requir"] > weights["centr"] > 0
    assert index.weight(tokens("They stated it.")[0]) < 40


def test_a_word_of_every_passage_proposes_only_the_nearest() -> None:
    """50,000 passages of one word: each sentence looks at a few dozen of them."""
    one = tokens("Centre.")
    index = Index([one] * 50_000)
    assert len(index.near(one[0], 30_000)) <= 48
    assert all(abs(place - 30_000) <= 24 for place in index.near(one[0], 30_000))


class Counting(Index):
    """Counts how often a passage is asked for a word."""

    asked = 0

    def has(self, place: int, token: Token) -> bool:
        self.asked += 1
        return super().has(place, token)


def test_work_grows_with_the_length_and_not_with_its_square() -> None:
    """Operations are counted, not time."""

    def work(size: int) -> int:
        words = tokens("Centre joint report.")
        index = Counting([words] * size)
        for place in range(size):
            index.parts(words, [2] * len(words), place, place)
        return index.asked

    assert work(400) <= 2.2 * work(200)
