"""Each operation says what it takes and every status that it can have, and offers nothing that a kind has not."""

from __future__ import annotations

from typing import Any

import pytest

from comity.api.openapi import document
from comity.api.reading import ROOT
from comity.chapters import all_chapters
from comity.core.charter import CHAPTER as CHARTER
from comity.words import Words

CHAPTERS = (CHARTER, *all_chapters().values())


@pytest.mark.parametrize(
    ("at", "method", "statuses"),
    [
        ("/mechanism", "get", "200 304 401 403 404 409 422 503"),
        ("/uploads/{digest}/verification", "get", "200 304 401 403 404 409 413 422 503"),
        ("/uploads/{digest}", "put", "201 401 403 408 413 422 429 503"),
        ("/evidence/{party}/{number}/discard", "post", "200 400 401 403 404 408 409 413 415 422 503"),
        ("/papers/{party}/{number}/sign", "post", "200 201 400 401 403 404 408 409 413 415 422 429 503"),
        ("/acts/meetings/convene", "post", "200 201 400 401 403 408 409 413 415 422 503"),
    ],
)
def test_every_status_is_named(at: str, method: str, statuses: str) -> None:
    told = document(CHAPTERS, Words("en"))["paths"][ROOT + at][method]["responses"]
    assert sorted(told) == statuses.split()


def test_passphrases_are_asked_for_where_keys_sign() -> None:
    paths = document(CHAPTERS, Words("en"))["paths"]

    def headers(at: str) -> set[str]:
        return {one["name"] for one in paths[ROOT + at]["post"]["parameters"] if one["in"] == "header"}

    assert headers("/acts/charter/fill-office") == {"Idempotency-Key", "Comity-Passphrase"}
    assert headers("/acts/meetings/convene") == {"Idempotency-Key"}
    assert headers("/certificates") == {"Idempotency-Key", "Comity-Passphrase", "Comity-Document-Passphrase"}


def test_what_is_completed_is_not_required_and_what_a_kind_has_not_is_not_offered() -> None:
    paths = document(CHAPTERS, Words("en"))["paths"]

    def request(path: str) -> Any:
        return paths[f"{ROOT}/acts/{path}"]["post"]["requestBody"]["content"]["application/json"]["schema"]

    assert "required" not in request("meetings/convene")["properties"]["fields"]
    assert "docket" not in request("meetings/convene")["properties"]
    assert "files" in request("instruments/propose")["properties"]
    assert "files" not in request("meetings/convene")["properties"]
    assert request("meetings/propose-item")["required"] == ["fields"]


def test_what_a_file_gives_is_not_asked_for() -> None:
    paths = document(CHAPTERS, Words("en"))["paths"]
    body = paths[f"{ROOT}/acts/commitments/record-evidence"]["post"]["requestBody"]["content"][
        "application/json"
    ]
    assert body["schema"]["required"] == ["file"]
    assert not {"digest", "size"} & set(body["schema"]["properties"]["fields"]["properties"])
