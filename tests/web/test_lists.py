"""Lists of dockets: each leads to its docket, offers to open a new one to whoever may, and turns its pages."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.web import lists
from comity.words import Words

CHAPTERS = ("instruments", "meetings", "commitments", "committees", "statements", "releases")


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_docket_of_a_chapter_is_listed(stage: Stage, chapter: str, language: str) -> None:
    page = stage.client("TUR", "ayla", language).get(f"{stage.root('TUR')}/{chapter}").text
    for ref in stage.opened("TUR", chapter):
        assert f'href="{stage.root("TUR")}/d/{ref}"' in page
    assert Words(language).say("chapter", chapter) in page
    assert f"{stage.root('TUR')}/say/{chapter}/" in page


def test_pages_turn_from_the_newest_to_the_oldest(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PER_PAGE", 2)
    client, href = stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}/commitments"
    seen: list[str] = []
    while href:
        page = client.get(href).text
        told = re.findall(rf'<a href="{stage.root("TUR")}/d/([A-Z]+/[0-9]+)"', page)
        assert 0 < len(told) <= 2
        seen += told
        found = re.search(r'rel="next" href="([^"]+)"', page)
        href = unquote(found[1].replace("&amp;", "&")) if found else ""
    assert sorted(seen) == sorted(map(str, stage.opened("TUR", "commitments")))


def test_who_holds_no_office_that_speaks_opens_nothing(stage: Stage) -> None:
    """And a node that must be silent offers nothing to anybody."""
    record = stage.house("TUR").mechanisms()[0]
    record.silent.append("IRQ")
    try:
        page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/meetings")
    finally:
        record.silent.clear()
    assert page.status_code == 200
    assert "/say/" not in page.text


@pytest.mark.parametrize(
    "before", ["x", "TUR/1,", "TUR/99999999999999", "'", "TUR/1,SYR/3", "," * 300, "%00"]
)
def test_a_page_that_nobody_can_mean_is_still_a_page(stage: Stage, before: str) -> None:
    answer = stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/meetings?before={before}")
    assert answer.status_code == 200


@pytest.mark.parametrize("chapter", ["nothing", "Meetings", "..%2f", "%3Cscript%3E"])
def test_a_chapter_that_is_none_is_not_here(stage: Stage, chapter: str) -> None:
    answer = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/{chapter}")
    assert answer.status_code == 404
    assert "<script>" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_charter_shows_each_partys_keys_and_the_chapters(stage: Stage, language: str) -> None:
    page = stage.client("IRQ", "layla", language).get(f"{stage.root('IRQ')}/charter").text
    record = stage.house("IRQ").mechanisms()[0]
    assert record.mechanism in page
    assert page.count(Words(language).say("web.key.sealing", "web")) == 2
    for chapter in record.chapters:
        assert f'href="{stage.root("IRQ")}/{chapter}"' in page
