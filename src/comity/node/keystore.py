"""Private keys in files: one JSON file a key, mode 0600, optionally sealed under a passphrase.

    {"key":"ed25519:5zTq...","kdf":{"name":"argon2id","iterations":3,"lanes":4,"memory_kib":65536,"salt":"..."},
     "nonce":"...","sealed":"...","v":1}

Without a passphrase `kdf` and `nonce` are absent and `private` stands in place of `sealed`. The name of a file is the
key's identifier. Where `"own":true` stands too, the passphrase is not the folder's but the officer's: it is asked for
each time, and the opened key is not kept. A key may also be on a hardware token (`comity.node.token`).
"""

from __future__ import annotations

import secrets
import unicodedata
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from comity.core.errors import Malformed, Refused, Unavailable
from comity.core.keys import DOCUMENT, ED25519, ML_DSA, SEALING, Signer, b64, key_id, raw_key, unb64
from comity.exchange.sealing import SealingKey
from comity.node.files import require_private, save
from comity.node.token import Place, TokenSigner, enrol, enrolled

__all__ = ["DocumentKey", "KeyStore", "SealingKey", "SigningKey"]

ARGON = {"iterations": 3, "lanes": 4, "memory_kib": 65536}
_SHORTEST = 8  # characters of an officer's own passphrase: each guess at its file costs an attacker 64 MiB


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A key file's fields."""

    key: str
    v: int
    kdf: dict[str, str | int] = {}
    nonce: str = ""
    private: str = ""
    sealed: str = ""
    own: bool = False


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
    """The keys of one folder. A passphrase, if there is one, opens every sealed key in it but officers' own."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self._folder, self._passphrase = folder, passphrase
        self._open: dict[str, tuple[AnyKey, _Stamp]] = {}

    def make(self, kind: str, *, sealed: bool | None = None, passphrase: str = "") -> AnyKey:
        """Make a key of type `kind` and write its file; sealed under the folder's passphrase if there is one.

        With `passphrase` it is sealed under that one, an officer's own.
        """
        made = _CLASSES.get(kind)
        key: AnyKey = SigningKey.generate(kind) if made is None else made.generate()
        self.put(key, sealed=sealed, passphrase=passphrase)
        return key

    def put(self, key: AnyKey, *, sealed: bool | None = None, passphrase: str = "") -> None:
        """Write a key's file, sealed as `make` does it. Raises `Unavailable`, or `Refused("passphrase_short")`."""
        if passphrase:
            self._put_own(key, _own(passphrase))
            return
        if bool(self._passphrase) if sealed is None else sealed:
            file = _sealed(key, self._passphrase, own=False)
        else:
            file = KeyFile(key.public, 1, private=b64(key.secret()))
        path = self._path(key.public)
        self._write(path, msgspec.json.encode(file))
        self._open[key.public] = key, _stamp(path)

    def _put_own(self, key: AnyKey, passphrase: str) -> None:
        self._write(self._path(key.public), msgspec.json.encode(_sealed(key, passphrase, own=True)))
        self._open.pop(key.public, None)

    def reseal(self, public: str, old: str, new: str) -> None:
        """Seal a key under an officer's own passphrase: a new one, or one instead of the folder's.

        Raises `Refused("passphrase_wrong")`, or "passphrase_short" for the new one.
        """
        fresh = _own(new)
        key = self._opened(public, old) if self.asks(public) == "passphrase" else self._get(public)
        self._put_own(key, fresh)

    def asks(self, public: str) -> str:
        """What opening the key asks its officer for: "passphrase", "pin" of a token, or "". Raises `Unavailable`."""
        if self._token(public) is not None:
            return "pin"
        path = self._path(public)
        return "passphrase" if path.exists() and self._file(path).own else ""

    def enrol(self, place: Place) -> None:
        """Note that a key is on a hardware token. Raises `Unavailable`."""
        enrol(self._tokens, place)

    def signer(self, public: str, passphrase: str | None = None) -> Signer:
        """The signing key with that typed public key. Raises `Unavailable` if it is not here or does not open.

        With its officer's own passphrase, or a token's PIN, where it asks for one: the key is opened for this caller
        alone and kept nowhere. Raises `Refused("passphrase_needed")` or "passphrase_wrong".
        """
        place = self._token(public)
        if place is not None:
            if not passphrase:
                raise Refused("passphrase_needed")
            return TokenSigner(place, passphrase)
        key = (
            self._get(public)
            if passphrase is None or not self.asks(public)
            else self._opened(public, passphrase)
        )
        if not isinstance(key, SigningKey):
            raise Unavailable(f"key {key_id(public)}", "is for sealing, not for signing")
        return key

    def sealing(self, public: str) -> SealingKey:
        """The sealing key with that typed public key. Raises `Unavailable`."""
        key = self._get(public)
        if not isinstance(key, SealingKey):
            raise Unavailable(f"key {key_id(public)}", "is for signing, not for sealing")
        return key

    def document(self, point: bytes, passphrase: str = "") -> DocumentKey:
        """The document key with that public point, opened with its officer's own passphrase where it is under one.

        Raises `Unavailable`, `Refused("passphrase_needed")` or "passphrase_wrong".
        """
        public = f"{DOCUMENT}:{b64(point)}"
        key = self._opened(public, passphrase) if self.asks(public) else self._get(public)
        if not isinstance(key, DocumentKey):
            raise Unavailable(f"key {key_id(public)}", "does not sign papers")
        return key

    def has(self, public: str) -> bool:
        """Whether the key's file is here, or the token is known that it is on."""
        return public in self._open or self._path(public).exists() or self._token(public) is not None

    def locked(self) -> bool:
        """Whether keys of this folder are under its passphrase, and that was not given."""
        files = (self._file(path) for path in sorted(self._folder.glob("*.key")))
        return not self._passphrase and any(file.sealed and not file.own for file in files)

    def probe(self, path: Path) -> None:
        """Read a key's file and see that it is sound. Raises `Unavailable` or `Malformed`.

        What is under an officer's own passphrase is looked at as far as it goes without.
        """
        file = self._file(path)
        if self._path(file.key) != path:
            raise Malformed(f"key file {path.name}", "holds another key than its name says")
        if file.own:
            _box(file, f"key file {path.name}")
        else:
            self._key(file, self._passphrase, f"key file {path.name}")

    @property
    def _tokens(self) -> Path:
        return self._folder.parent / "tokens.json"

    def _token(self, public: str) -> Place | None:
        return enrolled(self._tokens).get(public)

    def _path(self, public: str) -> Path:
        return self._folder / f"{key_id(public)}.key"

    def _get(self, public: str) -> AnyKey:
        path = self._path(public)
        kept = self._open.get(public)
        if kept is not None and _stamp(path) in (
            kept[1],
            None,
        ):  # what another process sealed anew is read again
            return kept[0]
        file = self._mine(public)
        if file.own:
            raise Refused("passphrase_needed")
        stamp = _stamp(path)
        key = self._key(file, self._passphrase, f"key file {path.name}")
        self._open[public] = key, stamp
        return key

    def _opened(self, public: str, passphrase: str) -> AnyKey:
        """A key under its officer's own passphrase."""
        if not passphrase:
            raise Refused("passphrase_needed")
        return self._key(self._mine(public), _plain(passphrase), f"key file {self._path(public).name}")

    def _mine(self, public: str) -> KeyFile:
        """The file of a key, which nobody else can read."""
        path = self._path(public)
        thing = f"key file {path.name}"
        try:
            require_private(thing, path)
        except FileNotFoundError as error:
            raise Unavailable(
                thing, "is not in this node's folder; it may be kept offline: bring it, then try again"
            ) from error
        except OSError as error:
            raise Unavailable(thing, f"cannot be read: {error.strerror}") from error
        file = self._file(path)
        if file.key != public:
            raise Malformed(thing, "holds another key than its name says")
        return file

    def _file(self, path: Path) -> KeyFile:
        """What a key's file says. Raises `Unavailable` or `Malformed`."""
        thing = f"key file {path.name}"
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Unavailable(thing, f"cannot be read: {error.strerror}") from error
        try:
            file = msgspec.json.decode(raw, type=KeyFile)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Malformed(thing, str(error)) from error
        if file.v != 1:
            raise Malformed(thing, f"is of version {file.v}; this program reads 1: update it")
        return file

    def _key(self, file: KeyFile, passphrase: str, thing: str) -> AnyKey:
        """The key in a file, opened."""
        kind, _ = raw_key(file.key, (ED25519, ML_DSA, SEALING, DOCUMENT))
        if file.sealed:
            if not passphrase:
                raise Unavailable(
                    thing, "is sealed: give its passphrase (COMITY_PASSPHRASE or --passphrase-file)"
                )
            salt, cost, nonce, box = _box(file, thing)
            try:
                secret = AESGCM(_derive(passphrase, salt, cost)).decrypt(
                    nonce, box, _bound(file.key, file.own)
                )
            except InvalidTag as error:
                if file.own:
                    raise Refused("passphrase_wrong") from error
                raise Unavailable(thing, "does not open with this passphrase") from error
        elif file.own:
            raise Malformed(thing, "says that it is under a passphrase, and is not")
        else:
            secret = unb64(file.private, _SECRETS.get(kind, 32), thing)
        key = _CLASSES.get(kind, SigningKey).from_secret(kind, secret)
        if key.public != file.key:
            raise Malformed(thing, "its private part does not belong to its public part")
        return key

    def _write(self, path: Path, raw: bytes) -> None:
        """Whole or not at all, readable by its owner alone from the first moment."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            save(path, raw)
        except OSError as error:
            raise Unavailable(f"key file {path.name}", f"cannot be written: {error.strerror}") from error


_SECRETS = {SEALING: 96}
_Stamp = tuple[int, int] | None


def _stamp(path: Path) -> _Stamp:
    """What changes when a file is written anew; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _plain(passphrase: str) -> str:
    """A person's passphrase however their keyboard composed its letters."""
    return unicodedata.normalize("NFKC", passphrase)


def _own(passphrase: str) -> str:
    """A passphrase that an officer chose. Raises `Refused` where it is too short."""
    if not _SHORTEST <= len(_plain(passphrase)) <= 1024:
        raise Refused("passphrase_short", least=_SHORTEST)
    return _plain(passphrase)


def _bound(public: str, own: bool) -> bytes:
    """What a sealed key is bound to: its public part, and whose passphrase it is under."""
    return public.encode() + (b"\nown" if own else b"")


def _sealed(key: AnyKey, passphrase: str, *, own: bool) -> KeyFile:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    box = AESGCM(_derive(passphrase, salt, ARGON)).encrypt(nonce, key.secret(), _bound(key.public, own))
    kdf: dict[str, str | int] = {"name": "argon2id", "salt": b64(salt), **ARGON}
    return KeyFile(key.public, 1, kdf=kdf, nonce=b64(nonce), sealed=b64(box), own=own)


def _box(file: KeyFile, thing: str) -> tuple[bytes, dict[str, int], bytes, bytes]:
    """Salt, cost, nonce and box of a sealed file. Raises `Malformed`."""
    kind, _ = raw_key(file.key, (ED25519, ML_DSA, SEALING, DOCUMENT))
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
    salt = unb64(str(file.kdf["salt"]), 16, thing)
    return salt, kdf, unb64(file.nonce, 12, thing), unb64(file.sealed, _SECRETS.get(kind, 32) + 16, thing)


def _derive(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory_cost=cost["memory_kib"],
    )
    return kdf.derive(passphrase.encode())
