"""The pages of an instrument: its text aligned, its brackets, what changed word by word, and how it stands."""

from __future__ import annotations

import re
from html import unescape

import msgspec
import pytest
from tests.web.stage import Client, Stage

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


def _read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def _plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_stands_in_all_languages_side_by_side_and_in_any_one_alone(
    stage: Stage, language: str
) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    page = _read(client, f"{root}{MEMORANDUM}/text")
    for tag in LANGUAGES:
        assert f'class="cell" lang="{tag}" dir="{"rtl" if tag == "ar" else "ltr"}"' in page
        assert TITLES[tag] in page
    assert 'id="art-6.t1"' in page
    assert "languages-3" in page
    alone = _read(client, f"{root}{MEMORANDUM}/text?in=ar")
    assert 'class="cell" lang="ar"' in alone
    assert 'class="cell" lang="en"' not in alone


def test_it_says_which_texts_are_authentic_and_which_prevails(stage: Stage) -> None:
    page = _plain(_read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{MEMORANDUM}/text"))
    assert "Authentic texts: English · Türkçe · العربية" in page
    assert "the text in English prevails" in page


def test_a_version_shows_its_brackets_with_who_proposed_what_and_where_each_stands(stage: Stage) -> None:
    page = _read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{MEMORANDUM}/text?version=IRQ/8")
    assert page.count('class="bracket"') == 2 * 2 * len(LANGUAGES)
    plain = _plain(page)
    for words in ("thirty days", "sixty days", "otuz gün", "ستين يوماً"):
        assert words in plain
    told = page.partition('id="b1"')[2].partition('id="b2"')[0]
    assert 'href="#b1"' in page
    for ref in ("IRQ/9", "TUR/10"):
        assert ref in told
    assert "agreed" in _plain(told)


def test_an_accepted_text_has_no_brackets_and_says_what_was_chosen(stage: Stage) -> None:
    page = _read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{MEMORANDUM}/text?version=adopted")
    assert 'class="bracket"' not in page
    assert "completed within sixty days" in _plain(page)
    assert "thirty days" not in _plain(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_is_marked_word_by_word_between_any_two_versions(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    page = _read(client, f"{root}{MEMORANDUM}/redline?from=TUR/9&to=adopted&in=en")
    assert re.search(r"<del>.*?ninety</del>", page)
    assert re.search(r"<ins>.*?sixty</ins>", page)
    back = _read(client, f"{root}{MEMORANDUM}/redline?from=adopted&to=TUR/9&in=en")
    assert re.search(r"<ins>.*?ninety</ins>", back)
    same = _read(client, f"{root}{MEMORANDUM}/redline?from=IRQ/8&to=IRQ/8")
    assert "<del>" not in same
    assert "<ins>" not in same


@pytest.mark.parametrize("asked", ["version=XXX", "version=TUR/4", "version=%E2%80%AE<b>"])
def test_a_version_that_is_none_of_this_instrument_is_not_found(stage: Stage, asked: str) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    answer = client.get(f"{root}{MEMORANDUM}/text?{asked}")
    assert answer.status_code == 404
    assert "<b>" not in answer.text.partition("<main")[2].replace("<b><bdi>", "")
    assert client.get(f"{root}{MEMORANDUM}/redline?from=nothing&to=TUR/9").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_stands_names_the_act_of_every_step(stage: Stage, language: str) -> None:
    client, root = stage.client("IRQ", "layla", language), stage.root("IRQ")
    page = _read(client, f"{root}{MEMORANDUM}/state")
    acts = (
        "IRQ/11",
        "TUR/12",
        "IRQ/14",
        "TUR/15",
        "IRQ/15",
        "TUR/16",
        "IRQ/20",
        "TUR/25",
        "IRQ/12",
        "TUR/13",
    )
    for ref in acts:
        assert f'href="{root}/a/{ref}"' in page
    assert 'datetime="2024-09-25"' in page
    assert f'href="{root}/documents"' in page
    assert f"{root}/commitments/programme?mandate=TUR/9%23art-2&body=planning" in page


def test_nobody_is_asked_to_do_again_what_is_done_and_no_one_without_an_office_is_asked(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    page = _read(client, f"{root}{MEMORANDUM}/state")
    assert f"{root}/say/instruments/amend?docket=TUR%2F9" in page
    assert "/say/instruments/sign?" not in page
    assert "/say/instruments/notify?" not in page


def test_before_its_day_it_is_not_in_force(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    assert "In force since 25 September 2024" in _plain(
        _read(client, f"{root}{MEMORANDUM}/state?on=2024-12-02")
    )
    assert "Not in force" in _plain(_read(client, f"{root}{MEMORANDUM}/state?on=2024-09-24"))


def test_an_open_text_asks_for_positions_and_an_answer_and_leads_to_their_forms(stage: Stage) -> None:
    record = stage.house("TUR").mechanisms()[0]
    files = [(f"draft.{tag}.md", (TEXTS / f"memorandum-draft1.{tag}.md").read_bytes()) for tag in LANGUAGES]
    put = msgspec.convert(read_text(files), acts.Proposed)
    ref = record.say(Draft("instrument.proposed/1", put, office="mfa", clock_checked=True)).ref
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    page = _read(client, f"{root}/instruments/{ref}/text")
    told = page.partition('id="b1"')[2].partition('id="b2"')[0]
    form = re.search(r'href="([^"]*/say/instruments/position[?][^"]*)"', told)
    assert form is not None
    assert "bracket=b1" in form[1]
    assert 'value="b1"' in client.get(form[1]).text
    assert f"/say/instruments/accept?docket={str(ref).replace('/', '%2F')}" in page
    for tail in ("redline", "state"):
        assert client.get(f"{root}/instruments/{ref}/{tail}").status_code == 200
