"""Which words of a published text say which passage of the statement.

Each published sentence is read from left to right; each of its words belongs to one of the passages that share words
with it, or to none, so that the shared weight is greatest and few changes are made (Viterbi's algorithm). So a sentence
may carry parts of two passages, and a passage may be spread over several sentences, in any order.

    passages:  1 "... a joint centre in Baghdad."   2 "It will be staffed by 24 officers."
    sentence:  "A joint centre in Baghdad will be set up, | and 24 officers will work there."  ->  parts for 1 | for 2

Weights are whole numbers: 100 for a word that stands in one passage only, less for one that stands in many. The work
grows with the length of the texts, not with its square: a word that stands nearly everywhere proposes only the passages
nearest in place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import log2
from typing import NamedTuple

from comity.chapters.statements.compare.lookup import Sort
from comity.chapters.statements.compare.tokens import Token

__all__ = ["Index", "Part", "solid"]

_FACTORS: dict[Sort, int] = {
    "word": 100,
    "name": 100,
    "number": 60,
    "date": 120,
    "unit": 30,
    "modal": 40,
    "light": 15,
    "function": 0,
}
_BARE = frozenset({"name", "light", "modal"})
_NEAREST = 24
_FAR = 8  # what it costs a passage to stand one further from where it is expected
_CANDIDATES = 6
_MISS = 40  # per cent of a word's weight that it costs a passage not to have it
_ENTRY = 60
_UNSAID = 15
_UNSAID_MOST = 90
_TURNS = (230, 150, 90)  # inside a clause, before a joining word, behind a comma


class Part(NamedTuple):
    """Tokens `first` to `last` (exclusive) of a published sentence, said of `passage` (from 0), or of none: -1."""

    passage: int
    sentence: int
    first: int
    last: int


def solid(tokens: Iterable[Token]) -> list[Token]:
    """The tokens that weigh anything."""
    return [token for token in tokens if token.sort != "function"]


class Index:
    """The passages by their words."""

    def __init__(self, passages: Sequence[Sequence[Token]]) -> None:
        self.size = len(passages)
        self._places: dict[str, list[int]] = {}
        self._known: dict[tuple[tuple[str, ...], Sort], int] = {}
        for place, tokens in enumerate(passages):
            for id_ in {id_ for token in tokens for id_ in (*token.ids, *token.inner)}:
                self._places.setdefault(id_, []).append(place)
        self._whole = log2(1 + self.size) or 1
        self._weights = [sum(map(self.weight, _distinct(tokens))) for tokens in passages]
        worded = [[token for token in tokens if token.sort not in _BARE] for tokens in passages]
        self._worded = [
            2 * sum(map(self.weight, _distinct(tokens))) >= whole
            for tokens, whole in zip(worded, self._weights, strict=True)
        ]
        self._names = {
            id_ for tokens in passages for token in tokens if token.sort == "name" for id_ in token.ids
        }
        self._ids = [{id_ for token in tokens for id_ in (*token.ids, *token.inner)} for tokens in passages]

    def weight(self, token: Token) -> int:
        """How much the token tells its passage from the others."""
        known = (token.ids, token.sort)
        if known not in self._known:
            spread = max((len(self._places.get(id_, ())) for id_ in token.ids), default=0) or 1
            self._known[known] = round(_FACTORS[token.sort] * log2(1 + self.size / spread) / self._whole) or 1
        return self._known[known]

    def has(self, place: int, token: Token) -> bool:
        """Whether the passage has the token or one that is the same."""
        return any(id_ in self._ids[place] for id_ in (*token.ids, *token.inner))

    def near(self, token: Token, expected: int) -> list[int]:
        """The passages that have the token: all, or the nearest to the place expected."""
        found: dict[int, None] = {}
        for id_ in (*token.ids, *token.inner):
            places = self._places.get(id_, [])
            at = max(0, min(bisect_left(places, expected) - _NEAREST // 2, len(places) - _NEAREST))
            found.update(dict.fromkeys(places[at : at + _NEAREST]))
        return list(found)

    def parts(
        self, tokens: Sequence[Token], turns: Sequence[int], sentence: int, expected: int
    ) -> list[Part]:
        """A sentence divided among passages. `turns`: how easily a change comes before each token (0 to 2)."""
        candidates = self._candidates(tokens, expected)
        if not candidates:
            return [Part(-1, sentence, 0, len(tokens))]
        states = self._path(tokens, turns, candidates, expected)
        out: list[Part] = []
        for at, state in enumerate(states):
            if out and out[-1].passage == state:
                out[-1] = out[-1]._replace(last=at + 1)
            else:
                out.append(Part(state, sentence, at, at + 1))
        return [part if self._holds(part, tokens) else part._replace(passage=-1) for part in out]

    def covered(self, place: int, tokens: Sequence[Token], ids: set[str]) -> int:
        """How many per cent of a passage's weight stand among `ids`."""
        whole = self._weights[place]
        said = sum(
            self.weight(one) for one in _distinct(tokens) if any(id_ in ids for id_ in (*one.ids, *one.inner))
        )
        return 100 * said // whole if whole else 0

    def _candidates(self, tokens: Sequence[Token], expected: int) -> list[int]:
        scores: dict[int, int] = {}
        for token in _distinct(tokens):
            if token.sort != "light":
                for place in self.near(token, expected):
                    scores[place] = scores.get(place, 0) + self.weight(token)
        full = sorted(scores, key=lambda place: (-scores[place], abs(place - expected), place))
        share = sorted(
            scores, key=lambda place: (-100 * scores[place] // self._weights[place], abs(place - expected))
        )
        return list(dict.fromkeys([*full[:_CANDIDATES], *share[:2]]))

    def _path(
        self, tokens: Sequence[Token], turns: Sequence[int], candidates: Sequence[int], expected: int
    ) -> list[int]:
        states = [-1, *candidates]
        said = _distinct(tokens)
        best = [0] + [
            -_ENTRY - _FAR * min(abs(place - expected), 5) - self._unsaid(place, said) for place in candidates
        ]
        back: list[list[int]] = []
        for at, token in enumerate(tokens):
            cost = _TURNS[turns[at]]
            top = max(range(len(states)), key=lambda state: (best[state], -state))
            weight = self.weight(token)
            row, scores = [], []
            for state, place in enumerate(states):
                gain = 0 if place < 0 else weight if self.has(place, token) else -weight * _MISS // 100
                stays = at == 0 or best[state] >= best[top] - cost
                row.append(state if stays else top)
                scores.append((best[state] if stays else best[top] - cost) + gain)
            back.append(row)
            best = scores
        state = max(range(len(states)), key=lambda state: (best[state], -state))
        path: list[int] = []
        for row in reversed(back):
            path.append(states[state])
            state = row[state]
        return path[::-1]

    def _unsaid(self, place: int, said: Sequence[Token]) -> int:
        """What it costs a passage that much of it is not in the sentence: of two, the nearer in content wins."""
        shared = sum(self.weight(token) for token in said if self.has(place, token))
        return min(_UNSAID_MOST, max(0, self._weights[place] - shared) * _UNSAID // 100)

    def _holds(self, part: Part, tokens: Sequence[Token]) -> bool:
        """Whether what is shared is enough to say that they correspond at all."""
        if part.passage < 0:
            return True
        said = _distinct(tokens[part.first : part.last])
        shared = sum(self.weight(token) for token in said if self.has(part.passage, token))
        whole, passage = sum(map(self.weight, said)), self._weights[part.passage]
        if 100 * shared < 40 * whole and 100 * shared < 50 * passage:
            return False
        told = any(
            token.sort not in _BARE and self._names.isdisjoint(token.ids) and self.has(part.passage, token)
            for token in said
        )
        if self._worded[part.passage] and not told and 100 * shared < 60 * max(whole, passage):
            return False  # the same people and places are named, and nothing else is shared
        return shared >= 150 or 100 * shared >= 60 * passage or (100 * shared >= 90 * whole and shared >= 90)


def _distinct(tokens: Iterable[Token]) -> list[Token]:
    return list({token.key: token for token in tokens}.values())
