"""The client: typed answers, the four errors as they were on the node, and nothing said twice when an answer is lost."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from tests.api.house import BODY, MANDATE, Built

import comity
from comity.client import Client
from comity.core.act import Ref
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.core.proof import verify_proof
from comity.exchange.http.serving import serving

FIELDS = {"body": BODY, "round": 1, "starts": "2024-10-01T10:00:00+03:00", "place": {"en": "Ankara"}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    built = Built(tmp_path_factory.mktemp("house"), every=0.01)
    yield built
    built.close()


class Bridge(httpx.BaseTransport):
    """The node without a socket. It loses the first `lost` answers on their way back."""

    def __init__(self, house: Built, lost: int = 0) -> None:
        self._inner, self.lost = httpx.ASGITransport(house.api), lost

    def handle_request(self, request: httpx.Request) -> httpx.Response:
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


def test_what_is_said_can_be_asked_about_and_proved(house: Built) -> None:
    with client(house) as node:
        assert node.allowed("meetings", "convene", FIELDS, mandate=MANDATE).allowed
        said = node.say("meetings", "convene", FIELDS, mandate=MANDATE)
        item = node.say("meetings", "propose-item", {"title": {"en": "Water"}}, docket=said.ref)
        assert node.act(item.ref).docket == said.docket == node.docket(said.ref).docket
        assert [act.ref for act in node.docket(said.ref).acts] == [said.ref, item.ref]
        assert node.mechanism().party == "TUR"
        assert "meetings" in {chapter.chapter for chapter in node.chapters()}
        assert node.ask(said.ref, "next_dates", on=date(2024, 9, 2)) is not None
        assert verify_proof(node.proof(Ref.parse(item.ref)))
        assert item.ref in {hit.ref for hit in node.search("water", page=1)}
        assert node.paper("TUR/1").startswith(b"%PDF")


def test_lists_go_on_over_every_page(house: Built) -> None:
    with client(house) as node:
        for _ in range(3):
            node.say("meetings", "convene", FIELDS, mandate=MANDATE)
        every = [line.docket for line in node.dockets("meetings", page=2)]
        assert every == [line.docket for line in node.dockets("meetings")]
        assert len(every) == len(set(every)) >= 3
        assert [act.ref for act in node.log("TUR", 1, page=2)][:2] == ["TUR/1", "TUR/2"]


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_said_twice(house: Built) -> None:
    """Seen to fail when no key is sent."""
    before = house.record.ready["TUR"]
    with client(house, lost=2) as node:
        said = node.say("meetings", "convene", FIELDS, mandate=MANDATE)
    assert house.record.ready["TUR"] == before + 1
    assert said.ref == f"TUR/{before}"
    with client(house, lost=3) as node, pytest.raises(Unavailable, match="the line went dead"):
        node.mechanism()


def test_a_key_of_one_s_own_outlives_the_program(house: Built) -> None:
    refs = set()
    for _ in range(2):
        with client(house) as node:
            refs.add(node.say("meetings", "convene", FIELDS, mandate=MANDATE, key="letter 17").ref)
    assert len(refs) == 1


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
        node._http.headers["authorization"] = "Bearer comity_no"
        next(node.events())


def test_nothing_of_the_network_is_imported_until_the_client_is_asked_for() -> None:
    code = (
        "import sys, comity; a = 'httpx' in sys.modules; comity.Client; print(a, 'litestar' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
    assert comity.Client is Client
    with pytest.raises(AttributeError):
        comity.Nothing  # noqa: B018


def test_the_package_says_its_version() -> None:
    assert Path(comity.__file__).name == "__init__.py"
    assert comity.__version__.count(".") == 2
