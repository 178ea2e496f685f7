"""A sentence read as words: each with its place, its form and its stem. What they mean is read in `tokens.py`.

    words("1 Eylül 2025'ten önce", ...)  ->  Word(0, 1, "1"), Word(2, 7, "eylül"), Word(8, 16, "2025'ten"), ...

A word is a run of letters or of digits with the marks and invisible signs in it; a hyphen at the end of a line that
goes on small is part of it, and so is the bracket of an editor within a word (direct[ed).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from comity.chapters.statements.compare.forms import normal
from comity.chapters.statements.compare.sentences import Sentence
from comity.chapters.statements.compare.stems import Stems

__all__ = ["Word", "bare", "words"]

_MARK = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad"
_LETTER = rf"(?:[^\W\d_]|[{_MARK}])"
_WORD = re.compile(
    r"https?://\S+|www\.\S+"
    r"|\d{4}-\d{2}-\d{2}"
    rf"|\d+(?:[.,/:٫٬]\d+)*(?:['’ʼ]?{_LETTER}+)?"
    r"|(?:[A-Z]\.){2,}"
    rf"|{_LETTER}+(?:-[ \t]*\r?\n[ \t]*(?=[a-zçğıöşü]){_LETTER}+)?(?:\[{_LETTER}+\]?)?(?:['’ʼ]{_LETTER}+)*"
)
_BREAK = re.compile(r"-\s+")
_PUNCTUATION = re.compile(r"[,;:؛،()–—.!?؟]|\s-\s|$")
_APOSTROPHE = re.compile("['’ʼ]")
_JOINED = ("وال", "بال", "ولل", "ال", "لل", "و", "ب", "ل")
_ADDRESS = ("http", "www.")


class Word(NamedTuple):
    """One word: its place, its form without case and marks, its stem; `final` where a clause ends behind it.

    `base` is the form without what an apostrophe joins to it, `bare` also without an Arabic article and what is
    written together with it. `upper` begins with a capital; `first` begins the sentence. `sentence` numbers it.
    """

    start: int
    end: int
    form: str
    base: str
    bare: str
    stem: str
    final: bool
    upper: bool
    first: bool
    sentence: int


def words(text: str, found: Sequence[Sentence], stems: Stems) -> list[list[Word]]:
    """The words of each sentence. Addresses of pages are no words."""
    return [_words(text, sentence, number, stems) for number, sentence in enumerate(found)]


def _words(text: str, sentence: Sentence, number: int, stems: Stems) -> list[Word]:
    out: list[Word] = []
    known: dict[str, tuple[str, str, str]] = {}
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        raw = match[0]
        if raw not in known:
            known[raw] = _forms(raw, stems.language)
        form, base, bare = known[raw]
        if not form:
            continue
        rest = text[match.end() : min(sentence.end, match.end() + 3)]
        final = not rest or bool(_PUNCTUATION.match(rest.lstrip(' \t"”’»') or "."))
        stem = stems.stem(form, final=final)
        out.append(
            Word(
                match.start(), match.end(), form, base, bare, stem, final, raw[:1].isupper(), not out, number
            )
        )
    return out


def bare(word: str, language: str) -> str:
    """The bare form of one word, as `Word.bare` has it."""
    return _forms(word, language)[2]


def _forms(raw: str, language: str) -> tuple[str, str, str]:
    """The form, base and bare form of a word as it is written; all empty where it is no word."""
    form = normal(_BREAK.sub("", raw), language)
    if raw.startswith(_ADDRESS) or not any(map(str.isalnum, form)):
        return "", "", ""
    base = _APOSTROPHE.split(form, maxsplit=1)[0] or form
    return form, base, _unjoined(base)


def _unjoined(base: str) -> str:
    if "\u0600" <= base[:1] <= "\u06ff":
        for prefix in _JOINED:
            if base.startswith(prefix) and len(base) - len(prefix) >= (3 if len(prefix) > 1 else 4):
                return base[len(prefix) :]
    return base
