"""Passkeys in a real browser, with an authenticator that Chromium makes up: added, then enough to sign in alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.web.browser import Fresh, browser, fresh
from tests.web.stage import PASSWORD, Stage

from comity.accounts import MACHINE
from comity.exchange.http.serving import serving

__all__ = ["browser", "fresh"]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    """The Turkish node under the name to which its passkeys are bound."""
    accounts = stage.house("TUR").accounts
    before = accounts.settings
    with serving(stage.app("TUR")) as found:
        here = found.replace("127.0.0.1", "localhost")
        accounts.settings = msgspec.structs.replace(before, origins=(here,))
        yield here
    accounts.settings = before


def device(page: Any) -> Any:
    """A fingerprint reader that says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def test_a_passkey_is_added_and_then_signs_in_alone_and_as_the_second_step(
    stage: Stage, address: str, fresh: Fresh
) -> None:
    accounts = stage.house("TUR").accounts
    accounts.add(MACHINE, "keyed", "Anahtarlı Kişi", "en", PASSWORD)
    page = fresh().new_page()
    device(page)
    page.goto(f"{address}/sign-in?next=/account")
    page.fill("[name=name]", "keyed")
    page.fill("[name=password]", PASSWORD)
    page.click("main .button-main")
    page.wait_for_url(f"{address}/account")
    page.fill("[name=passkey_title]", "laptop")
    page.click("form[data-passkey=create] button")
    page.wait_for_url(f"{address}/account?told=passkey_added")
    assert accounts.person("keyed").passkeys == 1

    page.click("form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in?told=signed_out")
    page.goto(f"{address}/sign-in?next=/account")
    page.click("form[data-passkey=get] button")
    page.wait_for_url(f"{address}/account")
    assert [one.strong for one in accounts.sessions("keyed")] == [True]

    page.click("form[action='/sign-out'] button")
    page.goto(f"{address}/sign-in?next=/account")
    page.fill("[name=name]", "keyed")
    page.fill("[name=password]", PASSWORD)
    page.click("main .button-main")
    page.wait_for_url(f"{address}/sign-in")
    page.click("form[data-passkey=get] button")
    page.wait_for_url(f"{address}/account")


def test_a_passkey_of_nobody_here_is_told_so(stage: Stage, address: str, fresh: Fresh) -> None:
    page = fresh().new_page()
    device(page)
    page.goto(f"{address}/sign-in")
    page.click("form[data-passkey=get] button")
    page.wait_for_selector("form[data-passkey=get] [role=alert]:not([hidden])")
    assert page.url == f"{address}/sign-in"


def test_without_scripts_no_button_is_shown_that_does_nothing(
    stage: Stage, address: str, fresh: Fresh
) -> None:
    page = fresh(js=False).new_page()
    page.goto(f"{address}/sign-in")
    assert not page.is_visible("form[data-passkey=get]")
    assert page.is_visible("[name=password]")
