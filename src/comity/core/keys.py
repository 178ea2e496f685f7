"""Typed public keys, one rule for accepting a signature, and names for keys.

A key is written with its type, so that a new type never makes an old record ambiguous:

    ed25519:5zTqbCtiV95yNV5HKqBaTEh-a0Y8Ap7TBt8vAbVja1g
    ml-dsa-44:...           (FIPS 204; 1,312 bytes before base64url)
    ml-kem-768-x25519:...   (the HPKE KEM that content and pouches are sealed to)
    p256:...                (signs papers, under a certificate; nothing in the record)

**The Ed25519 rule** (fixed by the C2SP/CCTV vectors): RFC 8032 section 5.1.7 without the cofactor, S below
the group order, and A and R both canonical and not of small order. Nodes that disagreed here would disagree on
what was said, so it is a rule of the record and not of a library's version.
"""

from __future__ import annotations

import binascii
import hashlib
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from comity.core.errors import Malformed

__all__ = [
    "DOCUMENT",
    "ED25519",
    "ML_DSA",
    "SEALING",
    "Signer",
    "b64",
    "fingerprint",
    "key_id",
    "raw_key",
    "unb64",
    "verify",
]

ED25519 = "ed25519"
ML_DSA = "ml-dsa-44"
SEALING = "ml-kem-768-x25519"
DOCUMENT = "p256"
SIZES = {ED25519: 32, ML_DSA: 1312, SEALING: 1216, DOCUMENT: 65}
SIGNATURES = {ED25519: 64, ML_DSA: 2420}

_P = 2**255 - 19
# The y coordinates of the eight points of small order (RFC 7748 section 7 names the risk; values from
# "Taming the many EdDSAs", table 6); x's sign bit is masked before the comparison.
_SMALL_ORDER = frozenset(
    y.to_bytes(32, "little")
    for y in (
        0,
        1,
        _P - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    )
)


class Signer(Protocol):
    """A private key that may live in a file, in memory or in a hardware module."""

    @property
    def public(self) -> str:
        """The typed public key."""

    def sign(self, message: bytes) -> bytes:
        """The raw signature (64 bytes of Ed25519 or 2,420 of ML-DSA-44). Raises `Unavailable`."""


def b64(raw: bytes) -> str:
    """base64url without padding (RFC 4648 section 5)."""
    return binascii.b2a_base64(raw, newline=False).translate(_TO_URL, b"=").decode()


def unb64(text: str, size: int, thing: str) -> bytes:
    """The `size` bytes of base64url text without padding, in its one canonical spelling. Raises `Malformed`."""
    try:
        raw = binascii.a2b_base64(text.translate(_FROM_URL) + "=" * (-len(text) % 4), strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(thing, f"not base64url: {error}") from error
    if len(raw) != size or b64(raw) != text:
        raise Malformed(thing, f"must be {size} bytes of base64url without padding")
    return raw


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = str.maketrans("-_+/", "+/!!")


def raw_key(key: str, allowed: tuple[str, ...] = (ED25519, ML_DSA)) -> tuple[str, bytes]:
    """Type and raw bytes of a typed public key. Raises `Malformed`, naming the types that are allowed here."""
    kind, colon, text = key.partition(":")
    if not colon or kind not in allowed:
        raise Malformed("key", f"starts with {key[:24]!r}; allowed here: {', '.join(allowed)}")
    return kind, unb64(text, SIZES[kind], f"{kind} key")


def key_id(key: str) -> str:
    """The short name of a key in leaves and requests: 16 bytes of SHA-256 of its typed text, base64url."""
    return b64(hashlib.sha256(b"comity key\n" + key.encode()).digest()[:16])


def fingerprint(*keys: str) -> str:
    """Thirty decimal digits in six groups, to be read aloud when cards are exchanged (100 bits of SHA-256).

    >>> fingerprint("ed25519:5zTqbCtiV95yNV5HKqBaTEh-a0Y8Ap7TBt8vAbVja1g")
    '63086 52326 32001 37049 81059 08055'
    """
    digest = hashlib.sha256(b"comity fingerprint\n" + "\n".join(keys).encode()).digest()
    digits = str(int.from_bytes(digest, "big") % 10**30).zfill(30)
    return " ".join(digits[i : i + 5] for i in range(0, 30, 5))


def verify(key: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` verifies under the typed public `key`, by the one acceptance rule."""
    kind, raw = raw_key(key)
    if len(signature) != SIGNATURES[kind]:
        return False
    try:
        if kind == ML_DSA:
            MLDSA44PublicKey.from_public_bytes(raw).verify(signature, message)
            return True
        if not (_sound_point(raw) and _sound_point(signature[:32])):
            return False
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sound_point(encoded: bytes) -> bool:
    """Canonical (y below p, no negative zero) and not one of the eight points of small order."""
    masked = encoded[:31] + bytes([encoded[31] & 0x7F])
    return masked not in _SMALL_ORDER and int.from_bytes(masked, "little") < _P
