"""Provisions side by side in all languages, and those that lack a counterpart.

[{"provision": "art-13.2.e", "kind": "point", "number": "e", "in": ["nl"], "missing": ["en"]}]
"""

from __future__ import annotations

from typing import Any

from comity.chapters.instruments.text import Provision, Text

__all__ = ["gaps", "side_by_side"]


def side_by_side(text: Text) -> list[tuple[Provision, dict[str, str]]]:
    """Each provision with its heading and text in each language ("" where it has none)."""
    return [(row, {tag: _said(row, tag) for tag in text.languages}) for row in text.provisions]


def _said(row: Provision, tag: str) -> str:
    words = row.words.get(tag)
    return " ".join(filter(None, (words.heading, words.text))) if words else ""


def gaps(text: Text) -> list[dict[str, Any]]:
    """Every provision that some language of the text lacks, or has no words for where another has, in
    order."""
    found = []
    for row in text.provisions:
        headed = any(words.heading for words in row.words.values())
        worded = any(words.text for words in row.words.values())
        missing = [tag for tag in text.languages if tag not in row.words]
        partly = [
            tag
            for tag in text.languages
            if tag in row.words
            and ((headed and not row.words[tag].heading) or (worded and not row.words[tag].text))
        ]
        if missing or partly:
            present = [tag for tag in text.languages if tag not in missing and tag not in partly]
            gap: dict[str, Any] = {"provision": row.id, "kind": row.kind, "number": row.number, "in": present}
            found.append({**gap, "missing": missing + partly})
    return found
