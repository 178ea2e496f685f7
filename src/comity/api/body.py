"""The body of a request as it comes: bounded in size by the route, and in time by what has come of it already.

    raw = await whole(request, 30.0)
    async for piece in pieces(request, 30.0): ...       nothing of it is held here

Who sends nothing is waited for `patience` seconds, and one more for each `SLOWEST` bytes that have come: a slow line
may send a large file, and nobody holds a connection with a byte now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from comity.api.headers import Asking
from comity.core.errors import Refused
from comity.exchange.http.wire import SLOWEST

__all__ = ["pieces", "whole"]


async def whole(request: Asking, patience: float) -> bytes:
    """The whole body. Raises `Refused` where it does not come in time."""
    began, received, parts = asyncio.get_running_loop().time(), 0, []
    try:
        async with asyncio.timeout_at(_until(began, patience, 0)) as limit:
            async for piece in request.stream():
                if piece:
                    parts.append(piece)
                    received += len(piece)
                    limit.reschedule(_until(began, patience, received))
    except TimeoutError as error:
        raise Refused("body_slow") from error
    return b"".join(parts)


async def pieces(request: Asking, patience: float) -> AsyncIterator[bytes]:
    """The body as it comes. Raises `Refused` where it falls behind, and the framework's own where it is too long."""
    began, received, stream = asyncio.get_running_loop().time(), 0, request.stream()
    while True:
        try:
            async with asyncio.timeout_at(_until(began, patience, received)):
                piece = await anext(stream, None)
        except TimeoutError as error:
            raise Refused("body_slow") from error
        if piece is None:
            return
        received += len(piece)
        yield piece


def _until(began: float, patience: float, received: int) -> float:
    return began + patience + received / SLOWEST
