"""What the tutorial and the recipes show is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.console import Terminal, agrees, masked, steps

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(
    page.relative_to(DOCS).as_posix()
    for folder in ("tutorial", "howto")
    for page in (DOCS / folder).glob("*.md")
    if "```console" in page.read_text("utf-8")
)


@pytest.mark.parametrize("name", PAGES)
def test_every_command_on_the_page_does_what_the_page_says(name, tmp_path):
    page = (DOCS / name).read_text("utf-8")
    start = "tutorial/two-laptops.md"
    with Terminal(tmp_path) as terminal:
        if name != start:  # a recipe goes on where the tutorial ends
            _play(terminal, (DOCS / start).read_text("utf-8"), tmp_path, compare=False)
        _play(terminal, page, tmp_path, compare=True)


def _play(terminal, page, folder, *, compare):
    for step in steps(page):
        if not hasattr(step, "command"):
            (folder / step[0]).write_text(step[1], "utf-8")
            continue
        written = terminal.run(step.command)
        if compare:
            assert agrees(step.expected, written), f"$ {step.command}\n{written}"


def test_dots_stand_for_any_lines_and_nothing_else_does():
    assert agrees(["a", "...", "d"], "a\nb\nc\nd\n")
    assert agrees(["...", "d"], "d\n")
    assert agrees(["..."], "")
    assert not agrees(["a", "d"], "a\nb\nd\n")
    assert not agrees(["a"], "")


def test_only_what_differs_from_run_to_run_is_masked():
    assert masked("fingerprint  65262 27445 62841 37551 20163 48594") == "fingerprint FINGERPRINT"
    assert masked("IRQ/6 accepted a date") == "IRQ/6 accepted a date"
    assert masked("starts 2027-02-01T10:00:00+03:00") == "starts 2027-02-01T10:00:00+03:00"
