"""The page of an instrument's text: aligned, with its brackets and where each party stands on them."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.web.stage import Stage, plain, read

from comity.chapters.instruments import acts
from comity.chapters.instruments.reader import read_text
from comity.core.act import LANGUAGES
from comity.demo.cast import TEXTS
from comity.node.record import Draft

MEMORANDUM = "/instruments/TUR/9"
TITLES = {
    "en": "Memorandum of Understanding on Security",
    "tr": "Mutabakat Zaptı",
    "ar": "مذكرة تفاهم",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_stands_in_all_languages_side_by_side_and_in_any_one_alone(
    stage: Stage, language: str
) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    page = read(client, f"{root}{MEMORANDUM}/text")
    for tag in LANGUAGES:
        assert f'class="cell" lang="{tag}" dir="{"rtl" if tag == "ar" else "ltr"}"' in page
        assert TITLES[tag] in page
    assert 'id="art-6.t1"' in page
    assert "languages-3" in page
    alone = read(client, f"{root}{MEMORANDUM}/text?in=ar")
    assert 'class="cell" lang="ar"' in alone
    assert 'class="cell" lang="en"' not in alone


def test_it_says_which_texts_are_authentic_and_which_prevails(stage: Stage) -> None:
    page = plain(read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{MEMORANDUM}/text"))
    assert "Authentic texts: English · Türkçe · العربية" in page
    assert "the text in English prevails" in page


def test_a_version_shows_its_brackets_with_who_proposed_what_and_where_each_stands(stage: Stage) -> None:
    page = read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{MEMORANDUM}/text?version=IRQ/8")
    assert page.count('class="bracket"') == 2 * 2 * len(LANGUAGES)
    shown = plain(page)
    for words in ("thirty days", "sixty days", "otuz gün", "ستين يوماً"):
        assert words in shown
    told = page.partition('id="b1"')[2].partition('id="b2"')[0]
    assert 'href="#b1"' in page
    for ref in ("IRQ/9", "TUR/10"):
        assert ref in told
    assert "agreed" in plain(told)


def test_an_accepted_text_has_no_brackets_and_says_what_was_chosen(stage: Stage) -> None:
    page = read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{MEMORANDUM}/text?version=adopted")
    assert 'class="bracket"' not in page
    assert "completed within sixty days" in plain(page)
    assert "thirty days" not in plain(page)


def test_an_open_text_asks_for_positions_and_an_answer_and_leads_to_their_forms(stage: Stage) -> None:
    record = stage.house("TUR").mechanisms()[0]
    files = [(f"draft.{tag}.md", (TEXTS / f"memorandum-draft1.{tag}.md").read_bytes()) for tag in LANGUAGES]
    put = msgspec.convert(read_text(files), acts.Proposed)
    ref = record.say(Draft("instrument.proposed/1", put, office="mfa", clock_checked=True)).ref
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    page = read(client, f"{root}/instruments/{ref}/text")
    told = page.partition('id="b1"')[2].partition('id="b2"')[0]
    form = re.search(r'href="([^"]*/say/instruments/position[?][^"]*)"', told)
    assert form is not None
    assert "bracket=b1" in form[1]
    assert 'value="b1"' in client.get(form[1]).text
    assert f"/say/instruments/accept?docket={str(ref).replace('/', '%2F')}" in page
    for tail in ("redline", "state"):
        assert client.get(f"{root}/instruments/{ref}/{tail}").status_code == 200
