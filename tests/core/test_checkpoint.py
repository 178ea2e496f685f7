"""Checkpoints: what is no signed note, whose signature counts, and what cosignatures say.

Seen to fail: with a wrong signature skipped instead of refused, with one key type being enough, and with cosignatures
not bound to their time.
"""

from __future__ import annotations

import base64

import pytest
from tests.worlds.world import key

from comity.core import checkpoint
from comity.core.checkpoint import (
    Checkpoint,
    Line,
    Note,
    Seen,
    cosign,
    cosigners,
    merge,
    parse_note,
    require_author,
    sign,
)
from comity.core.errors import Broken, Malformed
from comity.core.keys import ED25519, ML_DSA

MECHANISM = "M" * 43
ROOT = b"r" * 32
HEAD = Checkpoint(MECHANISM, "TUR", 18, ROOT, {"IRQ": Seen(12, b"s" * 32), "JOR": Seen(0, b"t" * 32)})
BOTH = [key("TUR", "node", ED25519), key("TUR", "node", ML_DSA)]
NOTE = sign(HEAD, BOTH)
RAW = NOTE.encode()
PUBLIC = [signer.public for signer in BOTH]


def test_a_note_comes_back_byte_for_byte() -> None:
    """What was signed is never written anew."""
    assert parse_note(RAW) == NOTE
    assert parse_note(RAW).encode() == RAW
    assert NOTE.checkpoint.receipts == {"IRQ": 12, "JOR": 0}


ROOT_LINE = base64.b64encode(ROOT)
WRONG = {
    "nothing": (RAW, b""),
    "no signature": (RAW, HEAD.text().encode()),
    "no signature line": (RAW, HEAD.text().encode() + b"\n"),
    "no empty line": (b"\n\n", b"\n"),
    "two empty lines": (b"\n\n", b"\n\n\n"),
    "no newline at the end": (RAW, RAW[:-1]),
    "carriage returns": (b"\n", b"\r\n"),
    "another origin": (b"comity/", b"komity/"),
    "a mechanism that is too short": (b"M" * 43 + b"/TUR\n18", b"M" * 42 + b"/TUR\n18"),
    "a party in small letters": (b"/TUR\n18", b"/tur\n18"),
    "a size with a leading zero": (b"\n18\n", b"\n018\n"),
    "a negative size": (b"\n18\n", b"\n-18\n"),
    "a size of other digits": (b"\n18\n", "\n١٨\n".encode()),
    "a size beyond every log": (b"\n18\n", b"\n1000000000000\n"),
    "a size in words": (b"\n18\n", b"\neighteen\n"),
    "a short root": (ROOT_LINE, base64.b64encode(ROOT[:-1])),
    "a long root": (ROOT_LINE, base64.b64encode(ROOT + b"r")),
    "a root with stray bits": (ROOT_LINE, ROOT_LINE[:-2] + b"J="),
    "a root in base64url": (ROOT_LINE, b"_" * 43 + b"="),
    "a root with a space": (ROOT_LINE, b" " + ROOT_LINE),
    "receipts out of order": (b"seen IRQ 12", b"seen ZZZ 12"),
    "a receipt twice": (b"seen JOR 0", b"seen IRQ 0"),
    "a receipt for its own log": (b"seen JOR 0", b"seen TUR 0"),
    "a receipt without a root": (b"seen JOR 0 ", b"seen JOR 0\n"),
    "another extension line": (b"seen JOR", b"sees JOR"),
    "a receipt with a leading zero": (b"seen JOR 0 ", b"seen JOR 00 "),
    "a dash of another kind": ("— ".encode(), b"- "),
    "a signature without a name": ("— comity".encode(), "—  comity".encode()),
    "a name with a plus": ("— comity".encode(), "— co+mity".encode()),
    "a signature that is no base64": (RAW, RAW[:-10] + b"!!!!!!!!\n" + RAW[-1:]),
    "a signature of four bytes": (RAW, (HEAD.text() + "\n— x AAAAAA==\n").encode()),
    "bytes that are no text": (b"comity/", b"\xff"),
    "a byte order mark": (
        b"comity/" + b"M" * 43 + b"/TUR\n18",
        b"\xef\xbb\xbfcomity/" + b"M" * 43 + b"/TUR\n18",
    ),
    "too many signatures": (RAW, (HEAD.text() + "\n" + "— x AAAAAAAA\n" * 65).encode()),
    "more than the limit": (RAW, RAW + b"x" * checkpoint.NOTE_LIMIT),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_is_no_note_with(name: str) -> None:
    """Each of these is `Malformed`, before any signature is looked at."""
    old, new = WRONG[name]
    assert old in RAW
    with pytest.raises(Malformed):
        parse_note(RAW.replace(old, new, -1 if old == b"\n" else 1))


# ------------------------------------------------------------------------------------ the author's keys


def test_the_author_signs_with_a_key_of_every_type_in_force() -> None:
    """Either alone is not enough where both are in force: one of them may be broken some day."""
    require_author(NOTE, PUBLIC)
    require_author(NOTE, PUBLIC[:1])
    for place in (0, 1):
        with pytest.raises(Broken, match=(ML_DSA, ED25519)[place]):
            require_author(NOTE._replace(lines=(NOTE.lines[place],)), PUBLIC)
        require_author(NOTE._replace(lines=(NOTE.lines[place],)), [PUBLIC[place]])


def test_a_wrong_signature_is_broken_even_beside_a_right_one() -> None:
    """And proves nothing about anybody."""
    for place, line in enumerate(NOTE.lines):
        for changed in (line.blob[:-1] + bytes([line.blob[-1] ^ 1]), line.blob[:-1], line.blob + b"x"):
            lines = [*NOTE.lines]
            lines[place] = Line(line.name, changed)
            with pytest.raises(Broken) as broken:
                require_author(NOTE._replace(lines=tuple(lines)), PUBLIC)
            assert broken.value.proof is None


def test_a_wrong_signature_is_broken_even_beside_a_right_one_of_the_same_key() -> None:
    """A line that names a key in force and does not verify is never passed over."""
    good = NOTE.lines[0]
    bad = Line(good.name, good.blob[:-1] + bytes([good.blob[-1] ^ 1]))
    for lines in ((bad, good), (good, bad)):
        with pytest.raises(Broken):
            require_author(NOTE._replace(lines=lines), PUBLIC[:1])


def test_no_key_no_signature_and_strangers_signatures_are_broken() -> None:
    """Lines of keys that are not in force are passed over, and count for nothing."""
    stranger = sign(HEAD, [key("IRQ", "node")])
    for note, keys in ((NOTE, []), (stranger, PUBLIC), (stranger, PUBLIC[:1]), (Note(HEAD, ()), PUBLIC)):
        with pytest.raises(Broken):
            require_author(note, keys)
    require_author(merge(stranger, NOTE), PUBLIC)


@pytest.mark.parametrize("change", [{"size": 19}, {"root": b"x" * 32}, {"party": "IRQ"}, {"mechanism": "N" * 43}, {"seen": {}},
                                    {"seen": {**HEAD.seen, "IRQ": Seen(13, b"s" * 32)}}, {"seen": {**HEAD.seen, "IRQ": Seen(12, b"x" * 32)}}])  # fmt: skip
def test_a_signature_is_for_every_word_of_the_checkpoint(change: dict[str, object]) -> None:
    """Size, root, log, mechanism, and each receipt with its root; by each of the two types alone."""
    for place in (0, 1):
        with pytest.raises(Broken):
            require_author(Note(HEAD._replace(**change), (NOTE.lines[place],)), [PUBLIC[place]])


# ----------------------------------------------------------------------------------------- cosignatures


@pytest.mark.parametrize("kind", [ED25519, ML_DSA])
def test_a_cosignature_says_who_and_when(kind: str) -> None:
    """Its time is signed, and it holds for one party, one head, one key."""
    signer = key("IRQ", "node", kind)
    note = cosign(NOTE, "IRQ", [signer], 1_722_504_600)
    assert cosigners(parse_note(note.encode()), {"IRQ": [signer.public]}) == {"IRQ": 1_722_504_600}
    assert cosigners(note, {"IRQ": [key("JOR", "node", kind).public], "JOR": [signer.public]}) == {}
    line = note.lines[-1]
    later = Line(line.name, line.blob[:4] + (1_722_504_601).to_bytes(8, "big") + line.blob[12:])
    other = Line(line.name.replace("IRQ", "JOR"), line.blob)
    changes = {"size": 19, "root": b"x" * 32, "party": "JOR", "mechanism": "N" * 43}
    wrong = [
        note._replace(lines=(later,)),
        note._replace(lines=(other,)),
        note._replace(lines=(Line(line.name, line.blob[:12]),)),
    ]
    wrong += [Note(HEAD._replace(**{name: value}), (line,)) for name, value in changes.items()]
    for one in wrong:
        assert cosigners(one, {"IRQ": [signer.public], "JOR": [signer.public]}) == {}
    require_author(note, PUBLIC)


def test_an_author_cannot_pass_for_a_cosigner_with_its_own_signature() -> None:
    """The types of signature are bound into the identifier of the key."""
    assert cosigners(NOTE, {"TUR": PUBLIC}) == {}


def test_notes_with_the_same_text_gather_signatures_and_others_are_never_mixed() -> None:
    """A key's earliest line is kept, so that its first time stands; at most 64 lines."""
    signer = key("IRQ", "node")
    first, second = cosign(NOTE, "IRQ", [signer], 100), cosign(NOTE, "IRQ", [signer], 200)
    merged = merge(first, second)
    assert cosigners(merged, {"IRQ": [signer.public]}) == {"IRQ": 100}
    assert len(merged.lines) == 3
    assert merge(merged, first) == merged
    with pytest.raises(Malformed):
        merge(NOTE, sign(HEAD._replace(size=19), BOTH))
    many = Note(HEAD, tuple(Line("x", n.to_bytes(5, "big")) for n in range(64)))
    assert len(merge(many, first).lines) == 64
    assert parse_note(merge(many, first).encode())
