"""Sealing to a party's key: HPKE (RFC 9180) with ML-KEM-768 and X25519 together, HKDF-SHA256, AES-256-GCM.

    seal(b"...", "ml-kem-768-x25519:...", info=b"comity pouch v1 frame\\n...")  ->  1,120 + 16 bytes more than the text

Breaking it takes breaking both the lattice and the curve. Each sealing draws its own key inside the library, so the
same text never looks the same twice. `info` binds what is sealed to its place: it opens nowhere else.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from comity.core.errors import Malformed
from comity.core.keys import SEALING, b64, raw_key

__all__ = ["OVERHEAD", "Opener", "SealingKey", "seal"]

OVERHEAD = 1120 + 16
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Opener(Protocol):
    """A private sealing key that may live in a file, in memory or in a hardware module."""

    @property
    def public(self) -> str:
        """The typed public key."""

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to this key under the same `info`. Raises `Malformed` or `Unavailable`."""


class SealingKey:
    """The HPKE key that pouches and sealed contents are sealed to, in memory."""

    def __init__(self, lattice: MLKEM768PrivateKey, curve: X25519PrivateKey) -> None:
        self._lattice, self._curve = lattice, curve
        public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        self.public = f"{SEALING}:{b64(public)}"

    @classmethod
    def generate(cls) -> SealingKey:
        """A fresh key."""
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def from_secret(cls, _kind: str, secret: bytes) -> SealingKey:
        """The key whose raw secret (64 + 32 bytes) this is."""
        lattice = MLKEM768PrivateKey.from_seed_bytes(secret[:64])
        return cls(lattice, X25519PrivateKey.from_private_bytes(secret[64:]))

    def secret(self) -> bytes:
        """The raw secret."""
        return self._lattice.private_bytes_raw() + self._curve.private_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to this key under the same `info`. Raises `Malformed`."""
        try:
            private = MLKEM768X25519PrivateKey(self._lattice, self._curve)
            opened: bytes = _SUITE.decrypt(sealed, private, info=info)
        except (InvalidTag, ValueError) as error:
            raise Malformed(
                "sealed part", "does not open with this key: it is damaged, or sealed to another"
            ) from error
        return opened


def seal(plain: bytes, key: str, info: bytes) -> bytes:
    """`plain` sealed to a typed public sealing key, bound to `info`. Raises `Malformed` for an unsound key."""
    _, raw = raw_key(key, (SEALING,))
    try:
        lattice = MLKEM768PublicKey.from_public_bytes(raw[:1184])
        public = MLKEM768X25519PublicKey(lattice, X25519PublicKey.from_public_bytes(raw[1184:]))
        sealed: bytes = _SUITE.encrypt(plain, public, info=info)
    except ValueError as error:
        raise Malformed("sealing key", f"is not a usable key: {error}") from error
    return sealed
