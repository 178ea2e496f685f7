"""Every provision that a language lacks is listed, also where only its heading or its words are missing."""

from __future__ import annotations

import msgspec
from tests.chapters.instruments.drafts import draft, files, text

from comity.chapters.instruments.align import gaps, side_by_side
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text


def test_aligned_texts_have_no_gaps() -> None:
    assert gaps(text()) == []
    assert all(all(said.values()) for row, said in side_by_side(text()) if row.kind == "article")


def test_a_missing_point_and_a_missing_heading_are_listed() -> None:
    turkish = draft("tr").replace("b) Komite.\n\n", "").replace("## Madde 3 — Son hükümler", "## Madde 3")
    one = msgspec.convert(read_text([files()[0], ("tr.md", turkish.encode()), files()[2]])["text"], Text)
    assert gaps(one) == [
        {"provision": "art-1.2.b", "kind": "point", "number": "b", "in": ["en", "ar"], "missing": ["tr"]},
        {"provision": "art-3", "kind": "article", "number": "3", "in": ["en", "ar"], "missing": ["tr"]},
    ]
    assert {row.id: said for row, said in side_by_side(one)}["art-1.2.b"]["tr"] == ""
