"""The tables of docs/reference that follow from the code: every act, every refusal, every page.

    python -m tests.docs.tables        writes them anew between their marks

The tests fail where a table is not what the code says, so nothing can be added without its row.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import comity
from comity.chapters import all_chapters
from comity.core.chapter import Chapter, Kind
from comity.core.charter import CHAPTER as CHARTER
from comity.core.fold import COMMON
from comity.web.page import Page
from comity.web.pages import PAGES as EVERY_PAGE
from comity.words import Words, places

ROOT = Path(__file__).parents[2]
SOURCE = Path(comity.__file__).parent
WORDS = Words("en")
PAGES = {
    "acts": "docs/reference/acts.md",
    "refusals": "docs/reference/errors-and-refusals.md",
    "pages": "docs/reference/pages.md",
}
# What a page shows, where the one function that draws it draws others too, or says no more than that it is a page.
SHOWN = {
    "/m/ID/d/PARTY/NUMBER": "A docket as a conversation: what each party said in it, with its standing.",
    "/m/ID/a/PARTY/NUMBER": "One act as the record holds it: its facts, its hashes, its bytes.",
    "/m/ID/say/CHAPTER/VERB": "The form of an act; judged, then said, by what its last button sends.",
    "/m/ID/say/CHAPTER/VERB/PARTY/NUMBER": "The same, in the docket that is named.",
    "/account": "One's own account; and how one is shown and spoken to.",
    "/found/card": "The form of a card of ours; and the card, made once for each form.",
    "/found/propose": "The form of a charter; more cards, a charter to be looked at, or the last word.",
    "/found/accept": "The form to which a charter is given; then what was heard, and the last word.",
    "/sign-in": "The form; and a name with a password.",
    "/admin/add": "The form of a new account; and the account.",
    "/public/LANGUAGE": "What is released, newest first.",
    "/public/LANGUAGE/feed.atom": "News of releases (Atom).",
    "/public/LANGUAGE/calendar.ics": "Released meetings (iCalendar).",
    "/public/LANGUAGE/verify": "How to verify, and what to compare.",
    "/public/LANGUAGE/MECHANISM/PARTY/NUMBER": "One release.",
    "/public/LANGUAGE/MECHANISM/PARTY/NUMBER/proof": "A file for `comity verify`.",
    "/public/LANGUAGE/MECHANISM/PARTY/NUMBER/acts/PARTY/NUMBER": "One act of a release that shows every act.",
}


class Code(NamedTuple):
    """A refusal code, the modules that raise it, the rules that it names."""

    name: str
    modules: tuple[str, ...]
    rules: tuple[str, ...]


def constants(node: ast.expr, tree: ast.AST) -> list[str]:
    """The strings that an expression may be: a literal, a choice between two, or a name given one of these."""
    if isinstance(node, ast.Name):
        given = [
            a.value
            for a in ast.walk(tree)
            if isinstance(a, ast.Assign) and ast.unparse(a.targets[0]) == node.id
        ]
        return [text for value in given for text in constants(value, tree)]
    if isinstance(node, ast.IfExp):
        return constants(node.body, tree) + constants(node.orelse, tree)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def codes() -> list[Code]:
    """Every code with which `Refused` is raised anywhere in the source."""
    modules: dict[str, set[str]] = {}
    rules: dict[str, set[str]] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Refused" and call.args:
                for code in constants(call.args[0], tree):
                    modules.setdefault(code, set()).add(file.relative_to(SOURCE).with_suffix("").as_posix())
                    named = [text for argument in call.args[1:2] for text in constants(argument, tree)]
                    rules.setdefault(code, set()).update(text for text in named if text)
    return [Code(name, tuple(sorted(modules[name])), tuple(sorted(rules[name]))) for name in sorted(modules)]


def said(code: Code) -> str:
    chapter = next((m.split("/")[1] for m in code.modules if m.startswith("chapters/")), "")
    for place in dict.fromkeys((chapter, "", "cli", "charter", *places())):
        if found := WORDS.of(place, "en").get(f"refused.{code.name}"):
            return found
    return ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("*", "\\*")


def refusals() -> str:
    """One row a code."""
    lines = ["| code | rule | what a person is told |", "|---|---|---|"]
    lines += [f"| `{code.name}` | {', '.join(code.rules)} | {_cell(said(code))} |" for code in codes()]
    return "\n".join(lines)


# -------------------------------------------------------------------------------------------- acts


def chapters() -> list[Chapter]:
    return [CHARTER, *all_chapters().values()]


def _traits(kind: Kind) -> Iterator[str]:
    if kind.opens:
        yield "opens a docket"
    fewest, most = kind.answers
    if most:
        yield f"answers {fewest}" if fewest == most else f"answers {fewest} to {most}"
    if kind.mandated:
        yield "needs a mandate"
    if kind.signed:
        yield "signed by a person"
    if kind.erasable:
        yield "content can be destroyed"


def _fields(kind: Kind) -> str:
    told = []
    for field in msgspec.structs.fields(kind.body):
        required = field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT
        told.append(f"`{field.encode_name}`" if required else f"`{field.encode_name}`?")
    return ", ".join(told)


def _rows(name: str, kinds: Any) -> list[str]:
    rows = [
        f"| `{kind.name}` | `{kind.verb}` | {'; '.join(_traits(kind))} | {_fields(kind)} |" for kind in kinds
    ]
    return [f"\n## {name}\n", "| act | verb | | content |", "|---|---|---|---|", *rows]


def acts() -> str:
    """One table a chapter."""
    lines = [line for chapter in chapters() for line in _rows(chapter.name, chapter.kinds)]
    return "\n".join([*lines, *_rows("in every docket", COMMON)])


# -------------------------------------------------------------------------------------------- addresses


def address(path: str) -> str:
    """A path of the pages as people write it: `/m/ID/d/PARTY/NUMBER`."""
    if path.startswith("/m/"):
        path = path.replace("{mechanism:str}", "ID")
    return re.sub(r"\{(?:act_)?(\w+):\w+\}", lambda found: found[1].upper(), path)


def _who(page: Page) -> str:
    if page.public:
        return "everybody"
    if page.path.startswith("/admin"):
        return "administrators"
    if page.path.startswith("/found"):
        return "whoever may found"
    return "whoever holds an office in it" if page.path.startswith("/m/") else "whoever is signed in"


def shown(path: str, page: Page) -> str:
    """What a page shows, in a sentence."""
    told = (inspect.getdoc(page.work) or "").split("\n", maxsplit=1)[0]
    return SHOWN.get(path) or told.partition(" Raises `")[0]


def pages() -> str:
    """One row an address, in the order of the addresses."""
    rows: dict[str, tuple[Page, set[str]]] = {}
    for page in EVERY_PAGE:
        rows.setdefault(address(page.path), (page, set()))[1].update(page.methods)
    lines = ["| address | | who may come | what is there |", "|---|---|---|---|"]
    lines += [
        f"| `{path}` | {', '.join(sorted(methods))} | {_who(page)} | {_cell(shown(path, page))} |"
        for path, (page, methods) in sorted(rows.items())
    ]
    return "\n".join(lines)


# -------------------------------------------------------------------------------------------- pages


def replaced(name: str) -> tuple[str, str]:
    """A page as it is, and as it should be."""
    page = (ROOT / PAGES[name]).read_text("utf-8")
    begin, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
    before, _, rest = page.partition(begin)
    after = rest.partition(end)[2]
    table = {"acts": acts, "refusals": refusals, "pages": pages}[name]().strip()
    return page, f"{before}{begin}\n\n{table}\n\n{end}{after}"


if __name__ == "__main__":
    for page_name, path in PAGES.items():
        (ROOT / path).write_text(replaced(page_name)[1], "utf-8")
