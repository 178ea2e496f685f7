"""A body comes within its time, or is not waited for; what has come buys more of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from comity.api.body import pieces, whole
from comity.core.errors import Refused
from comity.exchange.http.wire import SLOWEST


class Coming:
    """A request whose body comes in pieces, and then, where `ends` is not set, no more."""

    def __init__(self, *parts: bytes, ends: bool = True) -> None:
        self._parts, self._ends = parts, ends

    async def stream(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
        if not self._ends:
            await asyncio.Event().wait()


def read(request: Any, patience: float) -> bytes:
    return asyncio.run(whole(request, patience))


def test_a_body_is_what_came() -> None:
    assert read(Coming(b"ab", b"", b"c"), 30) == b"abc"
    assert read(Coming(), 30) == b""


def test_who_stops_sending_is_not_waited_for() -> None:
    with pytest.raises(Refused, match="body_slow"):
        read(Coming(b"ab", ends=False), 0.01)


def test_what_has_come_buys_time() -> None:
    """A minute's worth of bytes, under a patience that would have ended half a minute ago. Seen to fail without it."""

    async def first_two() -> list[int]:
        request: Any = Coming(bytes(60 * SLOWEST), b"x")
        return [len(piece) async for piece in pieces(request, 0.05 - 30) if piece]

    async def none() -> list[int]:
        request: Any = Coming(ends=False)
        return [len(piece) async for piece in pieces(request, 0.05 - 30)]

    assert asyncio.run(first_two()) == [60 * SLOWEST, 1]
    assert len(read(Coming(bytes(60 * SLOWEST), b"x"), 0.05 - 30)) == 60 * SLOWEST + 1
    with pytest.raises(Refused, match="body_slow"):
        asyncio.run(none())
