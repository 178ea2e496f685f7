"""The token in every form, masked anew for each page, so that what a page weighs when compressed tells nothing of it.

masked("q83v...")      "bWFz...": 32 random bytes, then the token under them, in base64url
"""

from __future__ import annotations

import hmac
import secrets

from comity.core.errors import Malformed
from comity.core.keys import b64, unb64

__all__ = ["masked", "matches"]


def masked(token: str) -> str:
    """The token of a session as it stands in a form."""
    raw = token.encode()
    mask = secrets.token_bytes(len(raw))
    return b64(mask + bytes(a ^ b for a, b in zip(mask, raw, strict=True)))


def matches(sent: str, token: str) -> bool:
    """Whether a form was made for this session."""
    size = len(token.encode())
    try:
        raw = unb64(sent, 2 * size, "token of a form")
    except Malformed:
        return False
    found = bytes(a ^ b for a, b in zip(raw[:size], raw[size:], strict=True))
    return hmac.compare_digest(found, token.encode())
