"""The application: every path of the table, one path for each kind of act, and what holds for all of them.

    GET  /api/v1/dockets/TUR/4                200, or 304 where nothing has changed since
    POST /api/v1/acts/meetings/accept-date    201, or 409 application/problem+json
    GET  /api/v1/openapi.json                 200, without a token

What touches the record runs in threads. No cookie is read and no header lets a page of another site in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import msgspec
from litestar import HttpMethod, Litestar, route
from litestar.exceptions import HTTPException
from litestar.response import Stream

from comity.accounts import Token
from comity.api import openapi, problems
from comity.api.asked import Answer, Asked, Hand, Param, read_path, read_query
from comity.api.bearers import Bearers, require_own_origin
from comity.api.body import pieces, whole
from comity.api.deeds import DEEDS, Deed
from comity.api.events import EVERY, QUIET, Events
from comity.api.headers import PRIVATE, Asking, address, header, language, passphrase
from comity.api.paths import PATHS, Path, pattern, within
from comity.api.queue import Sayers
from comity.api.reading import ROOT, verbs
from comity.api.replies import Reply, fallen, problem_reply, replied
from comity.api.request import read_body, read_request
from comity.api.saying import Saying, key_of
from comity.api.sent import Sent
from comity.api.uploads import KEPT, UPLOAD, Uploads
from comity.core.chapter import Chapter, Kind
from comity.core.charter import CHAPTER as CHARTER
from comity.core.errors import ComityError, Refused
from comity.desk.answers import Uploaded
from comity.desk.house import House
from comity.node.record import Record
from comity.words import Words

__all__ = ["BODY_LIMIT", "Api", "app"]

BODY_LIMIT = 20 * 1024 * 1024
PATIENCE = 30.0
_SMALL = 64 * 1024
_WORKERS = 4
_JSON = "application/json"
_DRY = (Param("dry_run", "yes", fallback=False),)
T = TypeVar("T")


def app(house: House) -> Api:
    """The ASGI application of a node."""
    return Api(house)


class Api:
    """The ASGI application (ASGI 3). `ending` tells listeners that the server stops, `close` ends its threads.

    token_seconds: how long a good token is believed. every, quiet: see `Events`. patience: seconds for a body to come.
    """

    def __init__(
        self,
        house: House,
        *,
        token_seconds: float = 1.0,
        every: float = EVERY,
        quiet: float = QUIET,
        patience: float = PATIENCE,
    ) -> None:
        self.house, self._patience = house, patience
        self.bearers = Bearers(house.accounts, token_seconds)
        self.events = Events(house, every, quiet)
        self.sayers = Sayers()
        self.uploads = Uploads(house.node.folder)
        self._pool = ThreadPoolExecutor(_WORKERS, "comity-api")
        self._records: dict[str, Record] = {}
        self._words = {tag: Words(tag) for tag in ("en", "tr", "ar")}
        self.chapters = (CHARTER, *house.node.chapters.values())
        says = [self._says(chapter, kind) for chapter in self.chapters for kind in verbs(chapter)]
        self._litestar = Litestar(
            [
                *(self._reads(path) for path in PATHS),
                *says,
                *(self._does(deed) for deed in DEEDS),
                self._takes(),
                self._listens(),
                self._describes(),
            ],
            openapi_config=None,
            debug=False,
            exception_handlers={Exception: partial(fallen, self._words)},
            logging_config=None,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        await self._litestar(scope, receive, send)

    def ending(self) -> None:
        """Let every event stream end. Called on the event loop."""
        self.events.end()

    def close(self) -> None:
        """Wait for what is being answered, then let the threads go."""
        self.sayers.close()
        self._pool.shutdown()
        self.uploads.close()

    # ------------------------------------------------------------------------------------ the routes

    def _reads(self, path: Path) -> Any:
        async def read(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._read(path, request))

        return _route(path.name, path.path, ("GET", "HEAD"), read)

    def _says(self, chapter: Chapter, kind: Kind) -> Any:
        async def say(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._say(kind, request), chapter.name, kind.name)

        return _route(kind.name, f"/acts/{chapter.name}/{kind.verb}", ("POST",), say)

    def _does(self, deed: Deed) -> Any:
        async def do(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._do(deed, request), "", deed.name)

        return _route(deed.name, deed.path, ("POST",), do)

    def _takes(self) -> Any:
        async def take(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._take(request))

        return _route("upload", UPLOAD, ("PUT",), take, None)

    def _listens(self) -> Any:
        async def listen(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._listen(request))

        return _route("events", "/events", ("GET",), listen)

    def _describes(self) -> Any:
        async def describe(request: Asking) -> Reply:
            words = self._words[language(request)]
            run = asyncio.get_running_loop().run_in_executor
            body = await run(self._pool, openapi.encoded, self.chapters, words)
            headers = {
                "x-content-type-options": "nosniff",
                "vary": "accept-language",
                "cache-control": "no-cache",
            }
            return Sent(200, body, _JSON, headers)

        return _route("openapi", "/openapi.json", ("GET", "HEAD"), describe)

    # ------------------------------------------------------------------------------- one request

    async def _answered(
        self, request: Asking, work: Callable[[], Awaitable[Reply]], chapter: str = "", kind: str = ""
    ) -> Reply:
        """What work answers, or the problem."""
        try:
            require_own_origin(*(header(request, name) for name in (b"host", b"origin", b"sec-fetch-site")))
            with self.house.turns.answering():
                return await work()
        except HTTPException as error:
            return problem_reply(self._words, request, problems.from_http(error), chapter, kind)
        except (ComityError, OSError) as error:
            return problem_reply(self._words, request, error, chapter, kind)

    async def _token(self, request: Asking) -> Token:
        told = header(request, b"authorization")
        known = self.bearers.remembered(told)
        if known is not None:
            return known
        run = asyncio.get_running_loop().run_in_executor
        return await run(self._pool, self.bearers.find, told, address(request))

    def _record(self, mechanism: str) -> Record:
        if mechanism not in self._records:
            try:
                self._records[mechanism] = self.house.record(mechanism)
            except Refused as error:
                raise Refused("token_elsewhere", mechanism=mechanism) from error
        return self._records[mechanism]

    async def _asked(self, request: Asking, within: tuple[Param, ...], query: tuple[Param, ...]) -> Asked:
        token = await self._token(request)
        values = read_path(within, request.path_params)
        values |= read_query(query, request.scope["query_string"])
        record = self._record(token.mechanism)
        words = self._words[language(request)]
        return Asked(self.house, record, token, words, values, request.scope["path"], self.uploads)

    # ------------------------------------------------------------------------------------ reading

    async def _read(self, path: Path, request: Asking) -> Reply:
        asked = await self._asked(request, path.within, path.query)
        known = header(request, b"if-none-match")
        query = request.scope["query_string"].decode("ascii")
        run = asyncio.get_running_loop().run_in_executor
        tag, answer = await run(self._pool, _read, path, asked, known, query)
        if answer is None:
            return Sent(304, b"", "", {**PRIVATE, "etag": tag})
        return replied(answer, 200, {"etag": tag}, self._pool)

    # ------------------------------------------------------------------------------------- saying

    async def _say(self, kind: Kind, request: Asking) -> Reply:
        asked = await self._asked(request, (), _DRY)
        raw, given = await self._given(request, read_request)
        key = key_of(asked, header(request, b"idempotency-key"), raw)
        saying = Saying(asked, kind, given, passphrase(request), address(request), key)
        headers = {**PRIVATE, "cache-control": "no-store"}
        if asked.values["dry_run"]:
            return Sent(200, await self.sayers.check(saying), _JSON, headers)
        ref, body = await self.sayers.say(saying)
        headers["location"] = f"{ROOT}/acts/{ref}"
        return Sent(201, body, _JSON, headers)

    async def _given(self, request: Asking, read: Callable[[bytes], T]) -> tuple[bytes, T]:
        """A body of JSON, as its bytes and read; what is long is read in a thread."""
        sort = (header(request, b"content-type") or _JSON).partition(";")[0].strip().lower()
        if sort != _JSON:
            raise Refused("type_wrong", type=sort or "—")
        raw = await whole(request, self._patience)
        if len(raw) <= _SMALL:
            return raw, read(raw)
        return raw, await asyncio.get_running_loop().run_in_executor(self._pool, read, raw)

    async def _do(self, deed: Deed, request: Asking) -> Reply:
        asked = await self._asked(request, deed.within, ())
        raw, given = await self._given(request, lambda raw: read_body(raw, deed.takes))
        hand = Hand(
            passphrase(request), passphrase(request, b"comity-document-passphrase"), address(request),
            key_of(asked, header(request, b"idempotency-key"), raw),
        )  # fmt: skip
        run = asyncio.get_running_loop().run_in_executor
        answer = await run(self._pool, deed.work, asked, given, hand)
        return replied(answer, 201 if answer.said else 200, {"cache-control": "no-store"}, self._pool)

    async def _take(self, request: Asking) -> Reply:
        asked = await self._asked(request, within(UPLOAD), ())
        asked.require_office()
        digest, body = asked.values["digest"], pieces(request, self._patience)
        size = await self.uploads.take(asked.token.id, digest, body, self._pool)
        until = self.house.clock() + timedelta(seconds=KEPT)
        told = msgspec.json.encode(Uploaded(digest, size, until.replace(microsecond=0)))
        return Sent(201, told, _JSON, {**PRIVATE, "cache-control": "no-store"})

    # ------------------------------------------------------------------------------------- events

    async def _listen(self, request: Asking) -> Reply:
        asked = await self._asked(request, (), ())
        last = header(request, b"last-event-id")[:1000]
        stream = await self.events.open(asked.record, last, self._pool)
        headers = {**PRIVATE, "cache-control": "no-store", "x-accel-buffering": "no"}
        streamed = Stream(stream(), media_type="text/event-stream", headers=headers)
        return streamed.to_asgi_response(app=None, request=request)


def _route(
    name: str, path: str, methods: tuple[str, ...], handle: Any, limit: int | None = BODY_LIMIT
) -> Any:
    named = [HttpMethod(method) for method in methods]
    return route(ROOT + pattern(path), http_method=named, name=name, request_max_body_size=limit)(handle)


def _read(path: Path, asked: Asked, known: str, query: str) -> tuple[str, Answer | None]:
    """The entity tag and the answer; no answer where the asker holds it already. (In a thread.)"""
    tag = asked.house.tag(asked.record, asked.path, query, asked.words.language, asked.token.id)
    held = [one.strip().removeprefix("W/") for one in known.split(",")]
    if tag in held:
        return tag, None
    return tag, path.work(asked)
