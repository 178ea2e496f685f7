"""What `comity serve --pages` listens with: pages for people, and under /api/ the same for programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from comity.accounts import Accounts, read_settings
from comity.cli.session import Session
from comity.desk.house import House
from comity.web.app import application as pages

__all__ = ["application"]

Application = Callable[[Any, Any, Any], Awaitable[None]]


def application(session: Session, zone: str) -> Application:
    """One ASGI application for both. Raises a usage error for a zone that there is not."""
    try:
        found = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter("usage.zone", param_hint="--zone") from error
    node = session.node
    accounts = Accounts(node.folder, session.machine_clock, read_settings(node.folder))
    return pages(House(node, accounts, session.machine_clock, found))
