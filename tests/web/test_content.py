"""What an act says is laid out whole, in the reader's language first, and inert."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from comity.chapters.commitments import CHAPTER as COMMITMENTS
from comity.chapters.meetings import CHAPTER as MEETINGS
from comity.desk.fields import fields
from comity.web.content import laid_out
from comity.words import Words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


def _reader(language: str = "en") -> Any:
    words = Words(language)
    return SimpleNamespace(
        words=words, language=language, record=SimpleNamespace(parties=("IRQ", "TUR")),
        say=lambda key, place="web", **facts: Markup(escape(words.say(key, place, **facts))),
        party=lambda code: f"<{code}>", number=str, moment=str, hijri=lambda _: "", docket_at=lambda ref: f"/d/{ref}",
    )  # fmt: skip


def _told(chapter: Any, kind: str, content: dict[str, Any], language: str = "en", place: str = "") -> str:
    body = chapter.kind(kind).body
    return str(Markup(" ").join(
        value for _, value in laid_out(_reader(language), chapter.name, fields(body), content, place)
    ))  # fmt: skip


def test_the_readers_language_comes_first_and_the_same_words_stand_once() -> None:
    place = {"ar": "أنقرة", "en": "Ankara", "tr": "Ankara"}
    told = _told(MEETINGS, "meeting.convened/1", {"place": place}, "ar")
    assert told.index("أنقرة") < told.index("Ankara")
    assert told.count("Ankara") == 1
    assert 'dir="rtl"' in told


def test_references_lead_to_what_they_name_and_long_texts_are_folded() -> None:
    told = _told(MEETINGS, "meeting.agenda_item_proposed/1", {"documents": ["TUR/12", "ABC/1"]})
    assert 'href="/d/TUR/12"' in told
    assert "/d/ABC/1" not in told, "no party of this mechanism"
    long = _told(MEETINGS, "meeting.agenda_item_proposed/1", {"title": {"en": "water " * 200}})
    assert "<details>" in long
    brief = _told(MEETINGS, "meeting.agenda_item_proposed/1", {"documents": ["TUR/1"] * 30}, place="/a/TUR/9")
    assert 'href="/a/TUR/9"' in brief


def test_a_group_in_a_group_is_laid_out_with_its_own_terms() -> None:
    terms = {"title": {"en": "Centre"}, "owners": ["TUR"], "due": {"on": "2025-03-31"}}
    told = _told(COMMITMENTS, "commitment.proposed/1", {"terms": terms})
    assert "Centre" in told
    assert "2025-03-31" in told
    assert told.count('<dl class="facts">') == 2


@given(
    content=st.dictionaries(
        st.sampled_from(["body", "place", "starts", "round", "parties", "<b>", "names"]), JSON
    )
)
def test_whatever_a_hostile_node_sends_is_laid_out_inert(content: dict[str, Any]) -> None:
    told = _told(MEETINGS, "meeting.convened/1", content)
    assert "<b>" not in told
    assert "\u202e" not in told


def test_markup_in_every_place_of_a_content_is_text() -> None:
    bad = "<script>\u202e"
    for value in (bad, [bad], {bad: bad}, {"en": bad}, [{bad: bad}], {"en": bad * 200}):
        for name in ("body", "place", "starts", "round", "parties", "names", "format", bad):
            told = _told(MEETINGS, "meeting.convened/1", {name: value})
            assert "<script>" not in told
            assert "\u202e" not in told
