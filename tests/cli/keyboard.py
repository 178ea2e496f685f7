"""Somebody at the machine who types what is not shown."""

from __future__ import annotations

import io
import sys
from typing import Any
from unittest import mock

from tests.stories.scene import World

PASSWORD = "uzun bir yol gider"


def typing(*lines: str) -> Any:
    """Somebody who types, where there is no terminal."""
    return mock.patch.object(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def added(world: World, name: str, *more: str) -> None:
    with typing(PASSWORD):
        world.ok("TUR", "account", "add", name, *more)
