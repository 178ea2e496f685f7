"""A docket as a conversation: every act with its standing, what became true, and what may be said next."""

from __future__ import annotations

import re

import pytest
from tests.web.stage import Stage
from tests.web.world import MEETING, World, act_of, seen

from comity.chapters.meetings.acts import AgendaItemProposed
from comity.core import fold
from comity.core.act import LANGUAGES
from comity.node import showing
from comity.node.record import Draft
from comity.web import docket

KEY = re.compile(r"\b(say|fault|docket|act|input|field|verb|value|kind|label|web|milestone)\.[a-z_]+\b")
CHAPTERS = ("instruments", "meetings", "commitments", "committees", "statements")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_docket_of_the_story_is_a_page(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    for chapter in CHAPTERS:
        for ref in stage.opened("TUR", chapter):
            page = client.get(f"{root}/d/{ref}")
            assert page.status_code == 200
            assert KEY.findall(seen(page)) == []
            assert f'id="{ref.party}-{ref.number}"' in page.text
            assert len(page.content) < 100_000


def test_a_docket_read_at_once_tells_each_act_as_it_is_told_alone(stage: Stage) -> None:
    """To the type of every value: what is long is told from what is not by it."""
    for party in ("TUR", "IRQ"):
        record = stage.house(party).mechanisms()[0]
        with record.reading():
            for noun in record.folds.nouns():
                for ref in record.store.opened(noun, None, 1_000):
                    said = showing.Conversation(record, ref)
                    assert said.order
                    for one in said.order:
                        assert repr(said.show(one)) == repr(showing.show(record, one))


def test_each_act_stands_in_its_partys_column_with_who_what_when_and_how_settled(stage: Stage) -> None:
    page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/d/TUR/4")
    told = seen(page)
    assert "Iraq Minister of Foreign Affairs IRQ/4 Proposed another date answers TUR/4" in told
    assert "15 August 2024, 07:00 (UTC)" in told
    assert "settled Date agreed: 15 August 2024" in told
    assert told.index("TUR/5 Accepted a date") < told.index("settled Date agreed")
    columns = {
        party: re.search(rf'<li class="(by-.)"><article class="act" id="{party}-', page.text)
        for party in ("IRQ", "TUR")
    }
    assert {party: found and found[1] for party, found in columns.items()} == {"IRQ": "by-1", "TUR": "by-2"}


def test_an_act_leads_to_its_docket_at_that_act(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla"), stage.root("TUR")
    answer = client.get(f"{root}/d/IRQ/4")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{root}/d/TUR/4?at=IRQ/4#IRQ-4"
    assert client.get(answer.headers["location"].partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    "path", ["TUR/99999", "XXX/1", "TUR/x", "TUR/-1", "IRQ/99999999999999", "TUR/1%00", "tur/4"]
)
def test_what_is_not_here_is_404(stage: Stage, path: str) -> None:
    assert stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/d/{path}").status_code == 404


def test_an_auditor_reads_and_is_offered_nothing_to_say(world: World) -> None:
    page = world.client(name="umay").get(f"{world.root}/d/{world.convene(85)}")
    assert page.status_code == 200
    assert "/say/" not in page.text
    assert "you can read and say nothing" in seen(page)


def test_every_verb_that_is_offered_has_a_form_and_the_rules_take_it(world: World) -> None:
    ref, client = world.convene(81), world.client()
    page = client.get(f"{world.root}/d/{ref}")
    offered = re.findall(r'href="([^"]*/say/[^"]*)"', page.text)
    assert any("/withdraw-date?" in one and f"answers=TUR%2F{ref.number}" in one for one in offered)
    assert not any("/accept-date?" in one for one in offered), "nobody accepts the date that they proposed"
    assert not any("/minutes" in one for one in offered), "no minutes of what was not held"
    for one in offered:
        assert client.get(one.replace("&amp;", "&")).status_code == 200


def test_the_charter_of_a_party_is_a_docket_too(world: World) -> None:
    for language in LANGUAGES:
        page = world.client(language).get(f"{world.root}/d/IRQ/0")
        assert page.status_code == 200
        assert KEY.findall(seen(page)) == []


def test_a_docket_of_many_acts_is_shown_in_pages(world: World) -> None:
    ref = world.convene(82)
    for number in range(2 * docket.PAGE_ACTS):
        item = AgendaItemProposed({"en": f"Item {number}"})
        world.record.say(
            Draft("meeting.agenda_item_proposed/1", item, "secretariat", ref, mandate=MEETING["_mandate"])
        )
    client = world.client()
    newest = client.get(f"{world.root}/d/{ref}")
    assert f"Item {2 * docket.PAGE_ACTS - 1}" in newest.text
    assert newest.text.count("<article") == docket.PAGE_ACTS
    first = client.get(f"{world.root}/d/{ref}?before=3")
    assert first.text.count("<article") == 3
    assert "Item 0" in first.text
    earlier = re.search(r'rel="prev" href="([^"]*)"', newest.text)
    assert earlier is not None
    assert client.get(f"{world.root}/d/{ref}{earlier[1]}").text.count("<article") == docket.PAGE_ACTS
    at = client.get(f"{world.root}/d/{ref}?at=TUR/{ref.number + 10}")
    assert f'id="TUR-{ref.number + 10}"' in at.text
    for odd in (
        "before=x",
        "before=-1",
        "before=99999999999999999999",
        "before=0",
        "at=nowhere",
        "said=TUR/0",
    ):
        assert client.get(f"{world.root}/d/{ref}?{odd}").status_code == 200


def test_an_irregular_act_stands_there_with_its_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its author's node should have refused it: here the rules are switched off while it is said."""
    ref = world.convene(83)
    world.built.meet()
    with monkeypatch.context() as changed:
        changed.setattr(fold, "judge", lambda *_: None)
        odd = world.other.say(
            Draft(
                "meeting.agenda_item_proposed/1",
                AgendaItemProposed({"en": "Uninvited"}),
                "nobody",
                ref,
                mandate=MEETING["_mandate"],
            )
        ).ref
    world.built.meet()
    page = world.client().get(f"{world.root}/d/{ref}")
    assert f'class="act irregular" id="IRQ-{odd.number}"' in page.text
    assert 'class="why"' in page.text
    assert "Uninvited" in page.text


def test_destroyed_content_is_said_to_be_destroyed(world: World) -> None:
    ref = world.convene(84)
    named = act_of(world.said(f"meetings/name-delegation/{ref}", {"head.name": "N. Example"}))
    client = world.client()
    assert "N. Example" in client.get(f"{world.root}/d/{ref}").text
    act_of(world.said(f"meetings/destroy/{ref}?answers={named}", {"rule": "Retention, 5 years"}))
    page = client.get(f"{world.root}/d/{ref}")
    assert "N. Example" not in page.text
    assert "it was destroyed by rule" in seen(page)
    assert client.get(f"{world.root}/a/{named}/content").status_code in (404, 409)
