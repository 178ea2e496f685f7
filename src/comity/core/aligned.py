"""Paragraphs that follow one another alike in several languages, read from one plain text for each language.

    minutes.en.md                     minutes.tr.md
    They met in Ankara.               Ankara'da toplandılar.

    They thanked each other.          Birbirlerine teşekkür ettiler.

    [{"en": "They met in Ankara.", "tr": "Ankara'da toplandılar."}, {"en": "They thanked ...", "tr": "..."}]

Paragraphs are parted by empty lines. Nothing is guessed: where one language has more paragraphs, the files do not fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from comity.core.errors import Malformed

__all__ = ["LARGEST", "decoded", "read_aligned"]

LARGEST = 4_000_000
"""Bytes of one file; a content holds sixteen million for all languages together."""

_LANGUAGE = re.compile(r".*\.([a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\.(?:md|txt)", re.ASCII).fullmatch
_GAP = re.compile(r"\n[ \t]*\n")


def read_aligned(files: Sequence[tuple[str, bytes]], thing: str) -> list[dict[str, str]]:
    """Every paragraph with all its languages, from (name, bytes) of files named like `minutes.en.md`.

    `thing` is what is read (`minutes`), as errors name it. Raises `Malformed`.
    """
    texts: dict[str, list[str]] = {}
    for name, raw in files:
        found = _LANGUAGE(name)
        if found is None or found[1] in texts:
            raise Malformed(name, f"give one file for each language, named like {thing}.en.md")
        texts[found[1]] = [p.strip() for p in _GAP.split(decoded(name, raw)) if p.strip()]
    if len({len(paragraphs) for paragraphs in texts.values()}) > 1:
        counts = ", ".join(f"{tag}: {len(paragraphs)}" for tag, paragraphs in sorted(texts.items()))
        raise Malformed(thing, f"the languages have different numbers of paragraphs ({counts})")
    return [dict(zip(texts, same, strict=True)) for same in zip(*texts.values(), strict=True)]


def decoded(name: str, raw: bytes, largest: int = LARGEST) -> str:
    """A file's text, with a mark of byte order left out and lines ended by one character. Raises `Malformed`."""
    if len(raw) > largest:
        raise Malformed(name, f"is {len(raw)} bytes long; at most {largest} are read")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Malformed(name, "is not UTF-8: save it as UTF-8", at=f"byte {error.start}") from error
