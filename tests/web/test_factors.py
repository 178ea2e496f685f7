"""Codes and passkeys are one's own to set up and to drop, and what is secret is shown once."""

from __future__ import annotations

import re

import pyotp
from tests.web.someone import Someone, someone
from tests.web.stage import PASSWORD, Client, Stage

__all__ = ["someone"]


def test_codes_are_set_up_by_a_picture_and_recovery_codes_are_shown_once(
    someone: Someone, stage: Stage
) -> None:
    client, accounts, name = someone
    page = client.post("/account/codes")
    assert 'src="data:image/svg+xml;base64,' in page.text
    found = re.search(r'<code class="secret" dir="ltr">([A-Z2-7 ]+)</code>', page.text)
    assert found is not None
    otp = pyotp.TOTP(found[1].replace(" ", ""))
    now = stage.house("TUR").clock()
    wrong = client.post("/account/codes/confirm", {"code": "000000"})
    assert wrong.status_code == 409
    assert "data:image" not in wrong.text
    page = client.post("/account/codes/confirm", {"code": otp.at(now)})
    codes = re.findall(r'<code class="secret" dir="ltr">([a-z2-7-]+)</code>', page.text)
    assert len(codes) == 10
    assert client.post("/account/codes/confirm", {"code": otp.at(now)}).status_code == 409
    assert codes[0] not in client.get("/account").text

    other = Client(stage.app("TUR"), {"comity_language": "en"})
    page = other.post("/sign-in", {"name": name, "password": PASSWORD, "next": "/account"})
    assert page.status_code == 200
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert ticket is not None
    step = {"ticket": ticket[1], "way": "totp", "next": "/account"}
    page = other.post("/sign-in/code", {**step, "code": otp.at(now)})
    assert page.status_code == 401, "a code is used once"
    assert ticket[1] in page.text
    assert other.get("/account").status_code == 303
    answer = other.post("/sign-in/code", {**step, "code": codes[0]})
    assert answer.headers["location"] == "/account"
    assert other.get("/account").status_code == 200
    assert other.post("/sign-in/code", {**step, "code": codes[1]}).status_code == 401, "a ticket is used once"

    assert client.post("/account/codes/drop", {"codes_password": "x"}).status_code == 409
    assert accounts.person(name).totp
    assert client.post("/account/codes/drop", {"codes_password": PASSWORD}).status_code == 303
    assert not accounts.person(name).totp


def test_what_was_typed_travels_through_the_second_step_too(someone: Someone, stage: Stage) -> None:
    _, accounts, name = someone
    now = stage.house("TUR").clock()
    codes = accounts.confirm_totp(name, pyotp.TOTP(accounts.begin_totp(name).secret).at(now))
    other = Client(stage.app("TUR"), {"comity_language": "en"})
    page = other.post("/account", {"display": "In the middle"})
    carried = dict(re.findall(r'name="(next|kept)" value="([^"]*)"', page.text))
    page = other.post("/sign-in", {"name": name, "password": PASSWORD, **carried})
    carried = dict(re.findall(r'name="(next|kept|ticket)" value="([^"]*)"', page.text))
    assert other.post("/sign-in/code", {"code": codes[0], "way": "totp", **carried}).status_code == 303
    assert b"In the middle" in (accounts.draft(name, "/account") or b"")


def test_passkeys_say_where_they_work(someone: Someone) -> None:
    client, _, _ = someone
    assert 'data-passkey="create"' not in client.get("/account").text
    assert 'data-passkey="create"' in client.get("/account", host="localhost").text
    answer = client.post("/account/passkeys/options")
    assert answer.headers["content-type"].startswith("application/json")
    assert client.post("/account/passkeys", {"passkey_title": "x", "answer": "{}"}).status_code == 409
    assert (
        client.post("/account/passkeys/drop", {"passkey": "00", "passkey_password": PASSWORD}).status_code
        == 409
    )
