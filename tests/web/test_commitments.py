"""The pages of commitments: what is agreed and what is disputed, a programme as table and drawing, both sides' views."""

from __future__ import annotations

import re

import pytest
from tests.web.stage import Stage, plain, read

from comity.core.act import LANGUAGES
from comity.node import programme

DISPUTED = "/commitments/TUR/27"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("party", "name"), [("TUR", "ayla"), ("IRQ", "layla")])
def test_both_views_stand_side_by_side_in_the_same_order_on_both_nodes(
    stage: Stage, party: str, name: str, language: str
) -> None:
    page = read(stage.client(party, name, language), stage.root(party) + DISPUTED)
    sides = page.partition('class="sides"')[2]
    assert 0 < sides.find("IRQ/29") < sides.find("TUR/34")
    for words in {"en": ("Started", "Done"), "tr": ("Başladı", "Yapıldı"), "ar": ("بدأ", "أُنجز")}[language]:
        assert f'<b class="says">{words}</b>' in sides


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_programme_is_a_drawing_and_a_table_that_says_the_same(stage: Stage, language: str) -> None:
    root = stage.root("IRQ")
    asked = "mandate=TUR/9%23art-2&body=planning"
    page = read(stage.client("IRQ", "layla", language), f"{root}/commitments/programme?{asked}")
    drawing = page.partition("<svg")[2].partition("</svg>")[0]
    table = page.partition("<table")[2].partition("</table>")[0]
    for ref in ("TUR/26", "TUR/27", "TUR/30", "TUR/31"):
        assert ref in drawing
        assert ref in table
    assert f'direction="{"rtl" if language == "ar" else "ltr"}"' in drawing
    assert drawing.count("<rect") == 4


def test_without_a_body_there_are_bodies_to_choose_from_and_an_unknown_one_is_not_found(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    page = read(client, f"{root}/commitments/programme")
    assert "body=planning" in page
    assert "<svg" not in page
    assert client.get(f"{root}/commitments/programme?body=planning").status_code == 200
    for asked in ("body=nobody", "mandate=TUR/9%23art-99&body=planning", "mandate=x&body=%00"):
        assert client.get(f"{root}/commitments/programme?{asked}").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_commitment_tells_where_it_comes_from_and_what_became_of_it(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    split = read(client, f"{root}/commitments/TUR/26")
    down = split.partition('id="l-down"')[2]
    assert f'href="{root}/commitments/TUR/30"' in down
    assert f'href="{root}/commitments/TUR/31"' in down
    part = read(client, f"{root}/commitments/TUR/30").partition('id="l-up"')[2].partition('id="l-down"')[0]
    assert f'href="{root}/commitments/TUR/26"' in part
    assert f'href="{root}/instruments/TUR/9/text#art-4"' in part


def test_on_an_earlier_day_nothing_later_is_shown_as_said(stage: Stage) -> None:
    page = read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}{DISPUTED}?on=2024-10-02")
    told = page.partition("<main")[2].partition('id="true"')[0]
    for later in ("IRQ/29", "TUR/34", "TUR/39"):
        assert later not in told
    before = read(stage.client("TUR", "ayla", "en"), f"{stage.root('TUR')}/commitments/TUR/26?on=2024-10-01")
    assert "Replaced by others" not in plain(before.partition("<main")[2].partition('id="true"')[0])


def test_withheld_evidence_is_disclosed_by_its_author_alone_and_saved_by_nobody(stage: Stage) -> None:
    path = f"{DISPUTED}/evidence/TUR/39"
    ours = stage.client("TUR", "ayla", "en")
    assert f"{path}/disclosure" in read(ours, stage.root("TUR") + DISPUTED)
    given = ours.get(f"{stage.root('TUR')}{path}/disclosure")
    assert given.status_code == 200
    assert given.content.startswith(b"comity disclosure v1\n")
    assert "attachment" in given.headers["content-disposition"]
    theirs = stage.client("IRQ", "layla", "en")
    assert f"{path}/disclosure" not in read(theirs, stage.root("IRQ") + DISPUTED)
    assert theirs.get(f"{stage.root('IRQ')}{path}/disclosure").status_code == 409
    assert theirs.get(stage.root("IRQ") + path).status_code == 409


def test_evidence_is_found_under_its_own_commitment_only(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    for path in ("TUR/30/evidence/TUR/39/disclosure", "TUR/27/evidence/TUR/34", "TUR/27/evidence/x/y"):
        assert client.get(f"{root}/commitments/{path}").status_code == 404


def test_closed_ones_offer_nothing_more_to_say(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    assert "/say/commitments/" not in read(client, f"{root}/commitments/TUR/26")
    assert f"{root}/say/commitments/assert-status?docket=TUR%2F27" in read(client, root + DISPUTED)
