"""Every docket's page leads to the pages that its chapter has by hand, and each of those back to the conversation."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.web.tabs import TABS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", sorted(TABS))
def test_each_tab_of_each_docket_is_a_page_that_leads_to_all_others(
    stage: Stage, chapter: str, language: str
) -> None:
    client, root = stage.client("IRQ", "layla", language), stage.root("IRQ")
    refs = stage.opened("IRQ", chapter)
    assert refs
    for ref in refs:
        expected = [
            f'href="{root}/d/{ref}"',
            *(f'href="{root}/{chapter}/{ref}{tail}"' for _, tail in TABS[chapter]),
        ]
        pages = [f"{root}/d/{ref}", *(f"{root}/{chapter}/{ref}{tail}" for _, tail in TABS[chapter])]
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert all(one in answer.text for one in expected), page
            assert 'aria-current="page"' in answer.text
