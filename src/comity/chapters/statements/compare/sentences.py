"""A published text cut into sentences, with what is only page furniture told apart. Offsets are characters of the text.

    "TEHRAN, Aug. 16 (XNA) – The two sides met.\\nMore news\\n09.01.2026, 11:23"
    ->  Sentence(24, 42, ...), Aside(0..23, "dateline"), Aside(43..52, "furniture"), Aside(53..70, "furniture")

A line that ends without a full stop goes on in the next where that one begins small, or where the line is long enough
to have been broken by its width. List numbers, initials, abbreviations and ordinals end no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from comity.chapters.statements.compare.shapes import Aside, Span
from comity.chapters.statements.compare.vocabulary import vocabulary

__all__ = ["Sentence", "sentences"]

_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_WORDY = re.compile(r"[^\W_]")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_SIGN_OFF = re.compile(r"[A-Z]{2,8}(?:/[A-Z]{2,8})+")
_DATELINE = re.compile(r"\W{0,3}[A-ZÇĞİÖŞÜ][\w .,'’/-]{1,60}\([^()\n]{2,30}\)\s{0,3}[-–—:]\s{0,3}")
_LABEL = re.compile(
    r"\s{0,20}(?:[-•*–·#>|]\s{1,9})?(?:(?:\(?(\d{1,3}|[ivx]{1,5}|[a-zA-Z])[.)])|(\d{1,3})\s?[-–])\s{1,9}(?=\S)"
)
_POINT = re.compile(r"\s{0,20}[-•*–·#>]\s{1,9}")
_BULLET = re.compile(r"[-•*–·]\s")
_ENDED = re.compile(r"[.!?؟۔…:;؛][\"'”’»)\]|\s]{0,9}$")
_STOP = re.compile(r"[.!?؟۔…]{1,9}[\"”’»)\]]{0,4}(?=\s|$)")
_CUT = re.compile(r"(?:\[[^\[\]\n]{0,40}(?:\.\.\.|…)\s?\]|\.\.\.|…)\s{0,9}$")
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘]*$")
_WIDTH = 60
_LINK = 200


class Sentence(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text. `label` is the list number before it, `cut` that

    it breaks off. `first` marks what may be a headline: the first line, unended, with more to follow.
    """

    start: int
    end: int
    label: str = ""
    cut: bool = False
    first: bool = False


def sentences(text: str, language: str) -> tuple[list[Sentence], list[Aside]]:
    """Every sentence that has a word, in order, and the furniture between them."""
    kept, aside = _lines(text)
    found: list[Sentence] = []
    blocks = list(_blocks(text, kept))
    for number, (start, end) in enumerate(blocks):
        if _SIGN_OFF.fullmatch(text[start:end].strip()) and number == len(blocks) - 1 > 0:
            aside.append(Aside(_trimmed(text, start, end), "sign_off"))
            continue
        if dateline := _DATELINE.match(text[start : start + 200]):
            aside.append(Aside(_trimmed(text, start, start + dateline.end()), "dateline"))
            start += dateline.end()  # noqa: PLW2901 -- the block begins behind its dateline
        found.extend(_cut_up(text, start, end, language))
    if found and len(found) > 1 and not _ENDED.search(text[found[0].start : found[0].end]):
        found[0] = found[0]._replace(first=True)
    return found, aside


def _lines(text: str) -> tuple[list[tuple[int, int]], list[Aside]]:
    """The lines that say something; clock times of links, and the unended lines before them, are furniture."""
    lines = [found.span() for found in _LINE.finditer(text) if _WORDY.search(found[0])]
    clocks = [_is_clock(text[start:end]) for start, end in lines]
    kept, aside = [], []
    for number, (start, end) in enumerate(lines):
        linked = (
            number + 1 < len(lines) and clocks[number + 1] and _next_line(text, end, lines[number + 1][0])
        )
        short = linked and end - start < _LINK and (clocks[number - 1] if number else False)
        short = short or (
            linked and end - start < _LINK and not _ENDED.search(text[max(start, end - 12) : end])
        )
        if clocks[number] or short:
            aside.append(Aside(_trimmed(text, start, end), "furniture"))
        else:
            kept.append((start, end))
    return kept, aside


def _is_clock(line: str) -> bool:
    return len(line) < 80 and bool(_CLOCK.search(line)) and len(re.findall(r"[^\W\d_]+", line)) <= 4


def _next_line(text: str, end: int, start: int) -> bool:
    between = text[end:start]
    return len(between) < 8 and between.replace("\r\n", "\n").count("\n") <= 1


def _blocks(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lines put together to paragraphs."""
    here: tuple[int, int] | None = None
    for number, (start, end) in enumerate(lines):
        if (
            here
            and _next_line(text, here[1], start)
            and _goes_on(text, lines[number - 1], start, number == 1)
        ):
            here = (here[0], end)
        else:
            if here:
                yield here
            here = (start, end)
    if here:
        yield here


def _goes_on(text: str, before: tuple[int, int], start: int, after_first: bool) -> bool:
    line = text[before[0] : before[1]]
    if (
        _ENDED.search(line[-12:])
        or _LABEL.match(text[start : start + 40])
        or _BULLET.match(text[start : start + 40].lstrip())
    ):
        return False
    begins = next((char for char in text[start : start + 40] if char.isalnum()), "")
    return begins.islower() or (len(line) >= _WIDTH and not after_first)


def _cut_up(text: str, start: int, end: int, language: str) -> Iterator[Sentence]:
    if bullet := _POINT.match(text[start : min(end, start + 60)]):
        start += bullet.end()
    labelled = _LABEL.match(text[start : min(end, start + 60)])
    label = (labelled[1] or labelled[2] or "").lower() if labelled else ""
    here = start + (labelled.end() if labelled else 0)
    for stop in _STOP.finditer(text, here, end):
        if _ends(text, here, stop, end, language):
            if _WORDY.search(text, here, stop.end()):
                yield _sentence(text, here, stop.end(), label)
                label = ""
            here = stop.end()
    if _WORDY.search(text, here, end):
        yield _sentence(text, here, end, label)


def _sentence(text: str, start: int, end: int, label: str) -> Sentence:
    span = _trimmed(text, start, end)
    return Sentence(span.start, span.end, label, bool(_CUT.search(text[max(start, end - 60) : end])))


def _ends(text: str, here: int, stop: re.Match[str], end: int, language: str) -> bool:
    """Whether a full stop ends the sentence, and is not part of an abbreviation, an ordinal or an initial."""
    after = text[stop.end() : min(end, stop.end() + 40)].lstrip(" \t\"“‘'([«-–—")
    if not stop[0].startswith(".") or stop[0].startswith(".."):
        return not after[:1].islower() or stop[0][0] in "؟۔"
    found = _WORD_BEFORE.search(text, max(here, stop.start() - 24), stop.start())
    word = found[0] if found else ""
    if after[:1].islower() or (len(word) == 1 and word.isalpha()):
        return False
    if word.lower() in vocabulary(language).abbreviations:
        return not after[:1].strip()
    return not (language == "tr" and word.isdigit() and len(word) <= 2 and after[:1].isupper())


def _trimmed(text: str, start: int, end: int) -> Span:
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    said = said.strip()
    return Span(start, start + len(said), said)
