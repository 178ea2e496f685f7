"""Listening: uvicorn in front of an ASGI application, with patience limits and a clean end.

    with serving(endpoint) as address:         # in a thread, on a free port of the loopback: "http://127.0.0.1:43121"
    serve(app, "0.0.0.0", 443, "cert.pem", "key.pem")         # here, until SIGINT or SIGTERM

Who connects and sends no whole head within `HEAD_SECONDS` is cut off; no header says what software this is. An
application that has answers without an end (events) gives `ending()`, which ends them when the server stops. With
`quick` requests are read by a parser in C (`comity.exchange.http.quick`), which pages and programs gain by.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from comity.core.errors import Unavailable
from comity.exchange.http.patience import HEAD_SECONDS, Patience

__all__ = ["HEAD_SECONDS", "serve", "serving"]

IDLE_SECONDS = 75
CONNECTIONS = 256
STOP_SECONDS = 5
START_SECONDS = 20.0


class _Patient(Patience, H11Protocol):
    """The protocol in Python."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self.calm()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self.calm()
        else:
            self.wait()


class _Server(uvicorn.Server):
    """Ends on SIGINT and SIGTERM by returning, so that the caller closes what it has open."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell, self._ending = started, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(
    app: Any,
    host: str,
    port: int,
    tls_cert: str = "",
    tls_key: str = "",
    started: Callable[[str], None] = lambda _: None,
    *,
    quick: bool = False,
) -> None:
    """Listen until SIGINT or SIGTERM. `started` is told the address. Raises `Unavailable`."""
    bound, address = _bind(host, port, secure=bool(tls_cert))
    with bound:
        _server(app, tls_cert, tls_key, lambda: started(address), quick=quick).run([bound])


@contextmanager
def serving(
    app: Any,
    host: str = "127.0.0.1",
    port: int = 0,
    tls_cert: str = "",
    tls_key: str = "",
    head_seconds: float = HEAD_SECONDS,
    *,
    quick: bool = False,
) -> Iterator[str]:
    """Listen in a thread for as long as the block lasts; yields the address. Raises `Unavailable`."""
    bound, address = _bind(host, port, secure=bool(tls_cert))
    ready = threading.Event()
    with bound:
        server = _server(app, tls_cert, tls_key, ready.set, head_seconds, quick=quick)
        thread = threading.Thread(target=server.run, args=([bound],), name="comity-serving")
        thread.start()
        try:
            if not ready.wait(START_SECONDS):
                raise Unavailable(f"port at {address}", "the server did not start")
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _bind(host: str, port: int, *, secure: bool) -> tuple[socket.socket, str]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts: else a small reply waits 40 ms for an ACK.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise Unavailable(
            f"port {host}:{port}", f"cannot be listened on: {error.strerror or error}"
        ) from error
    name = f"[{host}]" if ":" in host else host
    return bound, f"{'https' if secure else 'http'}://{name}:{bound.getsockname()[1]}"


def _server(
    app: Any,
    tls_cert: str,
    tls_key: str,
    started: Callable[[], None],
    head_seconds: float = HEAD_SECONDS,
    *,
    quick: bool = False,
) -> _Server:
    config = uvicorn.Config(
        app,
        http=type("_Patient", (_protocol(quick=quick),), {"head_seconds": head_seconds}),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # what a stranger sends is no news
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_certfile=tls_cert or None,
        ssl_keyfile=tls_key or None,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise Unavailable(f"certificate {tls_cert}", f"cannot be used with its key: {error}") from error
    return _Server(config, started, getattr(app, "ending", lambda: None))


def _protocol(*, quick: bool) -> type[asyncio.Protocol]:
    if not quick:
        return _Patient
    from comity.exchange.http.quick import Quick  # noqa: PLC0415 -- its parser need not be installed

    return Quick
