"""Speaking to a node below the client: requests by hand, raw bytes, a line that is cut."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.exchange.parties import Parties
from tests.worlds.world import key

from comity.core.keys import b64, key_id
from comity.exchange.http import profile
from comity.exchange.http.client import Place
from comity.exchange.http.profile import NO_WORD, Request
from comity.exchange.http.wire import Address, Received
from comity.exchange.talk import AskHeads, encode

HEADS = encode(AskHeads())


def port_of(place: Place) -> int:
    port = urlsplit(place.address).port
    assert port is not None
    return port


def signed(
    parties: Parties, asker: str, asked: str, body: bytes = HEADS, *, word: str = NO_WORD, **other
) -> Request:
    """A request as the client signs it; `other` replaces what is signed."""
    signer = other.get("signer", key(asker, "node"))
    created = other.get("created", int(parties.clocks[asked]().timestamp()))
    nonce = other.get("nonce", word + b64(secrets.token_bytes(16)))
    known = other.get("known", key_id(key(asked, "node").public))
    mechanism = other.get("mechanism", parties.mechanism)
    return profile.sign_request(mechanism, (asker, asked), known, body, signer, created, nonce)


def post(place: Place, head: Request, body: bytes = HEADS, *, path: str = "", headers=None) -> Received:
    """Send it, on a connection of its own."""
    deadline = time.monotonic() + 60
    wire = Address("PEER", place.address).connect(deadline)
    try:
        fields = head.headers() if headers is None else headers
        return wire.post(
            path or f"/v1/{head.mechanism}", [(b"host", b"node"), *fields], body, deadline, 1 << 24
        )
    finally:
        wire.close()


def word(parties: Parties, place: Place, asker: str, asked: str) -> str:
    """The server's word, as a first refusal tells it."""
    head = signed(parties, asker, asked)
    reply = post(place, head)
    assert reply.status == 401
    return profile.read_reply(401, reply.headers, b"", head.signature, [key(asked, "node").public]).word


def exchange_bytes(place: Place, raw: bytes, seconds: float = 60) -> bytes:
    """Everything that comes back for these bytes until the other side closes."""
    with socket.create_connection(("127.0.0.1", port_of(place)), seconds) as line:
        line.sendall(raw)
        parts = []
        with suppress(ConnectionError):
            while part := line.recv(1 << 16):
                parts.append(part)
        return b"".join(parts)


def as_bytes(head: Request, body: bytes = HEADS, *, path: str = "", headers=None) -> bytes:
    """A request as it goes over the line."""
    fields = [
        (b"host", b"node"),
        (b"content-length", b"%d" % len(body)),
        *(head.headers() if headers is None else headers),
    ]
    lines = [
        f"POST {path or '/v1/' + head.mechanism} HTTP/1.1".encode(),
        *(name + b": " + value for name, value in fields),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@contextmanager
def answering(reply: bytes, *, drip: float = 0, close: bool = True) -> Iterator[Place]:
    """Something that is no node: gives the same bytes to everybody, all at once or one byte each `drip` seconds."""
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.recv(1 << 16)
                if drip:
                    for at in range(len(reply)):
                        line.sendall(reply[at : at + 1])
                        if stop.wait(drip):
                            return
                else:
                    line.sendall(reply)
                if not close:
                    stop.wait(60)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Place(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            stop.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
    thread.join()


@contextmanager
def cut_line(place: Place, after: int) -> Iterator[Place]:
    """A line to a node that breaks after so many bytes of replies, over all its connections."""
    left = [after]

    def forward(source: socket.socket, target: socket.socket, *, counted: bool) -> None:
        with suppress(OSError):
            while part := source.recv(4096):
                if counted:
                    part, left[0] = part[: left[0]], left[0] - len(part)
                target.sendall(part)
                if left[0] <= 0:
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            if left[0] <= 0:
                line.close()
                continue
            onward = socket.create_connection(("127.0.0.1", port_of(place)))
            with line, onward:
                back = threading.Thread(target=forward, args=(onward, line), kwargs={"counted": True})
                back.start()
                forward(line, onward, counted=False)
                back.join()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Place(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
    thread.join()
