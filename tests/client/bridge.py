"""A client with a node behind it and no socket between, and the answers that are lost on their way."""

from __future__ import annotations

import asyncio

import httpx
from tests.api.house import BODY, Built

from comity.client import Client

FIELDS = {"body": BODY, "round": 1, "starts": "2024-10-01T10:00:00+03:00", "place": {"en": "Ankara"}}


class Bridge(httpx.BaseTransport):
    """The node without a socket. It loses the first `lost` answers on their way back."""

    def __init__(self, house: Built, lost: int = 0) -> None:
        self._inner, self.lost = httpx.ASGITransport(house.api), lost

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()

        async def ask() -> httpx.Response:
            reply = await self._inner.handle_async_request(request)
            return httpx.Response(reply.status_code, headers=reply.headers, content=await reply.aread())

        reply = asyncio.run(ask())
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError("the line went dead")
        return reply


def client(house: Built, lost: int = 0, language: str = "en") -> Client:
    return Client("http://node.example", house.token, language, transport=Bridge(house, lost))
