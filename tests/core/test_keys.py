"""Keys: typed, in one spelling, and one rule for accepting a signature; the CCTV vectors are in `tests/vectors`.

Seen to fail: with `strict_mode` and the comparison after it left out of `unb64`, and with signatures of any length.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worlds.world import card, key

from comity.core.errors import Malformed
from comity.core.keys import (
    ED25519,
    ML_DSA,
    SEALING,
    SIGNATURES,
    b64,
    fingerprint,
    key_id,
    raw_key,
    unb64,
    verify,
)

KINDS = [ED25519, ML_DSA]


@given(st.binary(max_size=70))
def test_base64url_has_one_spelling(raw: bytes) -> None:
    """Without padding, and of exactly the length that is asked for."""
    text = b64(raw)
    assert unb64(text, len(raw), "x") == raw
    assert not set(text) & set("+/=")
    for wrong in (
        text + "=",
        text + "\n",
        " " + text,
        text + "A" * 4,
        text.replace("-", "+"),
        text.replace("_", "/"),
        text + "!",
    ):
        if wrong != text:
            with pytest.raises(Malformed):
                unb64(wrong, len(raw), "x")
    with pytest.raises(Malformed):
        unb64(text, len(raw) + 1, "x")


def test_stray_bits_at_the_end_are_malformed() -> None:
    """Two texts must never stand for one key."""
    assert unb64("AA", 1, "x") == b"\0"
    for other in ("AB", "AP", "A", "AAA", "AA=="):
        with pytest.raises(Malformed):
            unb64(other, 1, "x")


@pytest.mark.parametrize("text", ["", "ed25519", "ed25519:", "rsa:AAAA", "Ed25519:" + "A" * 43, "ed25519:" + "A" * 42, "ed25519:" + "A" * 44,
                                  " ed25519:" + "A" * 43, "ed25519:" + "A" * 43 + "\n", "ml-dsa-44:" + "A" * 43, card("TUR").sealing])  # fmt: skip
def test_a_key_of_no_known_type_or_length_is_malformed(text: str) -> None:
    """A sealing key signs nothing."""
    with pytest.raises(Malformed):
        raw_key(text)


def test_a_key_is_read_where_its_type_is_allowed() -> None:
    """The types that a place allows are named by it."""
    assert raw_key(card("TUR").sealing, (SEALING,))[0] == SEALING
    for kind in KINDS:
        assert raw_key(key("TUR", "node", kind).public)[0] == kind
        with pytest.raises(Malformed, match=SEALING):
            raw_key(key("TUR", "node", kind).public, (SEALING,))


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_holds_for_one_message_under_one_key(kind: str) -> None:
    """One bit anywhere, another length, another key, the other type: not accepted, and no exception."""
    signer, other = key("TUR", "node", kind), key("IRQ", "node", kind)
    signature = signer.sign(b"message")
    assert verify(signer.public, b"message", signature)
    assert not verify(signer.public, b"messagf", signature)
    assert not verify(other.public, b"message", signature)
    assert not verify(key("TUR", "node", next(k for k in KINDS if k != kind)).public, b"message", signature)
    for wrong in (
        b"",
        signature[:-1],
        signature + b"\0",
        bytes(SIGNATURES[kind]),
        b"\xff" * SIGNATURES[kind],
    ):
        assert not verify(signer.public, b"message", wrong)
    for place in range(0, len(signature), 37):
        flipped = signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1 :]
        assert not verify(signer.public, b"message", flipped)


def test_names_of_keys_and_fingerprints_never_change() -> None:
    """They are in leaves, and were read aloud."""
    public = "ed25519:5zTqbCtiV95yNV5HKqBaTEh-a0Y8Ap7TBt8vAbVja1g"
    assert fingerprint(public) == "63086 52326 32001 37049 81059 08055"
    assert fingerprint(public, public) != fingerprint(public)
    assert key_id(public) == "5IQVzBSmAohAeuTRGVSZAw"
