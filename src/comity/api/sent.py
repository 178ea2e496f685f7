"""What is sent back: a status, headers, a body; or a file, a piece at a time.

Sent(201, b'{"ref":"IRQ/6"}', "application/json", {"location": "/api/v1/acts/IRQ/6"})

It is an ASGI application of its own, so that the framework neither looks into the answer nor makes it anew.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any, BinaryIO

from comity.core.errors import Unavailable

__all__ = ["Sent", "Streamed"]

_PIECE = 1 << 20


class Sent:
    """One answer (ASGI 3). To HEAD its headers are sent alone, and to 304 neither type nor length."""

    __slots__ = ("body", "headers", "media", "status")

    def __init__(self, status: int, body: bytes, media: str, headers: Mapping[str, str]) -> None:
        self.status, self.body, self.media, self.headers = status, body, media, headers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send it."""
        del receive
        head = _head(self.headers)
        if self.status != 304:
            head += _length(self.media, len(self.body))
        body = b"" if scope["method"] == "HEAD" or self.status == 304 else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": head})
        await send({"type": "http.response.body", "body": body})


class Streamed:
    """A file as an answer (ASGI 3), a megabyte at a time, from where it stands. It is closed, however that ends."""

    __slots__ = ("file", "headers", "media", "run")

    def __init__(self, file: BinaryIO, media: str, headers: Mapping[str, str], run: Executor) -> None:
        self.file, self.media, self.headers, self.run = file, media, headers, run

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send it."""
        del receive
        in_thread = asyncio.get_running_loop().run_in_executor
        with self.file as file:
            left = os.fstat(file.fileno()).st_size - file.tell()
            head = [*_head(self.headers), *_length(self.media, left)]
            await send({"type": "http.response.start", "status": 200, "headers": head})
            while left and scope["method"] != "HEAD":
                piece = await in_thread(self.run, file.read, min(left, _PIECE))
                if not piece:
                    raise Unavailable("file", "ended before all of it was sent")
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def _head(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _length(media: str, size: int) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", media.encode("latin-1")), (b"content-length", b"%d" % size)]
