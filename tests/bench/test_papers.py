"""`comity bench papers`: every figure is there, of a paper that is what it says. Nothing here is timed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.papers.pdfa import faults

from comity.bench import papers
from comity.core.errors import Unavailable
from comity.papers.typeset import typeset


def test_every_figure_is_told_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = papers.measure(2, rounds=1)
    monkeypatch.setattr(papers, "measure", lambda: made)
    told: list[str] = []
    figures = papers.run(tmp_path / "figures.json", told.append)
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == figures
    keys = {
        "pages",
        "bytes",
        "rounds",
        "typst",
        "version",
        "first_seconds",
        "seconds",
        "floor_seconds",
        "ratio",
    }
    assert set(figures) == keys
    assert all(any(line.startswith(key) for line in told) for key in keys)
    assert "pages in two languages" in told[-1]


def test_a_run_without_a_file_writes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = {"pages": 120, "seconds": 9.0}
    monkeypatch.setattr(papers, "measure", lambda: slow)
    told: list[str] = []
    assert papers.run(None, told.append) == slow
    assert told[-1].startswith("MISSED")


def test_figures_are_of_the_paper_that_was_set() -> None:
    figures = papers.measure(1, rounds=2)
    assert figures["pages"] >= 2
    assert figures["bytes"] > 10_000
    assert figures["rounds"] == 2
    assert all(figures[key] > 0 for key in ("first_seconds", "seconds", "floor_seconds", "ratio"))


def test_the_sample_is_an_instrument_of_120_pages_and_other_words_each_time() -> None:
    paper, other = papers.sample(papers._ARTICLES, 1), papers.sample(papers._ARTICLES, 2)
    assert paper != other
    assert paper == papers.sample(papers._ARTICLES, 1)
    raw = typeset(paper)
    assert len(papers._PAGE.findall(raw)) >= papers.PAGES
    assert faults(typeset(papers.sample(1, 1))) == []


def test_without_typst_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Unavailable):
        papers.measure(1, 1)
