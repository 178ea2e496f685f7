"""The page of a meeting: its date, agenda, delegations and minutes, and what each decision led to."""

from __future__ import annotations

from html import unescape

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES

FOURTH = "/meetings/TUR/4"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meeting_shows_its_dates_agenda_delegations_and_minutes(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    answer = client.get(root + FOURTH)
    assert answer.status_code == 200
    page = unescape(answer.text)
    for ref in ("TUR/4", "IRQ/4", "TUR/5", "TUR/7", "IRQ/6", "IRQ/5", "TUR/6", "TUR/24", "IRQ/19"):
        assert f'href="{root}/a/{ref}"' in page, ref
    assert "Nadim al-Rafidi (invented)" in page
    minutes = page.partition('id="minutes"')[2]
    for tag in LANGUAGES:
        assert f'class="cell" lang="{tag}"' in minutes
    assert "Siyasi ve teknik görüşmeler sürer." in minutes


def test_a_decision_shows_its_reservations_and_what_it_led_to(stage: Stage) -> None:
    root = stage.root("IRQ")
    page = unescape(stage.client("IRQ", "layla", "en").get(root + FOURTH).text)
    first, second = page.partition('id="D1"')[2].partition('id="D2"')[0], page.partition('id="D2"')[2]
    assert "The committee on water may need until January." in first
    assert f'href="{root}/commitments/TUR/28"' in second.partition('id="D3"')[0]
    assert f'href="{root}/commitments/TUR/28"' not in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_is_a_download_in_the_reader_s_language(stage: Stage, language: str) -> None:
    answer = stage.client("TUR", "ayla", language).get(f"{stage.root('TUR')}{FOURTH}/calendar.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "TUR-4.ics" in answer.headers["content-disposition"]
    assert b"DTSTART:20240815T070000Z" in answer.content
    title = {"en": "High-Level", "tr": "Yüksek", "ar": "الآلية"}[language]
    assert title in answer.content.decode()


def test_a_meeting_without_agenda_or_minutes_says_so(stage: Stage) -> None:
    page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/meetings/IRQ/31").text
    assert "No item has been proposed yet." in page
    assert "No minutes have been proposed yet." in page


def test_minutes_of_another_meeting_are_not_found(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    assert client.get(f"{root}{FOURTH}?minutes=TUR/24").status_code == 200
    for asked in ("TUR/4", "IRQ/99", "<b>"):
        assert client.get(f"{root}{FOURTH}?minutes={asked}").status_code == 404
