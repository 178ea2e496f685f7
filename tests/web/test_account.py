"""One's own account: what is one's own is one's own to change, and what is secret is shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.web.someone import Someone, someone
from tests.web.stage import PASSWORD, Stage

from comity.core.act import LANGUAGES

__all__ = ["someone"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_who_one_is_and_for_which_offices_one_speaks(stage: Stage, language: str) -> None:
    page = stage.client("TUR", "ayla", language).get("/account")
    assert page.status_code == 200
    assert "ayla" in page.text
    assert page.text.count('value="' + stage.house("TUR").mechanisms()[0].mechanism + ":") == 2
    assert not re.search(r"(account|sign_in|passkey|web)\.[a-z_]+(?!\.)\b(?=<)", page.text)
    empty = stage.client("TUR", "deniz", language).get("/account")
    assert 'action="/account/tokens"' not in empty.text


def test_nobody_sees_it_who_is_not_signed_in(stage: Stage) -> None:
    answer = stage.client("TUR").get("/account")
    assert answer.headers["location"] == "/sign-in?next=/account"


def test_name_and_language_are_one_s_own_to_choose(someone: Someone) -> None:
    client, accounts, name = someone
    answer = client.post("/account", {"display": "Başka Ad", "language": "tr"})
    assert answer.headers["location"] == "/account?told=named"
    assert accounts.person(name).display == "Başka Ad"
    page = client.get("/account?told=named")
    assert "Kaydedildi." in page.text
    assert 'lang="tr" dir="ltr"' in page.text


def test_a_name_that_is_none_comes_back_with_its_error(someone: Someone) -> None:
    client, accounts, name = someone
    page = client.post("/account", {"display": '\u0000<b>"', "language": "xx"})
    assert page.status_code == 409
    assert "no control characters" in page.text
    assert "<b>&#34;" not in page.text
    assert 'aria-invalid="true"' in page.text
    assert accounts.person(name).display == "Deneme Kişi"


def test_what_was_being_typed_when_a_session_ended_stands_in_the_form(someone: Someone) -> None:
    client, accounts, name = someone
    accounts.keep_draft(name, "/account", b'{"texts":{"display":["Half typed"],"language":["ar"]}}')
    page = client.get("/account")
    assert 'value="Half typed"' in page.text
    assert client.post("/account", {"display": "Whole", "language": "en"}).status_code == 303
    assert accounts.draft(name, "/account") is None


def test_a_new_password_asks_for_the_old_one_and_ends_every_session(someone: Someone) -> None:
    client, accounts, name = someone
    new = "beş kelime bir de lamba"
    send = {"old_password": "x", "new_password": new, "again_password": new}
    page = client.post("/account/password", send)
    assert page.status_code == 409
    assert page.text.count("aria-invalid") == 1
    assert new not in page.text
    page = client.post("/account/password", {**send, "old_password": PASSWORD, "again_password": "other"})
    assert page.status_code == 422
    page = client.post(
        "/account/password", {"old_password": PASSWORD, "new_password": "short", "again_password": "short"}
    )
    assert "at least 12" in page.text
    answer = client.post("/account/password", {**send, "old_password": PASSWORD})
    assert answer.headers["location"] == "/sign-in?told=password"
    assert accounts.sessions(name) == []
    assert accounts.sign_in(name, new, "a").session is not None


def test_sessions_are_listed_and_ended(someone: Someone, stage: Stage) -> None:
    client, accounts, name = someone
    others = [stage.cookie("TUR", name) for _ in range(3)]
    page = client.get("/account")
    listed = re.findall(r'name="session" value="([0-9a-f]{64})"', page.text)
    assert len(listed) == 3
    assert client.post("/account/sessions", {"session": listed[0]}).status_code == 303
    assert sum(accounts.session(one) is not None for one in others) == 2
    assert client.post("/account/sessions", {"session": listed[0]}).status_code == 409
    assert client.post("/account/sessions", {"session": "f" * 64}).status_code == 409
    assert client.post("/account/sessions").status_code == 303
    assert [one for one in others if accounts.session(one)] == []
    assert client.get("/account").status_code == 200


def test_a_session_of_somebody_else_is_not_ended(someone: Someone, stage: Stage) -> None:
    client, accounts, _ = someone
    token = stage.cookie("TUR", "ayla")
    found = accounts.session(token)
    assert found is not None
    assert client.post("/account/sessions", {"session": found.token_hash}).status_code == 409
    assert accounts.session(token) is not None


def test_a_token_is_made_for_an_office_one_holds_shown_once_and_revoked(
    someone: Someone, stage: Stage
) -> None:
    client, accounts, name = someone
    mechanism = stage.house("TUR").mechanisms()[0].mechanism
    send = {"office": f"{mechanism}:mfa", "token_title": "Feed", "token_password": PASSWORD}
    send["until"] = (stage.house("TUR").today() + timedelta(days=30)).isoformat()
    for bad, field in (
        ({"token_password": "x"}, "token_password"), ({"office": f"{mechanism}:defence"}, "office"),
        ({"until": "yesterday"}, "until"), ({"until": "9999-12-31"}, "until"), ({"token_title": ""}, "token_title"),
        ({"until": "2024-12-09T10:00"}, "until"), ({"office": "x"}, "office"),
    ):  # fmt: skip
        page = client.post("/account/tokens", {**send, **bad})
        assert page.status_code in (409, 422), bad
        assert f'id="f-{field}-error"' in page.text, bad
    assert accounts.tokens(name) == []
    page = client.post("/account/tokens", send)
    found = re.search(r"comity_[\w-]{43}", page.text)
    assert found is not None
    token = accounts.token(found[0])
    assert token is not None
    assert token.until == datetime(2025, 1, 1, 23, 59, 59, tzinfo=UTC)
    assert found[0] not in client.get("/account").text
    assert client.post("/account/tokens/revoke", {"token": token.id}).status_code == 303
    assert accounts.token(found[0]) is None


def test_a_token_of_somebody_else_is_not_revoked(someone: Someone, stage: Stage) -> None:
    client, accounts, _ = someone
    mechanism = stage.house("TUR").mechanisms()[0].mechanism
    raw = accounts.make_token("ayla", "ayla", mechanism, "mfa", "Feed")
    token = accounts.token(raw)
    assert token is not None
    assert client.post("/account/tokens/revoke", {"token": token.id}).status_code == 409
    assert accounts.token(raw) is not None
    accounts.revoke_token("ayla", token.id)


def test_drafts_are_listed_and_thrown_away(someone: Someone) -> None:
    client, accounts, name = someone
    accounts.keep_draft(name, "/m/1/say/meetings/<b>\u202e", b"{}")
    page = client.get("/account")
    assert "U+202E" in page.text
    assert "<b>" not in page.text.partition('id="drafts"')[2].replace("<bdi", "")
    assert client.post("/account/drafts", {"draft": "/m/1/say/meetings/<b>\u202e"}).status_code == 303
    assert accounts.drafts(name) == []
