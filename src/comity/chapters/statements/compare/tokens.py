"""What the words of a text mean to a comparison: numbers, dates, names, how binding, whether denied, what is the same.

    "It was not decided to draft a MoU"
    ->  decided (modal, level 4, negated), draft (word, the same as prepare), MoU (word, the same as memorandum of
        understanding); the others weigh nothing

Two tokens are the same where they share one of their `ids`: the stem, or a line of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from comity.chapters.statements.compare.facts import Facts
from comity.chapters.statements.compare.lookup import Entry, Phrases, Sort, lookup
from comity.chapters.statements.compare.stems import Stems
from comity.chapters.statements.compare.vocabulary import vocabulary
from comity.chapters.statements.compare.words import Word

__all__ = ["Reader", "Token"]


class Token(NamedTuple):
    """A word, or several that are one thing. `ids` begin with its own key; `level` and `negated` tell its mood.

    `reach` is where the words begin or end that deny it, for showing them; `sentence` numbers its sentence.
    `inner` are the stems of the words that it is made of, where they are several.
    """

    start: int
    end: int
    form: str
    ids: tuple[str, ...]
    sort: Sort
    sentence: int
    level: int = -1
    negated: bool = False
    reach: tuple[int, int] = (-1, -1)
    inner: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is called where it is counted."""
        return self.ids[0]


class Reader:
    """Reads the texts of one comparison in one language. `more_names`: words known to be names, bare."""

    def __init__(self, language: str, more_names: Iterable[str] = ()) -> None:
        self.language = language
        self.stems = Stems(language)
        self._known = lookup(language)
        self._facts = Facts(vocabulary(language))
        self._own_names = frozenset(more_names)

    def read(self, row: Sequence[Word]) -> list[Token]:
        """The tokens of one sentence, in order; function words among them, with the sort that says so."""
        out: list[Token] = []
        at = 0
        while at < len(row):
            facts = self._facts.read(row, at)
            if facts and self._longest(self._known.phrases, row, at, by_form=False)[1] > sum(
                fact.size for fact in facts
            ):
                facts = []
            for fact in facts:
                last = row[at + fact.size - 1]
                out.append(_token(row[at], last, (fact.key,), "date" if fact.sort == "date" else "number"))
                at += fact.size
            if not facts:
                token, size = self._meaning(row, at)
                out.append(token)
                at += size
        return self._denied(out)

    def _meaning(self, row: Sequence[Word], at: int) -> tuple[Token, int]:
        word = row[at]
        entry, size = self._longest(self._known.names, row, at, by_form=True)
        if entry is None:
            entry, size = self._longest(self._known.phrases, row, at, by_form=False)
        if entry is not None and (size > 1 or not self._weightless(word) or entry.sort in {"light", "name"}):
            last = row[at + size - 1]
            mood = self.stems.mood(last.form, final=last.final)
            level = entry.level if entry.level >= 0 else mood.level
            counts = size == 1 and word.stem in self._known.units and word.form not in self._known.often
            ids = tuple(id_ for id_ in entry.ids if not (counts and id_.startswith("%")))
            token = _token(word, last, ids, "unit" if counts else entry.sort, level)
            whole = size > 1 and entry.sort == "word"
            inner = [one.stem for one in row[at : at + size] if whole and not self._weightless(one)]
            return token._replace(negated=mood.negated, inner=tuple(inner)), size
        mood = self.stems.mood(word.form, final=word.final)
        token = _token(word, word, (word.stem,), self._sort(word), mood.level)
        return token._replace(negated=mood.negated), 1

    def _weightless(self, word: Word) -> bool:
        alone = {word.form, word.base, self._alone(word.form)}
        return bool(alone & self._known.function) or (
            self.language == "tr" and word.stem in self._known.function
        )

    def _denies(self, form: str, stem: str) -> bool:
        return self._alone(form) in self._known.negation or (
            self.language == "tr" and stem in self._known.negation
        )

    def _alone(self, form: str) -> str:
        """An Arabic form without the `and` that is written together with it."""
        return form[1:] if self.language == "ar" and form[:1] in {"و", "ف"} else form

    def _spellings(self, word: Word) -> tuple[str, ...]:
        """What a word may be called in the vocabulary: its stem and form, an Arabic verb also without its prefix."""
        alone = self._alone(word.form)
        found = (word.stem, word.form, alone)
        verb = alone if alone.startswith("ت") else word.bare
        if (
            self.language == "ar"
            and verb.startswith("ت")
            and len(verb) >= 4
            and not (len(verb) == 5 and verb[3] == "ي")
        ):
            return (*found, self.stems.stem(verb[1:]))
        return found

    def _sort(self, word: Word) -> Sort:
        if self._weightless(word) or self._denies(word.form, word.stem):
            return "function"
        if word.stem in self._known.units:
            return "unit"
        if word.stem in self._own_names or word.bare in self._own_names:
            return "name"
        if word.stem in self._known.light or self._alone(word.form) in self._known.light:
            return "light"
        return "name" if word.upper and not word.first else "word"

    def _longest(
        self,
        table: Phrases,
        row: Sequence[Word],
        at: int,
        *,
        by_form: bool,
    ) -> tuple[Entry | None, int]:
        """The longest phrase of the table that stands at that word."""
        spelled = (lambda word: (word.bare,)) if by_form else self._spellings
        best: tuple[Entry | None, int] = (None, 0)
        for first in dict.fromkeys(spelled(row[at])):
            for phrase, entry in table.get(first, ()):
                if len(phrase) <= best[1]:
                    break
                there = row[at : at + len(phrase)]
                if len(there) == len(phrase) and all(
                    part in spelled(word) for part, word in zip(phrase, there, strict=True)
                ):
                    best = (entry, len(phrase))
                    break
        return best

    def _denied(self, tokens: list[Token]) -> list[Token]:
        """The tokens, each with what a word beside it brings: denial, or the mood of a Turkish helping verb."""
        before = self.language != "tr"  # not, لا: deny what follows; değil: what came before
        out = list(tokens)
        for at, token in enumerate(tokens):
            particle = token.sort == "function" and self._denies(token.form, token.key)
            helps = token.sort == "function" and (token.negated or token.level >= 0)
            if not particle and not helps:
                continue
            steps = range(at + 1, len(out)) if before else range(at - 1, -1, -1)
            near = next((place for place in steps if out[place].sort not in {"function", "light"}), None)
            if near is not None and abs(near - at) <= 4:
                level = out[near].level if out[near].level >= 0 else token.level
                reach = (token.start, token.end)
                denied = out[near].negated != (particle or token.negated)
                out[near] = out[near]._replace(negated=denied, reach=reach, level=level)
        return out


def _token(first: Word, last: Word, ids: tuple[str, ...], sort: Sort, level: int = -1) -> Token:
    return Token(first.start, last.end, first.form, ids, sort, first.sentence, level)
