"""The page of a commitment: both sides' views side by side, as of a day, and where it comes from."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage, plain, read

from comity.core.act import LANGUAGES

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


def test_closed_ones_offer_nothing_more_to_say(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    assert "/say/commitments/" not in read(client, f"{root}/commitments/TUR/26")
    assert f"{root}/say/commitments/assert-status?docket=TUR%2F27" in read(client, root + DISPUTED)
