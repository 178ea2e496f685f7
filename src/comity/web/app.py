"""The application: every page under its path, and what holds for all of them.

    GET /m/3f2a91c07b1e/d/TUR/4      200, or 303 to /sign-in where nobody is signed in
    POST ...                         403 from a foreign origin, or without the token of a form of this session

Errors have their statuses in `comity.desk.statuses`. Nothing on any page comes from anywhere else: the content security
policy says so to the browser.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlsplit
from weakref import WeakKeyDictionary

from litestar import HttpMethod, Litestar, Response, route
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException

from comity.core.errors import ComityError, Malformed, Refused
from comity.desk import wording
from comity.desk.house import House
from comity.desk.statuses import status_of
from comity.web import csrf
from comity.web.drawing import Drawing
from comity.web.form import LARGEST, Form, HttpRequest, read_form
from comity.web.page import Page
from comity.web.pages import PAGES
from comity.web.signing_in import confirm_again, sign_in_again
from comity.web.spoken import read_words
from comity.web.visit import Answer, Visit

__all__ = ["Pages", "application"]

QUICK, SLOW = 4, 6
_PATIENCE = 0.1
_SAFE = ("GET", "HEAD")
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_log = logging.getLogger(__name__)


class _Pools:
    """The threads that pages are drawn in.

    One page after the other, because drawing is work and not waiting: two pages that share the interpreter take twice
    as long each. Whoever has waited a tenth of a second for a page that takes longer goes on beside it. What waits for
    the disk, a password's hash or a paper's typesetting has its own threads.
    """

    def __init__(self) -> None:
        self._quick = ThreadPoolExecutor(QUICK, "comity-pages")
        self._slow = ThreadPoolExecutor(SLOW, "comity-slow-pages")
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def run(self, work: Callable[[], Answer], *, slow: bool) -> Answer:
        """What `work` answers, done in a thread. Called on the event loop."""
        loop = asyncio.get_running_loop()
        if slow:
            return await loop.run_in_executor(self._slow, work)
        # A lock of threads is not given to whoever has waited longest; one of an event loop is.
        turn = self._turns.setdefault(loop, asyncio.Lock())
        mine = await _taken(turn)
        try:
            return await loop.run_in_executor(self._quick, work)
        finally:
            if mine:
                turn.release()

    def close(self) -> None:
        """Wait for what is being drawn, then let the threads go."""
        self._quick.shutdown()
        self._slow.shutdown()


async def _taken(turn: asyncio.Lock) -> bool:
    """Take the turn when it comes; False where it did not come in time."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await turn.acquire()
    except TimeoutError:
        return False


class Pages:
    """The ASGI application (ASGI 3) of all pages of a node. `close` ends its threads."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        self._pools = _Pools()
        handlers = [_handler(house, drawing, self._pools, page) for page in PAGES]
        self._litestar = Litestar(
            [*handlers, _static(drawing)],
            openapi_config=None,
            debug=False,
            request_max_body_size=LARGEST,
            multipart_form_part_limit=20_000,
            compression_config=CompressionConfig(
                backend="gzip", gzip_compress_level=5, minimum_size=600, exclude=[r"\.woff2$", r"/events$"]
            ),
            exception_handlers={Exception: _fallen(house, drawing)},
            logging_config=None,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        await self._litestar(scope, receive, send)

    def close(self) -> None:
        """Wait for the pages that are being drawn, then let their threads go."""
        self._pools.close()


def application(house: House, *, warm: bool = False) -> Pages:
    """All pages of a node. `warm`: everything that a first page would wait for is read before any is asked for."""
    drawing = Drawing()
    if warm:
        drawing.warm()
        read_words()
    return Pages(house, drawing)


# ----------------------------------------------------------------------------------------- one request


def _handler(house: House, drawing: Drawing, pools: _Pools, page: Page) -> Any:
    methods = [*page.methods, "HEAD"] if "GET" in page.methods else list(page.methods)

    async def handle(request: HttpRequest) -> Response[Any]:
        form, broken = Form(), None
        if request.method not in _SAFE:
            try:
                form = await read_form(request)
            except Malformed as error:
                broken = error
        visit = Visit(house, drawing, request, form)
        with house.turns.answering():
            slow = page.slow or request.method not in _SAFE
            return await pools.run(lambda: _answered(page, visit, broken), slow=slow)

    return route(
        page.path, http_method=[HttpMethod(method) for method in methods], name=f"{methods[0]} {page.path}"
    )(handle)


def _answered(page: Page, visit: Visit, broken: Malformed | None) -> Answer:
    """What a page answers; its errors as pages too."""
    try:
        answer = _admitted(page, visit, broken)
    except Exception as error:  # noqa: BLE001 -- a page that fails is told as one, and in the log by its type alone
        answer = _failed(visit, error)
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    if visit.secure:
        answer.headers.setdefault("strict-transport-security", "max-age=31536000")
    if not page.cacheable:
        answer.headers.setdefault("cache-control", "no-store")
    return answer


def _admitted(page: Page, visit: Visit, broken: Malformed | None) -> Answer:
    posted = visit.request.method not in _SAFE
    if posted:
        _require_own_origin(visit)
    if not page.public and visit.session is None:
        if posted and broken is None:
            return sign_in_again(visit)
        return visit.go(f"/sign-in?next={quote(visit.here)}")
    if broken is not None:
        raise broken
    if (
        posted
        and visit.session is not None
        and not csrf.matches(visit.form.text("_csrf"), visit.session.csrf)
    ):
        if page.public:  # signing in again in another tab, say: the old form's token is nobody's
            return page.work(visit)
        return confirm_again(visit)
    return page.work(visit)


def _require_own_origin(visit: Visit) -> None:
    """A form that was sent from a page of another site is refused, whatever it holds (OWASP: verifying origin)."""
    origin, site = visit.header("origin"), visit.header("sec-fetch-site")
    own = {visit.header("host"), *(urlsplit(one).netloc for one in visit.house.accounts.settings.origins)}
    foreign = origin == "null" or (origin and urlsplit(origin).netloc not in own)
    if foreign or site in ("cross-site", "same-site"):
        raise Refused("foreign_origin", origin=origin or "—")


def _failed(visit: Visit, error: Exception) -> Answer:
    """The page of an error: what happened, to which thing, and what to do next."""
    status = status_of(error)
    if isinstance(error, Refused) and error.code == "sign_in_first":
        return visit.go(f"/sign-in?next={quote(visit.here)}")
    if not isinstance(error, ComityError | OSError):
        _log.error("a page failed: %s at %s", type(error).__name__, visit.request.url.path, exc_info=error)
        told = {"error": "failed", "message": visit.say("web.failed"), "provision": ""}
    else:
        told = wording.told(visit.words, error)
    return visit.page("error.html", status, told=told, kind=told["error"])


def _fallen(house: House, drawing: Drawing) -> Callable[[HttpRequest, Exception], Response[Any]]:
    """What no page answered: an address that is not there, a method that it has not, a body that is too large."""

    def answer(request: HttpRequest, error: Exception) -> Response[Any]:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if not isinstance(error, HTTPException):
            _log.error("a request failed: %s", type(error).__name__, exc_info=error)
        visit = Visit(house, drawing, request, Form())
        key = {404: "web.not_here", 405: "web.not_so", 413: "web.too_large"}.get(status, "web.failed")
        if 400 <= status < 500 and status not in (404, 405, 413):
            key = "web.not_understood"
        told = {"error": "refused" if status < 500 else "failed", "message": visit.say(key), "provision": ""}
        page = visit.page("error.html", status, told=told, kind=told["error"])
        for name, value in _HEADERS.items():
            page.headers.setdefault(name, value)
        page.headers.setdefault("cache-control", "no-store")
        return page

    return answer


# ---------------------------------------------------------------------------------------- static files


def _static(drawing: Drawing) -> Any:
    @route(
        "/static/{version:str}/{name:path}",
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        sync_to_thread=False,
    )
    def static(request: HttpRequest) -> Response[bytes]:
        version, name = request.path_params["version"], str(request.path_params["name"])
        file = drawing.files.get(name.lstrip("/"))
        if file is None:
            raise HTTPException(status_code=404)
        kept = "public, max-age=31536000, immutable" if version == drawing.version else "no-cache"
        return Response(file.body, media_type=file.media_type, headers={**_HEADERS, "cache-control": kept})

    return static
