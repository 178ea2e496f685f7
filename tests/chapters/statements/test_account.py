"""How a statement and a source are told: title, state, milestones, summary."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.chapters.statements import scenarios as at

from comity.chapters.statements import account, acts


def test_a_statement_has_the_title_of_the_text_that_counts() -> None:
    room = at.Room()
    room.propose()
    assert account.title(room.view()) == at.TITLE
    assert account.title(at.source().view()) == {"en": "A report"}
    assert account.title(at.not_open().view()) == {"en": "TUR/1"}


def test_while_two_texts_cross_a_statement_keeps_its_first_title() -> None:
    room = at.Room()
    first = room.propose()
    body = acts.Revised(dict.fromkeys(at.TITLE, "Another title"), at.PASSAGES)
    other = room.say("IRQ", "statement.revised/1", body, answers=[first])
    before = room.sizes["TUR"]
    room.yes("TUR", other)
    assert account.title(room.view())["en"] == "Another title"
    room.yes("IRQ", first, sees={"TUR": before})
    assert account.title(room.view()) == at.TITLE


def test_a_statement_is_told_with_numbered_passages_and_where_each_version_stands() -> None:
    told = account.describe(at.revised().view())
    assert (told["is"], told["sort"], told["proposed_by"]) == ("statement", "joint_statement", "TUR")
    versions = {version["ref"]: version for version in told["versions"]}
    assert {ref: (v["standing"], v["newest"], v["yes"]) for ref, v in versions.items()} == {
        "TUR/1": ("overtaken", False, {}),
        "IRQ/1": ("agreed", False, {"IRQ": "IRQ/1", "TUR": "TUR/2"}),
        "TUR/3": ("agreed", True, {"IRQ": "IRQ/2", "TUR": "TUR/3"}),
    }
    first = versions["TUR/1"]
    assert [passage["id"] for passage in first["passages"]] == [1, 2, 3]
    assert first["passages"][1]["text"] == at.PASSAGES[1]
    assert (first["languages"], first["about"], first["on"]) == (
        ["ar", "en", "tr"],
        [at.MEETING, at.ARTICLE],
        "2024-08-15",
    )


def test_what_was_published_says_whether_its_text_is_here() -> None:
    """Seen to fail when a text is taken for the recorded one without its digest."""
    told = account.describe(at.texts_attached().view())["published"]
    assert {entry["ref"]: entry["text"] for entry in told} == {
        "IRQ/2": "differs",
        "TUR/2": "destroyed",
        "TUR/5": "attached",
    }
    [entry] = [
        entry for entry in account.describe(at.main_path().view())["published"] if entry["by"] == "TUR"
    ][:1]
    assert entry == {
        "ref": "TUR/2",
        "by": "TUR",
        "origin": "own",
        "language": "en",
        "title": "",
        "outlet": "Gazette of TUR",
        "url": "https://example.org/1",
        "on": "2024-08-15",
        "digest": entry["digest"],
        "text": "attached",
    }
    assert [e["text"] for e in account.describe(at.main_path().view())["published"]].count("none") == 1


def test_a_source_is_told_with_its_facts_and_who_cites_it_for_each() -> None:
    told = account.describe(at.source().view())
    assert (told["is"], told["recorded_by"], told["publisher"]) == ("source", "TUR", "A newspaper")
    assert told["accessed"] == "2024-08-15"
    assert told["published"] is None
    assert [(fact["fact"], fact["by"], fact["ref"]) for fact in told["facts"]] == [
        (at.MEETING, "TUR", "TUR/1"),
        (at.ARTICLE, "TUR", "TUR/1"),
        (at.MEETING, "IRQ", "IRQ/1"),
        ("IRQ/1", "TUR", "TUR/2"),
    ]


def milestones(room: at.Room) -> dict[tuple[str, str], tuple[dict[str, int], dict[str, str]]]:
    return {(m.what, m.subject): (dict(m.halves), dict(m.facts)) for m in account.milestones(room.view())}


def test_milestones_of_a_statement_are_made_by_the_acts_that_they_name() -> None:
    found = milestones(at.main_path())
    assert found["statement_proposed", "TUR/1"] == ({"TUR": 1}, {})
    assert found["text_agreed", "TUR/1"] == ({"IRQ": 1, "TUR": 1}, {})
    assert found["published", "IRQ/4"] == ({"IRQ": 4}, {"language": "ar", "on": "2024-08-15"})
    assert found["text_attached", "IRQ/3"] == ({"IRQ": 3}, {"of": "IRQ/2"})


def test_milestones_of_a_source_are_its_citations() -> None:
    assert milestones(at.source()) == {
        ("source_recorded", "TUR/1"): ({"TUR": 1}, {}),
        ("source_cited", "IRQ/1"): ({"IRQ": 1}, {"fact": at.MEETING}),
        ("source_cited", "TUR/2"): ({"TUR": 2}, {"fact": "IRQ/1"}),
    }
    assert milestones(at.not_open()) == {}


def test_the_summary_of_a_statement_has_no_text_in_it() -> None:
    room = at.crossed()
    found = account.summary(room.view())
    assert "centre" not in json.dumps(found)
    assert found["versions"] == ["IRQ/1", "TUR/1", "TUR/2"]
    assert found["agreed"] == ["IRQ/1", "TUR/2"]
    assert (found["about"], found["on"]) == ([at.MEETING, at.ARTICLE], "2024-08-15")
    assert account.summary(at.crossed_then_settled().view())["about"] == [at.MEETING]
    assert account.summary(at.source().view())["facts"][0]["fact"] == at.MEETING
    assert account.summary(at.not_open().view()) == {"is": None, "docket": "TUR/1"}


@pytest.mark.parametrize("room", at.scenarios())
def test_summaries_and_states_are_plain_data(room: at.Room) -> None:
    """A person can read them as JSON, and nothing is lost on the way."""
    for told in (account.summary(room.view()), account.describe(room.view())):
        again: Any = json.loads(json.dumps(told))
        assert again == told
