"""What is sent back whole: a status, headers, a body.

Sent(201, b'{"ref":"IRQ/6"}', "application/json", {"location": "/api/v1/acts/IRQ/6"})

It is an ASGI application of its own, so that the framework neither looks into the answer nor makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Sent"]


class Sent:
    """One answer (ASGI 3). To HEAD its headers are sent alone, and to 304 neither type nor length."""

    __slots__ = ("body", "headers", "media", "status")

    def __init__(self, status: int, body: bytes, media: str, headers: Mapping[str, str]) -> None:
        self.status, self.body, self.media, self.headers = status, body, media, headers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send it."""
        del receive
        head = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        if self.status != 304:
            head += [
                (b"content-type", self.media.encode("latin-1")),
                (b"content-length", b"%d" % len(self.body)),
            ]
        body = b"" if scope["method"] == "HEAD" or self.status == 304 else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": head})
        await send({"type": "http.response.body", "body": body})
