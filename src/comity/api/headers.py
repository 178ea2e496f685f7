"""The headers of a request that the API reads, as their bytes are; and those that every answer about the record has.

header(request, b"if-none-match")     '"3f2a..."', or "" where there is none
passphrase(request)                   "uzun bir parola": UTF-8, which HTTP itself has no word for
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request

from comity.api.asked import language_of
from comity.core.errors import Malformed

__all__ = ["PRIVATE", "Asking", "address", "header", "language", "passphrase"]

Asking = Request[Any, Any, Any]
PRIVATE: Mapping[str, str] = {
    "cache-control": "private, no-cache",
    "vary": "authorization, accept-language",
    "x-content-type-options": "nosniff",
}


def header(request: Asking, name: bytes) -> str:
    """A header as its bytes are, one character each; "" where there is none."""
    for known, value in request.scope["headers"]:
        if known == name:
            return value.decode("latin-1")
    return ""


def language(request: Asking) -> str:
    """The language of the answer."""
    return language_of(header(request, b"accept-language"))


def address(request: Asking) -> str:
    """Where the request comes from, for limits and the audit trail."""
    return request.client.host if request.client else ""


def passphrase(request: Asking, name: bytes = b"comity-passphrase") -> str:
    """The passphrase of a header: UTF-8. Raises `Malformed`."""
    try:
        return header(request, name).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(name.decode().title(), "is not UTF-8") from error
