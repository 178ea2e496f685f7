"""What of a scan goes into the record: its hash, its size, its type; and which files are no scans."""

from __future__ import annotations

import hashlib
from unittest import mock

import pytest

from comity.chapters.instruments import scans
from comity.chapters.instruments.scans import read_scan
from comity.core.errors import Malformed


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"II*\x00more", "image/tiff"),
        (b"MM\x00*more", "image/tiff"),
    ],
)
def test_a_scan_is_told_by_its_bytes_and_not_by_its_name(raw: bytes, kind: str) -> None:
    told = read_scan([("original.bin", raw)])
    assert told == {"digest": hashlib.sha256(raw).hexdigest(), "media_type": kind, "size": len(raw)}


@pytest.mark.parametrize(
    "files",
    [[], [("a.pdf", b"%PDF-1"), ("b.pdf", b"%PDF-1")], [("a.pdf", b"")], [("a.pdf", b"PK\x03\x04")]],
    ids=["none", "two", "empty", "no scan"],
)
def test_what_is_no_scan_is_malformed_and_named(files: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Malformed) as malformed:
        read_scan(files)
    assert malformed.value.thing in ("scan", "a.pdf")


def test_a_scan_that_is_too_large_is_named_with_its_size() -> None:
    with mock.patch.object(scans, "SCAN_LIMIT", 10), pytest.raises(Malformed, match="11 bytes"):
        read_scan([("a.pdf", b"%PDF-123456")])
