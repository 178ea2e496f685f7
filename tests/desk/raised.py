"""What the sources raise, and find: each place, with a sample of the words that it comes to.

raised({"Broken"})        every `Broken(thing, why)`, with the functions around it
sample(expr)              "has x7 signatures" for f"has {count} signatures"
english(told, sample)     the words of the sample that are still in what was told
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import comity

__all__ = ["SAMPLE", "Failure", "english", "raised", "sample", "texts"]

ROOT = Path(comity.__file__).parent
ELSEWHERE = ("bench", "client", "demo")
"""They run at a developer's desk, or on another program's side, and have no words."""

SAMPLE = "x7"
COMMAND = re.compile(r"`[^`]*`|pip install '[^']+'")
SAME = frozenset(
    {
        "x7", "TUR", "IRQ", "TLS", "PIN", "PEM", "DER", "X.509", "Comity", "SHA-256", "sha-256", "Ed25519",
        "ECDSA", "P-256", "OpenID", "Connect", "python-pkcs11", "PKCS#11", "COMITY_PASSPHRASE",
        "--passphrase-file", "--file", "node.json", "text.json", "accounts.json", "paper.pdf", "x7.en.md",
        "zip", "po", "comity[pkcs11]", "disk", "program", "form", "ready", "UTF-8", "ASCII", "NFC", "Unicode",
        "U", "YAML", "JSON", "RFC", "HTTP", "http", "https", "PORT", "base64", "base64url", "BASE64", "UTC",
        "Z", "PDF", "TIFF", "JPEG", "PNG", "CMS", "Markdown", "Typst", "KB", "MB", "MiB", "TUR/12", "TUR/17",
        "TUR/12#art-4", "art-4.2", "/x7", "en", "tr", "ar", "trade", "true", "false", "digitalSignature",
        "nonRepudiation", "comity-from", "comity-to",
    }
)  # fmt: skip
"""Words that are the same in every language: names, settings, what is to be typed, and some that are Turkish as well."""


class Failure(NamedTuple):
    """One place that raises: its file, what it is about, why, where in it; and the functions around, the inmost last."""

    file: str
    line: int
    thing: ast.expr
    why: ast.expr
    at: ast.expr | None
    around: tuple[ast.AST, ...]


def raised(kinds: set[str]) -> Iterator[Failure]:
    """Every place in the sources that makes such an error, or a finding."""
    for path in sorted(ROOT.rglob("*.py")):
        file = path.relative_to(ROOT)
        if file.parts[0] not in ELSEWHERE:
            yield from _in(ast.parse(path.read_text("utf-8")), str(file), kinds, ())


def _in(node: ast.AST, file: str, kinds: set[str], around: tuple[ast.AST, ...]) -> Iterator[Failure]:
    if isinstance(node, ast.Module | ast.FunctionDef):
        around = (*around, node)
    if (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in kinds
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Starred))
    ):
        assert len(node.args) >= 2, f"{file}:{node.lineno}: give both the thing and the reason by position"
        at = next((one.value for one in node.keywords if one.arg == "at"), None)
        at = node.args[2] if len(node.args) > 2 else at
        yield Failure(file, node.lineno, node.args[0], node.args[1], at, around)
    for child in ast.iter_child_nodes(node):
        yield from _in(child, file, kinds, around)


def texts(expr: ast.expr, failure: Failure) -> Iterator[tuple[str, ast.expr]]:
    """What an expression may come to, as far as it can be read: a source text and a constant or an f-string."""
    match expr:
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts(body, failure)
            yield from texts(orelse, failure)
        case ast.Name(id=name):
            given = [one for scope in failure.around[::-1] for one in _assigned(scope, name)]
            for value in given:
                yield from texts(value, failure)
            if not given:
                yield ast.unparse(expr), expr
        case _:
            yield ast.unparse(expr), expr


def _assigned(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """What is assigned to the name: in a function anywhere, in a module at its top."""
    for node in ast.walk(scope) if isinstance(scope, ast.FunctionDef) else scope.body:  # type: ignore[attr-defined]
        if isinstance(node, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == name for to in node.targets
        ):
            yield node.value


def sample(expr: ast.expr) -> str | None:
    """The text with something harmless in each place that varies; None where nothing of it stands in the source."""
    match expr:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(values):
            return "".join(_part(one) for one in values)
    return None


def _part(one: ast.expr) -> str:
    """A piece of an f-string; `!r` puts quotation marks around what varies."""
    if isinstance(one, ast.Constant):
        return str(one.value)
    return f"'{SAMPLE}'" if isinstance(one, ast.FormattedValue) and one.conversion == ord("r") else SAMPLE


def english(told: str, sample: str) -> set[str]:
    """The words of the sample that are still there, but for those that are the same in every language, and commands."""
    word = re.compile(r"[\w.#@/\[\]-]*[A-Za-z][\w.#@/\[\]-]*")
    left = {one.strip(".") for one in word.findall(COMMAND.sub("", told))} & {
        one.strip(".") for one in word.findall(sample)
    }
    return left - SAME
