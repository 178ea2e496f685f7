"""A content goes into the texts of a form and comes back the same, and no text that is sent does anything else than
become data or a fault beside its field."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters import all_chapters
from comity.core import charter as charters
from comity.core.chapter import Kind
from comity.desk.fields import build, fields
from comity.web.filled import Fault, missing, read
from comity.web.form import Form
from comity.web.written import texts, tidied

CHAPTERS = all_chapters()
KINDS: dict[str, Kind] = {
    kind.name: kind for chapter in (charters.CHAPTER, *CHAPTERS.values()) for kind in chapter.kinds
}


def _bodies(chapter: str) -> Iterator[tuple[str, Any]]:
    """The content of every act of every scenario of a chapter."""
    module = importlib.import_module(f"tests.chapters.{chapter}.scenarios")
    for _, scene in inspect.getmembers(module, inspect.isfunction):
        asked = inspect.signature(scene).parameters.values()
        if scene.__module__ != module.__name__ or any(
            one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
            for one in asked
        ):
            continue
        told = scene()
        for table in told if isinstance(told, tuple | list) else [told]:
            for act in getattr(table, "acts", ()):
                if act.body is not None and act.kind in KINDS:
                    yield act.kind, act.body


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
def test_every_content_of_every_scenario_comes_back_from_the_texts_of_a_form(chapter: str) -> None:
    seen = set()
    for name, body in _bodies(chapter):
        kind = KINDS[name]
        sent = Form(texts(fields(kind.body), msgspec.to_builtins(body)))
        got = read(fields(kind.body), tidied(fields(kind.body), sent), UTC)
        assert got.faults == []
        assert build(kind.body, got.data, name) == body
        assert missing(fields(kind.body), got.data) == []
        seen.add(name)
    assert len(seen) >= len(CHAPTERS[chapter].kinds) // 2, (
        "the scenarios say less than half of what can be said"
    )


ODD = st.text(max_size=40) | st.sampled_from(
    [
        "-1",
        "9" * 30,
        "2024-13-40",
        "2024-08-15T25:00",
        "{",
        "[1,",
        "&a [*a]",
        "a: b: c",
        "\u202eevil",
        "<script>",
        "\x00",
    ]
)


@given(data=st.data(), name=st.sampled_from(sorted(KINDS)))
def test_whatever_is_typed_becomes_data_or_a_fault_beside_an_input(data: st.DataObject, name: str) -> None:
    known = fields(KINDS[name].body)
    names = st.sampled_from([field.name for field in known] or ["x"])
    tails = st.sampled_from(
        ["", ".en", ".0", ".0.text.en", ".zone", ".on", ".9999.id", ".TUR", "..", ".0.0.0"]
    )
    sent = data.draw(
        st.dictionaries(st.builds(str.__add__, names, tails), st.lists(ODD, min_size=1, max_size=2))
    )
    got = read(known, tidied(known, Form(sent)), UTC)
    assert all(isinstance(fault, Fault) and fault.key.startswith("fault.") for fault in got.faults)
    again = read(known, Form(texts(known, got.data)), UTC)
    assert again.data == got.data


@pytest.mark.parametrize(
    ("kind", "sent", "name", "key"),
    [
        ("meeting.convened/1", {"round": "four"}, "round", "fault.number"),
        ("meeting.convened/1", {"round": "0"}, "round", "fault.small"),
        ("meeting.convened/1", {"round": "100001"}, "round", "fault.large"),
        ("meeting.convened/1", {"starts": "tomorrow"}, "starts", "fault.moment"),
        (
            "meeting.convened/1",
            {"starts": "2024-08-15T10:00", "starts.zone": "+99:00"},
            "starts",
            "fault.moment",
        ),
        ("meeting.convened/1", {"format": "by_post"}, "format", "fault.choice"),
        ("meeting.convened/1", {"body": "b" * 101}, "body", "fault.long"),
        ("meeting.held/1", {"on": "2024-02-30"}, "on", "fault.day"),
        ("meeting.agenda_item_proposed/1", {"documents": "TUR/4\nhere"}, "documents", "fault.pattern"),
        ("meeting.agenda_item_proposed/1", {"title.en": "x" * 20_001}, "title.en", "fault.long"),
        ("commitment.proposed/1", {"terms.source": "nowhere"}, "terms.source", "fault.pattern"),
        ("instrument.accepted/1", {"choices": "{"}, "choices", "fault.data"),
        ("instrument.accepted/1", {"choices": "a: &x b\nc: *x"}, "choices", "fault.data"),
    ],
)
def test_what_a_field_cannot_hold_is_a_fault_at_its_input(
    kind: str, sent: dict[str, str], name: str, key: str
) -> None:
    got = read(fields(KINDS[kind].body), Form({at: [value] for at, value in sent.items()}), UTC)
    assert [(fault.name, fault.key) for fault in got.faults] == [(name, key)]


def test_an_hour_is_in_the_zone_beside_it_or_else_in_the_nodes() -> None:
    known = fields(KINDS["meeting.date_proposed/1"].body)
    typed = {"starts": ["2024-08-15T10:00"]}
    assert read(known, Form(typed), UTC).data["starts"] == "2024-08-15T10:00:00+00:00"
    assert (
        read(known, Form({**typed, "starts.zone": ["node"]}), UTC).data["starts"]
        == "2024-08-15T10:00:00+00:00"
    )
    assert (
        read(known, Form({**typed, "starts.zone": ["+03:00"]}), UTC).data["starts"]
        == "2024-08-15T10:00:00+03:00"
    )


def test_everything_that_is_needed_and_lacks_is_named() -> None:
    known = fields(KINDS["meeting.minutes_proposed/1"].body)
    data = {"decisions": [{"id": "D1", "item": "TUR/7", "text": {"en": "x"}}, {"id": "D2"}]}
    assert missing(known, data) == [
        Fault("decisions.1.item", "fault.missing"),
        Fault("decisions.1.text", "fault.missing"),
    ]
    assert missing(fields(KINDS["meeting.held/1"].body), {}) == [Fault("on", "fault.missing")]
