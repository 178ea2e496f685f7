"""Signing in: the same words for every failure, no way out of this node, and what was typed is not lost."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.accounts.directory import Directory
from tests.accounts.house import Clock
from tests.web.stage import PASSWORD, Client, Stage

from comity.accounts import MACHINE, Provider
from comity.accounts.directory import Directory as Asked
from comity.core.act import LANGUAGES
from comity.web.signing_in import own_path
from comity.web.visit import SESSION
from comity.words import Words


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def kept(**texts: str) -> str:
    """What was typed, as it travels."""
    return base64.b64encode(
        json.dumps({"texts": {name: [text] for name, text in texts.items()}}).encode()
    ).decode()


def enter(client: Client, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Sign in by name and password."""
    return client.post("/sign-in", {"name": name, "password": password, **more})


def cookies(answer: httpx.Response) -> list[str]:
    """What the answer sets as the session's cookie."""
    return [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{SESSION}=")]


# ------------------------------------------------------------------------------------------- next


@pytest.mark.parametrize(
    "bad",
    [
        "//example.org", "https://example.org", "/\\example.org", "\\\\example.org", "/\t/example.org", "",
        "example.org", "javascript:alert(1)", "/\n/x", "/sign-in?next=/x", "/sign-out", "/" + "x" * 1000, "/\u202ex",
    ],
)  # fmt: skip
def test_next_leads_nowhere_but_to_a_page_of_this_node(bad: str) -> None:
    assert own_path(bad) == "/"


@given(st.text(max_size=60) | st.text(alphabet="/\\:.@?#% \tex", max_size=20))
def test_no_text_makes_next_lead_elsewhere(text: str) -> None:
    path = own_path(text)
    url = httpx.URL("http://node.example").join(path)
    assert (url.scheme, url.host) == ("http", "node.example")
    assert path.startswith("/")
    assert not path.startswith("//")
    assert path.isascii()


def test_next_keeps_an_address_with_its_query() -> None:
    assert own_path("/m/3f2a91c07b1e/search?q=a%20b&x=ş") == "/m/3f2a91c07b1e/search?q=a%20b&x=%C5%9F"


# ---------------------------------------------------------------------------------------- password


def test_a_name_and_a_password_begin_a_session_that_scripts_cannot_read(stage: Stage) -> None:
    client = stage.client("TUR")
    answer = enter(client, "ayla", next=f"{stage.root('TUR')}?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{stage.root('TUR')}?x=1")
    (cookie,) = cookies(answer)
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Secure" not in cookie
    assert client.get(stage.root("TUR")).status_code == 200
    assert client.get("/sign-in?next=//example.org").headers["location"] == "/"


def test_the_session_is_new_at_each_sign_in_and_the_one_before_is_over(stage: Stage) -> None:
    client = stage.client("TUR", "ayla")
    before = client.cookies[SESSION]
    (cookie,) = cookies(enter(client, "ayla"))
    assert before not in cookie
    assert stage.house("TUR").accounts.session(before) is None


def test_the_form_leads_away_from_this_node_for_nobody(stage: Stage) -> None:
    answer = enter(stage.client("TUR"), "ayla", next="//example.org/x")
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_is_told_in_the_same_words(stage: Stage, language: str) -> None:
    accounts = stage.house("TUR").accounts
    name = f"closed{language}"
    accounts.add(MACHINE, name, "Kapalı Hesap", "tr", PASSWORD)
    accounts.disable(MACHINE, name)
    pages = [
        enter(stage.client("TUR", language=language), *who)
        for who in (
            ("ayla", "x"),
            ("nobody", "x"),
            ("nobody", PASSWORD),
            (name, PASSWORD),
            ("\u202e<b>", "x"),
        )
    ]
    assert {page.status_code for page in pages} == {401}
    assert not any(cookies(page) for page in pages)
    told = {re.search(r'role="alert".*?</div>', page.text, re.DOTALL)[0] for page in pages}  # type: ignore[index]
    assert len(told) == 1
    assert "<b>" not in pages[-1].text.partition("<main")[2].partition('value="')[2].partition('"')[0]


def test_too_many_tries_are_told_when_to_try_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = stage.house("TUR").accounts
    accounts.add(MACHINE, "slow", "Yavaş Yavaş", "tr", PASSWORD)
    monkeypatch.setattr(accounts, "settings", msgspec.structs.replace(accounts.settings, name_burst=2))
    client = stage.client("TUR", language="en")
    for _ in range(2):
        assert enter(client, "slow", "x").status_code == 401
    answer = enter(client, "slow", next="/m/x", kept=kept(place="Ankara"))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert f"Wait {answer.headers['retry-after']} seconds" in answer.text
    assert hidden(answer, "kept") == kept(place="Ankara")


def test_a_name_that_was_typed_is_shown_inert(stage: Stage) -> None:
    page = enter(stage.client("TUR"), '"><script>alert(1)</script>', "x")
    assert "<script>alert" not in page.text


def test_signing_out_ends_the_session_and_says_so(stage: Stage) -> None:
    client = stage.client("TUR", "ayla", "en")
    token = client.cookies[SESSION]
    client.get("/account")
    answer = client.post("/sign-out")
    assert answer.headers["location"] == "/sign-in?told=signed_out"
    assert "Max-Age=0" in cookies(answer)[0]
    assert stage.house("TUR").accounts.session(token) is None
    assert "You have signed out." in client.get("/sign-in?told=signed_out").text
    assert client.get("/sign-in?told=<script>").status_code == 200


def test_the_cookie_travels_only_under_tls_where_the_node_s_address_does(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = stage.house("TUR").accounts
    monkeypatch.setattr(
        accounts, "settings", msgspec.structs.replace(accounts.settings, origins=("https://node.example",))
    )
    assert "Secure" in cookies(enter(stage.client("TUR"), "ayla"))[0]


# -------------------------------------------------------------------------- a session that ended mid-form


def posted(stage: Stage, client: Client, **fields: Any) -> httpx.Response:
    """A form that needs a session, sent without one."""
    return client.post("/account", fields)


def test_what_was_typed_is_there_after_signing_in_again(stage: Stage) -> None:
    client = stage.client("TUR", language="en")
    page = posted(stage, client, display="Ayla D.", _csrf="x", password="secret words here")
    assert page.status_code == 401
    assert "Nothing was said" in page.text
    assert "secret words here" not in page.text
    assert hidden(page, "next") == "/account"
    answer = enter(client, "ayla", "wrong", next=hidden(page, "next"), kept=hidden(page, "kept"))
    assert answer.status_code == 401
    answer = enter(client, "ayla", next=hidden(answer, "next"), kept=hidden(answer, "kept"))
    assert answer.headers["location"] == "/account"
    data = stage.house("TUR").accounts.draft("ayla", "/account")
    assert data is not None
    assert json.loads(data) == {"texts": {"display": ["Ayla D."]}}
    assert stage.house("TUR").accounts.draft("deniz", "/account") is None
    stage.house("TUR").accounts.drop_draft("ayla", "/account")


def test_the_form_of_an_act_shows_again_what_was_typed_and_nobody_else_sees_it(stage: Stage) -> None:
    form = f"{stage.root('TUR')}/say/instruments/propose"
    page = stage.client("TUR", "ayla", "en").get(form)
    assert page.status_code == 200
    found = re.search(r'<(?:input|textarea) id="f-[^"]+" name="([^"]+)"', page.text)
    assert found is not None
    client = stage.client("TUR", language="en")
    page = client.post(form, {found[1]: 'Half a "sentence" <b>', "_do": "check", "passphrase": "never kept"})
    assert page.status_code == 401
    answer = enter(client, "ayla", next=hidden(page, "next"), kept=hidden(page, "kept"))
    assert answer.headers["location"] == form
    page = client.get(form)
    assert "Half a &#34;sentence&#34; &lt;b&gt;" in page.text
    assert "never kept" not in page.text
    assert "Half a" not in stage.client("TUR", "deniz", "en").get(form).text
    stage.house("TUR").accounts.drop_draft("ayla", form)


def test_another_language_loses_nothing_that_was_typed(stage: Stage) -> None:
    """On the door and on the second step: the buttons of the masthead send what the page carries."""
    client = stage.client("TUR", language="en")
    page = posted(stage, client, display="Ayla D.")
    assert 'form="language" formaction="/sign-in/language?lang=ar"' in page.text
    again = client.post(
        "/sign-in/language?lang=ar", {"kept": hidden(page, "kept"), "next": "/account", "ended": "yes"}
    )
    assert again.status_code == 200
    assert '<html lang="ar" dir="rtl"' in again.text
    assert hidden(again, "kept") == hidden(page, "kept")
    assert hidden(again, "next") == "/account"
    assert Words("ar").say("sign_in.ended.nothing_said", "web") in again.text
    second = client.post(
        "/sign-in/language?lang=tr",
        {"kept": hidden(page, "kept"), "ticket": "x", "way": "totp", "next": "/account"},
    )
    assert '<html lang="tr"' in second.text
    assert hidden(second, "ticket") == "x"
    assert hidden(second, "kept") == hidden(page, "kept")
    plain = stage.client("TUR", language="en").get("/sign-in?next=/account")
    assert 'href="/sign-in?lang=ar&amp;next=%2Faccount"' in plain.text, "nothing is carried, so a link does"


def test_what_is_too_large_to_be_kept_is_told_plainly(stage: Stage) -> None:
    page = posted(stage, stage.client("TUR", language="en"), display="x" * (1 << 20))
    assert page.status_code == 401
    assert "larger than 1 MiB" in page.text
    assert len(page.text) < 20_000
    assert hidden(page, "kept") == ""


def test_a_hostile_hidden_field_is_nothing(stage: Stage) -> None:
    for sent in ('"><script>', "A" * 3_000_000, base64.b64encode(b"[[[[").decode()):
        answer = enter(stage.client("TUR"), "ayla", "wrong", kept=sent, next="/account")
        assert answer.status_code == 401
        assert 'name="kept"' not in answer.text


def test_a_form_of_another_session_is_not_accepted_but_kept(stage: Stage) -> None:
    client = stage.client("TUR", "ayla", "en")
    client.token = ""
    page = client.post("/account", {"display": "Another", "_csrf": "A" * 115})
    assert page.status_code == 403
    assert "kept as your draft" in page.text
    assert 'href="/account"' in page.text
    accounts = stage.house("TUR").accounts
    assert accounts.person("ayla").display == "Ayla"
    assert b"Another" in (accounts.draft("ayla", "/account") or b"")
    accounts.drop_draft("ayla", "/account")


def test_a_form_at_an_address_without_a_page_leads_back_to_where_it_was(stage: Stage) -> None:
    client = stage.client("TUR", language="en")
    page = client.post("/account/password", {"password": "x"}, referer="http://127.0.0.1/account?x=1")
    assert hidden(page, "next") == "/account?x=1"
    page = client.post("/account/password", {"password": "x"}, referer="http://example.org/account")
    assert hidden(page, "next") == "/"


def test_signed_in_in_another_tab_one_goes_on_with_what_was_typed(stage: Stage) -> None:
    typed = kept(place="Ankara", password="x")
    page = stage.client("TUR", language="en").post("/sign-in/kept", {"kept": typed, "next": "/account"})
    assert page.status_code == 401
    assert hidden(page, "kept") == typed
    client = stage.client("TUR", "ayla")
    answer = client.post("/sign-in/kept", {"kept": typed, "next": "/account"})
    assert answer.headers["location"] == "/account"
    assert stage.house("TUR").accounts.draft("ayla", "/account") == b'{"texts":{"place":["Ankara"]}}'
    stage.house("TUR").accounts.drop_draft("ayla", "/account")


# ------------------------------------------------------------------------------------ a ministry's directory


@pytest.fixture
def directory(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    """A directory in which ayla is person 77."""
    clock = Clock()
    clock.now = stage.house("TUR").clock()
    accounts = stage.house("TUR").accounts
    with Directory(clock) as found:
        provider = Provider("ministry", "Bakanlık <b>", found.issuer, "comity", "s:e c+ret")
        monkeypatch.setattr(accounts, "_directories", {"ministry": Asked(provider, accounts._now)})
        changed = msgspec.structs.replace(accounts.settings, providers=(provider,))
        monkeypatch.setattr(accounts, "settings", changed)
        accounts.bind(MACHINE, "ayla", "ministry", "77")
        yield found
        accounts.unbind(MACHINE, "ayla", "ministry", "77")


def fetched(client: Client, directory: Directory, subject: str, path: str = "/account") -> str:
    """Where the browser comes back to after the directory let somebody in."""
    answer = client.get(f"/sign-in/with/ministry?next={path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{directory.issuer}/authorize?")
    return f"/sign-in/from/ministry?{urlencode(directory.visit(answer.headers['location'], subject))}"


def test_a_directory_lets_in_whom_an_administrator_bound(stage: Stage, directory: Directory) -> None:
    client = stage.client("TUR", language="en")
    assert "Bakanlık &lt;b&gt;" in client.get("/sign-in").text
    answer = client.get(fetched(client, directory, "77"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert client.get("/account").status_code == 200


def test_a_directory_lets_in_nobody_else_and_nothing_twice(stage: Stage, directory: Directory) -> None:
    client = stage.client("TUR", language="en")
    assert client.get(fetched(client, directory, "78")).status_code == 401
    back = fetched(client, directory, "77")
    assert stage.client("TUR").get(back).status_code == 401, "another browser has not the cookie"
    assert client.get(back.replace("state=", "state=x")).status_code == 401
    assert client.get(back).status_code == 401, "an errand is done once"
    assert client.get("/account").status_code == 303
    assert client.get("/sign-in/with/nobody").status_code == 404


def test_a_directory_leads_to_no_other_site(stage: Stage, directory: Directory) -> None:
    client = stage.client("TUR")
    answer = client.get(fetched(client, directory, "77", "//example.org"))
    assert answer.headers["location"] == "/"


def test_a_directory_that_does_not_answer_leaves_the_other_ways(stage: Stage, directory: Directory) -> None:
    directory.status = 500
    page = stage.client("TUR", language="en").get("/sign-in/with/ministry")
    assert page.status_code == 503
    assert 'name="password"' in page.text


def test_with_something_typed_a_directory_opens_beside_it(stage: Stage, directory: Directory) -> None:
    page = stage.client("TUR").post("/account", {"display": "Typed"})
    assert 'target="_blank"' in page.text
    assert 'action="/sign-in/kept"' in page.text
