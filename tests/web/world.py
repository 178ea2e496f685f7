"""A small world for what is said through pages: two nodes with a memorandum in force, a committee, and one of them with
people. Nothing that is said here reaches the stage, whose story others read.

world = World(folder)
page = world.client().get(f"{world.root}/say/meetings/convene")
done = world.said("meetings/convene", {"body": "joint", ...})       filled in, judged, confirmed and said: the last answer
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.accounts.house import PASSWORD
from tests.api.house import MANDATE, Built
from tests.web.stage import Client

from comity.accounts import MACHINE
from comity.chapters import all_chapters
from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.fold import COMMON
from comity.node.record import Record
from comity.web.app import application
from comity.web.visit import SESSION

__all__ = ["MEETING", "PAYLOAD", "VERBS", "World", "act_of", "errors", "hidden", "seen", "world"]

MEETING: Mapping[str, str] = {
    "_mandate": MANDATE,
    "body": "joint",
    "round": "7",
    "starts": "2024-10-15T10:00",
    "starts.zone": "+03:00",
    "place.en": "Baghdad",
}
VERBS = [
    (chapter.name, kind.verb)
    for chapter in (charters.CHAPTER, *all_chapters().values())
    for kind in (*chapter.kinds, *(COMMON if chapter.name == "meetings" else ()))
    if kind.name != "charter.accepted/1"
]
"""The form of every act: its chapter and its verb."""

PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202egnp.exe\u2066'\"&"
"""Markup, and controls that would turn a text round."""

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


def hidden(page: httpx.Response) -> dict[str, list[str]]:
    """What a page sends along, but for its token."""
    found: dict[str, list[str]] = {}
    for name, value in _HIDDEN.findall(page.text):
        if name not in ("_csrf", "_do"):
            found.setdefault(name, []).append(html.unescape(value))
    return found


def errors(page: httpx.Response) -> dict[str, str]:
    """What is wrong beside each field."""
    found = re.findall(r'<p class="error" id="f-([^"]*)-error">([^<]*)</p>', page.text)
    return {name: html.unescape(said) for name, said in found}


def seen(page: httpx.Response) -> str:
    """What a reader sees of a page, without its markup."""
    plain = re.sub(r"(?s)<(head|datalist).*?</\1>", "", page.text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", plain)).split())


class World:
    """Türkiye's pages, and Iraq's record beside them."""

    def __init__(self, folder: Path) -> None:
        self.built = Built(folder)
        self._tokens: dict[str, str] = {}
        self.app = application(self.built.house)
        self.root = f"/m/{self.built.mechanism[:12]}"
        self.built.accounts.add(MACHINE, "deniz", "Deniz Kaya", "en", PASSWORD)
        self.built.accounts.add(MACHINE, "umay", "Umay Sezer", "en", PASSWORD)
        self.built.accounts.grant(MACHINE, "umay", self.built.mechanism, "auditor")

    @property
    def record(self) -> Record:
        return self.built.record

    @property
    def other(self) -> Record:
        return self.built.records["IRQ"]

    def client(self, language: str = "en", name: str = "ayla") -> Client:
        if name not in self._tokens:
            step = self.built.accounts.sign_in(name, PASSWORD, "127.0.0.1")
            assert step.session is not None
            self._tokens[name] = step.session.token
        return Client(self.app, {SESSION: self._tokens[name], "comity_language": language})

    def confirmed(
        self, client: Client, place: str, typed: Mapping[str, Any] = {}, files: Any = None
    ) -> httpx.Response:
        """The page that asks for the last word, or the form again where something is wrong."""
        path = f"{self.root}/say/{place}"
        return client.post(path, {**hidden(client.get(path)), "_do": "check", **typed}, files)

    def said(
        self, place: str, typed: Mapping[str, Any] = {}, last: Mapping[str, Any] = {}, files: Any = None
    ) -> httpx.Response:
        """Filled in, confirmed and said: the answer to the last button."""
        client = self.client()
        page = self.confirmed(client, place, typed)
        assert page.status_code == 200, seen(page)
        return client.post(f"{self.root}/say/{place}", {**hidden(page), "_do": "say", **last}, files)

    def convene(self, round_: int) -> Ref:
        """A meeting of its own."""
        return act_of(self.said("meetings/convene", {**MEETING, "round": str(round_)}))

    def commitment(self) -> Ref:
        """A commitment of its own, due on 1 December 2024."""
        typed = {
            "_mandate": MANDATE, "body": "joint", "terms.title.en": "Joint centre", "terms.text.en": "Set it up.",
            "terms.source": MANDATE, "terms.owners": ["TUR", "IRQ"], "terms.due.on": "2024-12-01",
        }  # fmt: skip
        return act_of(self.said("commitments/propose", typed))


def act_of(done: httpx.Response) -> Ref:
    """The act to which the answer to the last button leads."""
    assert done.status_code == 303, seen(done)
    return Ref.parse(done.headers["location"].partition("said=")[2].partition("#")[0])


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    found = World(tmp_path_factory.mktemp("world"))
    yield found
    found.built.close()
