"""Agreements as others have printed them: the Dutch state's Markdown, and the Universal Declaration's texts.

Their head is a few `#` lines about the source, their headings are `### Article  1` or `###Artikel 1`, their
titles `##` and `####`. A file may hold two languages, one whole text after the other: a second title begins
the second.

    load([("nl-jordan-1975.txt", raw, ("en", "nl"))])   ->   Text(languages=("en", "nl"), ...)

Nothing is left out: what has no place of its own becomes a passage, doubled numbers get ids of their own,
and a note after the signatures becomes an annex. Brackets of the printed text are not brackets of a
negotiation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from comity.chapters.instruments import sound
from comity.chapters.instruments.head import Head
from comity.chapters.instruments.numbering import heading
from comity.chapters.instruments.outline import Block, Outline, blocks
from comity.chapters.instruments.reader import Page, merged
from comity.chapters.instruments.text import Text
from comity.core.errors import Malformed

__all__ = ["load"]

_GLUED = re.compile(r"^((?:[a-z]|[0-9]{1,2})[.)]|[-–])(?=\S{2})")  # a sign with no space behind it
_SOURCE = ("# SOURCE", "# COPYRIGHT", "# NOTE")


def load(files: Iterable[tuple[str, bytes, Sequence[str]]], *, authentic: Sequence[str] = ()) -> Text:
    """One text from printed files, each with the languages that it holds, in order."""
    pages = []
    for name, raw, languages in files:
        parts = list(_parts(name, raw))
        if len(parts) != len(languages):
            raise Malformed(
                name, f"holds {len(parts)} texts, not {len(languages)}; name the languages that it has"
            )
        for language, part in zip(languages, parts, strict=True):
            outline = Outline(name, lenient=True)
            title = _take(outline, part)
            pages.append((Page(name, Head(language=language), title, []), outline.rows))
    return merged(pages, authentic=authentic)


def _parts(name: str, raw: bytes) -> Iterator[list[Block]]:
    """The blocks of each language's text: a new text begins at a title that follows closed articles."""
    found = list(_blocks(name, raw))
    starts = [0]
    for at, block in enumerate(found):
        begins = block.level not in (0, 3) and _is_title(found, at) and _has_article(found[starts[-1] : at])
        if begins and _has_article(found[at:]):
            starts.append(at)
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        yield found[start:end]


def _is_title(found: Sequence[Block], at: int) -> bool:
    """Whether a heading is the title of a text, and not that of the article or chapter before it."""
    before = found[at - 1] if at else None
    return heading(found[at].text) is None and not (before and before.level and heading(before.text))


def _has_article(found: Sequence[Block]) -> bool:
    return any((named := heading(block.text)) and named.kind == "article" for block in found if block.level)


def _blocks(name: str, raw: bytes) -> Iterator[Block]:
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(name, "is not UTF-8", at=f"byte {error.start}") from error
    decoded = unicodedata.normalize("NFC", decoded.replace("\r\n", "\n"))
    if wrong := sound.unfit(decoded):
        raise Malformed(name, wrong[1], at=f"line {decoded.count(chr(10), 0, wrong[0]) + 1}")
    escaped = decoded.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    lines = enumerate(escaped.split("\n"), 1)
    kept = [(at, _GLUED.sub(r"\1 ", line)) for at, line in lines if not line.startswith(_SOURCE)]
    yield from blocks(kept, each_line=True)


def _take(outline: Outline, part: Sequence[Block]) -> str:
    """Put one text's blocks into the outline; its title."""
    titles = []
    for at, block in enumerate(part):
        if block.level and heading(block.text) is None and _is_title(part, at):
            if outline.rows:
                outline.take(Block(2, f"Annex — {block.text}", block.line))
            else:
                titles.append(block.text)
        else:
            outline.take(block)
    return titles[-1] if titles else outline.title
