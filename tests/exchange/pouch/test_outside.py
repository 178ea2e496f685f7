import io
import random

import pytest
from tests.exchange.parties import Parties, sealing
from tests.exchange.pouch.bags import packed, put_together, taken_apart
from tests.worlds.world import key

from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.keys import ED25519, ML_DSA, SIGNATURES
from comity.exchange.pouch.outside import Head, frame_info, inspect, parse_head, require_sender

HEAD = (
    b"comity pouch v1\nid 7wZkAAAAAAAAAAAAAAAAAA\nfrom TUR\nto IRQ\nsealed-to sm5ZLrIx0S0vU5vYfdS6mg\n"
    b"carries IRQ 9..11\ncarries TUR 12..40\n\n"
)


@pytest.fixture(scope="module")
def pouch():
    parties = Parties().found()
    for _ in range(3):
        parties.world.put("TUR")
    return parties, packed(parties, "TUR", "IRQ")


def test_the_head_is_lines_that_a_person_can_read_and_reads_back():
    head = parse_head(HEAD)
    assert head == Head(
        "7wZkAAAAAAAAAAAAAAAAAA", "TUR", "IRQ", "sm5ZLrIx0S0vU5vYfdS6mg", {"IRQ": (9, 11), "TUR": (12, 40)}
    )
    assert head.text().encode() == HEAD
    assert (
        frame_info(head, 2, last=True)
        == b"comity pouch v1 frame\nid 7wZkAAAAAAAAAAAAAAAAAA\nfrom TUR\nto IRQ\nframe 2 last\n"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"v1", b"v2"), (b"from TUR\n", b""), (b"from TUR", b"from tur"), (b"\n\n", b"\nmechanism x\n\n"), (b"12..40", b"40..12"),
        (b"12..40", b"012..40"), (b"12..40", b"12-40"), (b"carries IRQ", b"carries TUR"), (b"carries IRQ", b"carries ZZZ"),
        (b"\n", b"\r\n"), (b"TUR", "TÜR".encode()), (b"sealed-to sm5", b"sealed-to m5"), (b" 9..", b"  9.."),
    ],
)  # fmt: skip
def test_a_head_in_any_other_spelling_is_malformed(old, new):
    with pytest.raises(Malformed, match="pouch"):
        parse_head(HEAD.replace(old, new))


def test_the_outside_says_from_whom_to_whom_and_which_numbers_and_no_more(pouch):
    parties, raw = pouch
    outside = inspect(io.BytesIO(raw))
    assert (outside.head.sender, outside.head.recipient, dict(outside.head.carries)) == (
        "TUR",
        "IRQ",
        {"TUR": (1, 3)},
    )
    assert parties.mechanism.encode() not in raw
    assert b"pact" not in raw


def test_whoever_has_the_senders_keys_can_check_the_signature_and_nobody_elses_will_do(pouch):
    _, raw = pouch
    outside = inspect(io.BytesIO(raw))
    require_sender(outside, [key("TUR", "node").public])
    with pytest.raises(Broken, match="not a node key of TUR"):
        require_sender(outside, [key("TUR", "node2").public])
    head, frames = taken_apart(raw)
    other = inspect(io.BytesIO(put_together(head._replace(carries={"TUR": (1, 4)}), frames)))
    with pytest.raises(Broken, match="does not verify"):
        require_sender(other._replace(signature=outside.signature), [key("TUR", "node").public])


@pytest.mark.parametrize("kind", [ED25519, ML_DSA])
def test_either_type_of_key_may_sign(pouch, kind):
    _, raw = pouch
    head, frames = taken_apart(raw)
    signer = key("TUR", "node", kind)
    outside = inspect(io.BytesIO(put_together(head, frames, signer)))
    assert len(outside.signature) == SIGNATURES[kind]
    require_sender(outside, [signer.public])


def test_a_pouch_cut_off_at_any_byte_is_malformed(pouch):
    """And so is one with a byte too many."""
    _, raw = pouch
    for cut in range(len(raw)):
        with pytest.raises(Malformed):
            inspect(io.BytesIO(raw[:cut]))
    for more in (b"\n", b"\0", raw):
        with pytest.raises(Malformed):
            inspect(io.BytesIO(raw + more))


def test_any_byte_changed_is_malformed_or_fails_the_signature(pouch):
    _, raw = pouch
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :]
        with pytest.raises((Malformed, Broken)):
            require_sender(inspect(io.BytesIO(changed)), [key("TUR", "node").public])


def test_a_pouch_without_frames_or_with_an_impossible_one_is_malformed(pouch):
    _, raw = pouch
    head, frames = taken_apart(raw)
    for wrong in ([], [b"short"]):
        with pytest.raises(Malformed):
            inspect(io.BytesIO(put_together(head, wrong)))
    huge = head.text().encode() + (1 << 31).to_bytes(4, "big") + frames[0]
    with pytest.raises(Malformed, match="a frame of 2147483648 bytes"):
        inspect(io.BytesIO(huge))


def test_a_signature_of_another_length_is_malformed(pouch):
    _, raw = pouch
    at = raw.rindex(b" ") + 1
    with pytest.raises(Malformed, match="its signature has 65 bytes"):
        inspect(io.BytesIO(raw[:at] + b"A" * 87 + b"\n"))


def test_an_endless_head_is_not_read_to_its_end():
    for filler in (b"x" * 100_000, b"carries TUR 1..2\n" * 10_000):
        stream = io.BytesIO(b"comity pouch v1\n" + filler)
        with pytest.raises(Malformed):
            inspect(stream)
        assert stream.tell() < 20_000


def test_a_file_that_cannot_be_read_is_unavailable():
    class Bad(io.BytesIO):
        def seek(self, *_):
            raise OSError(5, "Input/output error")

    with pytest.raises(Unavailable, match="Input/output error"):
        inspect(Bad(b""))


def test_three_thousand_fuzzed_pouches_raise_nothing_but_malformed(pouch):
    _, raw = pouch
    head, frames = taken_apart(raw)
    chance = random.Random(7)
    for _ in range(3000):
        data = bytearray(raw if chance.random() < 0.7 else put_together(head, frames[: chance.randint(0, 2)]))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.choice(
                [b"", b"\n", b" ", bytes([chance.randrange(256)]), raw[:9], b"\xff" * 4]
            )
        try:
            inspect(io.BytesIO(bytes(data)))
        except Malformed:
            continue


def test_the_sealing_key_named_outside_is_the_recipients(pouch):
    from comity.core.keys import key_id

    _, raw = pouch
    assert inspect(io.BytesIO(raw)).head.sealed_to == key_id(sealing("IRQ").public)
