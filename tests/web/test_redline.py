"""What changed between any two versions of an instrument is marked word by word."""

from __future__ import annotations

import re

import pytest
from tests.web.stage import Stage, read

from comity.core.act import LANGUAGES

MEMORANDUM = "/instruments/TUR/9"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_is_marked_word_by_word_between_any_two_versions(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    page = read(client, f"{root}{MEMORANDUM}/redline?from=TUR/9&to=adopted&in=en")
    assert re.search(r"<del>.*?ninety</del>", page)
    assert re.search(r"<ins>.*?sixty</ins>", page)
    back = read(client, f"{root}{MEMORANDUM}/redline?from=adopted&to=TUR/9&in=en")
    assert re.search(r"<ins>.*?ninety</ins>", back)
    same = read(client, f"{root}{MEMORANDUM}/redline?from=IRQ/8&to=IRQ/8")
    assert "<del>" not in same
    assert "<ins>" not in same
