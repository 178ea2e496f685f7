"""`comity account`: typed at the machine, with passwords that no other user of it sees."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.stories.scene import World, call

from comity.cli.accounts import account
from comity.core.act import LANGUAGES
from comity.core.keys import key_id
from comity.node.keystore import KeyStore
from comity.words import Words

PASSWORD = "uzun bir yol gider"
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


def typing(*lines: str) -> Any:
    """Somebody who types, where there is no terminal."""
    return mock.patch.object(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def added(world: World, name: str, *more: str) -> None:
    with typing(PASSWORD):
        world.ok("TUR", "account", "add", name, *more)


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


def test_a_token_is_shown_once_and_revoked(world: World) -> None:
    added(world, "deniz")
    make = ("account", "token", "make", "deniz", "mfa", "--title", "the calendar")
    assert "does not hold" in world.fails("TUR", 1, *make)
    world.ok("TUR", "account", "grant", "deniz", "mfa")
    raw = world.ok("TUR", *make)["token"]
    assert raw.startswith("comity_")
    (listed,) = world.ok("TUR", "account", "token", "list")
    assert (listed["name"], listed["office"], listed["title"]) == ("deniz", "mfa", "the calendar")
    assert raw not in world.call("TUR", "account", "token", "list").out
    world.ok("TUR", "account", "token", "revoke", listed["id"])
    assert world.ok("TUR", "account", "token", "list") == []
    world.fails("TUR", 1, *make, "--until", "2001-01-01")


def test_the_trail_is_shown_in_words_and_verified(world: World) -> None:
    added(world, "deniz")
    told = world.call("TUR", "account", "audit").out
    assert "Account added: deniz" in told
    assert "أضيف حساب" in world.call("TUR", "--language", "ar", "account", "audit").out
    sound = world.ok("TUR", "account", "audit", "--verify")
    assert sound["broken"] is None
    assert sound["number"] == len(world.ok("TUR", "account", "audit"))
    hand = sqlite3.connect(world.node("TUR") / "accounts.db")
    hand.execute("DROP TRIGGER trail_stays")
    hand.execute("UPDATE trail SET person='murat' WHERE number=1")
    hand.commit()
    hand.close()
    came = world.call("TUR", "account", "audit", "--verify")
    assert came.code == 1
    assert "Row 1" in came.out


def test_an_office_s_key_is_put_under_its_officer_s_own_passphrase(world: World) -> None:
    """From then on each signature asks for it."""
    made = world.ok("TUR", "key", "make")["key"]
    with typing("dağın ardında"):
        world.ok("TUR", "account", "key", "seal", made)
    keys = KeyStore(world.node("TUR") / "keys")
    assert keys.asks(made) == "passphrase"
    with typing("a wrong one", "another one of mine"):
        assert "does not open" in world.fails("TUR", 1, "account", "key", "seal", made)
    with typing("dağın ardında", "another one of mine"):
        world.ok("TUR", "account", "key", "seal", made)
    assert keys.signer(made, "another one of mine").public == made
    world.fails("TUR", 1, "account", "key", "seal", key_id(made))


def test_an_act_that_needs_a_sealed_key_asks_for_its_passphrase(world: World) -> None:
    """Typed where there is no terminal as a line of the standard input; nothing is said without it."""
    (root,) = json.loads((world.node("TUR") / "node.json").read_text())["root"]
    with typing("dağın ardında"):
        world.ok("TUR", "account", "key", "seal", root)
    fill = ("charter", "fill-office", "--office", "archive", "--titles", "en=Archive", "--new-key")
    with typing("a wrong one"):
        assert "does not open" in world.fails("TUR", 1, *fill)
    with typing("dağın ardında"):
        assert world.ok("TUR", *fill)["kind"] == "charter.office_filled/1"


def test_a_hardware_token_that_is_not_there_enrols_nothing(world: World) -> None:
    with typing("482913"):
        came = world.call(
            "TUR",
            "account",
            "key",
            "enrol",
            "--module",
            "/nowhere.so",
            "--token",
            "officer",
            "--label",
            "co-chair",
        )
    assert came.code == 3
    assert not (world.node("TUR") / "tokens.json").exists()


def test_a_folder_that_is_no_node_gets_no_accounts(tmp_path: Path) -> None:
    with typing(PASSWORD):
        assert call("--node", tmp_path, "account", "add", "deniz").code == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_words(language: str) -> None:
    own = Words(language).of("cli", language)
    for name in account.list_commands(None):  # type: ignore[arg-type]
        command = account.get_command(None, name)  # type: ignore[arg-type]
        assert command.key in own  # type: ignore[union-attr]
        for param in command.params:  # type: ignore[union-attr]
            assert param.key in own  # type: ignore[attr-defined]
