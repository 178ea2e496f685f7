"""An answer is sent as it is, and only its head where no body is asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from comity.api.sent import Sent


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
