"""What the tutorial of two browsers tells is what happens: its commands are typed and its buttons pressed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.console import Terminal, agrees, steps
from tests.docs.pressing import Browsing, moves, named
from tests.web.browser import Fresh, browser, fresh

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
