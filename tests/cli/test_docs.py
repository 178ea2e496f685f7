"""The reference of the command line is current, and nothing in it is undocumented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from comity.cli.docs import page
from comity.cli.main import root
from comity.cli.session import Session
from comity.cli.spoken import Argument, Command, Group, Option
from comity.core.act import LANGUAGES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def every(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None, name
        inner = click.Context(found, info_name=name, parent=context)
        yield inner.command_path, found, inner
        if isinstance(found, click.Group):
            yield from every(found, inner)


def context(language: str) -> click.Context:
    session = Session()
    session.language = language
    return click.Context(root(), info_name="comity", obj=session)


def test_the_page_is_what_the_commands_make() -> None:
    """Make it again: python -m comity.cli.docs > docs/reference/cli.md"""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_words_in_every_language(language: str) -> None:
    at = context(language)
    words = at.obj.words
    lacking = []
    for path, found, inner in every(at.command, at):  # type: ignore[arg-type]
        assert isinstance(found, Command | Group), path
        named = [(found.place, found.key)]
        named += [(p.place, p.key) for p in found.get_params(inner) if isinstance(p, Option | Argument)]
        for place, key in named:
            if key not in words.of(place, language) and key not in words.of("", language):
                lacking.append(f"{path}: {place} {key}")
    assert lacking == []


def test_every_command_stands_in_the_page() -> None:
    text = page()
    at = context("en")
    for path, _, _ in every(at.command, at):  # type: ignore[arg-type]
        assert re.search(rf"^#+ {re.escape(path)}$", text, re.MULTILINE), path


def test_no_option_hides_one_that_every_command_takes() -> None:
    """Of demo and bench `--json` takes a file, which the contract for scripts says."""
    common = {"--node", "--mechanism", "--language", "--now", "--passphrase-file", "--json"}
    at = context("en")
    for path, found, _ in every(at.command, at):  # type: ignore[arg-type]
        if isinstance(found, click.Group):
            continue
        taken = [option for param in found.params for option in param.opts if option in common]
        assert set(taken) == common, path
        assert len(taken) == len(common), path
