"""Which sources are cited for a fact, over all that any party recorded: the same on every node.

Seen to fail when only the facts of the recording act are looked at, and when a part of an act is found for another act
whose number begins alike.
"""

from __future__ import annotations

import pytest
from tests.worlds.world import World

from comity.chapters import statements
from comity.chapters.statements import acts
from comity.core.errors import Malformed
from comity.node.sources import sources


@pytest.fixture
def world() -> World:
    made = World(("IRQ", "TUR"), chapters={"statements": statements.CHAPTER}).found()
    one = acts.SourceRecorded({"en": "A report"}, "A newspaper", facts=(acts.Cited("TUR/0"),))
    first = made.say("TUR", "statement.source_recorded/1", one)
    made.say("TUR", "statement.source_recorded/1", acts.SourceRecorded({"en": "Another"}))
    text = acts.Proposed("communique", {"en": "x"}, ({"en": "y"},))
    made.say("TUR", "statement.proposed/1", text)
    made.meet()
    made.say("IRQ", "statement.source_cited/1", acts.SourceCited("TUR/0", {"en": "On page 1."}), first)
    made.say("IRQ", "statement.source_cited/1", acts.SourceCited("IRQ/0"), first)
    made.meet()
    return made


def test_every_citation_of_a_fact_is_found_on_every_node(world: World) -> None:
    for node in world.nodes.values():
        found = sources(node, "TUR/0")
        assert [(one["source"], one["by"], one["ref"], one["says"]) for one in found] == [
            ("TUR/1", "TUR", "TUR/1", {}),
            ("TUR/1", "IRQ", "IRQ/1", {"en": "On page 1."}),
        ]
        assert found[0]["title"] == {"en": "A report"}
        assert [one["ref"] for one in sources(node, "IRQ/0")] == ["IRQ/2"]
        assert sources(node, "IRQ/1") == []


def test_an_act_is_asked_for_with_its_parts_and_a_part_for_itself_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = world.nodes["TUR"]
    [(ref, told), *_] = node.summaries.of(statements.CHAPTER)
    facts = [
        {"fact": fact, "by": "TUR", "ref": "TUR/1", "says": {}}
        for fact in ("TUR/1", "TUR/1#art-4", "TUR/12#art-4")
    ]
    monkeypatch.setattr(node.summaries, "of", lambda _: [(ref, {**told, "facts": facts})])
    assert [one["fact"] for one in sources(node, "TUR/1")] == ["TUR/1", "TUR/1#art-4"]
    assert [one["fact"] for one in sources(node, "TUR/1#art-4")] == ["TUR/1#art-4"]
    assert sources(node, "TUR/1#art-5") == []


def test_what_is_no_reference_is_malformed_and_a_record_without_the_chapter_has_no_sources() -> None:
    plain = World.founded(("IRQ", "TUR")).nodes["TUR"]
    assert sources(plain, "TUR/0") == []
    for fact in ("the meeting", "TUR/01", "TUR/1#", ""):
        with pytest.raises(Malformed):
            sources(plain, fact)
