"""The OpenAPI 3.1 document, made from the table of paths and from the chapters' own definitions.

    document(chapters, Words("en"))["paths"]["/api/v1/acts/meetings/convene"]["post"]

Every kind of act has a path and a schema of its own; every status that a path can answer is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from comity import __version__
from comity.api import operations
from comity.api.deeds import DEEDS
from comity.api.paths import PATHS
from comity.api.reading import ROOT, verbs
from comity.api.request import Request
from comity.api.schemas import components
from comity.api.uploads import UPLOAD
from comity.core.chapter import Chapter
from comity.desk import answers
from comity.words import Words

__all__ = ["document", "encoded"]

_ENCODED: dict[tuple[str, tuple[str, ...]], bytes] = {}


def encoded(chapters: Sequence[Chapter], words: Words) -> bytes:
    """The document as JSON; made once for each language."""
    key = (words.language, tuple(chapter.name for chapter in chapters))
    if key not in _ENCODED:
        _ENCODED[key] = msgspec.json.encode(document(chapters, words))
    return _ENCODED[key]


def document(chapters: Sequence[Chapter], words: Words) -> dict[str, Any]:
    """The whole document, its words in one language."""
    kinds = [(chapter, kind) for chapter in chapters for kind in verbs(chapter)]
    bodies = list({kind.name: kind.body for _, kind in kinds}.values())
    told = [path.answers for path in PATHS if path.answers is not None]
    done = [kind for deed in DEEDS for kind in (deed.takes, deed.answers) if kind is not None]
    types = [
        *bodies,
        *told,
        *done,
        answers.SaidAct,
        answers.Allowed,
        answers.Uploaded,
        answers.Problem,
        Request,
    ]
    schemas, parts = components(types)
    of_type = dict(zip(map(str, types), schemas, strict=True))
    problem = of_type[str(answers.Problem)]
    paths: dict[str, Any] = {}
    for path in PATHS:
        paths[ROOT + path.path] = {"get": operations.reading(path, words, of_type, problem)}
    for chapter, kind in kinds:
        operation = operations.saying(chapter, kind, words, of_type, parts, problem)
        paths[f"{ROOT}/acts/{chapter.name}/{kind.verb}"] = {"post": operation}
    for deed in DEEDS:
        paths[ROOT + deed.path] = {"post": operations.doing(deed, words, of_type, problem)}
    paths[ROOT + UPLOAD] = {"put": operations.taking(words, of_type, problem)}
    paths[f"{ROOT}/events"] = {"get": operations.events(words, problem)}
    paths[f"{ROOT}/openapi.json"] = {"get": operations.itself(words)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": words.say("document.title", "api"),
            "version": __version__,
            "description": words.say("document.description", "api"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": "record"}, *({"name": chapter.name} for chapter in chapters)],
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": words.say("document.token", "api"),
                }
            },
        },
    }
