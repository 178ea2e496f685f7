"""The page that says how an instrument stands: by which acts, since when, and what is left to say."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage, plain, read

from comity.core.act import LANGUAGES

MEMORANDUM = "/instruments/TUR/9"


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_stands_names_the_act_of_every_step(stage: Stage, language: str) -> None:
    client, root = stage.client("IRQ", "layla", language), stage.root("IRQ")
    page = read(client, f"{root}{MEMORANDUM}/state")
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
    page = read(client, f"{root}{MEMORANDUM}/state")
    assert f"{root}/say/instruments/amend?docket=TUR%2F9" in page
    assert "/say/instruments/sign?" not in page
    assert "/say/instruments/notify?" not in page


def test_before_its_day_it_is_not_in_force(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    assert "In force since 25 September 2024" in plain(
        read(client, f"{root}{MEMORANDUM}/state?on=2024-12-02")
    )
    assert "Not in force" in plain(read(client, f"{root}{MEMORANDUM}/state?on=2024-09-24"))
