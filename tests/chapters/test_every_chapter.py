"""Every chapter keeps the same promises, whoever wrote it. A chapter is found by its folder; none is left out.

What a new chapter brings for these tests: words in three languages, a README.md that names its kinds, and
`tests/chapters/<name>/scenarios.py` with `scenarios() -> list[Table]`, in which every kind is said at least once.
The scenarios are then replayed here in other orders, cut off at every point, and with contents destroyed.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect
from tests.chapters.replay import ON, account, closed_cuts, floats, settled, shuffled, told, verdicts
from tests.chapters.table import Table

import comity.chapters
from comity.chapters import all_chapters
from comity.core import canonical
from comity.core.act import LANGUAGES
from comity.core.chapter import Chapter
from comity.words import Words, places

CHAPTERS = all_chapters()
FOLDER = Path(comity.chapters.__path__[0])
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=list(CHAPTERS))


@cache
def scenarios(name: str) -> list[Table]:
    found: list[Table] = import_module(f"tests.chapters.{name}.scenarios").scenarios()
    assert found
    return found


def every_scenario() -> list[Any]:
    """A chapter whose scenarios are missing gets one run all the same, in which it fails."""
    counts = dict.fromkeys(CHAPTERS, 1)
    for name in CHAPTERS:
        with suppress(ModuleNotFoundError):
            counts[name] = len(scenarios(name))
    return [
        pytest.param(name, at, id=f"{name}-{at}") for name, count in counts.items() for at in range(count)
    ]


def sources(chapter: Chapter) -> list[ast.AST]:
    return [ast.parse(file.read_text("utf-8")) for file in sorted((FOLDER / chapter.name).rglob("*.py"))]


def calls(chapter: Chapter, name: str) -> Iterator[ast.Call]:
    """Every call of a thing of that name in the chapter's source."""
    for tree in sources(chapter):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called == name:
                    yield node


def literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


@cache
def words(language: str) -> Words:
    return Words(language)


def in_all_languages(chapter: Chapter, keys: set[str]) -> list[str]:
    """Which of these keys have no words of their own, in which language."""
    return [
        f"{language}: {key}"
        for language in LANGUAGES
        for key in sorted(keys)
        if not any(key in words(language).of(place, language) for place in (chapter.name, ""))
    ]


def fields(kind: Any, found: set[str]) -> set[str]:
    """The names of all fields in a content, those of nested structs too."""
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            found.add(field.name)
            fields(field.type, found)
    for inner in ("item_type", "key_type", "value_type", "type"):
        if hasattr(kind, inner):
            fields(getattr(kind, inner), found)
    for inner in (*getattr(kind, "types", ()), *getattr(kind, "item_types", ())):
        fields(inner, found)
    return found


# ------------------------------------------------------------------------------------- names and words


def test_every_folder_is_a_chapter_of_its_name() -> None:
    folders = {found.name for found in FOLDER.iterdir() if (found / "__init__.py").is_file()}
    assert folders == set(CHAPTERS)
    assert {chapter.name for chapter in CHAPTERS.values()} == set(CHAPTERS)
    nouns = [chapter.noun for chapter in CHAPTERS.values()]
    assert len(set(nouns)) == len(nouns)


@every_chapter
def test_kinds_begin_with_the_noun_and_carry_a_version(chapter: Chapter) -> None:
    for kind in chapter.kinds:
        assert re.fullmatch(rf"{chapter.noun}\.[a-z][a-z_]*/[1-9][0-9]*", kind.name), kind.name
    names = [kind.name for kind in chapter.kinds]
    assert len(set(names)) == len(names)
    assert any(kind.opens for kind in chapter.kinds), "nothing opens a docket"


@every_chapter
def test_verbs_are_unique_and_can_be_typed(chapter: Chapter) -> None:
    newest = {kind.name.partition("/")[0]: kind.verb for kind in chapter.kinds}
    assert len(set(newest.values())) == len(newest)
    assert all(re.fullmatch(r"[a-z][a-z-]*", verb) for verb in newest.values())


@every_chapter
def test_the_readme_names_every_kind_and_question(chapter: Chapter) -> None:
    text = (FOLDER / chapter.name / "README.md").read_text("utf-8")
    wanted = [*(kind.name for kind in chapter.kinds), *(f"`{question}" for question in chapter.questions)]
    assert [name for name in wanted if name not in text] == []


@every_chapter
def test_kinds_verbs_fields_and_questions_have_words_in_three_languages(chapter: Chapter) -> None:
    keys = {"chapter"} | {f"question.{question}" for question in chapter.questions}
    for kind in chapter.kinds:
        keys |= {f"kind.{kind.name.partition('/')[0]}", f"verb.{kind.verb}"}
        keys |= {f"field.{field}" for field in fields(inspect.type_info(kind.body), set())}
    assert in_all_languages(chapter, keys) == []


@every_chapter
def test_every_refusal_is_named_literally_and_has_words_in_three_languages(chapter: Chapter) -> None:
    codes = {literal(call) for call in calls(chapter, "Refused")}
    assert None not in codes, "write the code where it is raised, so that people and this test can find it"
    assert in_all_languages(chapter, {f"refused.{code}" for code in codes}) == []


@every_chapter
def test_the_words_of_a_refusal_ask_only_for_facts_that_it_gives(chapter: Chapter) -> None:
    for call in calls(chapter, "Refused"):
        if any(keyword.arg is None for keyword in call.keywords):  # Refused(code, **facts)
            continue
        given = {keyword.arg for keyword in call.keywords} | {"provision"}
        for language in LANGUAGES:
            said = words(language).say(f"refused.{literal(call)}", chapter.name)
            assert set(re.findall(r"\{(\w+)\}", said)) <= given, f"{language}: {literal(call)}"


@every_chapter
def test_every_milestone_has_words_in_three_languages(chapter: Chapter) -> None:
    whats = {what for call in calls(chapter, "Milestone") if (what := literal(call))}
    seen = [milestone for table in scenarios(chapter.name) for milestone in chapter.milestones(table.view())]
    assert in_all_languages(chapter, {f"milestone.{what}" for what in whats | {m.what for m in seen}}) == []
    for milestone in seen:
        for language in LANGUAGES:
            said = words(language).say(f"milestone.{milestone.what}", chapter.name, **milestone.facts)
            assert "{" not in said, said


def test_every_chapter_has_words_of_its_own() -> None:
    assert set(CHAPTERS) <= set(places())


# --------------------------------------------------------------------------------------------- acts


@every_chapter
def test_every_kind_is_said_in_a_scenario(chapter: Chapter) -> None:
    said = {act.kind for table in scenarios(chapter.name) for act in table.acts}
    assert {kind.name for kind in chapter.kinds} <= said


@every_chapter
def test_every_content_round_trips_through_canonical_json(chapter: Chapter) -> None:
    for table in scenarios(chapter.name):
        for act in table.acts:
            kind = chapter.kind(act.kind)
            if kind is None or act.body is None:
                continue
            raw = canonical.encode(act.body)
            assert canonical.parse(raw, kind.body, act.kind) == act.body
            assert canonical.encode(canonical.decode(raw)) == raw, "the two encoders differ"


@every_chapter
def test_a_content_with_an_unknown_field_is_not_read(chapter: Chapter) -> None:
    for kind in chapter.kinds:
        assert kind.body.__struct_config__.forbid_unknown_fields, kind.name
        assert kind.body.__struct_config__.frozen, kind.name


# ------------------------------------------------------------------------- the laws, over every scenario


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_what_is_told_is_plain_data_without_floats(name: str, at: int) -> None:
    table = scenarios(name)[at]
    view, chapter = table.view(), table.chapter
    assert not floats(chapter.describe(view))
    assert not floats(chapter.title(view))
    assert chapter.summary is None or not floats(msgspec.to_builtins(chapter.summary(view)))
    for question in chapter.questions.values():
        for on in ON:
            assert not floats(question(view, on))


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_any_order_of_arrival_gives_the_same_account(name: str, at: int) -> None:
    """Laws 2 and 6. Seen to fail when a state remembers, outside its halves, in which order it met the acts."""
    table = scenarios(name)[at]
    expected = account(table, table.view())
    for seed in range(8):
        order = shuffled(table, random.Random(seed))
        fold = type(table.fold())(table.docket, table.chapter, table.parties)
        for act in order:
            fold.add(act, table.setting)
        assert account(table, fold.at(table.sizes)) == expected


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_milestones_only_grow_and_settled_ones_stay(name: str, at: int) -> None:
    """Law 3, from every cut to every next one. A withdrawal may be found void only until it is settled."""
    table = scenarios(name)[at]
    fold, chapter = table.fold(), table.chapter
    shown = {}
    for cut in closed_cuts(table):
        found = chapter.milestones(fold.at(cut))
        shown[tuple(cut.values())] = (
            {told(m) for m in found},
            {told(m) for m in found if not m.withdrawal or settled(m, table, cut)},
        )
    for steps, (_, firm) in shown.items():
        for at_party in range(len(steps)):
            after = (*steps[:at_party], steps[at_party] + 1, *steps[at_party + 1 :])
            if after in shown:
                assert firm <= shown[after][0], (
                    f"{firm - shown[after][0]} was lost between {steps} and {after}"
                )


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_destroyed_content_changes_no_verdict_and_no_milestone(name: str, at: int) -> None:
    """Law 8. Seen to fail when a rule looks into a content that may be gone."""
    table = scenarios(name)[at]
    chapter = table.chapter
    erasable = {kind.name for kind in chapter.kinds if kind.erasable}
    bare = [msgspec.structs.replace(act, body=None) if act.kind in erasable else act for act in table.acts]
    assert verdicts(table, bare) == verdicts(table)
    view = table.fold(bare).at(table.sizes)
    assert [(m.what, m.subject, m.halves) for m in chapter.milestones(view)] == [
        (m.what, m.subject, m.halves) for m in chapter.milestones(table.view())
    ]
    account(table, view)


@every_chapter
def test_what_may_be_destroyed_decides_nothing(chapter: Chapter) -> None:
    """Law 8: an erasable kind that said yes to something could be made to have said nothing."""
    assert [kind.name for kind in chapter.kinds if kind.erasable and kind.opens] == []


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_days_passing_never_raise(name: str, at: int) -> None:
    """Law 6: a question has an answer on every day, at every cut."""
    table = scenarios(name)[at]
    fold = table.fold()
    for cut in closed_cuts(table):
        for question in table.chapter.questions.values():
            for on in (date(1900, 1, 1), *ON, date(2200, 1, 1)):
                question(fold.at(cut), on)
