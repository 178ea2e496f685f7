"""Sources outside the record that are cited for a fact in it, over all sources that any party recorded.

    sources(record, "TUR/12")
    -> [{"source": "TUR/44", "title": {...}, "publisher": "A newspaper", "url": "https://...", "accessed": "2024-08-17",
         "fact": "TUR/12#art-4", "by": "IRQ", "ref": "IRQ/51", "says": {...}, ...}]

Asked for an act, it tells what is cited for the act and for anything in it; asked for `TUR/12#art-4`, for that alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from comity.core.errors import Malformed
from comity.core.fields import Citation
from comity.node.record import Record

__all__ = ["sources"]

_KEPT = ("title", "publisher", "url", "published", "accessed", "digest")


def sources(record: Record, fact: str) -> list[dict[str, Any]]:
    """Every citation for a fact, by source and act. Raises `Malformed` for what is no reference."""
    try:
        msgspec.convert(fact, Citation)
    except msgspec.ValidationError as error:
        why = f"{fact[:40]!r} is not an act such as TUR/12, or a part of one such as TUR/12#art-4"
        raise Malformed("fact", why) from error
    chapter = record.chapters.get("statements")
    if chapter is None:
        return []
    with record.reading():
        kept = [summary for _, summary in record.summaries.of(chapter) if summary["is"] == "source"]
    return [
        {"source": source["docket"], **{name: source[name] for name in _KEPT}, **cited}
        for source in kept
        for cited in source["facts"]
        if fact in (cited["fact"], cited["fact"].partition("#")[0])
    ]
