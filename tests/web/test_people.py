"""People and offices: every office of each party, its key and powers; and, of our own alone, who has an account for it."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.words import Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_office_is_there_with_its_holder_and_powers(stage: Stage, language: str) -> None:
    page = stage.client("TUR", "ayla", language).get(f"{stage.root('TUR')}/people").text
    record = stage.house("TUR").mechanisms()[0]
    with record.reading():
        for party in record.parties:
            for name, office in record.folds.offices(party, record.ready).items():
                if name != "root":
                    assert office.titles[language] in page
                    assert office.holder in page
                assert f"/a/{office.said}" in page
            for powers in record.folds.half(party, record.ready).powers:
                assert f"/a/{powers.said}" in page
    assert Words(language).say("web.people.root", "web") in page
    assert "Root key holder" not in page


def test_accounts_are_shown_for_our_own_offices_alone(stage: Stage) -> None:
    ours = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/people").text
    theirs = stage.client("IRQ", "layla", "en").get(f"{stage.root('IRQ')}/people").text
    assert "<bdi>Ayla</bdi>" in ours.partition("<main")[2]
    assert "Ayla" not in theirs
    assert "Layla" not in ours
