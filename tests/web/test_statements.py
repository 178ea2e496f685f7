"""The page of a joint statement: the agreed text, what was published, and each difference in words and marked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.web.statements import marked

JOINT = "/statements/IRQ/18"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_agreed_text_and_publications_are_there_in_every_language(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    page = unescape(client.get(root + JOINT).text)
    for tag in LANGUAGES:
        assert f'class="cell" lang="{tag}"' in page
    for ref in ("IRQ/18", "TUR/19", "TUR/20", "TUR/22"):
        assert f'href="{root}/a/{ref}"' in page
    assert f"{root}{JOINT}?compare=TUR/22#compared" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_differs_is_told_in_words_and_marked_on_both_sides(stage: Stage, language: str) -> None:
    page = stage.client("IRQ", "layla", language).get(f"{stage.root('IRQ')}{JOINT}?compare=TUR/22").text
    compared = unescape(page.partition('id="compared"')[2])
    assert "<mark>1 September 2024</mark>" in compared
    assert "<mark>1 October 2024</mark>" in compared
    kind = {"en": "date", "tr": "tarih", "ar": "تاريخ"}[language]
    assert kind in re.sub(r"<[^>]+>", " ", compared)


def test_a_publication_of_another_statement_is_not_found(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    for asked in ("compare=TUR/9", "compare=<i>", "version=TUR/19"):
        assert client.get(f"{root}{JOINT}?{asked}").status_code == 404


def test_before_it_was_agreed_nothing_is_compared(stage: Stage) -> None:
    page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}{JOINT}?on=2024-08-14").text
    assert "No text has been accepted by all." in page
    assert 'id="compared"' not in page


@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=5))
def test_marking_loses_no_character_and_marks_only_what_was_named(text: str, words: list[str]) -> None:
    runs = marked(text, words)
    assert "".join(run for _, run in runs) == text
    assert all(run in words for found, run in runs if found)
