"""The texts of a form: what a content comes to, and lists whose things are numbered from 0."""

from __future__ import annotations

from datetime import UTC

from comity.chapters import all_chapters
from comity.core.chapter import Kind
from comity.desk.fields import fields
from comity.web.filled import read
from comity.web.form import Form
from comity.web.written import numbered, plain_item, tags_in, texts, tidied

KINDS: dict[str, Kind] = {kind.name: kind for chapter in all_chapters().values() for kind in chapter.kinds}


def test_empty_things_of_a_list_are_left_out_and_the_others_numbered_anew() -> None:
    known = fields(KINDS["meeting.minutes_proposed/1"].body)
    sent = Form(
        {
            "decisions.0.id": [""],
            "decisions.0.text.en": ["  "],
            "decisions.7.id": ["D1"],
            "decisions.7.item": ["TUR/7"],
            "decisions.7.text.en": ["Agreed."],
            "paragraphs.3.en": ["They met."],
        }
    )
    tidy = tidied(known, sent)
    assert numbered(tidy, "decisions") == [0]
    assert read(known, tidy, UTC).data == {
        "decisions": [{"id": "D1", "item": "TUR/7", "text": {"en": "Agreed."}}],
        "paragraphs": [{"en": "They met."}],
    }


def test_a_content_is_one_text_for_each_input() -> None:
    """An hour has its zone beside it, a name one text for each language, plain words of a list stand together."""
    known = fields(KINDS["meeting.convened/1"].body)
    data = {
        "starts": "2024-08-15T10:00:00+03:00",
        "place": {"en": "Ankara"},
        "round": 4,
        "parties": ["TUR", "IRQ"],
    }
    assert texts(known, data) == {
        "starts": ["2024-08-15T10:00"], "starts.zone": ["+03:00"], "place.en": ["Ankara"], "round": ["4"],
        "parties": ["TUR", "IRQ"],
    }  # fmt: skip
    assert tags_in(Form(texts(known, data)), "place") == ["en"]


def test_a_list_of_plain_words_has_no_numbers() -> None:
    known = {one.name: one for one in fields(KINDS["meeting.minutes_proposed/1"].body)}
    assert plain_item(known["decisions"]) is None
    items = {one.name: one for one in fields(KINDS["meeting.agenda_item_proposed/1"].body)}
    plain = plain_item(items["documents"])
    assert plain is not None
    assert plain.sort == "text"


def test_numbers_that_no_form_of_ours_has_are_left_alone() -> None:
    sent = Form(
        {
            "decisions.x.id": ["D1"],
            "decisions.99999.id": ["D2"],
            "decisions.٣.id": ["D3"],
            "decisions.2.id": ["D4"],
        }
    )
    assert numbered(sent, "decisions") == [2]
