import pytest

from comity.core.errors import Malformed
from comity.core.keys import SEALING, b64
from comity.exchange.sealing import OVERHEAD, SealingKey, seal


def test_what_is_sealed_opens_with_its_key_and_its_place_only():
    mine, other = SealingKey.generate(), SealingKey.generate()
    sealed = seal(b"text", mine.public, b"here")
    assert len(sealed) == len(b"text") + OVERHEAD
    assert mine.open(sealed, b"here") == b"text"
    for key, raw, place in (
        (other, sealed, b"here"),
        (mine, sealed, b"there"),
        (mine, sealed[:-1], b"here"),
        (mine, b"", b"here"),
    ):
        with pytest.raises(Malformed, match="does not open"):
            key.open(raw, place)


def test_the_same_text_never_looks_the_same_twice():
    key = SealingKey.generate()
    assert seal(b"text", key.public, b"") != seal(b"text", key.public, b"")


def test_every_flipped_byte_of_a_sealed_part_is_noticed():
    key = SealingKey.generate()
    sealed = seal(b"text", key.public, b"")
    for at in range(0, len(sealed), 7):
        with pytest.raises(Malformed):
            key.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], b"")


def test_a_key_outlives_its_file():
    key = SealingKey.generate()
    again = SealingKey.from_secret(SEALING, key.secret())
    assert again.public == key.public
    assert again.open(seal(b"text", key.public, b""), b"") == b"text"


def test_a_key_of_another_type_or_no_key_is_malformed():
    for key in ("ed25519:" + "A" * 43, f"{SEALING}:{b64(bytes([255]) * 1216)}", ""):
        with pytest.raises(Malformed):
            seal(b"text", key, b"")
