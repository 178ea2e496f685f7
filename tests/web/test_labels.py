"""Fields are called by a short name, and what more there is to say stands beside it."""

from __future__ import annotations

import pytest

from comity.chapters import all_chapters
from comity.core.act import LANGUAGES
from comity.desk.fields import Field, fields
from comity.web.labels import Label, label, sentence_case
from comity.words import Words


def test_the_first_part_is_the_name_and_the_rest_is_help() -> None:
    words = Words("en")
    assert label(words, "meetings", "body") == Label("The body that meets", "as its mandate names it")
    assert label(words, "meetings", "round") == Label("Number of the meeting", "4 for the fourth")
    assert label(words, "meetings", "nowhere") == Label("nowhere", "")


def test_a_sentence_begins_as_its_language_writes_it() -> None:
    assert sentence_case("ilk gün", "tr") == "İlk gün"
    assert sentence_case("ilk", "en") == "Ilk"
    assert sentence_case("", "tr") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_field_is_called_by_its_own_name_or_by_its_choices(language: str) -> None:
    words = Words(language)

    def look(chapter: str, known: tuple[Field, ...]) -> None:
        for field in known:
            if field.name:
                told = label(words, chapter, field.name)
                assert "_" not in told.name, (chapter, field.name)
                assert told.name != field.name, (chapter, field.name)
            look(chapter, field.fields)
            if field.item is not None:
                look(chapter, (field.item,))

    for chapter in all_chapters().values():
        for kind in chapter.kinds:
            look(chapter.name, fields(kind.body))
