"""The types that contents share let through what they promise, and nothing beside it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from comity.core import fields

GOOD: list[tuple[Any, Any]] = [
    (fields.Text, "x" * 20_000),
    (fields.Texts, {"en": "Water", "pt-BR": "Água"}),
    (fields.Reference, "TUR/0"),
    (fields.Reference, "IRQ/999999999999"),
    (fields.Citation, "TUR/17"),
    (fields.Citation, "TUR/12#art-4.2"),
    (fields.Citation, "TUR/31#D1"),
    (fields.Digest, "0a" * 32),
]
BAD: list[tuple[Any, Any]] = [
    (fields.Text, ""),
    (fields.Text, "x" * 20_001),
    (fields.Texts, {}),
    (fields.Texts, {"English": "Water"}),
    (fields.Texts, {"en\n": "Water"}),
    (fields.Texts, {"en": ""}),
    (fields.Reference, "TUR/017"),
    (fields.Reference, "TUR/17\n"),
    (fields.Reference, "tur/17"),
    (fields.Reference, "TUR/17#art-1"),
    (fields.Citation, "TUR/12#"),
    (fields.Citation, "TUR/12##x"),
    (fields.Citation, "TUR/12#" + "x" * 101),
    (fields.Digest, "0A" * 32),
    (fields.Digest, "0a" * 31),
    (fields.Digest, "0a" * 32 + "\n"),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_what_is_within_its_limits_is_read(kind: Any, value: Any) -> None:
    assert msgspec.convert(value, kind) == value


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_what_is_outside_its_limits_is_not_read(kind: Any, value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, kind)
