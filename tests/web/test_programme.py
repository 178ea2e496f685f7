"""The page of a work programme: a table, and a drawing that says the same."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage, read

from comity.core.act import LANGUAGES


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
