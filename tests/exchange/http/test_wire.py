import socket
import time

import pytest
from tests.exchange.http.raw import answering

from comity.core.errors import Malformed, Unavailable
from comity.core.keys import b64
from comity.exchange.http.client import Place
from comity.exchange.http.wire import Address, Closed

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


def ask(place: Place, seconds: float = 20, limit: int = 100, body: bytes = b"body"):
    deadline = time.monotonic() + seconds
    wire = Address("IRQ", place.address).connect(deadline)
    try:
        return wire.post("/v1/x", [(b"host", b"x")], body, deadline, limit), wire.open
    finally:
        wire.close()


def test_a_reply_comes_whole_and_the_connection_may_be_used_again():
    with answering(GOOD, close=False) as place:
        reply, usable = ask(place)
    assert (reply.status, reply.body, usable) == (200, b"hello", True)


def test_a_reply_that_announces_the_end_of_the_connection_ends_it():
    with answering(GOOD.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")) as place:
        assert not ask(place)[1]


@pytest.mark.parametrize("cut", range(0, len(GOOD), 4))
def test_a_reply_that_is_cut_off_anywhere_is_unavailable(cut):
    with answering(GOOD[:cut]) as place, pytest.raises((Closed, Unavailable)):
        ask(place)


def test_a_reply_that_is_too_long_is_malformed_before_all_of_it_came():
    reply = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n" + bytes(200)
    with answering(reply, close=False) as place, pytest.raises(Malformed, match="longer than 100 bytes"):
        ask(place)


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-x\r\n\r\n",
        b"\0" * 50,
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 70_000,
        b"HTTP/1.1 999999 ?\r\n\r\n",
    ],
)
def test_what_is_not_http_is_malformed(raw):
    with answering(raw, close=False) as place, pytest.raises(Malformed, match="is not HTTP"):
        ask(place)


@pytest.mark.parametrize("raw", [GOOD, GOOD[: GOOD.index(b"hello") + 1]])
def test_a_peer_that_drips_or_falls_silent_does_not_keep_us(raw):
    """One deadline over the whole request: a byte now and then does not move it."""
    started = time.monotonic()
    with answering(raw, drip=0.3, close=False) as place, pytest.raises(Unavailable, match="in time"):
        ask(place, seconds=1)
    assert time.monotonic() - started < 10


def test_a_peer_that_reads_nothing_does_not_keep_us():
    with (
        socket.create_server(("127.0.0.1", 0), backlog=1) as deaf,
        pytest.raises(Unavailable, match="in time"),
    ):
        ask(Place(f"http://127.0.0.1:{deaf.getsockname()[1]}"), seconds=1, body=bytes(1 << 25))


def test_where_nobody_listens_the_address_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable, match=rf"IRQ at http://127.0.0.1:{port}: cannot be reached"):
        ask(Place(f"http://127.0.0.1:{port}"))


def test_an_address_that_takes_too_long_is_unavailable():
    with pytest.raises(Unavailable, match="in time"):
        Address("IRQ", "http://127.0.0.1:9").connect(time.monotonic() - 1)


@pytest.mark.parametrize(
    "text",
    ["", "mfa.example.iq", "ftp://x", "https://", "http://x/path", "https://x?y", "https://x#y", "https://u@x",
     "https://x:99999", "https://x:y", "http://[::1", "https://büyükelçi.example"],
)  # fmt: skip
def test_an_address_that_is_none_is_malformed_and_names_the_party(text):
    with pytest.raises(Malformed, match="address of IRQ"):
        Address("IRQ", text)


def test_a_pin_needs_tls_and_32_bytes():
    with pytest.raises(Malformed, match="must be https"):
        Address("IRQ", "http://x", b64(bytes(32)))
    with pytest.raises(Malformed, match="tls"):
        Address("IRQ", "https://x", "short")


def test_an_address_knows_its_port():
    assert [Address("IRQ", text).port for text in ("http://x", "https://x/", "https://[::1]:8440")] == [
        80,
        443,
        8440,
    ]
