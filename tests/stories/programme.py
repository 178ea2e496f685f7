"""Two nodes on a disk with one commitment that both accepted: `programme(folder)`. For what is told of files and acts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.stories.scene import TEXTS, World

from comity.chapters import all_chapters
from comity.node.home import Node

NOW = "2024-08-02T09:00:00Z"


def mechanism(world: World) -> str:
    """The standing mechanism's terms, on record by both."""
    files = [TEXTS / f"mechanism-2019.{tag}.md" for tag in ("en", "tr", "ar")]
    terms = world.say("TUR", NOW, "instruments", "record", *files, "--in-force-since", "2019-03-01")
    world.exchange(1)
    world.say("IRQ", NOW, "instruments", "affirm", "--docket", terms)
    world.exchange(1)
    return terms


def commitment(world: World, source: str, title: str = "Joint centre", **more: object) -> str:
    """A commitment that both accepted, cut from a provision or a decision of the standing mechanism."""
    mandate = source.partition("#")[0] + "#art-1"
    terms = {
        "title": {"en": title},
        "text": {"en": f"{title}: set it up."},
        "source": source,
        "owners": ["IRQ", "TUR"],
        "due": {"on": "2024-12-31"},
        **more,
    }
    opened = world.say("TUR", NOW, "commitments", "propose", "--mandate", mandate, "--body", "security-mechanism",
                       "--terms", json.dumps(terms))  # fmt: skip
    world.exchange(1)
    world.say("IRQ", NOW, "commitments", "accept", "--answers", opened)
    world.exchange(1)
    return opened


def programme(folder: Path) -> tuple[World, str]:
    """The founded world, and the reference of its commitment."""
    world = World(folder).found()
    return world, commitment(world, f"{mechanism(world)}#art-1")


def node(world: World, party: str) -> Node:
    """That party's node, opened in this process."""
    return Node(world.node(party), all_chapters(), lambda: datetime(2024, 8, 2, 9, tzinfo=UTC))
