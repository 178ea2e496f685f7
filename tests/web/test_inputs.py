"""Each field of a content becomes the input that fits it, with what was typed and what is wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from comity.chapters import all_chapters
from comity.desk.fields import fields
from comity.web.filled import Fault
from comity.web.form import Form
from comity.web.inputs import Input, Inputs
from comity.words import Words

CHAPTERS = all_chapters()


def _made(
    chapter: str, kind: str, sent: dict[str, list[str]], *faults: Fault, **more: Any
) -> dict[str, Input]:
    words = Words("en")
    visit: Any = SimpleNamespace(
        words=words, record=SimpleNamespace(parties=("IRQ", "TUR")), number=str, party=lambda code: code.lower(),
        say=lambda key, place="web", **facts: Markup(escape(words.say(key, place, **facts))),
        house=SimpleNamespace(zone=ZoneInfo("Asia/Baghdad")),
    )  # fmt: skip
    found = CHAPTERS[chapter].kind(kind)
    assert found is not None
    return {
        one.name: one for one in Inputs(visit, chapter, Form(sent), faults, **more).of(fields(found.body))
    }


def test_each_sort_of_field_has_its_input() -> None:
    found = _made("meetings", "meeting.convened/1", {"parties": ["IRQ"], "round": ["4"]})
    assert {name: one.sort for name, one in found.items()} == {
        "body": "text", "round": "number", "starts": "datetime-local", "place": "names", "ends": "datetime-local",
        "format": "select", "names": "names", "parties": "ticks",
    }  # fmt: skip
    assert found["parties"].value == ["IRQ"]
    assert found["parties"].choices == [("IRQ", "irq (IRQ)"), ("TUR", "tur (TUR)")]
    assert found["starts"].inputs[0].choices[0] == ("node", "Asia/Baghdad")
    assert found["round"].attrs == {"min": "1", "max": "100000"}
    assert ("in_person", "in person") in found["format"].choices
    assert found["body"].needed
    assert not found["ends"].needed


def test_things_in_a_list_are_groups_of_inputs() -> None:
    found = _made(
        "meetings", "meeting.minutes_proposed/1", {"decisions.0.id": ["D1"], "paragraphs.1.en": ["They met."]}
    )
    assert [one.name for one in found["decisions"].items[0]] == [
        "decisions.0.id",
        "decisions.0.item",
        "decisions.0.text",
    ]
    assert [one.name for one in found["paragraphs"].items[0]] == [
        "paragraphs.1.en", "paragraphs.1.tr", "paragraphs.1.ar",
    ]  # fmt: skip


def test_a_fault_stands_at_its_input_and_what_is_too_long_is_cut() -> None:
    long = Fault("body", "fault.long", {"length": 500, "most": 100})
    found = _made("meetings", "meeting.convened/1", {"body": ["x" * 500]}, long)
    assert found["body"].error.startswith("It has 500 characters")
    assert len(found["body"].value) == 100


def test_languages_that_are_there_are_asked_for_too() -> None:
    found = _made("meetings", "meeting.convened/1", {"place.ku": ["Hewlêr"]})
    assert [one.name for one in found["place"].inputs] == ["place.en", "place.tr", "place.ar", "place.ku"]


def test_what_is_known_is_chosen_from_a_list_that_keeps_what_was_typed() -> None:
    known = {"body": [("joint", "Joint Committee")]}
    found = _made("meetings", "meeting.convened/1", {"body": ["other"]}, known=known)
    assert found["body"].sort == "select"
    assert [value for value, _ in found["body"].choices] == ["joint", "other"]
