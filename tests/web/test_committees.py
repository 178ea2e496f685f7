"""The page of a committee: its seats on a day, and its reports, each made here and held against its hash."""

from __future__ import annotations

from html import unescape

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.core.errors import Refused
from comity.node import report

PLANNING = "/committees/IRQ/32"


@pytest.mark.parametrize("language", LANGUAGES)
def test_seats_stand_by_party_with_who_holds_them_and_how_many_are_empty(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    page = unescape(client.get(root + PLANNING).text)
    sides = page.partition('class="sides"')[2]
    assert 0 < sides.find("Huda al-Karkhi (invented)") < sides.find("Selin Karaca (invented)")
    assert f'href="{root}/a/IRQ/33"' in sides
    before = unescape(client.get(f"{root}{PLANNING}?on=2024-09-30").text)
    assert "Selin Karaca" not in before.partition('class="sides"')[2].partition("<details>")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agreed_report_is_made_here_and_shown(stage: Stage, language: str) -> None:
    client, root = stage.client("IRQ", "layla", language), stage.root("IRQ")
    listed = unescape(client.get(root + PLANNING).text)
    assert 'id="report"' not in listed
    page = unescape(client.get(f"{root}{PLANNING}?report=TUR/42").text)
    shown = page.partition('id="report"')[2]
    for ref in ("TUR/26", "TUR/27", "TUR/30", "TUR/31"):
        assert f'href="{root}/commitments/{ref}"' in shown
    assert 'class="refused"' not in shown


def test_a_report_that_this_node_cannot_make_is_not_shown_and_says_why(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differs(*_: object) -> None:
        raise Refused("report_differs", ref="TUR/42", theirs="0" * 64, ours="1" * 64)

    monkeypatch.setattr(report, "require_same", differs)
    page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}{PLANNING}?report=TUR/42")
    assert page.status_code == 200
    shown = page.text.partition('id="report"')[2]
    assert 'class="refused"' in shown
    assert "/commitments/TUR/27" not in shown.partition("</section></section>")[0].partition('id="true"')[0]


def test_a_report_of_another_committee_is_refused(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    for asked in ("TUR/9", "IRQ/32", "x", "TUR/999"):
        assert client.get(f"{root}{PLANNING}?report={asked}").status_code == 404


def test_only_the_own_side_is_asked_about_its_seats(stage: Stage) -> None:
    root = stage.root("TUR")
    page = unescape(stage.client("TUR", "ayla", "en").get(root + PLANNING).text)
    assert f"{root}/say/committees/vacate-seat?docket=IRQ%2F32&answers=TUR%2F40" in page
    assert "answers=IRQ%2F33" not in page
