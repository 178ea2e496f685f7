"""How a comparison is told on a terminal: every finding in words, what is the same left out."""

from __future__ import annotations

from typing import Any

import pytest

from comity.cli import statements
from comity.cli.session import Session


def finding(relation: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"passages": [1], "ours": [], "published": [], "moved": False, "differences": []}
    return {"relation": relation, **empty, **more}


def told(capsys: pytest.CaptureFixture[str], *findings: dict[str, Any], everything: bool = False) -> str:
    compared = {
        "verdict": "compared",
        "detected": "en",
        "language": "en",
        "through": "",
        "findings": findings,
    }
    text = {"ref": "TUR/44", "by": "TUR", "outlet": "A newspaper", "language": "en", "text": "attached"}
    statements._tell(Session(), {**text, "comparison": compared}, everything=everything)
    return capsys.readouterr().out


def test_a_difference_has_its_kind_its_words_and_how_it_leans(capsys: pytest.CaptureFixture[str]) -> None:
    modality = {"kind": "modality", "ours": "shall", "published": "may", "note": "weaker"}
    number = {"kind": "number", "ours": "twice", "published": "", "note": ""}
    said = told(capsys, finding("changed", differences=[modality, number]))
    assert "how binding (weaker): shall → may; number: twice" in said


def test_a_missing_passage_is_told_by_how_it_begins(capsys: pytest.CaptureFixture[str]) -> None:
    """And on one line, however long it is."""
    long = [{"text": "The two\nsides met. " * 30}]
    said = told(
        capsys, finding("missing", ours=long), finding("added", passages=[], published=[{"text": "New."}])
    )
    assert "The two sides met. The two" in said
    assert "…" in said
    assert "New." in said


def test_what_is_the_same_is_left_out_but_for_what_stands_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    same, moved = (
        finding("same", ours=[{"text": "One."}]),
        finding("same", ours=[{"text": "Two."}], moved=True),
    )
    assert "Every passage is the same." in told(capsys, same)
    assert "One." in told(capsys, same, everything=True)
    said = told(capsys, same, moved)
    assert "the same, moved" in said
    assert "One." not in said


def test_a_text_that_was_not_compared_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    text = {"outlet": "A newspaper", "language": "en", "comparison": None}
    for state, why in (
        ("attached", "no single text was agreed"),
        ("destroyed", "destroyed"),
        ("differs", "not the one"),
    ):
        statements._tell(Session(), {**text, "text": state}, everything=False)
        assert why in capsys.readouterr().out
