"""Nothing exists that the reference does not name, and nothing is linked to that does not exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest
from tests.docs import tables

from comity.cli.main import root
from comity.cli.session import Session
from comity.web.pages import PAGES as EVERY_PAGE

ROOT = tables.ROOT
DOCS = ROOT / "docs"
REFERENCE = "\n".join(page.read_text("utf-8") for page in sorted((DOCS / "reference").glob("*.md")))
PAGES = [
    *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts),
    *(
        ROOT / name
        for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
    ),
]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("name", tables.PAGES)
def test_the_table_is_what_the_code_says(name):
    """Seen to fail when a refusal or a kind is added without its row. Mend it: python -m tests.docs.tables."""
    page, wanted = tables.replaced(name)
    assert page == wanted


def test_every_kind_of_act_is_in_the_reference():
    kinds = [kind.name for chapter in tables.chapters() for kind in chapter.kinds]
    assert len(kinds) > 30
    assert [kind for kind in kinds if f"`{kind}`" not in REFERENCE] == []


def test_every_refusal_code_is_in_the_reference_and_has_words():
    codes = tables.codes()
    assert len(codes) > 60
    assert [code.name for code in codes if f"`{code.name}`" not in REFERENCE] == []
    assert [code.name for code in codes if not tables.said(code)] == []


def test_every_page_is_in_the_reference_with_what_it_shows():
    """Seen to fail when a page is added whose function does not say what it draws."""
    told = {tables.address(page.path): tables.shown(tables.address(page.path), page) for page in EVERY_PAGE}
    assert len(told) > 50
    assert [path for path, words in told.items() if len(words) < 12] == []
    assert [path for path in tables.SHOWN if path not in told] == []


def test_every_refusal_code_can_be_found_in_the_source():
    """A code that is put together while the program runs could be in no reference."""
    for file in sorted(tables.SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Refused":
                assert tables.constants(call.args[0], tree), f"{file.name}:{call.lineno}"


def commands(group: click.Group, path: str, context: click.Context) -> list[str]:
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append(f"{path} {name}")
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}", click.Context(command, parent=context))
    return found


def test_every_command_is_in_the_reference():
    group = root()
    found = commands(group, "comity", click.Context(group, obj=Session()))
    assert len(found) > 50
    assert [path for path in found if path not in REFERENCE] == []


def test_every_environment_variable_is_in_the_reference():
    asked = {
        name
        for file in tables.SOURCE.rglob("*.py")
        for name in re.findall(r"\b(COMITY_[A-Z_]+)\b", file.read_text("utf-8"))
    }
    assert {"COMITY_NODE", "COMITY_LANGUAGE", "COMITY_PASSPHRASE"} <= asked
    settings = (DOCS / "reference" / "settings.md").read_text("utf-8")
    assert [name for name in sorted(asked) if f"`{name}`" not in settings] == []


def anchors(page: Path) -> set[str]:
    """As the documentation builder makes them from headings."""
    found = set()
    for heading in re.findall(r"^#{1,6} +(.+)$", page.read_text("utf-8"), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} on {page.name}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link} on {page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_names_a_machine_of_ours(page):
    text = page.read_text("utf-8")
    assert re.findall(r"/(?:work|root|home|tmp)/\S*", text) == []
