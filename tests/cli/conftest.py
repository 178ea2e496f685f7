"""Two nodes of one mechanism, with accounts that each test begins anew."""

from __future__ import annotations

import json

import pytest
from tests.stories.scene import World

CHEAP = {"argon_iterations": 1, "argon_memory_kib": 64, "argon_lanes": 1}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two nodes of one mechanism; both have filled the office "mfa"."""
    world = World(tmp_path_factory.mktemp("accounts"))
    world.found()
    path = world.node("TUR") / "accounts.json"
    path.write_text(json.dumps(CHEAP))
    path.chmod(0o600)
    return world


@pytest.fixture
def world(founded: World) -> World:
    for path in founded.node("TUR").glob("accounts.db*"):
        path.unlink()
    return founded
