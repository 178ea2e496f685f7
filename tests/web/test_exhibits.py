"""Evidence goes from a browser into the node's own folder, and from there into the record; see also test_forms."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.web.world import World

from comity.core.act import Ref
from comity.core.errors import Refused
from comity.web import exhibits


def test_what_the_file_gives_is_filled_in_for_judging_the_rest(world: World) -> None:
    visit: Any = SimpleNamespace(record=world.record)
    told = exhibits.completed(visit, exhibits.RECORDED, {"title": {"en": "Minutes"}}, ())
    assert set(told) == {"title", "digest", "size", "media_type"}
    assert exhibits.completed(visit, "meeting.held/1", {"on": "2024-09-01"}, ()) == {"on": "2024-09-01"}
    assert exhibits.completed(visit, exhibits.RELEASED, {}, ())["name"] == "x"


def test_only_evidence_can_be_released(world: World) -> None:
    visit: Any = SimpleNamespace(record=world.record)
    with pytest.raises(Refused, match="evidence_unknown"):
        exhibits.completed(visit, exhibits.RELEASED, {}, (Ref("TUR", 1),))
