"""How long a server waits for the head of a request: `HEAD_SECONDS`, however slowly it comes."""

from __future__ import annotations

import asyncio

__all__ = ["HEAD_SECONDS", "Patience"]

HEAD_SECONDS = 10.0


class Patience:
    """Closes a connection on which a request's head does not become whole in time, of a protocol that says when."""

    head_seconds = HEAD_SECONDS
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _limit: asyncio.TimerHandle | None = None

    def wait(self) -> None:
        """A head is awaited; more of it does not buy more time."""
        if self._limit is None:
            self._limit = self.loop.call_later(self.head_seconds, self.transport.close)

    def calm(self) -> None:
        """No head is awaited."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
