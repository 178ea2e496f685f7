"""`comity account key`: keys that ask for their officer."""

from __future__ import annotations

import json

from tests.cli.keyboard import typing
from tests.stories.scene import World

from comity.core.keys import key_id
from comity.node.keystore import KeyStore


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
