"""The stage of the page tests: both nodes of the demonstration's story, each with its people, its pages in this process.

    stage.house("TUR"); stage.client("TUR", "ayla")        an httpx client who is signed in

The story is told once for each test process. Tests that say something use `fresh_stage`, or say it where it hurts nobody.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from comity.accounts import MACHINE, Accounts, Settings
from comity.chapters import all_chapters
from comity.core.act import Ref
from comity.demo import story
from comity.desk.house import House
from comity.node.home import Node
from comity.web.app import application
from comity.web.visit import SESSION

__all__ = ["NOW", "PEOPLE", "Client", "Stage", "plain", "read", "stage"]

NOW = datetime(2024, 12, 2, 9, 0, tzinfo=UTC)
PASSWORD = "four words and a lamp"
QUICK = Settings(
    argon_iterations=1, argon_memory_kib=8, argon_lanes=1, address_burst=100_000, name_burst=100_000
)
PEOPLE: Mapping[str, Mapping[str, tuple[str, frozenset[str]]]] = {
    "TUR": {"ayla": ("tr", frozenset({"mfa", "defence", "secretariat"})), "deniz": ("en", frozenset())},
    "IRQ": {"layla": ("ar", frozenset({"mfa", "defence", "secretariat"})), "sami": ("en", frozenset())},
}
"""Invented people. The second of each party administers the node and holds no office."""


class Stage:
    """Both nodes, opened here; what the demonstration left in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._houses: dict[str, House] = {}
        self._apps: dict[str, Any] = {}

    def house(self, party: str) -> House:
        """A party's node with its people."""
        if party not in self._houses:
            node = Node(self.folder / party.lower(), all_chapters(), lambda: NOW)
            accounts = Accounts(node.folder, lambda: NOW, QUICK)
            house = self._houses[party] = House(node, accounts, lambda: NOW, UTC)
            if not {person.name for person in accounts.people()} & set(PEOPLE[party]):
                self._people(house, party)
        return self._houses[party]

    def _people(self, house: House, party: str) -> None:
        mechanism = house.mechanisms()[0].mechanism
        with house.record(mechanism).reading():
            known = house.record(mechanism).folds.offices(party, house.record(mechanism).ready)
        for name, (language, offices) in PEOPLE[party].items():
            house.accounts.add(MACHINE, name, name.title(), language, PASSWORD, admin=not offices)
            for office in sorted(offices & set(known)):
                house.accounts.grant(MACHINE, name, mechanism, office)

    def app(self, party: str) -> Any:
        """The pages of a party's node."""
        if party not in self._apps:
            self._apps[party] = application(self.house(party))
        return self._apps[party]

    def root(self, party: str) -> str:
        """Where the pages of the mechanism begin."""
        return f"/m/{self.house(party).mechanisms()[0].mechanism[:12]}"

    def cookie(self, party: str, name: str) -> str:
        """The cookie of somebody who has just signed in."""
        step = self.house(party).accounts.sign_in(name, PASSWORD, "127.0.0.1")
        assert step.session is not None
        return step.session.token

    def client(self, party: str, name: str = "", language: str = "") -> Client:
        """Somebody with a browser; signed in, where a name is given."""
        cookies = {SESSION: self.cookie(party, name)} if name else {}
        return Client(self.app(party), cookies | ({"comity_language": language} if language else {}))

    def opened(self, party: str, chapter: str) -> list[Ref]:
        """The dockets of a chapter."""
        record = self.house(party).mechanisms()[0]
        return list(record.store.opened(record.chapters[chapter].noun, None, 1000))

    def close(self) -> None:
        """Close what was opened."""
        for house in self._houses.values():
            house.node.close()


_BESIDE = ThreadPoolExecutor(1)


class Client:
    """A browser without a screen: it keeps cookies, follows nothing, and fills in the token of the last form it saw."""

    def __init__(self, app: Any, cookies: Mapping[str, str]) -> None:
        self._app = app
        self.cookies = httpx.Cookies(dict(cookies))
        self.token = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self._ask("GET", path, headers)

    def post(
        self, path: str, data: Mapping[str, Any] = {}, files: Any = None, **headers: str
    ) -> httpx.Response:
        """A form, with the token of the page that was fetched last."""
        sent = {"_csrf": self.token, **data} if self.token else dict(data)
        return self._ask("POST", path, headers, data=sent, files=files)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], **more: Any) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        # In a thread: where a browser runs in this one, so does its event loop.
        answer = _BESIDE.submit(asyncio.run, self._send(method, path, headers=named, **more)).result()
        found = answer.text.partition('name="_csrf" value="')[2].partition('"')[0]
        self.token = found or self.token
        return answer

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", cookies=self.cookies, timeout=60
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


def read(client: Client, path: str) -> str:
    """A page that is there, with its entities as letters."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def plain(page: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    assert story.run("en", once=True, file=None, folder=folder / "story") == 0
    found = Stage(folder / "story")
    yield found
    found.close()
