"""What changed between two texts, word by word, provision by provision.

    words("within 30 days", "within 60 working days")
    ->  [Piece("same", "within "), Piece("out", "30 "), Piece("in", "60 working "), Piece("same", "days")]

The comparison is diff-match-patch (Apache-2.0; Myers' algorithm, with its semantic clean-up, which keeps a
rewritten sentence together instead of leaving every `the` in place). It compares characters, so each word
is first given a character of its own: that is the way its authors describe for words. A word is a run of
letters, digits and the marks that belong to them: Arabic vowel signs, the joiners of Kurdish and Persian
spelling, the apostrophe in Türkiye'nin. So no word is ever split, in any script, and no locale is asked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

from comity.chapters.instruments.text import Provision, Text

__all__ = ["Change", "Piece", "plain", "redline", "tokens", "words"]

_JOINERS = "\u200c\u200d\u0640'’ʼ"
_SIGNS: dict[int, Literal["same", "out", "in"]] = {0: "same", -1: "out", 1: "in"}


class Piece(NamedTuple):
    """A run of words that stayed, went out, or came in."""

    op: Literal["same", "out", "in"]
    text: str


class Change(NamedTuple):
    """One provision in one language: what became of it, its number now (or last), and its pieces."""

    provision: str
    number: str
    op: Literal["same", "renumbered", "changed", "in", "out"]
    pieces: list[Piece]


def tokens(text: str) -> list[str]:
    """The text cut into words, spaces and single signs; joined, they are the text again."""
    out: list[str] = []
    before = ""
    for char in text:
        kind = _class(char)
        if out and kind == before and kind != "sign":
            out[-1] += char
        else:
            out.append(char)
        before = kind
    return out


def words(old: str, new: str) -> list[Piece]:
    """The difference between two passages, in whole words."""
    known: dict[str, str] = {}
    coded_old, coded_new = _coded(tokens(old), known), _coded(tokens(new), known)
    diff = diff_match_patch()
    diff.Diff_Timeout = 0  # the answer must not depend on how fast the machine is
    found = diff.diff_main(coded_old, coded_new, False)
    diff.diff_cleanupSemantic(found)
    spelled = {code: token for token, code in known.items()}
    return [Piece(_SIGNS[sign], "".join(spelled[char] for char in run)) for sign, run in found if run]


def _class(char: str) -> str:
    if char.isspace():
        return "space"
    category = unicodedata.category(char)
    return "word" if category[0] in "LMN" or char in _JOINERS else "sign"


def _coded(cut: Sequence[str], known: dict[str, str]) -> str:
    """One character for each token, the same for the same token. Surrogates are left out: they are no
    characters."""
    for token in cut:
        if token not in known:
            place = len(known) + 1
            known[token] = chr(place if place < 0xD800 else place + 0x800)
    return "".join(known[token] for token in cut)


def redline(old: Text, new: Text, language: str) -> list[Change]:
    """Every provision of either text in that language, in the order of the new one; what went out follows
    its neighbour."""
    before = {row.id: row for row in old.provisions if language in row.words}
    after = {row.id: row for row in new.provisions if language in row.words}
    order = list(after)
    place = 0
    for id_ in before:
        if id_ in after:
            place = order.index(id_) + 1
        else:
            order.insert(place, id_)
            place += 1
    return [_change(before.get(id_), after.get(id_), language) for id_ in order]


def _change(old: Provision | None, new: Provision | None, language: str) -> Change:
    pieces = words(_said(old, language), _said(new, language))
    match old, new:
        case Provision(), Provision():
            if any(piece.op != "same" for piece in pieces):
                return Change(new.id, new.number, "changed", pieces)
            return Change(new.id, new.number, "same" if old.number == new.number else "renumbered", pieces)
        case _, Provision():
            return Change(new.id, new.number, "in", pieces)
        case Provision(), _:
            return Change(old.id, old.number, "out", pieces)
        case _:
            raise AssertionError("a provision of neither text")


def _said(row: Provision | None, language: str) -> str:
    if row is None:
        return ""
    said = row.words[language]
    return "\n".join(filter(None, (said.heading, said.text)))


def plain(pieces: Sequence[Piece]) -> str:
    """A passage with [-what went out-] and {+what came in+}, as `git diff --word-diff` shows it."""
    marks = {"same": ("", ""), "out": ("[-", "-]"), "in": ("{+", "+}")}
    return "".join(f"{marks[piece.op][0]}{piece.text}{marks[piece.op][1]}" for piece in pieces)
