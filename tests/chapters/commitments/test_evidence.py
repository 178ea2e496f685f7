"""Whether a released file is the recorded one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.commitments.acts import EvidenceRecorded, EvidenceReleased, evidence_digest
from comity.chapters.commitments.evidence import found, matches
from comity.core.keys import b64

SALT, FILE = bytes(range(32)), b"A map of the site."
RECORDED = EvidenceRecorded({"en": "Map"}, evidence_digest(SALT, FILE), len(FILE), "image/png")
TRUE = EvidenceReleased("map.png", b64(SALT), FILE)
OTHER = EvidenceReleased("map.png", b64(SALT), FILE + b" ")


@pytest.mark.parametrize(
    ("releases", "word"),
    [
        ([], "withheld"),
        ([TRUE], "match"),
        ([OTHER], "mismatch"),
        ([None], "destroyed"),
        ([OTHER, TRUE], "match"),
        ([TRUE, None], "match"),
        ([None, OTHER], "mismatch"),
    ],
)
def test_the_word_for_what_was_released(releases, word) -> None:
    assert found(RECORDED, releases) == word


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=1, max_size=200), st.data())
def test_one_flipped_bit_of_file_or_salt_is_another_file(
    salt: bytes, file: bytes, data: st.DataObject
) -> None:
    recorded = EvidenceRecorded({"en": "x"}, evidence_digest(salt, file), len(file), "image/png")
    assert matches(recorded, EvidenceReleased("x", b64(salt), file))
    whole = bytearray(salt + file)
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not matches(recorded, EvidenceReleased("x", b64(bytes(whole[:32])), bytes(whole[32:])))


def test_a_file_of_another_size_than_recorded_is_another_file() -> None:
    """The size was said too. Seen to fail when only the digest is compared."""
    wrong = EvidenceRecorded({"en": "Map"}, RECORDED.digest, RECORDED.size + 1, "image/png")
    assert not matches(wrong, TRUE)


def test_bytes_cannot_be_moved_between_salt_and_file() -> None:
    """The salt has 32 bytes by its type, so no other cut of the same bytes is a file."""
    moved = EvidenceReleased("map.png", b64(SALT[:31] + b"x"), SALT[31:] + FILE)
    assert not matches(RECORDED, moved)
