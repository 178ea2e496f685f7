"""Accounts at the command line: they belong to a node, and are closed again whatever a command comes to."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from tests.cli.keyboard import PASSWORD, typing
from tests.stories.scene import World, call

from comity.cli.people import accounts
from comity.cli.session import Session
from comity.core.errors import Refused, Unavailable


def test_a_folder_that_is_no_node_gets_no_accounts(tmp_path: Path) -> None:
    with typing(PASSWORD):
        assert call("--node", tmp_path, "account", "add", "deniz").code == 3
    assert list(tmp_path.iterdir()) == []


def test_accounts_are_closed_after_a_command_that_was_refused(world: World) -> None:
    session = Session()
    session.node_folder = str(world.node("TUR"))
    with pytest.raises(Refused), accounts(session) as opened:
        opened.person("nobody")
    with pytest.raises(Unavailable, match="closed"):
        opened.people()
    session.close()


def test_where_accounts_are_not_installed_it_says_what_to_install(world: World) -> None:
    with mock.patch.dict("sys.modules", {"comity.accounts": None}):
        assert "comity[web]" in world.fails("TUR", 3, "account", "list")
