"""The line: errors are as they were on the node, whatever comes back; what is saved is whole or not there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.api.house import MANDATE, Built
from tests.client.bridge import FIELDS, client

from comity.client import Client
from comity.client.line import Line
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.exchange.http.serving import serving


def test_errors_are_those_of_the_node_in_the_client_s_language(house: Built) -> None:
    notes = set()
    for language in ("en", "tr", "ar"):
        with client(house, language=language) as node:
            with pytest.raises(Refused) as caught:
                node.act("TUR/99999")
            assert (caught.value.code, caught.value.facts) == ("act_unknown", {"act": "TUR/99999"})
            notes.update(caught.value.__notes__)
    assert len(notes) == 3
    with client(house) as node:
        with pytest.raises(Malformed) as wrong:
            node.say("meetings", "convene", {**FIELDS, "round": "x"}, mandate=MANDATE)
        assert wrong.value.at == "#/fields/round"
        with pytest.raises(Malformed):
            node.act("../mechanism")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (409, b'{"type":"x","title":"x","status":409,"detail":"forked","error":"broken"}', Broken),
        (503, b'{"type":"x","title":"x","status":503,"detail":"full","error":"unavailable"}', Unavailable),
        (502, b"<html>a proxy</html>", Unavailable),
        (200, b'{"mechanism": 3}', Malformed),
    ],
)
def test_whatever_comes_back_is_one_of_the_four(status: int, body: bytes, kind: type[Exception]) -> None:
    answer = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    with Client("http://node.example", "comity_x", transport=answer) as node, pytest.raises(kind):
        node.mechanism()


def test_news_come_as_they_happen(house: Built) -> None:
    with serving(house.api, quick=True) as address, Client(address, house.token) as node:
        states = node.events(last="IRQ:0")
        first = next(states)
        node.say("meetings", "convene", FIELDS, mandate=MANDATE)
        assert next(states) != first
        states.close()  # type: ignore[attr-defined]
    with pytest.raises(Refused), client(house) as node:
        node._line.http.headers["authorization"] = "Bearer comity_no"
        next(node.events())


def test_what_is_cut_on_its_way_is_not_saved(tmp_path: Path) -> None:
    """Seen to fail when the file gets its name before it is whole."""

    def cut() -> Iterator[bytes]:
        yield b"the first half"
        raise httpx.ReadError("the line went dead")

    answer = httpx.MockTransport(lambda _: httpx.Response(200, content=cut()))
    line = Line("http://node.example", "comity_x", "en", transport=answer)
    with line, pytest.raises(Unavailable, match="the line went dead"):
        line.save("/evidence/TUR/1/file", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_body_that_is_made_is_made_anew_for_each_try() -> None:
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.read())
        return httpx.Response(201 if len(seen) == 3 else 503)

    with Line("http://node.example", "x", "en", transport=httpx.MockTransport(answer)) as line:
        line.send("PUT", "/uploads/x", lambda: iter((b"a", b"b")), again=True)
    assert seen == [b"ab"] * 3


def test_over_a_real_line_a_file_that_is_cut_is_not_kept_and_one_that_nobody_may_send_is_refused(
    house: Built, tmp_path: Path
) -> None:
    """Through the server that `serve` runs."""
    file = tmp_path / "minutes"
    file.write_bytes(bytes(3 << 20))
    with serving(house.api, quick=True) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as line:
            head = f"PUT /api/v1/uploads/{'0' * 64} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {house.token}\r\n"
            line.sendall(head.encode() + b"content-length: 4000000\r\n\r\n" + bytes(100_000))
        with Client(address, "comity_no") as node, pytest.raises(Refused, match="token_needed"):
            node.send(file)
        with Client(address, house.token) as node:
            name = node.send(file)
            with pytest.raises(Malformed):
                node.look(f"/uploads/{name}/verification")
    uploads = house.api.uploads
    assert [digest for _, digest in uploads._kept] == [name]
    assert uploads._coming == []
