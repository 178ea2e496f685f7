"""Founding a mechanism: cards by hand, fingerprints by voice, a charter that all accept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stories.scene import World, call


@pytest.mark.parametrize(
    "parties", [("TUR", "IRQ"), ("TUR", "IRQ", "JOR"), ("TUR", "IRQ", "JOR", "KWT", "QAT")]
)
def test_any_number_of_parties_found_a_mechanism_and_hold_the_same_state(
    tmp_path: Path, parties: tuple[str, ...]
) -> None:
    world = World(tmp_path, parties).found()
    stands = [world.ok(party, "status")["mechanisms"][0] for party in parties]
    assert all(one["founded"] for one in stands)
    assert len({one["digest"] for one in stands}) == 1
    assert {one["mechanism"] for one in stands} == {world.mechanism}


def test_a_fingerprint_that_differs_from_what_was_read_aloud_is_refused_and_nothing_is_accepted(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    cards = world.cards()
    wrong = "12345 12345 12345 12345 12345 12345"
    said = world.fails(
        "TUR",
        1,
        "found",
        "propose",
        *cards,
        "--name",
        "en=M",
        "--fingerprint",
        f"IRQ={wrong}",
        "-o",
        tmp_path / "c",
    )
    assert wrong in said
    assert world.prints["IRQ"] in said
    assert not (tmp_path / "c").exists()
    assert world.ok("TUR", "status")["mechanisms"] == []


def test_without_a_terminal_every_other_party_s_fingerprint_must_be_given(tmp_path: Path) -> None:
    world = World(tmp_path, ("TUR", "IRQ", "JOR"))
    cards = world.cards()
    one = ("--fingerprint", f"IRQ={world.prints['IRQ']}")
    said = world.fails("TUR", 1, "found", "propose", *cards, "--name", "en=M", *one, "-o", tmp_path / "c")
    assert "JOR" in said
    assert "--fingerprint" in said


@pytest.mark.parametrize(
    "typed",
    ["IRQ=123", "IRQ", "IRQ=abcde abcde abcde abcde abcde abcde", "IRQ=①2345 12345 12345 12345 12345 12345"],
)
def test_what_is_no_fingerprint_is_a_usage_error(tmp_path: Path, typed: str) -> None:
    world = World(tmp_path)
    cards = world.cards()
    world.fails(
        "TUR", 2, "found", "propose", *cards, "--name", "en=M", "--fingerprint", typed, "-o", tmp_path / "c"
    )


def test_a_fingerprint_may_be_typed_with_hyphens_or_without_spaces(tmp_path: Path) -> None:
    world = World(tmp_path)
    cards = world.cards()
    typed = world.prints["IRQ"].replace(" ", "-")
    world.ok(
        "TUR",
        "found",
        "propose",
        *cards,
        "--name",
        "en=M",
        "--fingerprint",
        f"IRQ={typed}",
        "-o",
        tmp_path / "c",
    )


def test_a_card_changed_on_its_way_does_not_verify(tmp_path: Path) -> None:
    world = World(tmp_path)
    card = world.cards()[1]
    card.write_text(card.read_text("utf-8").replace("State IRQ", "State IRX"), "utf-8")
    came = call("card", "show", card)
    assert came.code == 1
    assert "IRQ.card" in came.err
    assert "root key" in came.err


def test_the_card_shows_the_same_six_groups_to_both_sides(tmp_path: Path) -> None:
    world = World(tmp_path)
    cards = world.cards()
    shown = json.loads(call("--json", "card", "show", cards[1]).out)["fingerprint"]
    assert shown == world.prints["IRQ"]
    assert [len(group) for group in shown.split()] == [5] * 6
    assert shown in call("card", "show", cards[1]).out


def test_a_second_init_leaves_the_node_as_it_was(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cards()
    before = (world.node("TUR") / "node.json").read_bytes()
    assert "already" in world.fails("TUR", 1, "init", "--party", "TUR", "--name", "en=Again")
    assert (world.node("TUR") / "node.json").read_bytes() == before


def test_a_charter_with_a_foreign_card_of_ours_is_not_accepted(tmp_path: Path) -> None:
    """Somebody made a card in our name with keys that we do not hold."""
    world = World(tmp_path / "real").found()
    other = World(tmp_path / "false")
    cards = other.cards()
    charter = tmp_path / "charter"
    other.ok("IRQ", "found", "propose", *cards, "--name", "en=M", *other.heard("IRQ"), "-o", charter)
    said = world.fails("TUR", 1, "found", "accept", charter, "--fingerprint", f"IRQ={other.prints['IRQ']}")
    assert "keys" in said


def test_one_node_serves_two_mechanisms_and_nothing_leaks_between_them(tmp_path: Path) -> None:
    world = World(tmp_path).found()
    first = world.mechanism
    world.ok("TUR", "card", "make", "-o", tmp_path / "tur2.card")
    world.ok("IRQ", "card", "make", "-o", tmp_path / "irq2.card")
    world.ok("JOR", "init", "--party", "JOR", "--name", "en=State JOR")
    world.ok("JOR", "card", "make", "-o", tmp_path / "jor.card")
    cards = [tmp_path / name for name in ("tur2.card", "irq2.card", "jor.card")]
    heard = []
    for party, card in zip(("TUR", "IRQ", "JOR"), cards, strict=True):
        heard.append((party, json.loads(call("--json", "card", "show", card).out)["fingerprint"]))
    charter = tmp_path / "second"
    for party in ("TUR", "IRQ", "JOR"):
        said = [
            word
            for other, digits in heard
            if other != party
            for word in ("--fingerprint", f"{other}={digits}")
        ]
        if party == "TUR":
            world.ok(party, "found", "propose", *cards, "--name", "en=Three", *said, "-o", charter)
        else:
            world.ok(party, "found", "accept", charter, *said)
    assert len(world.ok("TUR", "status")["mechanisms"]) == 2
    said = world.fails("TUR", 1, "show", "TUR/0")
    assert first[:12] in said
    second = next(m["mechanism"] for m in world.ok("TUR", "status")["mechanisms"] if m["mechanism"] != first)
    world.ok("TUR", "--mechanism", second[:10], "pouch", "pack", "IRQ", "-o", tmp_path / "p")
    world.ok("IRQ", "pouch", "open", tmp_path / "p")
    mechanisms = {m["mechanism"]: m for m in world.ok("IRQ", "status")["mechanisms"]}
    assert mechanisms[second]["logs"]["TUR"]["held"] == 1
    assert set(mechanisms[first]["logs"]) == {"TUR", "IRQ"}
