"""The document describes every path and every kind, in three languages, and is a sound OpenAPI 3.1 document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.api.house import Built

from comity.api.deeds import DEEDS
from comity.api.openapi import document, encoded
from comity.api.paths import PATHS
from comity.api.reading import ROOT, verbs
from comity.api.uploads import UPLOAD
from comity.chapters import all_chapters
from comity.core.act import LANGUAGES
from comity.core.charter import CHAPTER as CHARTER
from comity.words import Words

CHAPTERS = (CHARTER, *all_chapters().values())


def refs(told: Any) -> set[str]:
    if isinstance(told, dict):
        own = {told["$ref"]} if isinstance(told.get("$ref"), str) else set()
        return own.union(*(refs(inner) for inner in told.values()))
    return set().union(*(refs(inner) for inner in told)) if isinstance(told, list | tuple) else set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_path_and_every_kind_is_in_the_document(language: str) -> None:
    told = json.loads(encoded(CHAPTERS, Words(language)))
    kinds = {f"{ROOT}/acts/{chapter.name}/{kind.verb}" for chapter in CHAPTERS for kind in verbs(chapter)}
    done = {ROOT + deed.path for deed in DEEDS} | {ROOT + at for at in (UPLOAD, "/events", "/openapi.json")}
    assert set(told["paths"]) == kinds | {ROOT + path.path for path in PATHS} | done
    named = [one["operationId"] for methods in told["paths"].values() for one in methods.values()]
    assert len(named) == len(set(named))
    assert {ref.removeprefix("#/components/schemas/") for ref in refs(told)} <= set(
        told["components"]["schemas"]
    )


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_no_words_are_left_in_english_or_as_keys(language: str) -> None:
    def described(told: Any) -> set[str]:
        if isinstance(told, list):
            return set().union(*(described(inner) for inner in told))
        if not isinstance(told, dict):
            return set()
        own = {told[name] for name in ("summary", "description") if isinstance(told.get(name), str)}
        return own.union(
            *(described(inner) for name, inner in told.items() if name not in ("schemas", "schema"))
        )

    there = {tag: described(document(CHAPTERS, Words(tag))["paths"]) for tag in ("en", language)}
    assert there["en"] & there[language] == set()
    assert not [
        text
        for text in there[language]
        if text.startswith(("path.", "param.", "header.", "status.", "verb.", "kind."))
    ]


def test_the_document_needs_no_token(house: Built) -> None:
    reply = house.get("/openapi.json", "")
    assert (reply.status_code, reply.json()["openapi"]) == (200, "3.1.0")
