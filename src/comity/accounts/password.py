"""Passwords: what a good one is, and argon2id hashes of them, one at a time.

    $argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$...        (a PHC string: it says how it was made)

Each hash takes 64 MiB; fifty people who sign in at once wait for each other instead of taking three gigabytes.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from comity.accounts.settings import Settings
from comity.core.errors import Refused

__all__ = ["LONGEST", "Passwords", "require_good"]

SHORTEST, LONGEST = 12, 1024
_FEWEST = 5  # different characters
# Of twelve characters or more, from what is tried first everywhere; shorter ones are refused for their length.
_COMMON = Path(__file__).with_name("common.txt")


def plain(password: str) -> str:
    """The password however a keyboard composed its letters (NFKC, as RFC 8265 section 4 has it in kind)."""
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, *names: str) -> None:
    """Raise `Refused` unless this could be kept secret from somebody who guesses well."""
    if len(password) > LONGEST:
        raise Refused("password_long", most=LONGEST)
    given = plain(password).casefold()
    if len(given) < SHORTEST:
        raise Refused("password_short", least=SHORTEST)
    if given in _COMMON.read_text("utf-8").split() or len(set(given)) < _FEWEST:
        raise Refused("password_common")
    rest = given
    for name in sorted((plain(name).casefold() for name in names), key=len, reverse=True):
        rest = rest.replace(name, "") if len(name) > 2 else rest
    if len(rest) < len(given) and len(rest) < SHORTEST // 2:
        raise Refused("password_named")


class Passwords:
    """Makes and checks hashes, one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one = threading.Semaphore(1)
        self._nobody = ""

    @property
    def _sign(self) -> str:
        at = self._settings
        return f"$argon2id$v=19$m={at.argon_memory_kib},t={at.argon_iterations},p={at.argon_lanes}$"

    def hash(self, password: str) -> str:
        """The PHC string of a password, under a fresh salt."""
        at = self._settings
        kdf = Argon2id(
            salt=secrets.token_bytes(16),
            length=32,
            iterations=at.argon_iterations,
            lanes=at.argon_lanes,
            memory_cost=at.argon_memory_kib,
        )
        with self._one:
            return kdf.derive_phc_encoded(_raw(password))

    def check(self, password: str, stored: str) -> bool:
        """Whether it is the password. Where there is none to compare with, the same work is done for nothing."""
        if not self._nobody:  # made at the first name that is tried, whosever it is
            self._nobody = self.hash(secrets.token_hex(16))
        with self._one:
            try:
                Argon2id.verify_phc_encoded(_raw(password), stored or self._nobody)
            except InvalidKey:
                return False
        return bool(stored)

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made at another cost than is asked for today."""
        return not stored.startswith(self._sign)


def _raw(password: str) -> bytes:
    return plain(password[: LONGEST + 1]).encode("utf-8", "surrogatepass")
