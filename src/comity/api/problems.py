"""What goes wrong, as a program is told of it: problem+json (RFC 9457). The statuses: `comity.desk.statuses`.

    409  {"type":"urn:comity:problem:refused:overtaken","title":"Refused by a rule","status":409,
          "detail":"TUR/17 was put before IRQ/5 was agreed ...","error":"refused","code":"overtaken", ...}

Types are names, not addresses: they are explained under "Errors and refusals" in the documentation, by the code.
"""

from __future__ import annotations

import re

import msgspec
from litestar.exceptions import HTTPException

from comity.core.errors import ComityError, Malformed, Refused
from comity.desk import wording
from comity.desk.answers import Fault, Problem
from comity.words import Words

__all__ = ["MEDIA", "failed", "from_http", "pointer", "problem"]

MEDIA = "application/problem+json"
_INDEX = re.compile(r"\[(\d+)\]")
_ANY = re.compile(r"\[\.\.\.\]")


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
            return Refused("body_long", limit=20)
        case _:
            return Malformed("request", "cannot be understood")


def failed(words: Words) -> bytes:
    """The body of status 500: a fault of this program. It says nothing of what was inside."""
    detail = words.say("problem.failed.detail", "api")
    title = words.say("problem.failed", "api")
    return msgspec.json.encode(Problem("urn:comity:problem:failed", title, 500, detail, "failed"))
