"""How a page speaks to whoever reads it: words, names, days and numbers in their language, as text and never as markup.

    visit.say("door.title"); visit.day("2024-12-02"); visit.number(1200)

`comity.web.visit` says which language that is, and `comity.web.reader` does where nobody is signed in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import cache, cached_property, lru_cache

from markupsafe import Markup, escape

from comity.core.act import LANGUAGES
from comity.desk import dates, wording
from comity.web.text import visible
from comity.words import Words, places

__all__ = ["Spoken", "read_words"]


class Spoken(ABC):
    """What has a reader."""

    zone: tzinfo
    """The zone in which times are told."""

    @property
    @abstractmethod
    def language(self) -> str:
        """The reader's language."""

    @property
    @abstractmethod
    def shows_hijri(self) -> bool:
        """Whether Hijri days are shown beside the Gregorian ones."""

    @cached_property
    def words(self) -> Words:
        """The words of that language, which were read once for all visits."""
        return _words_of(self.language)

    def say(self, key: str, place: str = "web", /, **facts: object) -> Markup:
        """Words for a page: what is put into them from elsewhere can neither be markup nor turn the sentence round."""
        if not facts:
            return _plain(self.words, key, place)
        told = {
            name: fact if isinstance(fact, Markup) else visible(str(fact)) for name, fact in facts.items()
        }
        return Markup(escape(self.words.say(key, place, **told)))  # noqa: S704 -- escaped just here

    def named(self, names: Mapping[str, str]) -> str:
        """A name in the reader's language."""
        return visible(wording.named(self.words, names))

    def tongue(self, tag: str) -> str:
        """The name of a language, or its tag where we have none."""
        return str(self.say(f"language.{tag}")) if self.words.has(f"language.{tag}", "web") else tag

    def day(self, on: date | str) -> str:
        """A day for the reader; what is no day as it is."""
        found = dates.parsed(on[:10]) if isinstance(on, str) else on
        return str(on) if found is None else dates.day(found, self.language)

    def moment(self, at: datetime | str) -> str:
        """A time for the reader, in the node's zone."""
        found = dates.parsed(at) if isinstance(at, str) else at
        if isinstance(found, datetime) and found.tzinfo is not None:
            return dates.moment(found, self.language, self.zone)
        return self.day(at)

    def hijri(self, at: datetime | date | str) -> str:
        """The Hijri day of a day or time, where it is shown; else ""."""
        found = dates.parsed(at) if isinstance(at, str) else at
        if not self.shows_hijri or found is None:
            return ""
        if isinstance(found, datetime):
            found = found.astimezone(self.zone).date()
        return dates.hijri(found, self.language)

    def number(self, value: int) -> str:
        """A whole number for the reader."""
        return dates.number(value, self.language)

    def listed(self, things: Iterable[object]) -> str:
        """Several things in one line, with the comma of the reader's language."""
        return self.comma.join(visible(str(one)) for one in things)

    @property
    def comma(self) -> str:
        """What stands between two things in a line."""
        return "\u060c " if self.language == "ar" else ", "


def read_words() -> None:
    """Read the words of every language."""
    for language in LANGUAGES:
        for place in places():
            _words_of(language).of(place, language)


@lru_cache(10_000)
def _plain(words: Words, key: str, place: str) -> Markup:
    """What a page says again and again: words that nothing is put into."""
    return escape(words.say(key, place))


@cache
def _words_of(language: str) -> Words:
    """The words of a language, read once: their files do not change while the program runs."""
    return Words(language)
