"""What goes wrong, as a program is told of it: problem+json (RFC 9457), by one table from errors to statuses.

    409  {"type":"urn:comity:problem:refused:overtaken","title":"Refused by a rule","status":409,
          "detail":"TUR/17 was put before IRQ/5 was agreed ...","error":"refused","code":"overtaken", ...}

Types are names, not addresses: they are explained under "Errors and refusals" in the documentation, by the code.

A party's own words that contradict each other (`Broken`) are 409: the record is in conflict with itself. Nothing that
is asked again mends that, while a status of 500 or above makes programs ask again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from litestar.exceptions import HTTPException

from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.desk import wording
from comity.desk.answers import Fault, Problem
from comity.words import Words

__all__ = ["BY_CODE", "JSON", "MEDIA", "STATUS", "failed", "from_http", "pointer", "problem", "status_of"]

MEDIA = "application/problem+json"
JSON = "JSON"
"""The thing of a `Malformed` that is no JSON at all."""

STATUS: Mapping[type[Exception], int] = {
    Malformed: 422,
    Refused: 409,
    Broken: 409,
    Unavailable: 503,
    OSError: 503,
}
BY_CODE: Mapping[str, int] = {
    "token_needed": 401,
    "mechanism_unknown": 403,
    "office_not_yours": 403,
    "origin_foreign": 403,
    "passphrase_needed": 403,
    "passphrase_wrong": 403,
    "content_not_here": 404,
    "method_wrong": 405,
    "body_slow": 408,
    "body_long": 413,
    "type_wrong": 415,
    "once_for_another": 422,
    "listeners_many": 429,
    "sign_in_often": 429,
}
"""Refusals that are not the rules' own have the statuses that HTTP has for them."""

_INDEX = re.compile(r"\[(\d+)\]")
_ANY = re.compile(r"\[\.\.\.\]")


def status_of(error: Exception, *, said: bool = False) -> int:
    """The status of an error. What is read and not there is 404; `said`: something was to be said, which is not."""
    match error:
        case Refused():
            missing = not said and error.code.endswith("_unknown")
            return BY_CODE.get(error.code, 404 if missing or error.code == "path_unknown" else 409)
        case Malformed(thing=thing) if thing == JSON:
            return 400
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def problem(words: Words, error: Exception, status: int, chapter: str = "", within: str = "") -> bytes:
    """The body of a problem. `within` is the thing whose fields the request's `fields` are: an act's kind."""
    told = wording.told(words, error, chapter)
    code = told.get("code", "")
    faults: tuple[Fault, ...] = ()
    if isinstance(error, Malformed):
        faults = (Fault(pointer(error.at, in_fields=error.thing == within), error.why),)
    made = Problem(
        ":".join(part for part in ("urn:comity:problem", told["error"], code) if part),
        words.say(f"problem.{told['error']}", "api"),
        status,
        told["message"],
        told["error"],
        code,
        told.get("provision", ""),
        told.get("facts", {}),
        faults,
    )
    return msgspec.json.encode(made)


def pointer(at: str, *, in_fields: bool) -> str:
    """`terms.steps[2].on` as `#/fields/terms/steps/2/on`."""
    plain = _INDEX.sub(r".\1", _ANY.sub("", at)) if re.fullmatch(r"[\w.\[\]-]*", at) else ""
    parts = [part for part in plain.split(".") if part and part != "$"]
    return "#" + "".join(f"/{part}" for part in (["fields", *parts] if in_fields else parts))


def from_http(error: HTTPException) -> ComityError:
    """What the framework refuses before any of this is asked, as one of the four errors."""
    match error.status_code:
        case 404:
            return Refused("path_unknown")
        case 405:
            return Refused("method_wrong")
        case 413:
            return Refused("body_long")
        case _:
            return Malformed("request", "cannot be understood")


def failed(words: Words) -> bytes:
    """The body of status 500: a fault of this program. It says nothing of what was inside."""
    detail = words.say("problem.failed.detail", "api")
    title = words.say("problem.failed", "api")
    return msgspec.json.encode(Problem("urn:comity:problem:failed", title, 500, detail, "failed"))
