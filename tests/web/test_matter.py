"""A docket as its pages begin: found by its address or refused, and nothing of another chapter or mechanism."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.web.stage import Stage

import comity.web
from comity.core.act import LANGUAGES
from comity.web.tabs import PLACE
from comity.words import Words

_KEYS = re.compile(r"""say\("([a-z_]+(?:\.[a-z_]+)+)", "matters\"""")


@pytest.mark.parametrize(
    "path",
    [
        "/instruments/TUR/99999/text",  # nothing is there
        "/instruments/TUR/-1/text",
        "/instruments/XXX/1/state",
        "/instruments/TUR/27/text",  # a commitment
        "/instruments/TUR/10/text",  # an act within a docket
        "/commitments/TUR/9",  # an instrument
        "/meetings/TUR/27",
        "/committees/TUR/27",
        "/statements/TUR/27",
        "/statements/%00/%E2%80%AE",
        "/instruments/TUR/9%0A/text",
        "/instruments/TUR/９/text",
    ],
)
def test_what_is_no_docket_of_the_chapter_is_not_found(stage: Stage, path: str) -> None:
    answer = stage.client("TUR", "ayla", "en").get(stage.root("TUR") + path)
    assert answer.status_code == 404
    assert "<html" in answer.text
    assert "Traceback" not in answer.text


def test_another_mechanism_s_docket_is_not_found_and_nobody_reads_unasked(stage: Stage) -> None:
    assert stage.client("TUR", "ayla").get("/m/ffffffffffff/commitments/TUR/27").status_code == 404
    answer = stage.client("TUR").get(f"{stage.root('TUR')}/commitments/TUR/27")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("day", ["2024-13-01", "x", "２０２４-01-01", "2024-01-01T00:00", "'"])
def test_what_is_no_day_is_told_so(stage: Stage, day: str) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    for page in ("/commitments/overview", "/commitments/TUR/27", "/instruments/TUR/9/state"):
        assert client.get(f"{root}{page}?on={day}").status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_a_page_says_has_words(language: str) -> None:
    folder = Path(comity.web.__file__).parent / "templates"
    words = Words(language).of(PLACE, language)
    asked = {key for path in folder.glob("*.html") for key in _KEYS.findall(path.read_text("utf-8"))}
    assert len(asked) > 90
    assert asked - set(words) == set()
