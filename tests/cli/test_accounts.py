"""`comity account`: typed at the machine, with passwords that no other user of it sees."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from unittest import mock

import pytest
from tests.cli.keyboard import PASSWORD, added, typing
from tests.stories.scene import World

from comity.cli.accounts import account
from comity.core.act import LANGUAGES
from comity.words import Words


def test_the_first_administrator_is_made_at_the_machine_and_offices_are_given(
    world: World, tmp_path: Path
) -> None:
    added(world, "ayla", "--display", "Ayla Demir", "--admin", "--speaks", "tr")
    (tmp_path / "password").write_text(PASSWORD + "\r\nmore\n", "utf-8")
    world.ok("TUR", "account", "add", "deniz", "--password-file", str(tmp_path / "password"))
    world.ok("TUR", "account", "grant", "deniz", "mfa")
    ayla, deniz = world.ok("TUR", "account", "list")
    assert (ayla["name"], ayla["display"], ayla["admin"], ayla["offices"]) == ("ayla", "Ayla Demir", True, [])
    assert [office.partition("/")[2] for office in deniz["offices"]] == ["mfa"]
    assert stat.S_IMODE((world.node("TUR") / "accounts.db").stat().st_mode) == 0o600
    world.ok("TUR", "account", "revoke", "deniz", "mfa")
    assert world.ok("TUR", "account", "list")[1]["offices"] == []


def test_an_office_that_nobody_has_filled_is_not_given(world: World) -> None:
    added(world, "deniz")
    assert "has not filled" in world.fails("TUR", 1, "account", "grant", "deniz", "minister")
    assert "no account of that name" in world.fails("TUR", 1, "account", "grant", "nobody", "mfa")


def test_who_only_reads_holds_an_office_that_the_charter_has_not_filled(world: World) -> None:
    """Such an office speaks for nobody, and one that speaks is not given under the name of reading."""
    added(world, "noor")
    world.ok("TUR", "account", "grant", "noor", "auditor", "--reads")
    assert [office.partition("/")[2] for office in world.ok("TUR", "account", "list")[0]["offices"]] == [
        "auditor"
    ]
    assert "may speak" in world.fails("TUR", 1, "account", "grant", "noor", "mfa", "--reads")


def test_who_may_found_mechanisms_is_said_in_place_of_an_office(world: World) -> None:
    added(world, "noor")
    world.ok("TUR", "account", "grant", "noor", "--founds")
    assert world.ok("TUR", "account", "list")[0]["offices"] == ["+founding/root"]
    world.ok("TUR", "account", "revoke", "noor", "--founds")
    assert world.ok("TUR", "account", "list")[0]["offices"] == []
    for wrong in (
        ["grant", "noor"],
        ["grant", "noor", "mfa", "--founds"],
        ["grant", "noor", "--founds", "--reads"],
    ):
        world.fails("TUR", 2, "account", *wrong)
    world.fails("TUR", 2, "account", "revoke", "noor")
    assert world.ok("TUR", "account", "list")[0]["offices"] == []


def test_an_account_is_locked_disabled_and_made_administrator(world: World) -> None:
    added(world, "deniz")
    for verb, state in (("disable", "disabled"), ("enable", "open"), ("unlock", "open")):
        world.ok("TUR", "account", verb, "deniz")
        assert world.ok("TUR", "account", "list")[0]["state"] == state
    world.ok("TUR", "account", "admin", "deniz")
    assert world.ok("TUR", "account", "list")[0]["admin"]
    world.ok("TUR", "account", "admin", "deniz", "--remove")
    assert not world.ok("TUR", "account", "list")[0]["admin"]
    world.fails("TUR", 1, "account", "totp-reset", "deniz")
    world.ok("TUR", "account", "totp-reset", "deniz", "--passkeys")
    world.fails("TUR", 1, "account", "bind", "deniz", "ministry", "77")


def test_a_password_is_typed_and_never_an_argument(world: World) -> None:
    added(world, "deniz")
    with typing("a fresh long password"):
        world.ok("TUR", "account", "password", "deniz")
    with typing("short"):
        assert "at least 12" in world.fails("TUR", 1, "account", "password", "deniz")
    with typing():
        assert "at least 12" in world.fails("TUR", 1, "account", "add", "murat")
    taken = [
        opt
        for command in ("add", "password")
        for p in account.get_command(None, command).params
        for opt in p.opts
    ]  # type: ignore[arg-type,union-attr]
    assert [opt for opt in taken if "password" in opt] == [
        "--no-password",
        "--password-file",
        "--password-file",
    ]


def test_on_a_terminal_a_password_is_typed_twice_and_unseen(world: World) -> None:
    with mock.patch.object(sys, "stdin", mock.Mock(isatty=lambda: True)):
        with mock.patch("getpass.getpass", side_effect=[PASSWORD, "another"]):
            assert "not the same" in world.fails("TUR", 2, "account", "add", "deniz")
        with mock.patch("getpass.getpass", side_effect=[PASSWORD, PASSWORD]):
            world.ok("TUR", "account", "add", "deniz")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_words(language: str) -> None:
    own = Words(language).of("cli", language)
    for name in account.list_commands(None):  # type: ignore[arg-type]
        command = account.get_command(None, name)  # type: ignore[arg-type]
        assert command.key in own  # type: ignore[union-attr]
        for param in command.params:  # type: ignore[union-attr]
            assert param.key in own  # type: ignore[attr-defined]
