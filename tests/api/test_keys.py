"""What stays shut is refused; whatever else a key says goes on as it is."""

from __future__ import annotations

from typing import Any

import pytest

from comity.api.keys import HeldAt, KeysAt
from comity.core.errors import Refused, Unavailable


class Shut:
    """Keys of which none is here."""

    def signer(self, public: str) -> Any:
        raise Unavailable(f"key {public}", "is not here")

    def document(self, point: bytes) -> Any:
        raise Unavailable("key", "is not here")

    def make(self, kind: str) -> str:
        return f"{kind} key"

    def put(self, key: Any) -> None:
        raise Unavailable("disk", "is full")


def test_a_key_that_does_not_open_is_refused() -> None:
    """Asking again would not help. Seen to fail when it is passed on."""
    shut: Any = Shut()
    with pytest.raises(Refused, match="key_shut") as caught:
        KeysAt(shut).signer("a")
    assert caught.value.facts == {"key": "key a", "why": "is not here"}
    with pytest.raises(Refused, match="key_shut"):
        HeldAt(shut).document(b"")
    assert KeysAt(shut).make("x") == "x key"
    with pytest.raises(Unavailable):
        HeldAt(shut).put(shut)
