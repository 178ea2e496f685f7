"""What the tutorial and the recipes show is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.console import Terminal, agrees, masked, steps

DOCS = Path(__file__).parents[2] / "docs"
# In this order, in one folder: each goes on where the one before ended.
PAGES = (
    "tutorial/two-laptops.md",
    "howto/manage-accounts.md",
    "howto/carry-a-pouch.md",
    "howto/prove-an-act.md",
    "howto/evidence.md",
    "howto/rotate-a-key.md",
    "howto/restore-a-node.md",
    "howto/handle-a-fork.md",
)
# Pages that go on where the tutorial ended, each in a folder of its own.
APART = ("howto/sign-a-paper.md", "howto/use-the-api.md")
# Played with a browser beside, in `test_two_browsers`.
WITH_A_BROWSER = ("tutorial/two-browsers.md",)


def test_every_command_on_these_pages_does_what_the_page_says(tmp_path):
    with Terminal(tmp_path) as terminal:
        for name in PAGES:
            _play(terminal, name, tmp_path)


@pytest.mark.parametrize("page", APART)
def test_every_command_on_a_page_apart_does_what_the_page_says(tmp_path, page):
    with Terminal(tmp_path) as terminal:
        for name in (PAGES[0], page):
            _play(terminal, name, tmp_path)


def test_no_other_page_shows_commands_that_nobody_runs():
    found = {
        page.relative_to(DOCS).as_posix()
        for page in DOCS.rglob("*.md")
        if "```console" in page.read_text("utf-8")
    }
    assert found == {*PAGES, *APART, *WITH_A_BROWSER}


def _play(terminal, name, folder):
    for step in steps((DOCS / name).read_text("utf-8")):
        if not hasattr(step, "command"):
            (folder / step[0]).write_text(step[1], "utf-8")
            continue
        written = terminal.run(step.command)
        assert agrees(step.expected, written), f"{name}\n$ {step.command}\n{written}"


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
