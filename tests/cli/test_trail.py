"""`comity account audit` and what `comity check` says of the trail: each row that was tampered with is named."""

from __future__ import annotations

import sqlite3

from tests.cli.keyboard import added
from tests.stories.scene import World


def tampered(world: World, *statements: str) -> None:
    """Somebody who can write in the file changes the trail."""
    hand = sqlite3.connect(world.node("TUR") / "accounts.db")
    for statement in ("DROP TRIGGER trail_stays", "DROP TRIGGER trail_keeps", *statements):
        hand.execute(statement)
    hand.commit()
    hand.close()


def test_the_trail_is_shown_in_words_and_verified(world: World) -> None:
    added(world, "deniz")
    told = world.call("TUR", "account", "audit").out
    assert "Account added: deniz" in told
    assert "أضيف حساب" in world.call("TUR", "--language", "ar", "account", "audit").out
    sound = world.ok("TUR", "account", "audit", "--verify")
    assert sound["broken"] is None
    assert sound["number"] == len(world.ok("TUR", "account", "audit"))
    tampered(world, "UPDATE trail SET person='murat' WHERE number=1")
    came = world.call("TUR", "account", "audit", "--verify")
    assert came.code == 1
    assert "Row 1" in came.out


def test_check_says_how_many_rows_there_are_and_the_newest_hash(world: World) -> None:
    added(world, "deniz")
    newest = world.ok("TUR", "account", "audit")[-1]
    assert world.ok("TUR", "check") == {
        "sound": True, "findings": [], "trail": {"number": newest["number"], "hash": newest["hash"]},
    }  # fmt: skip
    told = world.call("TUR", "check")
    assert told.code == 0
    assert f"accounts.db: All {newest['number']} rows" in told.out
    assert newest["hash"] in told.out


def test_check_names_the_first_row_that_is_not_as_it_was_written(world: World) -> None:
    for name in ("deniz", "noor", "murat"):
        added(world, name)
    tampered(world, "DELETE FROM trail WHERE number=2")
    came = world.call("TUR", "check")
    assert came.code == 1
    assert "accounts.db: Row 2 " in came.out
    assert "All " not in came.out
    found = world.call("TUR", "--json", "check", "--all")
    assert found.code == 1
    assert '"thing": "accounts.db"' in found.out
    assert "yazıldığı gibi değil" in world.call("TUR", "--language", "tr", "check").out


def test_a_trail_whose_end_was_cut_off_is_broken_there(world: World) -> None:
    """Also where what is kept of its newest row is gone."""
    for name in ("deniz", "noor"):
        added(world, name)
    tampered(world, "DELETE FROM newest")
    assert "Row 1 " in world.call("TUR", "check").out


def test_a_file_that_is_no_database_of_accounts_is_broken(world: World) -> None:
    (world.node("TUR") / "accounts.db").write_bytes(b"something else altogether " * 50)
    came = world.call("TUR", "check")
    assert came.code == 1
    assert "accounts.db" in came.out


def test_check_says_nothing_of_accounts_where_there_are_none(world: World) -> None:
    assert world.ok("TUR", "check") == {"sound": True, "findings": []}
    assert "accounts" not in world.call("TUR", "check").out.replace(str(world.node("TUR")), "")
    assert not (world.node("TUR") / "accounts.db").exists()
