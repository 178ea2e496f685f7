"""The one table from errors to the statuses of HTTP, for pages and programs alike.

    status_of(Refused("overtaken"))            409: a rule forbids it
    status_of(Refused("act_unknown"))          404, and 409 where something was to be said that names it

A party's own words that contradict each other (`Broken`) are 409: the record is in conflict with itself. Nothing that
is asked again mends that, while a status of 500 or above makes programs ask again.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.core.errors import Broken, Malformed, Refused, Unavailable

__all__ = ["BY_CODE", "JSON", "STATUS", "status_of"]

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
    "foreign_origin": 403,
    "not_a_founder": 403,
    "not_an_administrator": 403,
    "office_not_yours": 403,
    "offices_not_yours": 403,
    "origin_foreign": 403,
    "passphrase_needed": 403,
    "passphrase_wrong": 403,
    "token_elsewhere": 403,
    "content_not_here": 404,
    "mechanism_which": 404,
    "path_unknown": 404,
    "method_wrong": 405,
    "body_slow": 408,
    "body_long": 413,
    "evidence_too_large": 413,
    "type_wrong": 415,
    "once_for_another": 422,
    "listeners_many": 429,
    "uploads_many": 429,
}
"""Refusals that are not the rules' own have the statuses that HTTP has for them."""


def status_of(error: Exception, *, said: bool = False) -> int:
    """The status of an error; 500 for what is none of the four.

    What is read and not there (`..._unknown`) is 404; `said`: something was to be said, which is there but not so.
    What comes too often (`..._often`) is 429.
    """
    if isinstance(error, Refused):
        if error.code in BY_CODE:
            return BY_CODE[error.code]
        if error.code.endswith("_often"):
            return 429
        return 404 if error.code.endswith("_unknown") and not said else STATUS[Refused]
    if isinstance(error, Malformed) and error.thing == JSON:
        return 400
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
