"""Entries of a log: a leaf, and beside it the content that the leaf commits to. The only parser of leaves.

A leaf is canonical JSON, ASCII, at most 16 KiB. This one accepts a meeting's date:

    {"answers":{"TUR/3":"kyl0...43 characters"},"content":"l1wS...43 characters","docket":"TUR/3",
     "kind":"meetings.accepted/1","mandate":"TUR/1#art-2","office":"mfa","seen":{"TUR":4},
     "time":"2024-08-01T09:30:00Z","v":1}

`answers` binds each answered act by its leaf hash, so an answer cannot be carried over to another history.
`content` is the salted hash; the content itself is a 32-byte salt followed by canonical JSON, and can be
destroyed without touching the leaf. `docket` is left out by the act that opens one.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from comity.core import merkle
from comity.core.act import PARTY, Act, Ref
from comity.core.errors import Malformed
from comity.core.keys import SIGNATURES, b64, raw_key, unb64, verify

__all__ = [
    "LEAF_LIMIT",
    "SALT",
    "Entry",
    "Leaf",
    "PersonSignature",
    "act_from",
    "commit",
    "encode_leaf",
    "leaf_hash",
    "parse_leaf",
    "person_signed",
    "signed_bytes",
]

VERSION = 1
LEAF_LIMIT = 16_384
CONTENT_LIMIT = 16 * 1024 * 1024
SALT = 32
_DOMAIN = b"comity content\n"
_SIGNED = b"comity act\n"

_Hash = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")]
_RefText = Annotated[str, Meta(pattern=rf"^{PARTY}/(0|[1-9][0-9]{{0,11}})\Z")]
_Number = Annotated[int, Meta(ge=0, lt=2**40)]


class PersonSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's own signature over the leaf without this field, bound to the mechanism and the place in the log."""

    key: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
    sig: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{86,3300}\Z")]


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """The fields of a leaf. `parse_leaf` holds those that come again and again against `_SHAPES`.

    The garbage collector need not look at leaves, which hold nothing that could hold them.
    """

    content: _Hash
    kind: str
    office: str
    seen: Annotated[dict[str, _Number], Meta(max_length=64)]
    time: Annotated[datetime, Meta(tz=True)]
    v: int
    answers: Annotated[dict[_RefText, _Hash], Meta(max_length=64)] = {}
    docket: str = ""
    mandate: str = ""
    signature: PersonSignature | None = None


class Entry(NamedTuple):
    """One act as it travels and is stored: the leaf's bytes, and its content unless that is not here."""

    leaf: bytes
    content: bytes | None


_SHAPES = {
    "kind": re.compile(r"[a-z]{1,30}\.[a-z_]{1,40}/[1-9][0-9]{0,2}"),
    "office": re.compile(r"[a-z][a-z0-9-]{0,39}"),
    "docket": re.compile(rf"({PARTY}/(0|[1-9][0-9]{{0,11}}))?"),
    "mandate": re.compile(rf"({PARTY}/(0|[1-9][0-9]{{0,11}})#[a-z0-9][a-z0-9.-]{{0,59}})?"),
    "seen": re.compile(PARTY),
}


@lru_cache(8192)
def _misshapen(docket: str) -> str:
    return "" if _SHAPES["docket"].fullmatch(docket) else "docket"


@lru_cache(1024)
def _misshapen_others(kind: str, office: str, mandate: str, *seen: str) -> str:
    """The first of these fields that has not its shape, or nothing. Few texts come often, so answers are kept."""
    texts = [("kind", kind), ("office", office), ("mandate", mandate), *(("seen", party) for party in seen)]
    return next((field for field, text in texts if not _SHAPES[field].fullmatch(text)), "")


_decode = msgspec.json.Decoder(Leaf).decode
_encode = msgspec.json.Encoder(order="sorted").encode
_FUTURE = re.compile(rb'"v":([0-9]+)\}').search


def parse_leaf(raw: bytes, thing: str = "leaf") -> Leaf:
    """Read a leaf. `thing` names it in the error, such as `TUR/17`. Raises `Malformed` and nothing else."""
    if len(raw) > LEAF_LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; a leaf has at most {LEAF_LIMIT}")
    if not raw.isascii() or b"\\" in raw:
        raise Malformed(thing, "a leaf is plain ASCII without escapes")
    try:
        leaf = _decode(raw)
        again = _encode(leaf)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        future = _FUTURE(raw)
        if future is not None and int(future[1][:9]) > VERSION:
            raise Malformed(
                thing, f"is of version {future[1][:9].decode()}; this program reads 1: update it"
            ) from error
        raise Malformed(thing, str(error)) from error
    if leaf.v != VERSION:
        raise Malformed(thing, f"is of version {leaf.v}; this program reads {VERSION}: update it", at="v")
    if again != raw:
        raise Malformed(thing, "is not in canonical form (RFC 8785)")
    if leaf.time.microsecond or leaf.time.tzinfo is not UTC:
        raise Malformed(thing, "times are in UTC, written with Z, in whole seconds", at="time")
    field = _misshapen_others(leaf.kind, leaf.office, leaf.mandate, *leaf.seen) or _misshapen(leaf.docket)
    if field:
        text = str(getattr(leaf, field))[:60]
        raise Malformed(thing, f"{field} {text!r} has not the shape that it must have", at=field)
    return leaf


def encode_leaf(leaf: Leaf) -> bytes:
    """The bytes of a leaf of our own. Raises `Malformed` if they would not be read back as the same."""
    raw = _encode(leaf)
    parse_leaf(raw)
    return raw


def commit(content: bytes) -> str:
    """The salted hash by which a leaf names `content` (salt, then body): SHA-256, base64url."""
    return b64(hashlib.sha256(_DOMAIN + content).digest())


def signed_bytes(leaf: Leaf, mechanism: str, place: str) -> bytes:
    """What a person signs: the mechanism's identifier, the place (`TUR/17`), and the leaf without a signature."""
    unsigned = leaf if leaf.signature is None else msgspec.structs.replace(leaf, signature=None)
    return b"%s%s\n%s\n%s" % (_SIGNED, mechanism.encode(), place.encode(), _encode(unsigned))


def person_signed(leaf: Leaf, mechanism: str, place: str, key: str) -> bool:
    """Whether the leaf's own signature verifies under the typed public `key`, for this mechanism and place."""
    if leaf.signature is None:
        return False
    kind, _ = raw_key(key)
    try:
        raw = unb64(leaf.signature.sig, SIGNATURES[kind], "signature")
    except Malformed:
        return False
    return verify(key, signed_bytes(leaf, mechanism, place), raw)


def act_from(ref: Ref, leaf: Leaf, answers: tuple[Ref, ...], body: Any, signer: str = "") -> Act:
    """A leaf as rules see it. What it answers, its parsed content and its signer are for the caller to have judged."""
    docket = Ref.parse(leaf.docket) if leaf.docket else ref
    return Act(
        ref,
        leaf.kind,
        docket,
        leaf.time,
        leaf.office,
        leaf.mandate,
        answers,
        leaf.seen,
        leaf.content,
        body,
        signer,
    )


def leaf_hash(raw: bytes) -> str:
    """The RFC 6962 leaf hash in base64url: what `answers` names."""
    return b64(merkle.leaf_hash(raw))
