"""A text written out as the Markdown that the reader reads: one file for each language.

    to_markdown(text, "en")   ->   "---\\nlanguage: en\\n...---\\n\\n# Memorandum of Understanding\\n..."

Reading all languages' files back gives the same text, ids included. An id is written (`{#planning}`) only
where reading would not find it by itself, and a backslash where words would be taken for a number or a
heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from comity.chapters.instruments import numbering
from comity.chapters.instruments.head import written
from comity.chapters.instruments.ids import default_id
from comity.chapters.instruments.text import Provision, Text, Words
from comity.core.errors import Malformed

__all__ = ["to_markdown"]

_LEVELS = {"chapter": "##", "annex": "##", "preamble": "##", "closing": "##", "article": "##"}
_ID_AT_END = re.compile(r"\{#[A-Za-z0-9.-]+\}$", re.ASCII)


def to_markdown(text: Text, language: str) -> str:
    """The file of one language, with the whole head. `Malformed` if the text is not in that language."""
    if language not in text.languages:
        raise Malformed("text", f"is not in {language}; it is in {', '.join(text.languages)}", at="language")
    blocks = [f"# {text.title[language]}"] if text.title.get(language, "").strip() else []
    roman = numbering.romans(text.provisions)
    for row, given in _rows(text, language):
        blocks.append(_block(row, "en" if row.id in roman else language, row.words[language], given=given))
    return f"---\n{_head(text, language)}---\n\n" + "\n\n".join(blocks) + "\n"


def _head(text: Text, language: str) -> str:
    head: dict[str, Any] = {
        "language": language,
        "note": text.note.get(language, ""),
        "authentic": list(text.authentic),
        "prevailing": text.prevailing,
        "parties": list(text.parties),
        **written(text.bodies, text.final),
    }
    said = {key: value for key, value in head.items() if value not in ("", [])}
    dumped: str = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)
    return dumped


def _rows(text: Text, language: str) -> Iterator[tuple[Provision, bool]]:
    """Each row of the language, and whether its id must be written."""
    ordinals: dict[tuple[str, str], int] = {}
    for row in text.provisions:
        if language not in row.words:
            continue
        ordinal = ordinals.get((row.under, row.kind), 0) + (0 if row.number else 1)
        ordinals[row.under, row.kind] = ordinal
        tail = numbering.roman(row.number) if row.kind in ("article", "chapter", "annex") else row.number
        said = row.words[language].heading or row.words[language].text
        yield row, row.id != default_id(row.kind, tail, row.under, ordinal) or bool(_ID_AT_END.search(said))


def _block(row: Provision, language: str, words: Words, *, given: bool) -> str:
    id_ = f" {{#{row.id}}}" if given else ""
    if row.kind in _LEVELS:
        named = f"{numbering.label(row.kind, language)} {row.number}".strip()
        return f"{_LEVELS[row.kind]} {named}{f' — {words.heading}' if words.heading else ''}{id_}"
    match row.kind:
        case "paragraph" if row.number:
            sign = f"{row.number}. "
        case "point":
            letter = numbering.lettered(row.number, language)
            sign = f"({letter}) "
        case "item":
            sign = "- "
        case _:
            sign = _escape(words.text)
    return f"{sign}{words.text}{id_}"


def _escape(text: str) -> str:
    """A backslash where plain words would be read as something else."""
    literal = text.startswith("\\") and text[1:2] not in ("[", "]")
    return "\\" if literal or numbering.opened(text) else ""
