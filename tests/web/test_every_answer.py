"""Every answer to a form, read: come back with faults, confirmed or refused, it holds no word of another language.

Each kind's form is sent empty, with what no field can hold, and with the content of an act of its chapter's scenarios.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest
from tests.api.house import MANDATE
from tests.web.catalogue import left, strings
from tests.web.stage import Client
from tests.web.world import VERBS, World, act_of, hidden, seen

from comity.accounts import MACHINE
from comity.chapters import all_chapters
from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.charter import CHAPTER as CHARTER
from comity.core.fold import COMMON
from comity.desk.fields import Field, fields
from comity.web.written import texts

BAD = "qzx"
CHAPTERS = {"charter": CHARTER, **all_chapters()}
OWN = ("ayla", "Ayla Demir", "root", "secretariat", "Secretariat", BAD, "cdef", "ed25519", "ml-dsa-44")
"""What a person or the world is called, what is typed, and what is written so in every language."""

CONTENTS = {
    "charter.key_added/1": {"use": ["node"], "_new_key": ["yes"]},
    "charter.office_filled/1": {"office": ["registry"], "titles.tr": ["Kayıt"], "_new_key": ["yes"]},
    "charter.office_vacated/1": {"office": ["secretariat"]},
    "charter.powers_issued/1": {"office": ["secretariat"], "instrument": ["TUR/1"]},
    "charter.address_changed/1": {"address": ["https://node.example"]},
    "release.proposed/1": {"matter": ["TUR/1"], "extent": ["outcome"]},
}
"""What could be said here, as texts of a form, where no scenario of the chapter says it of what is here."""


def _kind(chapter: str, verb: str) -> Kind:
    return next(kind for kind in (*CHAPTERS[chapter].kinds, *COMMON) if kind.verb == verb)


def _scenarios(chapter: str) -> Mapping[str, Any]:
    """For each kind of a chapter the content of one act of its scenarios, as texts of a form."""
    module = importlib.import_module(f"tests.chapters.{chapter}.scenarios")
    found: dict[str, Any] = {}
    for _, scene in inspect.getmembers(module, inspect.isfunction):
        asked = inspect.signature(scene).parameters.values()
        if scene.__module__ != module.__name__ or any(one.default is one.empty for one in asked):
            continue
        told = scene()
        for table in told if isinstance(told, tuple | list) else [told]:
            for act in getattr(table, "acts", ()):
                if act.body is not None:
                    found.setdefault(act.kind, act.body)
    return found


def _bad(known: tuple[Field, ...], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Something for every input that it cannot hold, or that the rules will not like."""
    for field in known:
        name = f"{prefix}{field.name}"
        match field.sort:
            case "group":
                yield from _bad(field.fields, f"{name}.")
            case "list" if field.item is not None and field.item.fields:
                yield from _bad(field.item.fields, f"{name}.0.")
            case "list" if field.item is not None and field.item.sort == "names":
                yield f"{name}.0.tr", BAD
            case "names":
                yield f"{name}.tr", BAD * 8000
            case "numbers":
                yield f"{name}.TUR", BAD
            case "data":
                yield name, "{"
            case _:
                yield name, BAD


@pytest.fixture(scope="module")
def dockets(world: World) -> Mapping[str, Ref]:
    """One docket of each chapter, and the person may speak for the charter as well."""
    world.built.accounts.grant(MACHINE, "ayla", world.built.mechanism, "root")
    statement = act_of(
        world.said(
            "statements/propose",
            {"sort": "communique", "title.tr": "Bildiri", "passages.0.tr": "Görüştüler."},
        )
    )
    return {
        "instruments": Ref("TUR", 1), "meetings": world.convene(201), "commitments": world.commitment(),
        "committees": world.built.committee, "statements": statement,
    }  # fmt: skip


def _answers(
    client: Client, path: str, kind: Kind, scenes: Mapping[str, Any], beside: Mapping[str, Any]
) -> Iterator[httpx.Response]:
    """What the form answers to each of the three."""
    opened = client.get(path)
    known = fields(kind.body)
    for sent in ({}, dict(_bad(known)), _content(kind, scenes)):
        yield client.post(path, {**hidden(opened), **beside, **sent, "_do": "check"})


@pytest.mark.parametrize("chapter", sorted(CHAPTERS))
@pytest.mark.parametrize("language", ["tr", "ar"])
def test_no_english_is_left_on_an_answer_to_a_form(
    world: World, dockets: Mapping[str, Ref], chapter: str, language: str
) -> None:
    scenes = {} if chapter == "charter" else _scenarios(chapter)
    client = world.client(language)
    found: dict[tuple[str, str], str] = {}
    answered: set[int] = set()
    for name, verb in VERBS:
        if name != chapter:
            continue
        kind = _kind(chapter, verb)
        docket = dockets.get(chapter)
        beside = {"_answers": str(docket)} if kind.answers[0] and docket is not None else {}
        beside |= {"_mandate": MANDATE} if kind.mandated and kind.opens else {}
        path = f"{world.root}/say/{chapter}/{verb}"
        if docket is not None and not kind.opens:
            path += f"/{docket}"
        for page in _answers(client, path, kind, scenes, beside):
            assert page.status_code in (200, 409, 422), (path, seen(page))
            answered.add(page.status_code)
            typed = [value for values in hidden(page).values() for value in values]
            said = {*strings(world.record), *OWN, *typed, *_titles(world), *_given(kind, scenes)}
            for one in left(page.text, language, said):
                found.setdefault(one, f"{page.status_code} {path}")
    assert found == {}
    assert answered >= {200, 422}, "nothing was confirmed, or nothing came back"


def _titles(world: World) -> Iterator[str]:
    """What dockets are called in the languages that their words are in."""
    record = world.record
    with record.reading():
        for chapter in record.chapters.values():
            for ref in record.store.opened(chapter.noun, None, 100):
                yield from chapter.title(record.folds.view(ref)).values()


def _content(kind: Kind, scenes: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """What could be said, as texts of a form; nothing where no scenario says such an act."""
    if kind.name in CONTENTS or kind.name not in scenes:
        return CONTENTS.get(kind.name, {})
    return texts(fields(kind.body), msgspec.to_builtins(scenes[kind.name]))


def _given(kind: Kind, scenes: Mapping[str, Any]) -> list[str]:
    """What a scenario's content says, which stands on the pages as it was said."""
    return [" ".join(value.split()) for values in _content(kind, scenes).values() for value in values]


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_no_english_is_left_on_a_page_that_refuses(world: World, language: str) -> None:
    """What is not here, what is another's, and whom nobody gave an office."""
    client = world.client(language)
    said = {*strings(world.record), *OWN, world.root.rpartition("/")[2]}
    for path in (
        "say/meetings/nothing",
        "say/meetings/propose-date/TUR/99999",
        "say/meetings/propose-date/IRQ/0",
    ):
        page = client.get(f"{world.root}/{path}")
        assert page.status_code == 404
        assert left(page.text, language, {*said, "nothing"}) == [], path
    reader = world.client(language, "umay")
    page = reader.get(f"{world.root}/say/meetings/convene")
    assert page.status_code == 403
    assert left(page.text, language, {*said, "umay", "Umay Sezer"}) == []
