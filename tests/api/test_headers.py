"""Headers as their bytes are: what is no UTF-8 where it must be is told, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Request

from comity.api.headers import address, header, language, passphrase
from comity.core.errors import Malformed


def asked(**headers: bytes) -> Any:
    named = [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
    return Request({"type": "http", "headers": named, "client": None})  # type: ignore[typeddict-item]


def test_a_header_is_read_as_it_is_and_is_empty_where_there_is_none() -> None:
    assert header(asked(etag=b"\xff"), b"etag") == "\xff"
    assert header(asked(), b"etag") == ""
    assert address(asked()) == ""
    assert language(asked(accept_language=b"ar-IQ")) == "ar"


def test_a_passphrase_is_utf_8() -> None:
    assert passphrase(asked(comity_passphrase="uzun bir parola, ğ".encode())) == "uzun bir parola, ğ"
    with pytest.raises(Malformed, match="Comity-Passphrase"):
        passphrase(asked(comity_passphrase=b"\xff"))
