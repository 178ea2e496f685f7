"""The words of every language, by key: what a person reads is never written in the code.

    words = Words("ar")
    words.say("refused.answers_unseen", "meetings", answered="TUR/17")

A chapter keeps its words in its own folder (`chapters/meetings/words/ar.po`), the rest are here. The files
are gettext's, with a key as `msgid` in every language, English too, so that a translator's tools open them:

    msgid "refused.answers_unseen"
    msgstr "Your node does not hold {answered} yet, so you cannot answer it. Fetch it first: comity sync."

Inserted facts are isolated (Unicode bidi, UAX #9), so that TUR/17 does not turn round inside Arabic.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from comity.core.act import LANGUAGES
from comity.core.errors import Malformed

__all__ = ["Words", "isolate", "missing", "places", "read_po"]

_HERE = Path(__file__).resolve().parent
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_LINE = re.compile(r'(?:(msgid|msgstr) )?("(?:[^"\\]|\\[nt"\\])*")').fullmatch
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"
_RIGHT_TO_LEFT = ("ar",)


class Words:
    """The words of one language. Files are read when first needed, and once."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._read: dict[tuple[str, str], Mapping[str, str]] = {}
        self._both: dict[tuple[str, str], Mapping[str, str]] = {}

    def say(self, key: str, chapter: str | None = None, /, **facts: object) -> str:
        """The words for a key: the chapter's, or the common ones, or in English, or the key itself."""
        return self._filled(self._find(key, chapter) or key, facts)

    def has(self, key: str, chapter: str | None = None) -> bool:
        """Whether there are words for it, be it only in English."""
        return self._find(key, chapter) is not None

    def _find(self, key: str, chapter: str | None) -> str | None:
        found = self._of_both(chapter or "", self.language).get(key)
        if found is None and self.language != "en":
            return self._of_both(chapter or "", "en").get(key)
        return found

    def _of_both(self, place: str, language: str) -> Mapping[str, str]:
        """The common entries and those of a place over them: one page asks for some hundreds."""
        if (place, language) not in self._both:
            self._both[place, language] = {**self.of("", language), **self.of(place, language)}
        return self._both[place, language]

    def of(self, place: str, language: str) -> Mapping[str, str]:
        """Every entry of one file; none where there is no such file."""
        if (place, language) not in self._read:
            file = _folder(place) / f"{language}.po"
            there = file.is_file()
            self._read[place, language] = read_po(file.read_text("utf-8"), file.name) if there else {}
        return self._read[place, language]

    def _filled(self, words: str, facts: Mapping[str, object]) -> str:
        def fact(found: re.Match[str]) -> str:
            name = found[1]
            return isolate(str(facts[name]), self.language) if name in facts else found[0]

        return _PLACEHOLDER.sub(fact, words)


def isolate(fact: str, language: str) -> str:
    """The fact as it can stand inside a sentence of that language.

    References and numbers run left to right always, other facts by their own first strong letter. Where fact
    and sentence run the same way nothing is added, so English in a pipe stays plain.
    """
    rightward = language not in _RIGHT_TO_LEFT
    if not fact or (rightward and not _RTL.search(fact)):
        return fact
    return f"{_FSI if _RTL.search(fact) else _LRI}{fact}{_PDI}"


def read_po(text: str, thing: str) -> dict[str, str]:
    """The entries of a .po file that have text: `msgid`, `msgstr`, continued lines, comments; no plurals.

    Babel's reader takes 20 ms to be imported, as long as all else that a command needs; this takes one.
    Raises `Malformed`.
    """
    entries: dict[str, str] = {}
    parts: dict[str, str] = {}
    part = ""
    for number, line in enumerate([*text.splitlines(), 'msgid ""'], start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        found = _LINE(stripped)
        if found is None or not (found[1] or part) or (found[1] == "msgstr" and part != "msgid"):
            raise Malformed(thing, "not a line of a .po file that Comity reads", at=f"line {number}")
        if found[1] == "msgid":
            if parts.get("msgid") in entries:
                raise Malformed(thing, f"{parts['msgid']} is there twice", at=f"before line {number}")
            if parts.get("msgid") and parts.get("msgstr"):
                entries[parts["msgid"]] = parts["msgstr"]
            parts = {}
        part = found[1] or part
        parts[part] = parts.get(part, "") + ast.literal_eval(found[2])
    return entries


@lru_cache(maxsize=1)
def places() -> tuple[str, ...]:
    """Every place that has words: "" for the common ones, then a name for each folder."""
    chapters = [folder.parent.name for folder in _HERE.parent.glob("chapters/*/words")]
    return ("", *sorted([*chapters, *(found.parent.name for found in _HERE.glob("*/en.po"))]))


def missing(language: str) -> list[str]:
    """What has words in some language and not in this one, as `place: key`; and where the facts differ."""
    gaps = []
    for place in places():
        of = {tag: Words(tag).of(place, tag) for tag in LANGUAGES}
        for key in sorted({key for entries in of.values() for key in entries}):
            facts = {tuple(sorted(set(_PLACEHOLDER.findall(e[key])))) for e in of.values() if key in e}
            if key not in of[language]:
                gaps.append(f"{place or 'comity'}: {key}")
            elif len(facts) > 1:
                gaps.append(f"{place or 'comity'}: {key} (placeholders differ)")
    return gaps


def _folder(place: str) -> Path:
    if not place:
        return _HERE
    if not place.isidentifier():
        raise Malformed("chapter", f"{place[:40]!r} is not a name")
    own = _HERE / place
    return own if own.is_dir() else _HERE.parent / "chapters" / place / "words"
