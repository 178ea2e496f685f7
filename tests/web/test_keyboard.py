"""One act wholly by keyboard: signed in, found, read, answered and seen in the record, with Tab, Enter and typing alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.accounts.house import PASSWORD
from tests.api.house import BODY, MANDATE
from tests.web.browser import Fresh
from tests.web.world import World

from comity.chapters.meetings.acts import Convened
from comity.core.act import LANGUAGES, Ref
from comity.exchange.http.serving import serving
from comity.node import showing
from comity.node.record import Draft

if TYPE_CHECKING:
    from playwright.sync_api import Page

_MOST = 120  # Tabs from the top of a page to what a person came for


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_act_is_said_by_keyboard_alone(world: World, fresh: Fresh, language: str) -> None:
    """Wherever Tab leads, the focus can be seen; what is pressed last is the button that says what it does."""
    docket = _invited(world, 40 + LANGUAGES.index(language))
    with serving(world.app) as address:
        page = fresh(locale=language).new_page()
        page.goto(f"{address}/?lang={language}")
        _reach(page, "#f-name")
        page.keyboard.type("ayla")
        _reach(page, "#f-password")
        page.keyboard.type(PASSWORD)
        _press(page)
        assert page.url.startswith(f"{address}{world.root}")
        _reach(page, f'main a[href="{world.root}/d/{docket}"]')
        _press(page)
        _reach(page, f'main a[href*="/say/meetings/accept-date?"][href*="{str(docket).replace("/", "%2F")}"]')
        _press(page)
        _reach(page, "main button.button-main")
        _press(page)
        assert page.locator("main form p#consequence").is_visible()
        _reach(page, "main button.button-final")
        _press(page)
        said = Ref.parse(page.url.partition("said=")[2].partition("#")[0])
        assert page.locator("main .notice-good").inner_text()
    found = showing.show(world.record, said)
    assert (found["docket"], found["kind"], found["irregular"]) == (
        str(docket),
        "meeting.date_accepted/1",
        None,
    )


def _invited(world: World, round_: int) -> Ref:
    """Iraq convenes a meeting: the day waits for an answer."""
    starts = datetime(2024, 10, 15, 7, tzinfo=UTC)
    body = Convened(BODY, round_, starts, {"en": "Baghdad", "tr": "Bağdat", "ar": "بغداد"})
    ref = world.other.say(Draft("meeting.convened/1", body, "secretariat", mandate=MANDATE)).ref
    world.built.meet()
    return ref


def _reach(page: Page, selector: str) -> None:
    """Tab from where the focus is until it is on that element; at each stop there is something to see of it."""
    for _ in range(_MOST):
        on, seen = page.evaluate(
            """selector => { const e = document.activeElement, style = getComputedStyle(e);
                 return [e.matches(selector), style.outlineStyle !== "none" || style.boxShadow !== "none"]; }""",
            selector,
        )
        if on:
            assert seen, f"the focus on {selector} cannot be seen"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{page.url}: no Tab leads to {selector}")


def _press(page: Page) -> None:
    """Enter, and whatever page follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
