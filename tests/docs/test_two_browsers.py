"""What the tutorial of two browsers tells is what happens: its commands are typed and its buttons pressed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.console import Terminal, agrees, steps
from tests.docs.pressing import Browsing, moves, named
from tests.web.browser import Fresh, browser, fresh

from comity.words import Words, places

__all__ = ["browser", "fresh"]

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial" / "two-browsers.md").read_text("utf-8")


def test_every_step_of_the_tutorial_does_what_it_says(tmp_path: Path, fresh: Fresh) -> None:
    """Seen to fail when a button on the way has other words than the tutorial says."""
    with Terminal(tmp_path) as terminal:
        browsing = Browsing(lambda: fresh().new_page(), terminal.really, tmp_path)
        for part in re.split(
            r"(^(?:Save this as [^\n]*\n\n)?```.*?^```$)", PAGE, flags=re.MULTILINE | re.DOTALL
        ):
            for step in steps(part):
                if not hasattr(step, "command"):
                    (tmp_path / step[0]).write_text(step[1], "utf-8")
                    continue
                written = terminal.run(step.command)
                assert agrees(step.expected, written), f"$ {step.command}\n{written}"
            for move in moves(part):
                browsing.do(move)


def test_the_sentences_that_are_played_are_those_that_name_something() -> None:
    """A bold word that no sentence plays would be a promise that nobody keeps."""
    played = [word for move in moves(PAGE) for name, word in move.words.items() if name != "place"]
    assert [word for word in named(PAGE) if word not in played] == []
    assert len(played) > 40


PAGES = sorted((Path(__file__).parents[2] / "docs" / "howto").glob("for-*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_for_an_office_names_in_bold_is_what_the_pages_call_it(page: Path) -> None:
    """Seen to fail when a button or a heading gets other words and the page for an office keeps the old ones."""
    words = Words("en")
    told = [text for place in ("", *places()) for text in words.of(place, "en").values()]
    known = {text for one in told for text in (one, one.removesuffix("."), one.partition(". ")[0])}
    assert [word for word in named(page.read_text("utf-8")) if word not in known] == []
