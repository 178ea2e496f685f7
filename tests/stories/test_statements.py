"""A joint statement from the command line: agreed, published, its text attached and destroyed, a source cited."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.scene import World

NOW = "2024-08-16T09:00:00Z"
EN = "# Joint statement\n\nThe two sides met in Ankara.\n\nThe two sides agreed to set up a centre.\n"
TR = "# Ortak bildiri\n\nİki taraf Ankara'da görüştü.\n\nİki taraf bir merkez kurulması üzerinde anlaştı.\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).found()


def written(world: World, name: str, text: str) -> Path:
    file = world.folder / name
    file.write_text(text, "utf-8")
    return file


def statement(world: World) -> str:
    """The agreed statement: proposed with a title alone in one language, revised by the other side, accepted."""
    files = [written(world, "statement.en.md", EN), written(world, "statement.tr.md", TR)]
    first = world.say(
        "TUR", NOW, "statements", "propose", *files, "--sort", "joint_statement", "--on", "2024-08-15", "--about", "TUR/0"
    )  # fmt: skip
    world.exchange(1)
    both = [written(world, "s.en.md", EN.replace("a centre", "a joint centre")), files[1]]
    second = world.say("IRQ", NOW, "statements", "revise", *both, "--answers", first)
    world.exchange(1)
    world.say("TUR", NOW, "statements", "accept", "--answers", second)
    world.exchange(2)
    return first


def test_a_statement_is_one_text_that_both_accepted(world: World) -> None:
    docket = statement(world)
    for party in ("TUR", "IRQ"):
        told = world.ok(party, "statements", "ask", "text", docket, "--on", "2024-08-16")
        [version] = told["versions"]
        assert (told["is"], version["on"], version["about"]) == ("agreed", "2024-08-15", ["TUR/0"])
        assert version["title"]["tr"] == "Ortak bildiri"
        assert version["passages"][1]["text"]["en"] == "The two sides agreed to set up a joint centre."
    reached = world.ok("IRQ", "show", docket)["account"]["milestones"]
    assert [m["standing"] for m in reached if m["what"] == "text_agreed"] == ["settled"]


def test_what_was_published_is_attached_only_as_it_was_recorded_and_can_be_destroyed(world: World) -> None:
    docket = statement(world)
    report = written(world, "report.tr.txt", TR)
    where = ("--docket", docket, "--outlet", "A ministry", "--on", "2024-08-16")
    published = world.say("TUR", NOW, "statements", "record-publication", report, *where)
    assert world.ok("TUR", "show", published)["content"]["language"] == "tr"
    before = world.sizes()
    for name, text, told in (
        ("other.tr.txt", TR.replace("bir", "iki"), "SHA-256"),
        ("empty.tr.txt", "\n", "empty.tr.txt: is empty"),
        ("large.tr.txt", "x" * 10_485_760, "large.tr.txt: is 10485760 bytes long"),
    ):
        file = written(world, name, text)
        assert told in world.fails("TUR", 1, "statements", "attach-text", file, "--answers", published)
    assert world.sizes() == before
    text = world.say("TUR", NOW, "statements", "attach-text", report, "--answers", published)
    world.exchange(1)
    asked = ("statements", "ask", "published", docket, "--on", "2024-08-16")
    assert [entry["text"] for entry in world.ok("IRQ", *asked)] == ["attached"]
    world.say("TUR", NOW, "statements", "destroy", "--answers", text, "--rule", "The text belongs to others")
    world.exchange(1)
    for party in ("TUR", "IRQ"):
        [entry] = world.ok(party, *asked)
        assert (entry["text"], entry["outlet"]) == ("destroyed", "A ministry")


def test_a_source_is_cited_for_facts_that_are_there(world: World) -> None:
    docket = statement(world)
    source = ("statements", "record-source", "--title", "en=A report", "--publisher", "A newspaper")
    assert "IRQ/99" in world.fails("TUR", 1, *source, "--facts", '[{"fact": "IRQ/99"}]')
    recorded = world.say("TUR", NOW, *source, "--facts", f'[{{"fact": "{docket}"}}]')
    world.exchange(1)
    cite = ("statements", "cite-source", "--docket", recorded)
    assert f"{docket}#art-1" in world.fails("IRQ", 1, *cite, "--fact", f"{docket}#art-1")
    world.say("IRQ", NOW, *cite, "--fact", "IRQ/0", "--says", "en=On its first page.")
    world.exchange(1)
    told = world.ok("TUR", "statements", "ask", "sources", recorded, "--on", "2024-08-16")
    assert [(fact["fact"], fact["by"]) for fact in told] == [(docket, "TUR"), ("IRQ/0", "IRQ")]


def test_what_was_published_is_compared_with_what_was_agreed(world: World) -> None:
    """Recorded publications and a file on the spot; a file about something else is not forced to match."""
    docket = statement(world)
    text = "The two sides agreed to set up two joint centres.\n"
    report = written(world, "report.en.txt", text)
    compare = ("statements", "compare", docket)
    day = ("--on", "2024-08-16")
    assert "--in" in world.fails("TUR", 2, *compare, written(world, "report.txt", text), *day)
    [spot] = world.ok("TUR", *compare, report, *day)["texts"]
    found = {relation for finding in spot["comparison"]["findings"] if (relation := finding["relation"])}
    assert spot["comparison"]["verdict"] == "compared"
    assert "missing" in found
    where = ("--docket", docket, "--outlet", "A newspaper", "--origin", "press", "--on", "2024-08-16")
    published = world.say("TUR", NOW, "statements", "record-publication", report, *where)
    assert "Not compared" not in world.call("TUR", *compare, *day).out
    world.say("TUR", NOW, "statements", "attach-text", report, "--answers", published)
    world.exchange(1)
    for party in ("TUR", "IRQ"):
        [told] = world.ok(party, *compare, *day)["texts"]
        assert told["comparison"] == spot["comparison"]
    drawn = world.call("IRQ", *compare, *day).out
    assert "A newspaper" in drawn
    assert "missing" in drawn
    assert "→" not in drawn, "a part that is missing or added has no other side"
    rain = written(
        world,
        "rain.en.txt",
        "Heavy rain fell over the hills on Friday, and several roads were closed for hours.\n",
    )
    assert "nothing to do with the statement" in world.call("IRQ", *compare, rain, *day).out
    turkish = written(world, "tr.txt", TR)
    assert "nothing was compared" in world.call("IRQ", *compare, turkish, "--in", "en", *day).out
    assert "TUR" not in world.call("TUR", "--language", "ar", *compare, rain, *day).err


def test_a_text_that_is_not_agreed_is_compared_with_nothing(world: World) -> None:
    files = [written(world, "statement.en.md", EN)]
    docket = world.say("TUR", NOW, "statements", "propose", *files, "--sort", "communique")
    assert "none" in world.fails("TUR", 1, "statements", "compare", docket, files[0], "--on", "2024-08-16")
    assert world.call("TUR", "statements", "compare", docket, "--on", "2024-08-16").out.strip() == "none"


def test_the_sources_of_a_fact_are_listed_with_who_cites_them(world: World) -> None:
    docket = statement(world)
    told = ("statements", "record-source", "--title", "en=A report", "--publisher", "A newspaper")
    recorded = world.say(
        "TUR", NOW, *told, "--facts", f'[{{"fact": "{docket}"}}]', "--accessed", "2024-08-16"
    )
    world.exchange(1)
    [found] = world.ok("IRQ", "statements", "sources-of", docket)
    assert (found["source"], found["by"], found["accessed"]) == (recorded, "TUR", "2024-08-16")
    assert "A newspaper" in world.call("IRQ", "statements", "sources-of", docket).out
    assert world.call("IRQ", "statements", "sources-of", "IRQ/0").out == "none\n"
    assert "TUR/12" in world.fails("IRQ", 1, "statements", "sources-of", "the meeting")
