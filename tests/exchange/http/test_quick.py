"""The parser in C is as patient as the other, and no more."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

import pytest

from comity.exchange.http.quick import HEAD_BYTES
from comity.exchange.http.serving import serving

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def line_to(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 10)


def everything(line: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionError):  # and not a timeout: that is a connection which nobody cut off
        while part := line.recv(65536):
            found += part
    return found


def test_a_head_that_does_not_come_is_waited_for_only_so_long() -> None:
    """Seen to fail without the timer: the connection stays open until the keep-alive ends."""
    with serving(app, head_seconds=0.5, quick=True) as address:
        for raw in (b"", b"POST /v1/", b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: "):
            with line_to(address) as line:
                line.sendall(raw)
                assert everything(line) == b""


def test_dripping_does_not_buy_more_time() -> None:
    with serving(app, head_seconds=0.5, quick=True) as address, line_to(address) as line:
        began = time.monotonic()
        with suppress(OSError):
            line.sendall(b"GET / HTTP/1.1\r\nx: ")
            while time.monotonic() - began < 20:
                line.sendall(b"x")
                time.sleep(0.05)
        assert time.monotonic() - began < 20


def test_a_head_without_end_is_cut_off() -> None:
    with serving(app, head_seconds=600, quick=True) as address, line_to(address) as line:
        with suppress(OSError):
            line.sendall(b"GET / HTTP/1.1\r\nx: ")
            for _ in range(4 * HEAD_BYTES // 1024):
                line.sendall(b"x" * 1024)
        assert everything(line) == b""


def test_several_requests_on_one_connection_are_each_answered_in_order() -> None:
    one = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc"
    with serving(app, quick=True) as address, line_to(address) as line:
        line.sendall(one + one + one[:20])
        line.sendall(one[20:-2])
        line.sendall(one[-2:])
        found = b""
        while found.count(b"\r\n\r\n") < 3:
            found += line.recv(65536)
        assert found == OK * 3


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\r\n\r\n", b"GET \xff HTTP/1.1\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_the_server_goes_on(raw: bytes) -> None:
    with serving(app, head_seconds=0.5, quick=True) as address:
        with line_to(address) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            assert not everything(line).startswith(b"HTTP/1.1 5")
        with line_to(address) as line:
            line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert everything(line).startswith(b"HTTP/1.1 204")
