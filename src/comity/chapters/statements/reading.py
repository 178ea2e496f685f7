"""What is read from people's files, and completed from the docket: statements, and texts that were published.

statement.en.md    # Joint statement            statement.tr.md    # Ortak bildiri
                   The two sides met.                              İki taraf görüştü.

comity statements record-publication report.tr.txt --outlet "A newspaper" --on 2024-08-16    (its digest, its language)
comity statements attach-text report.tr.txt --answers TUR/40                                 (its text)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from comity.chapters.statements import state
from comity.chapters.statements.acts import TEXT_LIMIT
from comity.core.act import Ref
from comity.core.aligned import decoded, read_aligned
from comity.core.chapter import View
from comity.core.errors import Malformed, Refused

__all__ = ["digest", "fill_attached", "fill_revised", "read_published", "read_statement", "read_text"]

_BYTES = 4 * TEXT_LIMIT
_LANGUAGE = re.compile(r".*\.([a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\.[A-Za-z0-9]{1,5}", re.ASCII).fullmatch
_TITLE = re.compile(r"#\s+(\S.*?)\s*#*", re.DOTALL).fullmatch


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_statement(files: Sequence[tuple[str, bytes]]) -> Mapping[str, Any]:
    """Title and passages from one plain text per language: `statement.en.md`, `statement.tr.md`.

    Passages are parted by empty lines and must follow one another alike in every language. Where the first begins with
    `# ` in every language it is the title. Raises `Malformed`.
    """
    passages = read_aligned(files, "statement")
    if not passages:
        raise Malformed("statement", "is empty: write at least one passage")
    titles = {tag: found[1] for tag, text in passages[0].items() if (found := _TITLE(text))}
    if not titles:
        return {"passages": passages}
    if len(titles) < len(passages[0]):
        lacking = ", ".join(sorted(set(passages[0]) - set(titles)))
        raise Malformed("statement", f"has a title in some languages and none in: {lacking}", at="passage 1")
    if not passages[1:]:
        raise Malformed("statement", "has a title and nothing else: write at least one passage")
    return {"title": titles, "passages": passages[1:]}


def read_published(files: Sequence[tuple[str, bytes]]) -> Mapping[str, Any]:
    """The digest of a published text, and its language where the file is named like `report.tr.txt`.

    Raises `Malformed`.
    """
    name, text = _one(files)
    found = _LANGUAGE(name)
    return {"digest": digest(text)} | ({"language": found[1]} if found else {})


def read_text(files: Sequence[tuple[str, bytes]]) -> Mapping[str, Any]:
    """A published text from its file. Raises `Malformed`."""
    return {"text": _one(files)[1]}


def _one(files: Sequence[tuple[str, bytes]]) -> tuple[str, str]:
    if len(files) != 1:
        raise Malformed("published text", f"is one file; {len(files)} were given")
    name, raw = files[0]
    text = decoded(name, raw, _BYTES)
    if not text.strip():
        raise Malformed(name, "is empty")
    if len(text) > TEXT_LIMIT:
        raise Malformed(name, f"has {len(text)} characters; a published text has at most {TEXT_LIMIT}")
    return name, text


def fill_revised(view: View, fields: Mapping[str, Any], answers: Sequence[Ref]) -> Mapping[str, Any]:
    """What was left out, from the version that is revised. The passages are never filled in."""
    put = state.versions(view).get(str(answers[0])) if answers else None
    if put is None:
        return fields
    before = {
        "title": dict(put.body.title),
        "about": list(put.body.about),
        "place": dict(put.body.place),
        "on": put.body.on,
    }
    return before | dict(fields)


def fill_attached(view: View, fields: Mapping[str, Any], answers: Sequence[Ref]) -> Mapping[str, Any]:
    """Nothing is filled in; a text that is not the one whose digest was recorded is refused before it is said.

    No rule could do so: the text may be destroyed, and the verdict on the act must stay.
    """
    put = state.publications(view).get(str(answers[0])) if answers else None
    text = fields.get("text")
    if put is not None and isinstance(text, str) and digest(text) != put.body.digest:
        raise Refused("digest_differs", answered=put.subject, digest=digest(text), recorded=put.body.digest)
    return fields
