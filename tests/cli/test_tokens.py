"""`comity account token`: shown once, for one office, until it is revoked."""

from __future__ import annotations

from tests.cli.keyboard import added
from tests.stories.scene import World


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
