"""The search page: what is found, by whom and how settled; hostile words are answered, and shown inert."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.words import Words


@pytest.mark.parametrize(
    ("asked", "language"), [("bagdat", "tr"), ("BAGHDAD", "en"), ("بغداد", "ar"), ("TUR/9", "en")]
)
def test_what_is_found_says_who_said_it_and_how_settled_it_is(
    stage: Stage, asked: str, language: str
) -> None:
    page = stage.client("TUR", "ayla", language).get(f"{stage.root('TUR')}/search?q={quote(asked)}").text
    assert f'href="{stage.root("TUR")}/a/TUR/9"' in page
    assert "<mark>" in page or asked == "TUR/9"
    assert 'class="standing standing-received"' in page
    assert f'value="{asked}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_asked_and_nothing_found_are_pages_of_their_own(stage: Stage, language: str) -> None:
    client, words = stage.client("IRQ", "layla", language), Words(language)
    assert words.say("web.search.help", "web")[:30] in client.get(f"{stage.root('IRQ')}/search").text
    page = client.get(f"{stage.root('IRQ')}/search?q=qqqq").text
    assert words.say("web.search.nothing", "web").partition("{asked}")[2][:30] in page
    assert "<mark>" not in page


@pytest.mark.parametrize(
    "asked",
    [
        '"',
        "*",
        "a AND",
        "NEAR(",
        "title:x",
        "<script>alert(1)</script>",
        "\u202eabc",
        "\x00",
        "'" * 400,
        "ب" * 5000,
    ],
)
def test_hostile_words_are_answered(stage: Stage, asked: str) -> None:
    answer = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/search?q={quote(asked)}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text


@pytest.mark.parametrize("start", ["-1", "x", "99999", "9" * 40, "٣"])
def test_a_page_that_nobody_can_mean_is_still_a_page(stage: Stage, start: str) -> None:
    answer = stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/search?q=baghdad&from={start}")
    assert answer.status_code == 200


def test_nobody_searches_who_is_not_signed_in(stage: Stage) -> None:
    assert stage.client("TUR").get(f"{stage.root('TUR')}/search?q=baghdad").status_code == 303
