"""Words as they are looked for: without case, marks and the ways of writing that do not change what is meant.

    fold("İSTANBUL Kızılay")         "istanbul kizilay"
    fold("الأمانة ٢٠٢٤")              "الامانه 2024"          (hamza on alef, taa marbuta, Arabic-Indic digits)
    words('مركز "high level" 15/2024')
    -> (Word(("مركز",), True), Word(("high", "level"), False), Word(("15", "2024"), False))

What is indexed and what is typed go through the same folding, so that both come out the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comity.core.act import PARTY, Ref
from comity.core.errors import Malformed

__all__ = ["Span", "Word", "excerpt", "fold", "matching", "pieces", "references", "tokens", "words"]

LONGEST, MOST = 200, 12
"""Of a question: so many characters and so many words are looked at."""

_ALONE = {
    0x131: "i",  # ı, which has no mark to lose
    0x671: "ا",  # alef wasla
    0x621: "",  # hamza on no letter
    0x629: "ه",  # taa marbuta
    0x649: "ي",  # alif maqsura
    0x6CC: "ي",  # yaa as a Persian keyboard writes it
    0x6A9: "ك",  # kaf, likewise
    0x640: "",  # tatweel
    0x110: "d",
    0x111: "d",
    0xD8: "o",
    0xF8: "o",
    0x141: "l",
    0x142: "l",
}
_TOKEN = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_REFERENCE = re.compile(rf"(?<![A-Za-z0-9])({PARTY})/([0-9]{{1,12}})(?![0-9])", re.ASCII)
_ARABIC = re.compile("[\u0620-\u064a]")
_JOINED = ("", "ال", "و", "وال", "بال", "كال", "فال", "لل", "ل", "ب")
"""What stands before an Arabic word without a space: the article, and what is joined to it."""


class _Folding(dict[int, str]):
    """For `str.translate`: what each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _folded(chr(code))
        return found


class Word(NamedTuple):
    """What is looked for: tokens side by side. `open`: the last of them may go on."""

    tokens: tuple[str, ...]
    open: bool


class Span(NamedTuple):
    """A stretch of a text; `found` where it is one of the words that were looked for."""

    text: str
    found: bool


def _folded(char: str) -> str:
    kept = []
    for part in unicodedata.normalize("NFKD", char):
        alone = _ALONE.get(ord(part))
        if alone is not None:
            kept.append(alone)
        elif unicodedata.category(part) in ("Mn", "Me", "Cf", "Cc") and part not in "\t\n\r":
            continue
        elif part.isdecimal():
            kept.append(str(unicodedata.decimal(part)))
        else:
            kept.append("".join(_ALONE.get(ord(one), one) for one in part.casefold()))
    return "".join(kept)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text as it is compared."""
    return text.translate(_FOLDING)


def tokens(text: str) -> list[str]:
    """The words of a text, folded."""
    return _TOKEN.findall(fold(text))


# ------------------------------------------------------------------------------------ what is typed


def words(asked: str) -> tuple[Word, ...]:
    """What is looked for by what somebody typed. Signs that are no letters or digits only part words."""
    found = []
    for quoted, plain in _QUOTED.findall(asked[:LONGEST]):
        parts = tuple(tokens(quoted or plain))
        if parts:
            found.append(Word(parts, not quoted and len(parts[-1]) > 1 and not parts[-1].isdigit()))
    return tuple(dict.fromkeys(found))[:MOST]


def references(asked: str) -> list[Ref]:
    """The acts that are named in what was typed: TUR/17, in whatever case and digits."""
    found = []
    upper = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in asked[:LONGEST]).upper()
    for party, number in _REFERENCE.findall(upper):
        try:
            found.append(Ref.parse(f"{party}/{number}"))
        except Malformed:  # TUR/017 names no act
            continue
    return list(dict.fromkeys(found))


def variants(word: Word) -> list[tuple[str, ...]]:
    """The word as it may stand in a text: an Arabic one with and without what is joined to it."""
    first, *rest = word.tokens
    if not _ARABIC.match(first) or not word.open or rest:
        return [word.tokens]
    stem = first[2:] if first.startswith("ال") and len(first) > 4 else first
    return [(first,), *((f"{before}{stem}",) for before in _JOINED if f"{before}{stem}" != first)]


# ---------------------------------------------------------------------------------- what is looked in


_TITLES = frozenset({"title", "titles", "name", "names"})
_MACHINE = re.compile(r"[a-z0-9_.:+#-]{1,80}")  # "in_person", "text/plain": not written for people
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T|\Z)")
_PACKED = re.compile(r"[^\s]{40,}")  # a key, a hash, a file


def pieces(content: Any, titled: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text in the content of an act that people read, and whether it is a title."""
    match content:
        case Mapping():
            for name, value in content.items():
                yield from pieces(value, titled or name in _TITLES)
        case list() | tuple():
            for value in content:
                yield from pieces(value, titled)
        case str():
            text = content.strip()
            day = _DAY.match(text)
            if day is not None and len(text) < 40:
                yield day[0], False
            elif text and (titled or not _MACHINE.fullmatch(text)) and not _PACKED.fullmatch(text):
                yield text, titled
        case _:
            return


# ---------------------------------------------------------------------------------------- excerpts


def matching(asked: Sequence[Word]) -> re.Pattern[str]:
    """What finds any of the words in a folded text."""
    alternatives = []
    for word in asked:
        for parts in variants(word):
            joined = r"[\W_]+".join(re.escape(part) for part in parts)
            alternatives.append(joined if word.open else rf"{joined}(?![^\W_])")
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(alternatives)})" if alternatives else r"(?!)")


def excerpt(texts: Sequence[str], asked: Sequence[Word], around: int = 90) -> tuple[Span, ...]:
    """Of the text with most of the words: the first of them with what stands around it; found words apart.

    The beginning of the first text, where there is none of them.
    """
    sign, best, most = matching(asked), texts[0] if texts else "", (0, 0)
    for text in texts:
        number = len(set(sign.findall(fold(text))))
        if number and (number, min(len(text), around)) > most:  # of two alike, the one that says more
            best, most = text, (number, min(len(text), around))
    hits = _places(best, sign) if most[0] else []
    start = max(0, hits[0][0] - around) if hits else 0
    stop = min(len(best), (hits[0][1] if hits else 0) + 2 * around)
    start, stop = _whole(best, start, stop)
    return tuple(_spans(best, hits, start, stop))


def _places(text: str, sign: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where in the text itself the words stand."""
    places: list[int] = []
    folded: list[str] = []
    for place, char in enumerate(text):
        became = fold(char)
        folded.append(became)
        places += [place] * len(became)
    found = []
    for hit in sign.finditer("".join(folded)):
        stop = places[hit.end()] if hit.end() < len(places) else len(text)
        found.append((places[hit.start()], max(stop, places[hit.end() - 1] + 1)))
    return found


def _whole(text: str, start: int, stop: int) -> tuple[int, int]:
    """The same stretch, begun and ended between words where there is a space not far away."""
    if start:
        space = text.find(" ", start, start + 30)
        start = space + 1 if space >= 0 else start
    if stop < len(text):
        space = text.rfind(" ", max(start, stop - 30), stop)
        stop = space if space > 0 else stop
    return start, stop


def _spans(text: str, hits: Sequence[tuple[int, int]], start: int, stop: int) -> Iterator[Span]:
    at = start
    if start:
        yield Span("… ", False)
    for first, last in hits:
        if first < at or last > stop:
            continue
        if first > at:
            yield Span(text[at:first], False)
        yield Span(text[first:last], True)
        at = last
    if at < stop:
        yield Span(text[at:stop], False)
    if stop < len(text):
        yield Span(" …", False)
