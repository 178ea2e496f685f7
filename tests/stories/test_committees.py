"""A committee from the command line: its register on both nodes, a name destroyed, a report both accept."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.scene import TEXTS, World

NOW = "2024-09-02T09:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).found()


def committee(world: World) -> str:
    """The body of the standing mechanism's terms, as the first side opens its register."""
    files = [TEXTS / f"mechanism-2019.{tag}.md" for tag in ("en", "tr", "ar")]
    terms = world.say("TUR", NOW, "instruments", "record", *files, "--in-force-since", "2019-03-01")
    world.exchange(1)
    world.say("IRQ", NOW, "instruments", "affirm", "--docket", terms)
    world.exchange(1)
    mandate = ("--mandate", f"{terms}#art-1")
    docket = world.say("TUR", NOW, "committees", "constitute", *mandate, "--body", "security-mechanism")
    world.exchange(1)
    return docket


def test_a_register_is_kept_by_both_and_a_destroyed_name_leaves_the_term(world: World) -> None:
    docket = committee(world)
    assert world.ok("IRQ", "show", docket)["account"]["title"]["tr"].startswith("Yüksek Düzeyli")
    seat = ("--docket", docket, "--role", "co_chair", "--since", "2024-09-01", "--until", "2026-08-31")
    term = world.say("IRQ", NOW, "committees", "fill-seat", *seat, "--seat", "IRQ-1")
    assert "TUR-1" in world.fails("IRQ", 1, "committees", "fill-seat", *seat, "--seat", "TUR-1")
    named = world.say("IRQ", NOW, "committees", "name-person", "--answers", term, "--name", "A. Example")
    world.exchange(1)
    asked = ("committees", "ask", "register", docket, "--on", "2025-01-01")
    [held] = world.ok("TUR", *asked)["seats"]
    assert (held["seat"], held["name"], held["until"]) == ("IRQ-1", "A. Example", "2026-08-31")
    world.say("IRQ", NOW, "committees", "destroy", "--answers", named, "--rule", "Term of office ended")
    world.exchange(1)
    for party in ("TUR", "IRQ"):
        [held] = world.ok(party, *asked)["seats"]
        assert (held["seat"], held["name"], held["destroyed"]) == ("IRQ-1", None, True)


def test_a_report_is_agreed_when_both_have_accepted_its_hash(world: World) -> None:
    """The hash is of what each node makes itself, so neither types it."""
    docket = committee(world)
    report = (
        "committees",
        "propose-report",
        "--since",
        "2024-01-01",
        "--until",
        "2024-08-31",
        "--docket",
        docket,
    )
    assert "999" in world.fails("TUR", 1, *report, "--at", "TUR=999")
    assert "5b5b" in world.fails("TUR", 1, *report, "--digest", "5b" * 32)
    put = world.say("TUR", NOW, *report, "--at", "TUR=4", "--at", "IRQ=3")
    world.exchange(1)
    waits = world.ok("IRQ", "committees", "ask", "waits_for", docket)
    assert [(wait["party"], wait["ref"]) for wait in waits] == [("IRQ", put)]
    world.say("IRQ", NOW, "committees", "accept-report", "--answers", put)
    world.exchange(2)
    [told] = world.ok("TUR", "committees", "ask", "reports", docket)
    assert (told["agreed"], told["at"]) == (True, {"IRQ": 3, "TUR": 4})
    reached = world.ok("TUR", "show", docket)["account"]["milestones"]
    assert [m["standing"] for m in reached if m["what"] == "report_agreed"] == ["settled"]
