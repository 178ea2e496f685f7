"""The page of the reference is what the program makes, so nothing in it is undocumented."""

from __future__ import annotations

from pathlib import Path

from comity.api.paths import PATHS
from comity.api.reference import page
from comity.desk.statuses import BY_CODE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"


def test_the_page_is_what_the_program_makes() -> None:
    """Make it again: python -m comity.api.reference > docs/reference/api.md"""
    assert PAGE.read_text("utf-8") == page()


def test_every_path_and_status_stands_in_it() -> None:
    text = page()
    assert [path.path for path in PATHS if f"/api/v1{path.path}\n" not in text] == []
    assert [code for code in BY_CODE if f"`{code}`" not in text] == []
