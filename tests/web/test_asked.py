"""What a form is about is worked out from its address and its own fields, and a stale view of the record is noticed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.web.world import World, seen

from comity.accounts import MACHINE
from comity.core.act import LANGUAGES, Ref
from comity.core.errors import Malformed
from comity.web import asked
from comity.words import Words


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_holds_no_office_for_it_reads_which_may_say_it(tmp_path: Path, language: str) -> None:
    """The holder of the root key before a meeting's form, and the secretariat before the charter's."""
    world = World(tmp_path)
    try:
        accounts, mechanism = world.built.accounts, world.built.mechanism
        page = world.client(language).get(f"{world.root}/say/charter/move")
        assert page.status_code == 403
        assert Words(language).say("web.people.root", "web") in seen(page)
        assert "Secretariat" in seen(page)
        accounts.grant(MACHINE, "ayla", mechanism, "root")
        accounts.revoke(MACHINE, "ayla", mechanism, "secretariat")
        page = world.client(language).get(f"{world.root}/say/meetings/convene")
        assert page.status_code == 403
        assert Words(language).say("web.people.root", "web") in seen(page)
        assert "Secretariat" in seen(page)
        assert "—" not in seen(page).partition("Secretariat")[0]
    finally:
        world.built.close()
