"""What a form is about is worked out from its address and its own fields, and a stale view of the record is noticed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.web.world import World

from comity.core.act import Ref
from comity.core.errors import Malformed
from comity.web import asked


def _visit(world: World) -> Any:
    return SimpleNamespace(record=world.record)


def test_what_came_since_is_what_the_docket_has_more(world: World) -> None:
    ref = world.convene(91)
    visit = _visit(world)
    before = asked.seen_now(visit)
    assert asked.moved_on(visit, ref, before) == []
    world.said(f"meetings/propose-item/{ref}", {"title.en": "Water"})
    world.convene(92)
    assert [act["kind"] for act in asked.moved_on(visit, ref, before)] == ["meeting.agenda_item_proposed/1"]
    assert asked.moved_on(visit, None, before) == []
    assert asked.moved_on(visit, ref, "") == []


@pytest.mark.parametrize("seen", ["x", "TUR:x", "XXX:1", "TUR:-1", "TUR:1,", "TUR:" + "9" * 30, "TUR:٣"])
def test_what_no_form_of_ours_holds_is_malformed(world: World, seen: str) -> None:
    with pytest.raises(Malformed):
        asked.moved_on(_visit(world), Ref("TUR", 1), seen)


def test_bodies_and_their_mandates_can_be_chosen_and_acts_to_answer(world: World) -> None:
    page = world.client().get(f"{world.root}/say/meetings/convene")
    assert '<option value="joint">Joint Committee' in page.text
    assert '<option value="TUR/1#art-1">' in page.text
    ref = world.convene(93)
    page = world.client().get(f"{world.root}/say/meetings/withdraw-date/{ref}?answers={ref}")
    assert f'<option value="{ref}" selected>' in page.text
