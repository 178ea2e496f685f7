"""How the story is told: one line a step, with its reference and its standing, in the chosen language.

2024-08-03  TUR/9   Türkiye: accepted a date  [received]
                    -> date agreed: 2024-08-15T10:00:00+03:00  [TUR settled, IRQ settled]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from comity.words import Words, isolate

__all__ = ["Teller"]

_BOLD, _DIM, _GREEN, _CYAN, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[36m", "\x1b[0m"


class Teller:
    """Writes lines as they happen."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words, self._drawn = Words(language), sys.stdout.isatty()

    def say(self, key: str, /, **facts: object) -> str:
        """The demonstration's own words."""
        return self._words.say(f"demo.{key}", "demo", **facts)

    def part(self, key: str, /, **facts: object) -> None:
        """A new part of the story."""
        print()
        self._line(self.say(key, **facts), _BOLD)

    def note(self, key: str, /, **facts: object) -> None:
        """Something that is no act."""
        self._line(f"    {self.say(key, **facts)}", "")

    def detail(self, key: str, /, **facts: object) -> None:
        """Something that belongs to the note before it."""
        self._line(f"      {self.say(key, **facts)}", "")

    def act(self, act: Mapping[str, Any], party: str, chapter: str, more: str = "") -> None:
        """An act: when, which, who, what, and how settled."""
        what = self._words.say(f"kind.{act['kind'].partition('/')[0]}", chapter)
        standing = self.standing(act["standing"])
        said = f"{isolate(act['time'][:10], self._words.language)}  {self._ref(act['ref'])}  {party}: {what}"
        self._line(f"{said}{f' – {isolate(more, self._words.language)}' if more else ''}  [{standing}]", "")

    def milestone(self, found: Mapping[str, Any], chapter: str, standings: Mapping[str, str]) -> None:
        """What an act has made true, and how settled each node shows it."""
        what = self._words.say(f"milestone.{found['what']}", chapter, **found["facts"])
        comma, arrow = ("، ", "←") if self._words.language == "ar" else (", ", "→")
        each = comma.join(
            f"{isolate(party, self._words.language)} {self.standing(word)}"
            for party, word in standings.items()
        )
        colour = _GREEN if set(standings.values()) == {"settled"} else _CYAN
        self._line(f"                    {arrow} {what}  [{each}]", colour)

    def value(self, word: str, chapter: str) -> str:
        """One of a chapter's own words, such as a status."""
        return self._words.say(f"value.{word}", chapter)

    def standing(self, word: str) -> str:
        """A standing, in words."""
        return self._words.say(f"standing.{word}", "cli")

    def _ref(self, ref: str) -> str:
        return isolate(ref, self._words.language) + " " * (7 - len(ref))

    def _line(self, text: str, style: str) -> None:
        print(f"{style}{text}{_OFF}" if self._drawn and style else text, flush=True)
