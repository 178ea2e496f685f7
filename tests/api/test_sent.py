"""An answer is sent as it is, and only its head where no body is asked for."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from comity.api.sent import Sent, Streamed


@pytest.mark.parametrize(
    ("method", "status", "body", "length"),
    [
        ("GET", 200, b"abc", b"3"),
        ("HEAD", 200, b"", b"3"),
        ("GET", 304, b"", None),
        ("POST", 201, b"abc", b"3"),
    ],
)
def test_what_is_sent(method: str, status: int, body: bytes, length: bytes | None) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Sent(status, b"abc", "text/plain", {"etag": '"x"'})({"method": method}, None, send))
    head = dict(sent[0]["headers"])
    assert (sent[0]["status"], sent[1]["body"], head.get(b"content-length")) == (status, body, length)
    assert head[b"etag"] == b'"x"'


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_is_sent_from_where_it_stands_and_closed(tmp_path: Path, method: str) -> None:
    """Three megabytes, in as many pieces and an end. Seen to fail when it is not closed."""
    raw = bytes(3 << 20)
    path = tmp_path / "file"
    path.write_bytes(b"head" + raw)
    file = path.open("rb")
    file.seek(4)
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as run:
        asyncio.run(Streamed(file, "text/plain", {}, run)({"method": method}, None, send))
    assert file.closed
    assert dict(sent[0]["headers"])[b"content-length"] == b"%d" % len(raw)
    assert b"".join(message["body"] for message in sent[1:]) == (raw if method == "GET" else b"")
    assert [message.get("more_body", False) for message in sent[1:]][-1] is False


def test_a_file_is_closed_where_nobody_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(100))
    file = path.open("rb")

    async def gone(message: dict[str, Any]) -> None:
        raise OSError("the line is cut")

    with ThreadPoolExecutor(1) as run, pytest.raises(OSError, match="cut"):
        asyncio.run(Streamed(file, "text/plain", {}, run)({"method": "GET"}, None, gone))
    assert file.closed
