"""What holds for every path: who may ask, from where, in which language it is told, and what has not changed."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from tests.accounts.house import PASSWORD
from tests.api.house import Built, meeting, run

from comity.accounts import MACHINE
from comity.api import replies
from comity.api.app import BODY_LIMIT
from comity.core.act import LANGUAGES
from comity.core.errors import Broken, Unavailable


@pytest.mark.parametrize("token", ["", "comity_", "comity_" + "x" * 43, "Basic YTpi"])
def test_nothing_is_told_without_a_token_that_holds(house: Built, token: str) -> None:
    for path in ("/mechanism", "/acts/TUR/1", "/acts/TUR/1/leaf", "/events"):
        reply = house.get(path, token)
        assert (reply.status_code, reply.json()["code"]) == (401, "token_needed")
        assert reply.headers["www-authenticate"] == "Bearer"
    assert house.say("meetings", "convene", meeting(), token).status_code == 401


def test_a_revoked_token_opens_nothing_once_its_second_is_over(tmp_path: Path) -> None:
    """Seen to fail when a token is remembered for ever."""
    now = [0.0]
    house = Built(tmp_path)
    house.api.bearers._clock = lambda: now[0]
    raw = house.token_for("secretariat")
    assert house.get("/token", raw).status_code == 200
    house.accounts.revoke_token("ayla", house.accounts.tokens("ayla")[-1].id)
    house.accounts.revoke_token("ayla", house.accounts.tokens("ayla")[-1].id)
    now[0] = 1.0
    assert house.get("/token", raw).status_code == 401
    house.close()


def test_a_token_ends_with_the_office_of_the_person_who_made_it(tmp_path: Path) -> None:
    house = Built(tmp_path, token_seconds=0)
    assert house.convene(1).status_code == 201
    house.accounts.revoke(MACHINE, "ayla", house.mechanism, "secretariat")
    assert house.convene(2).status_code == 401
    assert house.get("/mechanism").status_code == 401
    house.close()


def test_a_token_of_another_mechanism_opens_nothing_here(house: Built) -> None:
    """It names a mechanism that this node has no record of."""
    other = "ab" * 32
    house.accounts.add(MACHINE, "murat", "Murat Yüce", "en", PASSWORD)
    house.accounts.grant(MACHINE, "murat", other, "secretariat")
    raw = house.token_for("secretariat", "murat", other)
    reply = house.get("/mechanism", raw)
    assert (reply.status_code, reply.json()["code"]) == (403, "token_elsewhere")
    assert house.convene(1, raw).status_code == 403


def test_a_token_speaks_for_its_own_office_and_no_other_that_its_person_holds(house: Built) -> None:
    house.accounts.grant(MACHINE, "ayla", house.mechanism, "root")
    said = house.convene(31)
    assert said.json()["office"] == "secretariat"
    body = {"fields": {"office": "gardens", "titles": {"en": "Gardens"}}}
    reply = house.say("charter", "fill-office", body)
    assert reply.status_code in (403, 409)
    assert "office" not in house.record.folds.offices("TUR", house.record.ready).get("gardens", ())


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://["},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_page_of_another_site_is_refused_whatever_it_holds(house: Built, headers: dict[str, str]) -> None:
    for reply in (
        house.get("/mechanism", headers=headers),
        house.say("meetings", "convene", meeting(), headers=headers),
    ):
        assert (reply.status_code, reply.json()["code"]) == (403, "origin_foreign")
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_cookies_are_not_read(house: Built) -> None:
    reply = house.get("/mechanism", "", headers={"cookie": f"comity={house.token}"})
    assert reply.status_code == 401


def test_an_answer_that_is_held_is_not_sent_again_until_something_is_said(house: Built) -> None:
    first = house.get("/acts/TUR/1")
    tag = first.headers["etag"]
    again = house.get("/acts/TUR/1", headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert house.get("/acts/TUR/2", headers={"if-none-match": tag}).status_code == 200
    assert house.convene(32).status_code == 201
    assert house.get("/acts/TUR/1", headers={"if-none-match": tag}).status_code == 200


def test_problems_are_told_in_the_language_that_was_asked_for(house: Built) -> None:
    told = {
        tag: house.get("/acts/TUR/99999", headers={"accept-language": f"xx, {tag}-XX;q=0.9"})
        for tag in LANGUAGES
    }
    for tag, reply in told.items():
        assert reply.headers["content-language"] == tag
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["facts"] == {"act": "TUR/99999"}
    assert len({reply.json()["detail"] for reply in told.values()}) == 3
    assert len({reply.json()["title"] for reply in told.values()}) == 3


def test_what_is_nowhere_and_what_is_not_so_are_problems_too(house: Built) -> None:
    assert house.get("/nothing").json()["code"] == "path_unknown"
    wrong = run(house.ask("DELETE", "/acts/TUR/1"))
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_wrong")
    assert "GET" in wrong.headers["allow"]
    assert run(house.ask("HEAD", "/acts/TUR/1")).content == b""


def test_a_body_that_is_too_long_is_refused_and_says_nothing(house: Built) -> None:
    before = house.record.ready["TUR"]
    reply = run(
        house.ask("POST", "/acts/meetings/convene", content=b"[" * (BODY_LIMIT + 1),
                  headers={"content-type": "application/json"})
    )  # fmt: skip
    assert (reply.status_code, reply.json()["code"]) == (413, "body_long")
    assert house.record.ready["TUR"] == before


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    house = Built(tmp_path, patience=-(10**9))

    async def slow() -> tuple[int, bytes]:
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        headers = [(b"authorization", f"Bearer {house.token}".encode()), (b"host", b"node.example")]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/api/v1/acts/meetings/convene", "raw_path": b"/api/v1/acts/meetings/convene",
            "query_string": b"", "root_path": "", "headers": headers, "client": ("10.0.0.1", 1), "server": ("n", 80),
        }  # fmt: skip
        await house.api(scope, receive, send)
        return int(str(sent[0]["status"])), bytes(sent[1]["body"])  # type: ignore[arg-type]

    status, body = run(slow())
    assert status == 408
    assert b"body_slow" in body
    house.close()


def test_a_fault_of_this_program_tells_nothing_of_its_inside(
    house: Built, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("a secret")

    monkeypatch.setattr(house.house, "tag", fail)
    with caplog.at_level(logging.CRITICAL, replies.__name__):
        reply = house.get("/mechanism")
    assert reply.status_code == 500
    assert b"secret" not in reply.content
    assert reply.json()["type"] == "urn:comity:problem:failed"


@pytest.mark.parametrize(
    ("error", "status"),
    [(Unavailable("disk", "full"), 503), (Broken("log IRQ", "forked"), 409), (OSError(5, "x"), 503)],
)
def test_what_cannot_be_had_is_told_by_its_class(
    house: Built, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(house.house, "tag", fail)
    assert house.get("/mechanism").status_code == status
