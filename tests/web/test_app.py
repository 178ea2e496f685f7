"""What holds for every page: who may come, where a form may come from, what a browser is told."""

from __future__ import annotations

import asyncio
import threading
from typing import Any
from unittest import mock

import pytest
from tests.web.stage import Client, Stage

from comity.core.act import LANGUAGES
from comity.web import app
from comity.web.app import application


def test_whoever_is_not_signed_in_is_led_to_where_they_can(stage: Stage) -> None:
    answer = stage.client("TUR").get(f"{stage.root('TUR')}/record?x=1")
    assert answer.status_code in (303, 404)
    answer = stage.client("TUR").get(stage.root("TUR"))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={stage.root('TUR')}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_holds_for_it(stage: Stage, language: str) -> None:
    page = stage.client("TUR", "ayla", language).get(stage.root("TUR"))
    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"


def test_a_form_from_another_site_is_refused(stage: Stage) -> None:
    client = stage.client("TUR", "ayla")
    client.get(stage.root("TUR"))
    for headers in ({"origin": "https://example.org"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}):
        assert client.post("/sign-out", **headers).status_code == 403
    assert client.get(stage.root("TUR")).status_code == 200
    assert client.post("/sign-out", origin="http://127.0.0.1").status_code == 303
    assert client.get(stage.root("TUR")).status_code == 303


@pytest.mark.parametrize(
    "path", ["/nowhere", "/m/", "/m/0", "/m/ffffffffffff", "/static/x/..%2fapp.py", "/%00"]
)
def test_what_is_not_here_is_a_page_too(stage: Stage, path: str) -> None:
    answer = stage.client("TUR", "ayla").get(path)
    assert answer.status_code == 404
    assert "<html" in answer.text


def test_pages_are_drawn_one_after_the_other_but_none_waits_long_for_another() -> None:
    """Three that take nothing, behind one that takes as long as it may: they are drawn beside it."""
    pools, running, most, go_on = app._Pools(), 0, list[int](), threading.Event()

    def work(*, long: bool) -> Any:
        nonlocal running
        running += 1
        most.append(running)
        if long:
            assert go_on.wait(60)
        running -= 1
        return long

    async def ask() -> None:
        most.clear()
        go_on.clear()
        with mock.patch.object(app, "_PATIENCE", 60):
            await asyncio.gather(*(pools.run(short, slow=False) for _ in range(50)))
        assert set(most) == {1}
        long = asyncio.create_task(pools.run(lambda: work(long=True), slow=False))
        await asyncio.sleep(0)
        assert await asyncio.gather(*(pools.run(short, slow=False) for _ in range(3))) == [False] * 3
        assert not long.done()
        go_on.set()
        assert await long

    def short() -> Any:
        return work(long=False)

    try:
        asyncio.run(ask())
        asyncio.run(ask())  # on another loop, as a test client has
    finally:
        pools.close()


def test_the_threads_that_draw_pages_end_with_the_application(stage: Stage) -> None:
    """Seen to fail when `close` shuts nothing down."""
    before = {id(thread) for thread in threading.enumerate()}
    pages = application(stage.house("TUR"))
    assert Client(pages, {}).get("/sign-in").status_code == 200
    mine = [thread for thread in threading.enumerate() if id(thread) not in before]
    assert any(thread.name.startswith("comity-pages") for thread in mine)
    pages.close()
    assert not any(thread.is_alive() for thread in mine if thread.name.startswith("comity-"))
