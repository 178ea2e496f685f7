"""The side that is asked: an ASGI application in front of one or more mechanisms.

    POST /v1/{mechanism}    body: a request (MessagePack, `comity.exchange.talk`)   ->  200, a signed reply

| status | body         | signed | when                                                                     |
|--------|--------------|--------|--------------------------------------------------------------------------|
| 200    | a talk reply | yes    | the request was answered; what was offered is on disk                    |
| 400    | empty        | yes    | the body is no request                                                   |
| 401    | empty        | yes    | the signature is good, but made at another time or under an earlier word |
| 403    | empty        | no     | whatever else is wrong with the asker or the signature (a stranger)      |
| 404    | empty        | no     | another path or method                                                   |
| 408    | empty        | no     | the body did not come in time                                            |
| 413    | empty        | yes    | the body is longer than a request may be                                 |

Unsigned, unknown, revoked, replayed, altered, meant for another: a stranger gets the same 403, whether or not the
mechanism exists. The head is verified before the body is read, so a stranger cannot fill the memory either.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, NamedTuple

from comity.core.errors import ComityError, Malformed
from comity.core.keys import Signer, b64, raw_key, verify
from comity.exchange import talk
from comity.exchange.http import profile
from comity.exchange.http.profile import Headers, Heard, Request
from comity.exchange.http.wire import SLOWEST
from comity.exchange.station import Station, signer_known_as

__all__ = ["WINDOW", "Endpoint", "Nonces"]

WINDOW = 300
MEMORY = 20_000
_STRANGER_BODY = 64 * 1024
# What an unknown asker is verified against, so that the answer takes as long as for a known one.
_DECOY = "ed25519:5zTqbCtiV95yNV5HKqBaTEh-a0Y8Ap7TBt8vAbVja1g"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class _Admitted(NamedTuple):
    """A request whose signature is good; `stale` if its time or its word is not."""

    station: Station
    request: Request
    signer: Signer
    stale: bool


class _Gone(Exception):
    """Nobody is there any more to answer, or not in time."""


class Nonces:
    """The server's word, and every nonce that was used under it.

    No clock decides what is forgotten: when memory is full there is a new word, and what was signed under the old one
    is stale. So nothing is ever accepted twice, also after a restart or with a clock that jumped back.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory, self._lock = memory, threading.Lock()
        self._used: set[str] = set()
        self.word = _draw()

    def use(self, nonce: str) -> Literal["fresh", "stale", "used"]:
        """Take note of a nonce. `stale` is one under another word: nothing is known about it."""
        with self._lock:
            if len(self._used) >= self._memory:
                self._used, self.word = set(), _draw()
            if not nonce.startswith(self.word):
                return "stale"
            if nonce in self._used:
                return "used"
            self._used.add(nonce)
            return "fresh"


class Endpoint:
    """The ASGI application. `stations` may change while it runs; journal calls run in its own small thread pool.

    limit: the longest request body, in bytes. patience: seconds that a body may take to come, and one more for each
    `SLOWEST` bytes of it.
    """

    def __init__(
        self,
        stations: Mapping[str, Station],
        clock: Callable[[], datetime],
        *,
        limit: int = talk.REQUEST_LIMIT,
        patience: float = 30.0,
        workers: int = 4,
        nonces: Nonces | None = None,
    ) -> None:
        self._stations, self._clock = stations, clock
        self._limit, self._patience = limit, patience
        self._nonces = nonces or Nonces()
        self._pool = ThreadPoolExecutor(workers, "comity-exchange")

    def close(self) -> None:
        """Wait for what is being answered, then let the threads go."""
        self._pool.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (ASGI 3)."""
        if scope["type"] != "http":
            return
        mechanism = profile.path(scope.get("raw_path") or scope["path"].encode())
        try:
            if scope["method"] != "POST" or mechanism is None or scope["query_string"]:
                await self._bare(404, send)
            else:
                await self._asked(mechanism, scope["headers"], receive, send)
        except _Gone:
            await self._bare(408, send)  # goes nowhere if the other side has hung up

    async def _asked(self, mechanism: str, headers: Headers, receive: Receive, send: Send) -> None:
        run = asyncio.get_running_loop().run_in_executor
        admitted = await run(self._pool, self._admit, mechanism, headers)
        if admitted is None:
            with suppress(_Gone):
                await self._body(receive, _STRANGER_BODY, 1.0)  # so that it reads its reply, not a reset
            await self._bare(403, send)
            return
        body = await self._body(receive, self._limit, self._patience)
        if body is None:
            await self._signed(413, b"", admitted, send, last=True)
            return
        status, reply = await run(self._pool, _answer, admitted, body)
        if status == 403:
            await self._bare(403, send)
        else:
            await self._signed(status, reply, admitted, send)

    def _admit(self, mechanism: str, headers: Headers) -> _Admitted | None:
        """Who asks, if the signature is theirs and the request was never here before; None for a stranger."""
        try:
            request = profile.read_request(mechanism, headers)
            station = self._stations.get(mechanism)
            if station is None or request.recipient != station.own:
                _nobody(request)
                return None
            sender = station.other(request.sender)
            key = profile.by_id(station.keys(sender)).get(request.params.keyid)
            if key is None or raw_key(key)[0] != request.params.alg:
                _nobody(request)
                return None
            if not request.signed_by(key):
                return None
            known = self._nonces.use(request.params.nonce)
            signer = signer_known_as(station.signers(sender), request.known)
        except ComityError:
            return None
        late = abs(request.params.created - self._time()) > WINDOW
        return None if known == "used" else _Admitted(station, request, signer, late or known == "stale")

    async def _body(self, receive: Receive, limit: int, patience: float) -> bytes | None:
        """The whole body; None if it is longer than `limit`. Raises `_Gone` if it stops coming."""
        parts: list[bytes] = []
        size, more = 0, True
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            while more:
                async with asyncio.timeout_at(started + patience + size / SLOWEST):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                part = message.get("body", b"")
                size += len(part)
                if size > limit:
                    return None
                parts.append(part)
                more = message.get("more_body", False)
        except TimeoutError as error:
            raise _Gone from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _signed(
        self, status: int, body: bytes, to: _Admitted, send: Send, *, last: bool = False
    ) -> None:
        heard = Heard(self._time(), self._nonces.word)
        run = asyncio.get_running_loop().run_in_executor
        asked = to.request.signature
        headers = await run(self._pool, profile.sign_reply, status, body, asked, to.signer, heard)
        await self._send(status, [*headers, *([(b"connection", b"close")] if last else [])], body, send)

    async def _bare(self, status: int, send: Send) -> None:
        await self._send(status, [(b"connection", b"close")], b"", send)

    async def _send(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes, send: Send) -> None:
        headers = [(b"content-length", str(len(body)).encode()), *headers]
        with suppress(TimeoutError):  # then the connection is closed, since the reply is not whole
            async with asyncio.timeout(self._patience + len(body) / SLOWEST):
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": body})

    def _time(self) -> int:
        return int(self._clock().timestamp())


def _answer(admitted: _Admitted, body: bytes) -> tuple[int, bytes]:
    """Status and body of the reply."""
    if profile.digest(body) != admitted.request.digest:
        return 403, b""
    if admitted.stale:
        return 401, b""
    try:
        request = talk.decode_request(body)
    except Malformed:
        return 400, b""
    return 200, talk.encode(talk.answer(admitted.station.journal, admitted.request.sender, request))


def _nobody(request: Request) -> None:
    """Spend the time that a verification takes."""
    verify(_DECOY, request.base(), raw_key(_DECOY)[1] + (1).to_bytes(32, "little"))


def _draw() -> str:
    return b64(secrets.token_bytes(16))
