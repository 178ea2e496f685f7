"""What was not as it should be, and what `comity check` finds, is told in every language: no reason stays in English."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest
import yaml
from tests.desk.raised import ROOT, SAMPLE, Failure, english, raised, sample, texts

from comity.core.act import LANGUAGES
from comity.desk import reasons
from comity.words import Words

OTHERS = sorted(set(LANGUAGES) - {"en"})
FAILURES = list(raised({"Malformed"}))

PASSED_ON = frozenset(
    {
        "str(error)", "error.why", "error.msg", "why", "wrong[1]", "f'{error}'", "f'{fault.thing}: {fault.why}'",
        "f'{fault.why}: {fault.at}'", "f'{error}'.replace('`$.', '`').replace('Object ', 'it ')",
    }
)  # fmt: skip
"""Reasons of another error, which are told by themselves, or as a thing and a reason (`test_reasons`)."""

TYPED = frozenset(
    {
        "f'{row.id} ({language})'", "f'{log}/{number}'", "f'{party}/{number}'", "f'{store.name}'", "'PDF'",
        "'accounts.json'", "'Idempotency-Key'", "'signature-input'", "'content-digest'", "'terms.due.basis'",
        "'terms.due.on'",
    }
)  # fmt: skip
"""Things that have one name in every language: a file, a header, a field, an act."""

AT_ONCE = frozenset({"'final.renewal notice'"})
"""Places that are two fields."""

FINDERS = {
    "node/withheld.py": ("check", "_check_one"),
    "node/shelf.py": ("faults",),
    "storage/sqlite.py": ("faults",),
}
"""Where `comity check` has its findings from: what such a function yields or lists."""

HANDED_ON = frozenset(
    {"error.why", "str(error)", "why", "str(refusal)", "fault", "_STRAY", "_UNFINISHED", "row[0]",
     "str(error).removeprefix(f'{thing}: ')", "session.say('done.audit_broken', number=trail.broken)"}
)  # fmt: skip
"""Findings that another place has made; a refusal is told by its code, which is the same in every language."""


def _lacking(words: Words, given: Iterator[tuple[str, str, str]]) -> dict[str, str]:
    """Where, the source, and a sample of each reason that is still in English."""
    lacking = {}
    for at, source, why in given:
        told = reasons.said(words, why)
        if told == why or english(told, why):
            lacking[at] = source
    return lacking


def _reasons() -> Iterator[tuple[str, str, str]]:
    for failure in FAILURES:
        for source, expr in texts(failure.why, failure):
            if source not in PASSED_ON:
                yield f"{failure.file}:{failure.line}", source, sample(expr) or source


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_is_told_in_every_language(language: str) -> None:
    """One that is new needs an entry `reason.*` in the catalogues."""
    assert _lacking(Words(language), _reasons()) == {}
    assert len(FAILURES) > 300


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_is_read_is_named_in_every_language(language: str) -> None:
    words = Words(language)
    lacking = {}
    for failure in FAILURES:
        for source, expr in texts(failure.thing, failure):
            named = sample(expr)
            if named is None or source in TYPED or not re.search("[A-Za-z]", named.replace(SAMPLE, "")):
                continue
            told = reasons.thing(words, named)
            if told == named or english(told, named):
                lacking[f"{failure.file}:{failure.line}"] = source
    assert lacking == {}


@pytest.mark.parametrize("language", OTHERS)
def test_every_place_is_told_but_for_the_names_of_fields(language: str) -> None:
    words = Words(language)
    lacking = {
        f"{failure.file}:{failure.line}": source
        for failure in FAILURES
        if failure.at is not None
        for source, expr in texts(failure.at, failure)
        if source not in AT_ONCE
        and re.search("[a-z] ", at := sample(expr) or "")
        and reasons.place(words, at) == at
    }
    assert lacking == {}


def test_what_is_passed_on_is_still_passed_on() -> None:
    whys = {source for failure in FAILURES for source, _ in texts(failure.why, failure)}
    things = {source for failure in FAILURES for source, _ in texts(failure.thing, failure)}
    places = {source for one in FAILURES if one.at is not None for source, _ in texts(one.at, one)}
    assert (PASSED_ON - whys, TYPED - things, AT_ONCE - places) == (set(), set(), set())


# ------------------------------------------------------------------------------------------- comity check


def _findings() -> Iterator[tuple[str, ast.expr, Failure]]:
    """What is wrong in each finding, and where that stands."""
    for failure in raised({"Finding"}):
        if failure.file in {"node/check.py", "cli/proofs.py"}:
            yield f"{failure.file}:{failure.line}", failure.why, failure
    for file, names in FINDERS.items():
        for within in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
            if not isinstance(within, ast.FunctionDef) or within.name not in names:
                continue
            for node in ast.walk(within):
                match node:
                    case ast.Yield(value=ast.Tuple(elts=[what, why])):
                        pass
                    case ast.Call(func=ast.Attribute(value=ast.Name("found"), attr="append"), args=[why]):
                        what = why
                    case _:
                        continue
                yield f"{file}:{node.lineno}", why, Failure(file, node.lineno, what, why, None, (within,))


@pytest.mark.parametrize("language", OTHERS)
def test_every_finding_of_a_check_is_told_in_every_language(language: str) -> None:
    found = list(_findings())
    told = (
        (at, source, sample(one) or source)
        for at, why, failure in found
        for source, one in texts(why, failure)
        if source not in HANDED_ON
    )
    assert _lacking(Words(language), told) == {}
    assert len(found) > 35


# ------------------------------------------------------------------------------------------- other programs


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("text", ["", "{", "[1", "[1 2]", '{"a" 1}', "{1}", '"a', "[] []", '"\n"', '"\\q"'])
def test_what_the_reader_of_json_says_is_told(text: str, language: str) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    why = caught.value.msg
    assert english(reasons.said(Words(language), why), why) == set()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("text", ["a: b: c", "a: @b", "a: 1\nb\nc: 2", "- a\nb: c", "a: [1, 2", "a: 'b"])
def test_what_the_reader_of_yaml_says_is_told(text: str, language: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        yaml.safe_load(text)
    why = f"is not YAML: {caught.value.problem}"
    assert english(reasons.said(Words(language), why), why) == set()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "named",
    [
        "mechanism x7", "docket x7", "withheld file x7", "signed heads of TUR", "signed head of TUR",
        "signed head of TUR at 7", "receipt for IRQ in the signed head of TUR at 7", "kept root of TUR", "cards",
        "fault proof of TUR", "value 'ready' in database x7", "value 'ready' in memory", "log of TUR", "key file x7",
    ],
)  # fmt: skip
def test_what_a_check_looks_at_is_named_in_every_language(named: str, language: str) -> None:
    told = reasons.thing(Words(language), named)
    assert told != named
    assert english(told, named) == set()
