"""A text read for comparison, and a statement as passages of such texts.

text = read("The two sides met. They agreed to meet again.", Reader("en"))
[passage.number for passage in sentences_as_passages(text)]  ->  [1, 2]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from comity.chapters.statements.compare.match import solid
from comity.chapters.statements.compare.sentences import Sentence, sentences
from comity.chapters.statements.compare.shapes import Aside, Span
from comity.chapters.statements.compare.tokens import Reader, Token
from comity.chapters.statements.compare.words import Word, words

__all__ = ["Passage", "Text", "read", "sentences_as_passages"]


class Text(NamedTuple):
    """A text, sentence by sentence: its place, its words, and its tokens that weigh anything."""

    text: str
    found: Sequence[Sentence]
    rows: Sequence[Sequence[Word]]
    tokens: Sequence[Sequence[Token]]
    aside: Sequence[Aside]


class Passage(NamedTuple):
    """One passage: its number from 1, its text, and which sentences of that are its own."""

    number: int
    text: Text
    places: range

    @property
    def tokens(self) -> list[Token]:
        """Its tokens that weigh anything, in order."""
        return [token for place in self.places for token in self.text.tokens[place]]

    @property
    def forms(self) -> list[str]:
        """Its words without case and marks, in order."""
        return [word.form for place in self.places for word in self.text.rows[place]]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where it stands, sentence by sentence."""
        found = [self.text.found[place] for place in self.places]
        return tuple(Span(one.start, one.end, self.text.text[one.start : one.end]) for one in found)

    @property
    def cut(self) -> bool:
        """Whether it breaks off."""
        return any(self.text.found[place].cut for place in self.places)

    @property
    def label(self) -> str:
        """The list number before it."""
        return self.text.found[self.places[0]].label


def read(text: str, reader: Reader) -> Text:
    """The text cut into sentences, words and tokens."""
    found, aside = sentences(text, reader.language)
    rows = words(text, found, reader.stems)
    kept = [number for number, row in enumerate(rows) if row]
    rows = [[word._replace(sentence=place) for word in rows[number]] for place, number in enumerate(kept)]
    return Text(
        text, [found[number] for number in kept], rows, [solid(reader.read(row)) for row in rows], aside
    )


def sentences_as_passages(text: Text) -> list[Passage]:
    """Each sentence as a passage of its own."""
    return [Passage(place + 1, text, range(place, place + 1)) for place in range(len(text.found))]
