"""The application: every path of the table, one path for each kind of act, and what holds for all of them.

    GET  /api/v1/dockets/TUR/4                200, or 304 where nothing has changed since
    POST /api/v1/acts/meetings/accept-date    201, or 409 application/problem+json
    GET  /api/v1/openapi.json                 200, without a token

What touches the record runs in threads. No cookie is read and no header lets a page of another site in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from litestar import HttpMethod, Litestar, Response, route
from litestar.exceptions import HTTPException
from litestar.response import Stream
from litestar.types import ASGIApp

from comity.accounts import Token
from comity.api import openapi, problems
from comity.api.asked import Answer, Asked, Param, read_path, read_query
from comity.api.bearers import Bearers, require_own_origin
from comity.api.body import whole
from comity.api.events import EVERY, QUIET, Events
from comity.api.headers import PRIVATE, Asking, address, header, language, passphrase
from comity.api.paths import PATHS, Path, pattern
from comity.api.queue import Sayers
from comity.api.reading import ROOT, verbs
from comity.api.request import read_request
from comity.api.saying import Saying, key_of
from comity.api.sent import Sent
from comity.core.chapter import Chapter, Kind
from comity.core.charter import CHAPTER as CHARTER
from comity.core.errors import ComityError, Refused
from comity.desk.house import House
from comity.desk.statuses import status_of
from comity.node.record import Record
from comity.words import Words

__all__ = ["BODY_LIMIT", "Api", "app"]

BODY_LIMIT = 20 * 1024 * 1024
PATIENCE = 30.0
_SMALL = 64 * 1024
_WORKERS = 4
_DRY = (Param("dry_run", "yes", fallback=False),)
_log = logging.getLogger(__name__)

Reply = ASGIApp
"""The annotation by which the framework sends an answer as it is."""


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
        self._pool = ThreadPoolExecutor(_WORKERS, "comity-api")
        self._records: dict[str, Record] = {}
        self._words = {tag: Words(tag) for tag in ("en", "tr", "ar")}
        self.chapters = (CHARTER, *house.node.chapters.values())
        says = [self._says(chapter, kind) for chapter in self.chapters for kind in verbs(chapter)]
        self._litestar = Litestar(
            [*(self._reads(path) for path in PATHS), *says, self._listens(), self._describes()],
            openapi_config=None,
            debug=False,
            request_max_body_size=BODY_LIMIT,
            exception_handlers={Exception: self._fallen},
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

    # ------------------------------------------------------------------------------------ the routes

    def _reads(self, path: Path) -> Any:
        async def read(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._read(path, request))

        return _route(path.name, path.path, ("GET", "HEAD"), read)

    def _says(self, chapter: Chapter, kind: Kind) -> Any:
        async def say(request: Asking) -> Reply:
            return await self._answered(request, lambda: self._say(kind, request), chapter.name, kind.name)

        return _route(kind.name, f"/acts/{chapter.name}/{kind.verb}", ("POST",), say)

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
            return Sent(200, body, "application/json", headers)

        return _route("openapi", "/openapi.json", ("GET", "HEAD"), describe)

    # ------------------------------------------------------------------------------- one request

    async def _answered(
        self, request: Asking, work: Callable[[], Awaitable[Reply]], chapter: str = "", kind: str = ""
    ) -> Reply:
        """What work answers, or the problem."""
        try:
            require_own_origin(*(header(request, name) for name in (b"host", b"origin", b"sec-fetch-site")))
            return await work()
        except HTTPException as error:
            return self._problem(request, problems.from_http(error), chapter, kind)
        except (ComityError, OSError) as error:
            return self._problem(request, error, chapter, kind)

    def _problem(self, request: Asking, error: Exception, chapter: str = "", kind: str = "") -> Sent:
        status = status_of(error, said=bool(kind))
        spoken = language(request)
        body = problems.problem(self._words[spoken], error, status, chapter, kind)
        headers = {**PRIVATE, "cache-control": "no-store", "content-language": spoken}
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        if status in (408, 413):
            headers["connection"] = "close"
        return Sent(status, body, problems.MEDIA, headers)

    def _fallen(self, request: Asking, error: Exception) -> Response[Any]:
        """What no path answered; and a fault of this program, which is told of without saying where it is."""
        if isinstance(error, HTTPException) and error.status_code < 500:
            sent = self._problem(request, problems.from_http(error))
            headers = {
                **sent.headers,
                **{name.lower(): value for name, value in (error.headers or {}).items()},
            }
            return Response(sent.body, status_code=sent.status, media_type=sent.media, headers=headers)
        _log.error("a request failed: %s", type(error).__name__, exc_info=error)
        return Response(
            problems.failed(self._words[language(request)]),
            status_code=500,
            media_type=problems.MEDIA,
        )

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
        return Asked(self.house, record, token, self._words[language(request)], values, request.scope["path"])

    # ------------------------------------------------------------------------------------ reading

    async def _read(self, path: Path, request: Asking) -> Reply:
        asked = await self._asked(request, path.within, path.query)
        known = header(request, b"if-none-match")
        query = request.scope["query_string"].decode("ascii")
        run = asyncio.get_running_loop().run_in_executor
        tag, answer = await run(self._pool, _read, path, asked, known, query)
        headers = {**PRIVATE, "etag": tag}
        if answer is None:
            return Sent(304, b"", "", headers)
        if answer.links:
            headers["link"] = ", ".join(f'<{at}>; rel="{name}"' for name, at in answer.links.items())
        if answer.name:
            headers["content-disposition"] = f'attachment; filename="{answer.name}"'
        return Sent(200, answer.body, answer.media, headers)

    # ------------------------------------------------------------------------------------- saying

    async def _say(self, kind: Kind, request: Asking) -> Reply:
        asked = await self._asked(request, (), _DRY)
        sort = (header(request, b"content-type") or "application/json").partition(";")[0].strip().lower()
        if sort != "application/json":
            raise Refused("type_wrong", type=sort or "—")
        raw = await whole(request, self._patience)
        if len(raw) > _SMALL:
            run = asyncio.get_running_loop().run_in_executor
            given = await run(self._pool, read_request, raw)
        else:
            given = read_request(raw)
        key = key_of(asked, header(request, b"idempotency-key"), raw)
        saying = Saying(asked, kind, given, passphrase(request), address(request), key)
        headers = {**PRIVATE, "cache-control": "no-store"}
        if asked.values["dry_run"]:
            return Sent(200, await self.sayers.check(saying), "application/json", headers)
        ref, body = await self.sayers.say(saying)
        headers["location"] = f"{ROOT}/acts/{ref}"
        return Sent(201, body, "application/json", headers)

    # ------------------------------------------------------------------------------------- events

    async def _listen(self, request: Asking) -> Reply:
        asked = await self._asked(request, (), ())
        last = header(request, b"last-event-id")[:1000]
        stream = await self.events.open(asked.record, last, self._pool)
        headers = {**PRIVATE, "cache-control": "no-store", "x-accel-buffering": "no"}
        streamed = Stream(stream(), media_type="text/event-stream", headers=headers)
        return streamed.to_asgi_response(app=None, request=request)


def _route(name: str, path: str, methods: tuple[str, ...], handle: Any) -> Any:
    return route(ROOT + pattern(path), http_method=[HttpMethod(method) for method in methods], name=name)(
        handle
    )


def _read(path: Path, asked: Asked, known: str, query: str) -> tuple[str, Answer | None]:
    """The entity tag and the answer; no answer where the asker holds it already. (In a thread.)"""
    tag = asked.house.tag(asked.record, asked.path, query, asked.words.language, asked.token.id)
    held = [one.strip().removeprefix("W/") for one in known.split(",")]
    if tag in held:
        return tag, None
    return tag, path.work(asked)
