"""The operations of the OpenAPI document: what each path takes and answers, with every status that it can have.

    reading(path, words, of_type, problem)["responses"]["304"]["description"]       "Nothing has changed"

`of_type` gives the schema of a type by its name, `parts` the components that schemas refer to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comity.api.asked import Param
from comity.api.deeds import Deed
from comity.api.paths import Path, within
from comity.api.problems import MEDIA
from comity.api.request import Request
from comity.api.uploads import UPLOAD
from comity.core.chapter import Chapter, Kind
from comity.desk import answers
from comity.desk.exhibits import HIDDEN, RECORDED
from comity.words import Words

__all__ = ["doing", "events", "itself", "reading", "saying", "taking"]

_FILLED = (
    "charter.office_filled/1",
    "charter.key_added/1",
    "charter.powers_issued/1",
    "charter.key_revoked/1",
    "meeting.convened/1",
    "committee.constituted/1",
    "committee.report_proposed/1",
    "commitment.proposed/1",
    "commitment.terms_proposed/1",
)
"""Kinds of which some fields are completed by `comity.desk.drafting`, so that none is required here."""

_ALWAYS = (401, 403, 422, 503)
_READING = (404, 409)
_SAYING = (400, 408, 409, 413, 415)
_PASSPHRASES = (
    ("Comity-Passphrase", "passphrase"),
    ("Comity-Document-Passphrase", "document_passphrase"),
)


def reading(path: Path, words: Words, of_type: Mapping[str, Any], problem: Any) -> dict[str, Any]:
    """A path that is read."""
    content = _content(path.media, of_type[str(path.answers)] if path.answers is not None else {})
    by_file = any(param.sort == "digest" for param in (*path.within, *path.query))
    headers = {"etag": {"schema": {"type": "string"}, "description": words.say("header.etag", "api")}}
    if any(param.name == "limit" for param in path.query):
        headers["link"] = {"schema": {"type": "string"}, "description": words.say("header.link", "api")}
    return {
        "operationId": path.name,
        "tags": ["record"],
        "summary": words.say(f"path.{path.name}", "api"),
        "parameters": [
            *(_param(param, "path", words) for param in path.within),
            *(_param(param, "query", words) for param in path.query),
            _header("If-None-Match", "if_none_match", words),
        ],
        "responses": {
            "200": {"description": words.say("status.200", "api"), "headers": headers, "content": content},
            "304": {"description": words.say("status.304", "api")},
            **_problems((*_ALWAYS, *_READING, *((413,) if by_file else ())), words, problem),
        },
    }


def saying(
    chapter: Chapter,
    kind: Kind,
    words: Words,
    of_type: Mapping[str, Any],
    parts: dict[str, Any],
    problem: Any,
) -> dict[str, Any]:
    """A kind of act that is said."""
    body = _request(kind, of_type[str(kind.body)], parts)
    said = {"application/json": {"schema": of_type[str(answers.SaidAct)]}}
    allowed = {"application/json": {"schema": of_type[str(answers.Allowed)]}}
    parameters: list[dict[str, Any]] = [
        {**_param(Param("dry_run", "yes", fallback=False), "query", words)},
        _header("Idempotency-Key", "idempotency_key", words),
    ]
    if kind.signed:
        parameters.append(_header(*_PASSPHRASES[0], words))
    return {
        "operationId": kind.name.replace("/", "_").replace(".", "_")
        if kind in chapter.kinds
        else f"{chapter.noun}_content_destroyed_1",
        "tags": [chapter.name],
        "summary": words.say(f"kind.{kind.name.partition('/')[0]}", chapter.name),
        "description": words.say(f"verb.{kind.verb}", chapter.name),
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "201": {**_said_at(words), "content": said},
            "200": {"description": words.say("status.200.dry", "api"), "content": allowed},
            **_problems((*_ALWAYS, *_SAYING, *((429,) if kind.signed else ())), words, problem),
        },
    }


def doing(deed: Deed, words: Words, of_type: Mapping[str, Any], problem: Any) -> dict[str, Any]:
    """What is done beside saying acts."""
    content = _content(deed.media, of_type[str(deed.answers)] if deed.answers is not None else {})
    parameters = [*(_param(param, "path", words) for param in deed.within)]
    if deed.signs:
        parameters += [_header(name, key, words) for name, key in _PASSPHRASES]
    responses = {"200": {"description": words.say("status.200", "api"), "content": content}}
    if deed.says:
        parameters.append(_header("Idempotency-Key", "idempotency_key", words))
        responses["201"] = {**_said_at(words), "content": content}
    return {
        "operationId": deed.name,
        "tags": ["record"],
        "summary": words.say(f"path.{deed.name}", "api"),
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": of_type[str(deed.takes)]}}},
        "responses": {
            **responses,
            **_problems((*_ALWAYS, *_SAYING, 404, *((429,) if deed.signs else ())), words, problem),
        },
    }  # fmt: skip


def taking(words: Words, of_type: Mapping[str, Any], problem: Any) -> dict[str, Any]:
    """Where a file is sent."""
    body = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    content = _content("application/json", of_type[str(answers.Uploaded)])
    return {
        "operationId": "upload",
        "tags": ["record"],
        "summary": words.say("path.upload", "api"),
        "description": words.say("path.upload.help", "api"),
        "parameters": [_param(param, "path", words) for param in within(UPLOAD)],
        "requestBody": {"required": True, "content": body},
        "responses": {
            "201": {"description": words.say("status.201.upload", "api"), "content": content},
            **_problems((*_ALWAYS, 408, 413, 429), words, problem),
        },
    }


def _content(media: str, schema: Any) -> dict[str, Any]:
    if media == "application/json":
        return {media: {"schema": schema}}
    return {media: {"schema": {"type": "string", "contentMediaType": media}}}


def _said_at(words: Words) -> dict[str, Any]:
    location = {"schema": {"type": "string"}, "description": words.say("header.location", "api")}
    return {"description": words.say("status.201", "api"), "headers": {"location": location}}


def _header(name: str, key: str, words: Words) -> dict[str, Any]:
    return {
        "name": name, "in": "header", "required": False, "schema": {"type": "string"},
        "description": words.say(f"header.{key}", "api"),
    }  # fmt: skip


def _request(kind: Kind, reference: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a request for one kind: what it may hold at all, and the kind's own fields."""
    whole = parts[Request.__name__]["properties"]
    left_out = {"docket"} if kind.opens else set()
    left_out |= set() if kind.answers[1] else {"answers"}
    left_out |= set() if kind.mandated else {"mandate"}
    left_out |= set() if kind.signed else {"sign_with"}
    left_out |= set() if kind.read is not None else {"files"}
    left_out |= set() if kind.name == RECORDED else {"file"}
    left_out |= set() if kind.name.startswith("commitment.") else {"period"}
    left_out |= set() if kind.name.startswith("charter.") else {"new_key"}
    properties = {name: schema for name, schema in whole.items() if name not in left_out}
    body = parts[str(reference["$ref"]).rpartition("/")[2]]
    hidden = HIDDEN.get(kind.name, ())
    completed = kind.read is not None or kind.fill is not None or kind.name in _FILLED or bool(hidden)
    if completed:
        shown = {name: schema for name, schema in body.get("properties", {}).items() if name not in hidden}
        own = {name: value for name, value in body.items() if name != "required"}
        properties["fields"] = {**own, "properties": shown}
    else:
        properties["fields"] = dict(reference)
    needed = ["fields"] if body.get("required") and not completed else []
    needed += ["file"] if kind.name == RECORDED else []
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if needed:
        made["required"] = needed
    return made


def events(words: Words, problem: Any) -> dict[str, Any]:
    """The stream of news."""
    return {
        "operationId": "events",
        "tags": ["record"],
        "summary": words.say("path.events", "api"),
        "parameters": [_header("Last-Event-ID", "last_event_id", words)],
        "responses": {
            "200": {
                "description": words.say("status.200.events", "api"),
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **_problems((*_ALWAYS, 429), words, problem),
        },
    }


def itself(words: Words) -> dict[str, Any]:
    """The document itself."""
    return {
        "operationId": "openapi",
        "tags": ["record"],
        "summary": words.say("path.openapi", "api"),
        "security": [],
        "responses": {
            "200": {
                "description": words.say("status.200", "api"),
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _param(param: Param, place: str, words: Words) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": place,
        "required": param.needed,
        "description": words.say(f"param.{param.name}", "api"),
        "schema": param.schema(),
    }


def _problems(statuses: Iterable[int], words: Words, problem: Any) -> dict[str, Any]:
    return {
        str(status): {
            "description": words.say(f"status.{status}", "api"),
            "content": {MEDIA: {"schema": problem}},
        }
        for status in sorted(statuses)
    }
