"""A certificate says how each party consented, and to which text."""

from __future__ import annotations

from typing import Any

import pytest
from tests.papers import made

from comity.core.errors import Malformed
from comity.papers.certificate import certificate_paper, lay_out


def test_every_act_of_consent_has_its_line() -> None:
    tables = [row for row in lay_out(made.certificate())["rows"] if row["sort"] == "table"]
    said = [[words for _, words in cell] for row in tables[0]["rows"] for cell in row["cells"]]
    assert said[:4] == [
        ["accepted the text", "قبول النص"],
        ["14 August 2024", "14 آب 2024"],
        ["TUR/9"],
        ["—"],
    ]
    assert ["on paper", "على الورق"] in said
    assert said[-1] == ["minister, Ankara"]
    assert len(tables) == 2


def test_hashes_of_the_text_and_of_every_file_stand_whole() -> None:
    lines = [
        row["words"].replace(" ", "") for row in lay_out(made.certificate())["rows"] if row["sort"] == "line"
    ]
    assert lines == [f"SHA-256{'a5dc2839' * 8}", "text.en.pdf", f"SHA-256{'ab' * 32}"]


def test_what_is_not_known_is_left_out() -> None:
    bare = {"title": {"en": "T"}, "text": "ab" * 32, "consent": []}
    paper = certificate_paper(bare, "TUR/4", made.DATED, made.frame())
    assert paper.languages == ("en",)
    assert [row["cells"][0][0] for row in lay_out(paper)["rows"] if row.get("look") == "fact"] == [
        "Reference"
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "ab"},
        {"title": None},
        {"more": 1},
        {"consent": [{"party": "TUR", "acts": [{"what": "sang", "on": "2024-08-15", "ref": "TUR/1"}]}]},
        {"consent": [{"party": "TUR", "acts": [{"what": "signed", "on": "15.8.24", "ref": "TUR/1"}]}]},
        {"files": [{"name": "x", "sha256": "zz"}]},
    ],
    ids=str,
)
def test_data_of_another_shape_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        certificate_paper({**made.CERTIFICATE, **change}, "TUR/4", made.DATED, made.frame())
