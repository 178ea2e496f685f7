"""The shape of a text and its hash."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from tests.chapters.instruments.drafts import text

from comity.chapters.instruments.text import Text, choose, digest, heading
from comity.core import canonical


def test_the_hash_is_that_of_the_canonical_bytes() -> None:
    assert digest(text()) == hashlib.sha256(canonical.encode(text())).hexdigest()
    assert canonical.encode(msgspec.to_builtins(text())) == canonical.encode(text())


def test_every_word_of_every_language_counts_for_the_hash() -> None:
    """Seen to fail when only the first language is hashed."""
    plain = msgspec.to_builtins(text())
    plain["provisions"][-1]["words"]["ar"]["text"] += "."
    assert digest(msgspec.convert(plain, Text)) != digest(text())


def test_golden_hash_of_the_draft() -> None:
    """A change of the text's bytes would make signed texts unreadable: never edit this."""
    assert digest(text()) == "2508ba278bf67d4bc260ffb0171c8627cd2246d8e19bb340b2bea73a93650148"


def test_a_text_with_an_unknown_field_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({**msgspec.to_builtins(text()), "x": 1}, Text)


def test_rows_below_and_names() -> None:
    one = text()
    assert [row.id for row in one.below("art-1.2")] == ["art-1.2", "art-1.2.a", "art-1.2.b"]
    assert one.below("nothing") == ()
    row = one.provision("art-1.1")
    assert row is not None
    assert heading(row) == {"en": "art-1.1", "tr": "art-1.1", "ar": "art-1.1"}
    assert choose({"tr": "b", "ar": "a"}) == "a"
    assert choose({}) == ""
