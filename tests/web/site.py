"""The public pages of a node of a hall, for tests: nobody is asked for a session.

site, found = full(); site.get(site.at(found["meeting"], "tr"))
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
from tests.desk.releases import LATE, Hall
from tests.web.stage import Client

from comity.accounts import Settings
from comity.core.act import Ref
from comity.desk.house import House
from comity.node.record import Record
from comity.web.app import application

__all__ = ["Home", "Site", "full"]


class Home(House):
    """A house whose records are in memory, and whose accounts nobody may ask for a session."""

    def __init__(self, *records: Record, origins: tuple[str, ...] = ("https://node.example",)) -> None:
        node = SimpleNamespace(settings=SimpleNamespace(names={"en": "Land", "ar": "جمهورية"}), party="TUR")
        accounts = SimpleNamespace(settings=Settings(origins=origins), session=_nobody)
        clock = lambda: datetime(LATE.year, LATE.month, LATE.day, 9, tzinfo=UTC)  # noqa: E731
        super().__init__(node, accounts, clock, UTC)  # type: ignore[arg-type]
        self.records = list(records)

    def mechanisms(self) -> list[Record]:
        """Those that it was given."""
        return self.records


def _nobody(_: str) -> None:
    raise AssertionError("a public page asked who is there")


class Site:
    """The pages of one node of a hall, and where its mechanism is."""

    def __init__(self, here: Hall, **how: Any) -> None:
        self.here = here
        self.record = here.node("TUR")
        self.app = application(Home(self.record, **how))

    def get(self, path: str, cookies: Any = (), **headers: str) -> httpx.Response:
        """Asked in a thread of its own: while a browser is tested, this one has a loop that runs."""
        with ThreadPoolExecutor(1) as outside:
            return outside.submit(Client(self.app, dict(cookies)).get, path, **headers).result()

    def at(self, ref: Ref, language: str = "en") -> str:
        """The page of a release."""
        return f"/public/{language}/{self.record.mechanism[:12]}/{ref}"


@functools.cache
def full() -> tuple[Site, dict[str, Ref]]:
    """A release of every sort of matter."""
    here = Hall()
    found = {
        "recorded": here.release(
            Ref("TUR", 1), title={"en": "The memorandum", "tr": "Zabıt", "ar": "المذكرة"}
        ),
        "instrument": here.release(here.instrument()),
        "statement": here.release(here.statement(), "record"),
        "meeting": here.release(here.delegated(), "record", note={"en": "As agreed."}),
        "commitment": here.release(here.agreed()),
    }
    return Site(here), found
