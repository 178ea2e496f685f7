"""The one way in which browser tests start Chromium: Debian's own, offline in all but loopback, in a fresh context each.

    from tests.web.browser import browser, fresh, keep     # fixtures; name them in the test's module

    def test_a_page(fresh) -> None:
        page = fresh(width=360, locale="ar", dark=True).new_page()
        page.goto(address)
        assert fits(page) == []
        keep(page, "docket-ar-360")                         # a screenshot, in $COMITY_SCREENSHOTS if that is set

Where there is no Chromium the tests fail, and say what to install.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from comity.web.visit import LANGUAGE, SESSION

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = [
    "CHROMIUM",
    "WIDTHS",
    "browser",
    "faults",
    "fits",
    "fresh",
    "keep",
    "settled",
    "sheets",
    "signed_in",
]

CHROMIUM = Path(os.environ.get("COMITY_CHROMIUM", "/usr/bin/chromium"))
WIDTHS = (360, 768, 1280)
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LOOPBACK = (
    "http://127.0.0.1",
    "http://localhost",
    "http://[::1]",
    "https://localhost",
    "data:",
    "blob:",
    "about:",
    "file:",
)

_PATIENCE = 300_000  # ms: only a page that hangs fails, never a slow machine

_loops: dict[Browser, asyncio.AbstractEventLoop] = {}
"""Playwright leaves its event loop marked as running; between browser tests the mark is taken off, as others run their own."""

Fresh = Callable[..., "BrowserContext"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if not CHROMIUM.is_file():
        pytest.fail(f"there is no Chromium at {CHROMIUM}: apt install chromium, or set COMITY_CHROMIUM")
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        _loops[started] = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield started
        asyncio._set_running_loop(_loops.pop(started))
        started.close()


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Fresh]:
    """A new context for each call: no cookies, nothing cached. A request to anywhere but this machine fails the test.

    width, height: of the window. locale: what the browser asks for. dark: which scheme. js: whether scripts run.
    """
    asyncio._set_running_loop(_loops[browser])
    opened: list[BrowserContext] = []
    outside: list[str] = []

    def watch(route: Any) -> None:
        if route.request.url.startswith(_LOOPBACK):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def make(
        width: int = 1280,
        height: int = 900,
        locale: str = "en",
        *,
        dark: bool = False,
        js: bool = True,
        **more: Any,
    ) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if dark else "light",
            java_script_enabled=js,
            service_workers="block",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(_PATIENCE)
        context.route("**/*", watch)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    asyncio._set_running_loop(None)
    assert outside == [], "a page asked for something that is not on this machine"


def settled(page: Page) -> None:
    """Wait for the page's style and faces. A click returns before them, and a measure taken then is of the bare text."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => null)")


def fits(page: Page) -> list[str]:
    """What makes the page wider than its window: nothing, if all is well."""
    settled(page)
    return list(
        page.evaluate(
            """() => {
              const root = document.documentElement, width = root.clientWidth;
              if (root.scrollWidth <= width) return [];
              const inside = e => { for (let p = e.parentElement; p; p = p.parentElement)
                if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(p).overflowX)) return true; return false; };
              const wide = [...document.querySelectorAll("body *")].filter(e => {
                const box = e.getBoundingClientRect();
                return (box.right > width + 1 || box.left < -1) && !inside(e); });
              return ["page " + root.scrollWidth + " > " + width,
                ...wide.slice(0, 8).map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40))];
            }"""
        )
    )


def faults(page: Page) -> list[str]:
    """The serious and critical faults that axe finds on the page, with the elements that have them."""
    settled(page)
    found = Axe().run(page).response["violations"]
    return [
        f"{one['impact']}: {one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def sheets() -> Path:
    """Where screenshots go: $COMITY_SCREENSHOTS, or a folder of the system's for passing things."""
    folder = Path(os.environ.get("COMITY_SCREENSHOTS") or Path(tempfile.gettempdir()) / "comity-screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def signed_in(fresh: Fresh, address: str, token: str, language: str, width: int = 1280) -> Page:
    """A page of a browser that has somebody's session, or with "" nobody's, and has chosen a language."""
    context = fresh(width=width, locale=language)
    cookies = {LANGUAGE: language} | ({SESSION: token} if token else {})
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    return context.new_page()


def keep(page: Page, name: str) -> Path:
    """A screenshot of the whole page under that name."""
    file = sheets() / f"{name}.png"
    page.screenshot(path=str(file), full_page=True)
    return file
