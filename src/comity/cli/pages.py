"""What `comity serve --pages` listens with: pages for people, and under /api/ the same for programs.

with open_pages(session, "Europe/Istanbul") as application: ...
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from comity.accounts import Accounts, read_settings
from comity.api import Api
from comity.api import app as programs
from comity.cli.session import Session
from comity.desk.house import House
from comity.desk.preparing import recall
from comity.node import repeating
from comity.web.app import Pages
from comity.web.app import application as people

__all__ = ["Both", "open_pages"]


@contextmanager
def open_pages(session: Session, zone: str) -> Iterator[Both]:
    """One ASGI application for both, while the block lasts. Raises a usage error where there is no such zone."""
    try:
        found = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter("usage.zone", param_hint="--zone") from error
    # Folded dockets are kept by the thousand and are no garbage: to look through all of them again and again made one
    # page in twenty wait 100 ms and more. What is young is looked through as ever.
    gc.set_threshold(2_000, 10, 20_000)
    node = session.node
    accounts = Accounts(node.folder, session.machine_clock, read_settings(node.folder), node.keys)
    house = House(node, accounts, session.machine_clock, found)
    for record in house.mechanisms():
        repeating.forget(record)
    recall(house)
    both = Both(house, people(house, warm=True), programs(house))
    try:
        yield both
    finally:
        both.close()


class Both:
    """Pages and the API in one application, told apart by their paths."""

    def __init__(self, house: House, pages: Pages, api: Api) -> None:
        self.house, self._pages, self.api = house, pages, api

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request (ASGI 3)."""
        of_api = scope["type"] == "http" and str(scope["path"]).startswith("/api/")
        await (self.api if of_api else self._pages)(scope, receive, send)

    def ending(self) -> None:
        """The server stops: let whoever listens for events go."""
        self.api.ending()

    def close(self) -> None:
        """Wait for what is being answered, then let the threads go."""
        self._pages.close()
        self.api.close()
