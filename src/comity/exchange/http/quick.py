"""The same patience over a parser in C (httptools), for servers that pages and programs ask a thousand times a second.

    GET /api/v1/mechanism HTTP/1.1        read by llhttp; the head within `HEAD_SECONDS` and `HEAD_BYTES`

Its parser has no limit of its own for a head, so that is here too.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from comity.exchange.http.patience import Patience

__all__ = ["HEAD_BYTES", "Quick"]

HEAD_BYTES = 64 * 1024


class Quick(Patience, HttpToolsProtocol):
    """Closes a connection on which a request's head does not become whole in time, or is too long."""

    _in_head = False
    _heard = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self.calm()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head, self._heard = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self._in_head = False
        self.calm()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._heard += len(data)
        if self._heard > HEAD_BYTES:
            self.transport.close()
        else:
            self.wait()
