"""The overview of commitments: what is agreed, what is disputed, what waits, and the list, filtered."""

from __future__ import annotations

import re

import pytest
from tests.web.stage import Stage, plain, read

from comity.core.act import LANGUAGES
from comity.node import programme


def test_the_overview_counts_what_the_programme_counts(stage: Stage) -> None:
    house = stage.house("TUR")
    told = programme.overview(house.mechanisms()[0], house.today())
    page = plain(read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}/commitments/overview"))
    for words, number in (
        ("Disputed", told["total"]["is"]["disputed"]),
        ("Overdue", told["total"]["overdue"]),
        ("Due soon", told["total"]["due"]),
        ("Replaced by others", told["total"]["is"]["replaced"]),
    ):
        assert f" {number} {words}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_shows_disputes_with_both_views_and_what_waits(stage: Stage, language: str) -> None:
    root = stage.root("TUR")
    page = read(stage.client("TUR", "ayla", language), f"{root}/commitments/overview")
    disputed = page.partition('id="disputed"')[2].partition("<h2")[0]
    assert "IRQ/29" in disputed
    assert "TUR/34" in disputed
    assert "TUR/35" in page.partition('id="waits"')[2].partition('id="bodies"')[0]


def test_the_list_is_filtered_by_how_it_stands_whose_it_is_and_body(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")

    def listed(asked: str) -> set[str]:
        page = read(client, f"{root}/commitments/overview?{asked}").partition('id="list"')[2]
        return set(re.findall(rf"{root}/commitments/([A-Z]+/[0-9]+)", page))

    assert listed("is=disputed") == {"TUR/27"}
    assert listed("is=replaced") == {"TUR/26"}
    assert listed("is=done") == {"TUR/28"}
    assert listed("owner=IRQ") == {"TUR/26", "TUR/27", "TUR/29", "TUR/30", "TUR/31"}
    assert listed("body=security-mechanism") == {"TUR/28", "TUR/29"}
    assert listed("body=security-mechanism&owner=IRQ") == {"TUR/29"}
    assert listed("is=<b>") == set()
    assert listed("is=overdue&on=2025-06-01") >= {"TUR/30", "TUR/31"}
    assert listed("on=2024-09-01&is=done") == set()
    assert client.get(f"{root}/commitments/overview?from=x").status_code == 200
