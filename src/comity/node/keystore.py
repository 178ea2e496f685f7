"""Private keys in files: one JSON file a key, mode 0600, optionally sealed under a passphrase.

    {"key":"ed25519:5zTq...","kdf":{"name":"argon2id","iterations":3,"lanes":4,"memory_kib":65536,"salt":"..."},
     "nonce":"...","sealed":"...","v":1}

Without a passphrase `kdf` and `nonce` are absent and `private` stands in place of `sealed`. The name of a file is the
key's identifier. A hardware module can stand behind the same `Signer` (`comity.core.keys`) later.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from comity.core.errors import Malformed, Unavailable
from comity.core.keys import DOCUMENT, ED25519, ML_DSA, SEALING, b64, key_id, raw_key, unb64
from comity.exchange.sealing import SealingKey

__all__ = ["DocumentKey", "KeyStore", "SealingKey", "SigningKey"]

ARGON = {"iterations": 3, "lanes": 4, "memory_kib": 65536}


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A key file's fields."""

    key: str
    v: int
    kdf: dict[str, str | int] = {}
    nonce: str = ""
    private: str = ""
    sealed: str = ""


class SigningKey:
    """An Ed25519 or ML-DSA-44 private key in memory; see `comity.core.keys.Signer`."""

    def __init__(self, private: Ed25519PrivateKey | MLDSA44PrivateKey) -> None:
        self._private = private
        kind = ED25519 if isinstance(private, Ed25519PrivateKey) else ML_DSA
        self.public = f"{kind}:{b64(private.public_key().public_bytes_raw())}"

    @classmethod
    def generate(cls, kind: str = ED25519) -> SigningKey:
        """A fresh key of type `kind`."""
        return cls(Ed25519PrivateKey.generate() if kind == ED25519 else MLDSA44PrivateKey.generate())

    @classmethod
    def from_secret(cls, kind: str, secret: bytes) -> SigningKey:
        """The key whose raw secret (32 bytes for either type) this is."""
        if kind == ED25519:
            return cls(Ed25519PrivateKey.from_private_bytes(secret))
        return cls(MLDSA44PrivateKey.from_seed_bytes(secret))

    def secret(self) -> bytes:
        """The raw secret."""
        return self._private.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The raw signature."""
        return self._private.sign(message)


class DocumentKey:
    """An ECDSA private key on P-256 in memory, with which papers are signed."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.public = f"{DOCUMENT}:{b64(point)}"

    @classmethod
    def generate(cls) -> DocumentKey:
        """A fresh key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_secret(cls, _: str, secret: bytes) -> DocumentKey:
        """The key whose secret number, 32 bytes, this is. Raises `Malformed`."""
        try:
            return cls(ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1()))
        except ValueError as error:
            raise Malformed("key file", "its private part is not a number that P-256 allows") from error

    def secret(self) -> bytes:
        """The secret number."""
        return self.private.private_numbers().private_value.to_bytes(32, "big")

    def sign(self, message: bytes) -> bytes:
        """The signature over SHA-256 of the message, in DER (RFC 3279 section 2.2.3)."""
        return self.private.sign(message, ec.ECDSA(hashes.SHA256()))


AnyKey = SigningKey | SealingKey | DocumentKey
_CLASSES: dict[str, type[AnyKey]] = {SEALING: SealingKey, DOCUMENT: DocumentKey}


class KeyStore:
    """The keys of one folder. A passphrase, if there is one, opens every sealed key in it."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self._folder, self._passphrase = folder, passphrase
        self._open: dict[str, AnyKey] = {}

    def make(self, kind: str, *, sealed: bool | None = None) -> AnyKey:
        """Make a key of type `kind` and write its file; sealed under the passphrase if there is one."""
        made = _CLASSES.get(kind)
        key: AnyKey = SigningKey.generate(kind) if made is None else made.generate()
        self.put(key, sealed=bool(self._passphrase) if sealed is None else sealed)
        return key

    def put(self, key: AnyKey, *, sealed: bool) -> None:
        """Write a key's file. Raises `Unavailable`."""
        secret = key.secret()
        if sealed:
            salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
            box = AESGCM(self._derive(salt, ARGON)).encrypt(nonce, secret, key.public.encode())
            kdf: dict[str, str | int] = {"name": "argon2id", "salt": b64(salt), **ARGON}
            file = KeyFile(key.public, 1, kdf=kdf, nonce=b64(nonce), sealed=b64(box))
        else:
            file = KeyFile(key.public, 1, private=b64(secret))
        self._write(self._path(key.public), msgspec.json.encode(file))
        self._open[key.public] = key

    def signer(self, public: str) -> SigningKey:
        """The signing key with that typed public key. Raises `Unavailable` if it is not here or does not open."""
        key = self._get(public)
        if not isinstance(key, SigningKey):
            raise Unavailable(f"key {key_id(public)}", "is for sealing, not for signing")
        return key

    def sealing(self, public: str) -> SealingKey:
        """The sealing key with that typed public key. Raises `Unavailable`."""
        key = self._get(public)
        if not isinstance(key, SealingKey):
            raise Unavailable(f"key {key_id(public)}", "is for signing, not for sealing")
        return key

    def document(self, point: bytes) -> DocumentKey:
        """The document key with that public point. Raises `Unavailable`."""
        public = f"{DOCUMENT}:{b64(point)}"
        key = self._get(public)
        if not isinstance(key, DocumentKey):
            raise Unavailable(f"key {key_id(public)}", "does not sign papers")
        return key

    def has(self, public: str) -> bool:
        """Whether the key's file is here."""
        return public in self._open or self._path(public).exists()

    def probe(self, path: Path) -> None:
        """Read a key's file and see that it is sound. Raises `Unavailable` or `Malformed`."""
        thing = f"key file {path.name}"
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Unavailable(thing, f"cannot be read: {error.strerror}") from error
        key = self._parse(raw, thing)
        if self._path(key.public) != path:
            raise Malformed(thing, "holds another key than its name says")

    def _path(self, public: str) -> Path:
        return self._folder / f"{key_id(public)}.key"

    def _get(self, public: str) -> AnyKey:
        if public in self._open:
            return self._open[public]
        path = self._path(public)
        thing = f"key file {path.name}"
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            raw = path.read_bytes()
        except FileNotFoundError as error:
            raise Unavailable(
                thing, "is not in this node's folder; it may be kept offline: bring it, then try again"
            ) from error
        except OSError as error:
            raise Unavailable(thing, f"cannot be read: {error.strerror}") from error
        if mode & 0o077:
            raise Unavailable(thing, f"can be read by others (mode {mode:04o}): set it to 0600")
        key = self._parse(raw, thing)
        if key.public != public:
            raise Malformed(thing, "holds another key than its name says")
        self._open[public] = key
        return key

    def _parse(self, raw: bytes, thing: str) -> AnyKey:
        try:
            file = msgspec.json.decode(raw, type=KeyFile)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Malformed(thing, str(error)) from error
        if file.v != 1:
            raise Malformed(thing, f"is of version {file.v}; this program reads 1: update it")
        kind, _ = raw_key(file.key, (ED25519, ML_DSA, SEALING, DOCUMENT))
        size = 96 if kind == SEALING else 32
        if file.sealed:
            if not self._passphrase:
                raise Unavailable(
                    thing, "is sealed: give its passphrase (COMITY_PASSPHRASE or --passphrase-file)"
                )
            kdf = {name: value for name, value in file.kdf.items() if isinstance(value, int)}
            if (
                set(kdf) != set(ARGON)
                or set(file.kdf) != {"name", "salt", *ARGON}
                or file.kdf["name"] != "argon2id"
                or not 1 <= kdf["iterations"] <= 100
                or not 1 <= kdf["lanes"] <= 64
                or not 8 * kdf["lanes"] <= kdf["memory_kib"] <= 1 << 21
            ):
                raise Malformed(thing, "has key derivation parameters that this program does not accept")
            derived = self._derive(unb64(str(file.kdf.get("salt", "")), 16, thing), kdf)
            try:
                box = unb64(file.sealed, size + 16, thing)
                secret = AESGCM(derived).decrypt(unb64(file.nonce, 12, thing), box, file.key.encode())
            except InvalidTag as error:
                raise Unavailable(thing, "does not open with this passphrase") from error
        else:
            secret = unb64(file.private, size, thing)
        key = _CLASSES.get(kind, SigningKey).from_secret(kind, secret)
        if key.public != file.key:
            raise Malformed(thing, "its private part does not belong to its public part")
        return key

    def _derive(self, salt: bytes, cost: dict[str, Any]) -> bytes:
        kdf = Argon2id(
            salt=salt,
            length=32,
            iterations=cost["iterations"],
            lanes=cost["lanes"],
            memory_cost=cost["memory_kib"],
        )
        return kdf.derive(self._passphrase.encode())

    def _write(self, path: Path, raw: bytes) -> None:
        """Whole or not at all, readable by its owner alone from the first moment."""
        fresh = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as error:
            raise Unavailable(f"key file {path.name}", f"cannot be written: {error.strerror}") from error
