"""Which texts of an instrument can be shown, and what they are called in addresses."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage

MEMORANDUM = "/instruments/TUR/9"


@pytest.mark.parametrize("asked", ["version=XXX", "version=TUR/4", "version=%E2%80%AE<b>"])
def test_a_version_that_is_none_of_this_instrument_is_not_found(stage: Stage, asked: str) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    answer = client.get(f"{root}{MEMORANDUM}/text?{asked}")
    assert answer.status_code == 404
    assert "<b>" not in answer.text.partition("<main")[2].replace("<b><bdi>", "")
    assert client.get(f"{root}{MEMORANDUM}/redline?from=nothing&to=TUR/9").status_code == 404
