"""Leaves: one strict parser, and every way in which a leaf can be wrong.

Seen to fail: with `forbid_unknown_fields` off, the comparison of the bytes left out, `_misshapen_others` always content,
the check for whole seconds in UTC left out, and the person's signature not bound to its place.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.author import leaf
from tests.worlds.world import key

from comity.core import canonical
from comity.core.act import Ref
from comity.core.entry import (
    LEAF_LIMIT,
    Leaf,
    PersonSignature,
    act_from,
    commit,
    encode_leaf,
    parse_leaf,
    person_signed,
    signed_bytes,
)
from comity.core.errors import Malformed
from comity.core.keys import b64, key_id

GOOD = encode_leaf(leaf(seen={"IRQ": 12}, docket="TUR/3", mandate="TUR/1#art-2", answers={"TUR/3": "A" * 43}))

WRONG: dict[str, tuple[bytes, bytes, str]] = {
    "an unknown field": (b'"v":1}', b'"v":1,"x":2}', "unknown field"),
    "an unknown field of a future version": (b'"v":1}', b'"v":2,"x":2}', "canonical|unknown|version 2"),
    "a float": (b'"IRQ":12', b'"IRQ":12.5', "int"),
    "a whole float": (b'"IRQ":12', b'"IRQ":12.0', "int|canonical"),
    "an exponent": (b'"IRQ":12', b'"IRQ":1e1', "int|canonical"),
    "a negative number": (b'"IRQ":12', b'"IRQ":-1', ">= 0"),
    "a huge number": (b'"IRQ":12', b'"IRQ":1099511627776', "<="),
    "a number of a thousand digits": (b'"IRQ":12', b'"IRQ":' + b"9" * 1000, "."),
    "a leading zero": (b'"IRQ":12', b'"IRQ":012', "."),
    "a doubled key": (b'"office":"root"', b'"office":"root","office":"root"', "canonical"),
    "a doubled key inside": (b'"IRQ":12', b'"IRQ":11,"IRQ":12', "canonical"),
    "keys out of order": (b'"office":"root","seen":{"IRQ":12}', b'"seen":{"IRQ":12},"office":"root"', "canonical"),
    "a space": (b'"v":1}', b'"v": 1}', "canonical"),
    "a newline at the end": (b'"v":1}', b'"v":1}\n', "canonical"),
    "an escape": (b'"root"', b'"r\\u006fot"', "escapes"),
    "an escaped slash": (b'"docket":"TUR/3"', b'"docket":"TUR\\/3"', "escapes"),
    "a letter outside ASCII": (b'"root"', '"roöt"'.encode(), "ASCII"),
    "a byte that is no text": (b'"root"', b'"ro\xfft"', "ASCII"),
    "a control character": (b'"root"', b'"ro\x01t"', "."),
    "a newline in a value": (b'"root"', b'"root\n"', "."),
    "a field left out": (b'"office":"root",', b"", "office"),
    "a default written out": (b'"time"', b'"signature":null,"time"', "canonical"),
    "an empty docket written out": (b'"docket":"TUR/3"', b'"docket":""', "canonical"),
    "a future version": (b'"v":1}', b'"v":2}', "version 2.*update"),
    "version 0": (b'"v":1}', b'"v":0}', "version 0"),
    "a version as text": (b'"v":1}', b'"v":"1"}', "int"),
    "a truth for a number": (b'"v":1}', b'"v":true}', "int"),
    "a reference with a leading zero": (b'"docket":"TUR/3"', b'"docket":"TUR/03"', "docket"),
    "a reference in small letters": (b'"docket":"TUR/3"', b'"docket":"tur/3"', "docket"),
    "a reference without a number": (b'"docket":"TUR/3"', b'"docket":"TUR/"', "docket"),
    "a negative reference": (b'"docket":"TUR/3"', b'"docket":"TUR/-3"', "docket"),
    "a reference that is too large": (b'"docket":"TUR/3"', b'"docket":"TUR/3000000000000"', "docket"),
    "an answer to no reference": (b'{"TUR/3":"', b'{"TUR":"', "."),
    "an answer with half a hash": (b'"' + b"A" * 43 + b'"},"content"', b'"' + b"A" * 42 + b'"},"content"', "."),
    "a hash with stray bits": (b'"content":"' + b"A" * 43, b'"content":"' + b"A" * 42 + b"B", "."),
    "a hash with padding": (b'"content":"' + b"A" * 43, b'"content":"' + b"A" * 43 + b"=", "."),
    "a kind without a version": (b'"pact.noted/1"', b'"pact.noted"', "kind"),
    "a kind of version 0": (b'"pact.noted/1"', b'"pact.noted/0"', "kind"),
    "a kind with a dash": (b'"pact.noted/1"', b'"pact.no-ted/1"', "kind"),
    "an office with a capital": (b'"root"', b'"Root"', "office"),
    "an empty office": (b'"root"', b'""', "office"),
    "an office that is too long": (b'"root"', b'"' + b"r" * 41 + b'"', "office"),
    "a mandate without a provision": (b'"TUR/1#art-2"', b'"TUR/1"', "mandate"),
    "a mandate with two provisions": (b'"TUR/1#art-2"', b'"TUR/1#a#b"', "mandate"),
    "a party in small letters in seen": (b'"IRQ":12', b'"irq":12', "seen"),
    "a party of one letter in seen": (b'"IRQ":12', b'"I":12', "seen"),
    "a time with fractions": (b"12:00:00Z", b"12:00:00.5Z", "seconds|canonical"),
    "a time without a zone": (b"12:00:00Z", b"12:00:00", "."),
    "a time with an offset": (b"12:00:00Z", b"12:00:00+03:00", "UTC|canonical"),
    "a time with a zero offset": (b"12:00:00Z", b"12:00:00+00:00", "canonical"),
    "a day that is none": (b"2024-08-15", b"2024-02-30", "."),
    "a leap second": (b"12:00:00Z", b"12:00:60Z", "."),
    "a time in words": (b"2024-08-15T12:00:00Z", b"noon", "."),
}  # fmt: skip


def test_the_good_leaf_is_good() -> None:
    """What the wrong ones differ from."""
    assert encode_leaf(parse_leaf(GOOD)) == GOOD
    assert rfc8785.dumps(msgspec.json.decode(GOOD)) == GOOD


@pytest.mark.parametrize("name", WRONG)
def test_a_leaf_is_malformed_with(name: str) -> None:
    """Each of these is refused, and the error names the act that was read, and the reason."""
    old, new, why = WRONG[name]
    assert GOOD.count(old) == 1
    with pytest.raises(Malformed) as malformed:
        parse_leaf(GOOD.replace(old, new), "TUR/17")
    assert malformed.value.thing == "TUR/17"
    assert re.search(why, str(malformed.value)), str(malformed.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'"leaf"',
        b"1",
        b"{",
        b"[" * 10_000,
        b'{"a":' * 3000,
        GOOD[:-1],
        GOOD + GOOD,
    ],
)
def test_what_is_no_leaf_at_all_is_malformed(raw: bytes) -> None:
    """Nothing, other JSON, half a leaf, two leaves, nesting without end."""
    with pytest.raises(Malformed):
        parse_leaf(raw)


def test_a_leaf_has_at_most_16_kib() -> None:
    """The limit holds to the byte, and before anything else is read."""
    many = {f"TUR/{n}": "A" * 43 for n in range(64)}
    assert len(encode_leaf(leaf(answers=many))) < LEAF_LIMIT
    with pytest.raises(Malformed, match="at most"):
        parse_leaf(b" " * (LEAF_LIMIT + 1))
    with pytest.raises(Malformed, match="64"):
        encode_leaf(leaf(answers={f"TUR/{n}": "A" * 43 for n in range(65)}))


def test_our_own_leaves_pass_the_same_parser() -> None:
    """What others would refuse is never written."""
    east = timezone(timedelta(hours=3))
    for wrong in ({"kind": "Meeting"}, {"office": ""}, {"v": 2}, {"time": datetime(2024, 8, 1, 9, 30, tzinfo=east)},
                  {"time": datetime(2024, 8, 1, 9, 30, 0, 1, tzinfo=UTC)}, {"seen": {"IRQ": -1}}, {"content": "x"}):  # fmt: skip
        with pytest.raises(Malformed):
            encode_leaf(leaf(**wrong))


FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001 - hypothesis wants them so
party = st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True)
ref = st.builds("{}/{}".format, party, st.integers(0, 10**12 - 1))
digest = st.binary(min_size=32, max_size=32).map(b64)


@settings(max_examples=300)
@given(
    st.builds(
        Leaf,
        content=digest,
        kind=st.from_regex(r"[a-z]{1,30}\.[a-z_]{1,40}/[1-9][0-9]{0,2}", fullmatch=True),
        office=st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True),
        seen=st.dictionaries(party, st.integers(0, 2**40 - 1), max_size=5),
        time=st.datetimes(FIRST, LAST).map(lambda t: t.replace(microsecond=0, tzinfo=UTC)),
        v=st.just(1),
        answers=st.dictionaries(ref, digest, max_size=4),
        docket=st.one_of(st.just(""), ref),
        signature=st.one_of(st.none(), st.builds(PersonSignature, st.just("A" * 22), st.just("A" * 86))),
    )
)
def test_every_leaf_comes_back_from_its_bytes_and_is_canonical_by_rfc_8785(made: Leaf) -> None:
    """The fast encoder and the standard's own give the same bytes."""
    raw = encode_leaf(made)
    assert parse_leaf(raw) == made
    assert rfc8785.dumps(msgspec.json.decode(raw)) == raw
    assert canonical.decode(raw) == msgspec.json.decode(raw)


def test_content_is_named_by_a_hash_of_its_own_domain() -> None:
    """A content can be mistaken neither for a leaf nor for any other hashed thing, and every byte counts."""
    import hashlib

    content = bytes(32) + b"{}"
    assert commit(content) != b64(hashlib.sha256(content).digest())
    assert len({commit(content[:n] + b"x" + content[n + 1 :]) for n in range(len(content))}) == len(content)


# ------------------------------------------------------------------------------ the person's signature


def signed(**fields: Any) -> Leaf:
    made = leaf(**fields)
    raw = key("TUR", "root").sign(signed_bytes(made, "M" * 43, "TUR/17"))
    return msgspec.structs.replace(
        made, signature=PersonSignature(key_id(key("TUR", "root").public), b64(raw))
    )


def test_a_persons_signature_holds_for_one_act_in_one_place_of_one_mechanism() -> None:
    """Not elsewhere, not for another field, not under another key, not in another spelling."""
    made, public = signed(), key("TUR", "root").public
    assert person_signed(made, "M" * 43, "TUR/17", public)
    assert not person_signed(made, "M" * 43, "TUR/18", public)
    assert not person_signed(made, "N" * 43, "TUR/17", public)
    assert not person_signed(made, "M" * 43, "TUR/17", key("IRQ", "root").public)
    assert not person_signed(leaf(), "M" * 43, "TUR/17", public)
    assert not person_signed(made, "M" * 43, "TUR/17", key("TUR", "node", "ml-dsa-44").public)
    for change in ({"office": "mfa"}, {"seen": {"IRQ": 1}}, {"docket": "TUR/1"}, {"content": "B" * 42 + "A"}):
        assert not person_signed(msgspec.structs.replace(made, **change), "M" * 43, "TUR/17", public)
    assert made.signature is not None
    for text in (made.signature.sig[:-1], made.signature.sig + "A", made.signature.sig[:-1] + "-", "A" * 86):
        other = msgspec.structs.replace(made, signature=PersonSignature(made.signature.key, text))
        assert not person_signed(other, "M" * 43, "TUR/17", public)


def test_a_leaf_without_a_docket_opens_the_docket_of_its_own_place() -> None:
    place, body = Ref("TUR", 7), object()
    opened = act_from(place, leaf(), (), body)
    assert (opened.ref, opened.docket, opened.body, opened.signer) == (place, place, body, "")
    said = leaf(seen={"IRQ": 12}, docket="IRQ/3", mandate="TUR/1#art-2", answers={"IRQ/4": "A" * 43})
    replied = act_from(place, said, (Ref("IRQ", 4),), body, "key")
    assert (replied.docket, replied.answers, replied.signer) == (Ref("IRQ", 3), (Ref("IRQ", 4),), "key")
    told = (replied.kind, replied.time, replied.office, replied.mandate, replied.seen, replied.content)
    assert told == (said.kind, said.time, said.office, said.mandate, said.seen, said.content)
