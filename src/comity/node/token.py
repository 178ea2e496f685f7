"""Keys on a hardware token, by PKCS#11: the private part never leaves it, and each signature asks for the PIN.

    tokens.json     {"keys":[{"key":"ed25519:5zTq...","label":"co-chair","module":"/usr/lib/softhsm/libsofthsm2.so",
                     "token":"officer"}],"v":1}

That file in the node's folder says where each key is, never its PIN. Ed25519 as PKCS#11 3.0 has it (CKM_EDDSA, key type
CKK_EC_EDWARDS). A token counts wrong PINs itself, and locks after a few. python-pkcs11 is imported when one is used.
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from comity.core.errors import Malformed, Refused, Unavailable
from comity.core.keys import ED25519, b64, raw_key, verify
from comity.node.files import save

__all__ = ["Place", "TokenSigner", "enrol", "enrolled", "public_on"]

_ONE = threading.Lock()  # a token knows one login for a whole program, so signatures wait for each other
_WRONG = ("PinIncorrect", "PinInvalid", "PinLenRange")
_WHY = {
    "NoSuchToken": "is not in any slot: insert it, or look at its label",
    "TokenNotPresent": "is not in any slot: insert it",
    "TokenNotRecognised": "is not one that this module knows",
    "MultipleTokensReturned": "has the label of another token: name them apart",
    "PinLocked": "has locked itself after too many wrong PINs: its security officer must unlock it",
    "PinExpired": "asks for a new PIN: set one with the maker's program",
    "UserPinNotInitialized": "has no PIN yet: set one with the maker's program",
    "MechanismInvalid": "does not sign with Ed25519",
    "DeviceRemoved": "was taken out",
}


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a key is: a module's file, a token's label, a key's label."""

    key: str
    label: str
    module: str
    token: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tokens.json`."""

    keys: tuple[Place, ...]
    v: int


class TokenSigner:
    """A key on a token; see `comity.core.keys.Signer`. The PIN is forgotten with this object."""

    def __init__(self, place: Place, pin: str) -> None:
        self.public = place.key
        self._place, self._pin = place, pin

    def __repr__(self) -> str:
        """Without the PIN."""
        return f"TokenSigner({self._place!r})"

    def sign(self, message: bytes) -> bytes:
        """The raw Ed25519 signature. Raises `Refused("passphrase_wrong")` for the PIN, else `Unavailable`."""
        with _session(self._place.module, self._place.token, self._pin) as (session, p11):
            key = _key(session, p11, p11.ObjectClass.PRIVATE_KEY, self._place.token, self._place.label)
            signature = bytes(key.sign(message, mechanism=p11.Mechanism.EDDSA))
        if not verify(self.public, message, signature):
            raise Unavailable(
                _thing(self._place.token), "signs with another key than was enrolled under this label"
            )
        return signature


def public_on(module: str, token: str, label: str, pin: str = "") -> str:
    """The typed public key of that label, read from the token. Raises `Refused` or `Unavailable`."""
    with _session(module, token, pin) as (session, p11):
        key = _key(session, p11, p11.ObjectClass.PUBLIC_KEY, token, label)
        point = bytes(key[p11.Attribute.EC_POINT])
    raw = point[2:] if len(point) == 34 and point[:2] == b"\x04\x20" else point  # PKCS#11 3.0 wraps it in DER
    if len(raw) != 32:
        raise Unavailable(_thing(token), "holds a key of another curve than Ed25519 under that label")
    return f"{ED25519}:{b64(raw)}"


def enrolled(path: Path) -> dict[str, Place]:
    """The places in a `tokens.json`, by key; none where there is no such file. Raises `Malformed`, `Unavailable`."""
    thing = f"file {path.name}"
    try:
        raw, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unavailable(thing, f"cannot be read: {error.strerror}") from error
    if mode & 0o022:  # it names code that is run
        raise Unavailable(thing, f"can be written to by others (mode {mode:04o}): set it to 0600")
    try:
        file = msgspec.json.decode(raw, type=_File)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed(thing, str(error)) from error
    if file.v != 1:
        raise Malformed(thing, f"is of version {file.v}; this program reads 1: update it")
    for place in file.keys:
        raw_key(place.key, (ED25519,))
    return {place.key: place for place in file.keys}


def enrol(path: Path, place: Place) -> None:
    """Write down where a key is. Raises `Unavailable` or `Malformed`."""
    places = enrolled(path) | {place.key: place}
    try:
        save(path, msgspec.json.encode(_File(tuple(places[key] for key in sorted(places)), 1)))
    except OSError as error:
        raise Unavailable(f"file {path.name}", f"cannot be written: {error.strerror}") from error


@contextmanager
def _session(module: str, token: str, pin: str) -> Iterator[tuple[Any, Any]]:
    """A session with a token, and the library; everything that goes wrong there becomes one of our errors."""
    try:
        import pkcs11  # noqa: PLC0415 -- a part of Comity that few install
    except ImportError as error:
        raise Unavailable(_thing(token), "needs python-pkcs11: install comity[pkcs11]") from error
    if not Path(module).is_file():
        raise Unavailable(
            f"PKCS#11 module {module}", "is not there: install the token maker's, or look at the path"
        )
    with _ONE:
        try:
            found = pkcs11.lib(module).get_token(token_label=token)
            with found.open(user_pin=pin or None) as session:
                yield session, pkcs11
        except (
            RuntimeError
        ) as error:  # the parent of every PKCS11Error, and what a module that does not load raises
            name = type(error).__name__
            if name in _WRONG:
                raise Refused("passphrase_wrong") from error
            why = _WHY.get(name, f"cannot be used: {name} {error}".rstrip())
            raise Unavailable(_thing(token), why) from error


def _key(session: Any, p11: Any, kind: Any, token: str, label: str) -> Any:
    """The one key of that kind and label. All are looked for: the library minds a search that is given up."""
    asked = {
        p11.Attribute.CLASS: kind,
        p11.Attribute.KEY_TYPE: p11.KeyType.EC_EDWARDS,
        p11.Attribute.LABEL: label,
    }
    found = list(session.get_objects(asked))
    if len(found) != 1:
        why = (
            "holds several keys of that label: name them apart"
            if found
            else "holds no Ed25519 key of that label"
        )
        raise Unavailable(_thing(token), why)
    return found[0]


def _thing(token: str) -> str:
    return f"hardware token {token}"
