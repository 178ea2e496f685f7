"""A scan of a signed original: what of it goes into the record, and whether a file is the one that was recorded.

    read_scan([("original.pdf", b"%PDF-1.7...")])
    ->  {"digest": "9f86d081...", "media_type": "application/pdf", "size": 81920}

Only its hash and size go in; the file stays where it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from comity.chapters.instruments.acts import SCAN_LIMIT
from comity.core.errors import Malformed

__all__ = ["media_type", "read_scan"]

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}


def media_type(raw: bytes) -> str:
    """What kind of scan it is, by its first bytes; empty where it is none that archives keep."""
    return next((kind for start, kind in _BEGINNINGS.items() if raw.startswith(start)), "")


def read_scan(files: Sequence[tuple[str, bytes]]) -> Mapping[str, Any]:
    """The hash, size and type of one scan. Raises `Malformed`, which names the file."""
    if len(files) != 1:
        raise Malformed("scan", f"give one file for one original; {len(files)} were given")
    name, raw = files[0]
    if not raw:
        raise Malformed(name, "is empty")
    if len(raw) > SCAN_LIMIT:
        raise Malformed(name, f"is {len(raw)} bytes long; a scan has at most {SCAN_LIMIT}")
    kind = media_type(raw)
    if not kind:
        raise Malformed(name, "is not a scan: PDF, TIFF, JPEG and PNG are read")
    return {"digest": hashlib.sha256(raw).hexdigest(), "media_type": kind, "size": len(raw)}
