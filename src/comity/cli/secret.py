"""What is typed and not shown: passwords, passphrases, PINs. Never an argument, which other users of a machine see.

Password:                       on a terminal, unseen
printf 'my password\\n' | ...    one line of the standard input, where there is no terminal
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.files import read_file
from comity.cli.session import Session
from comity.core.errors import Malformed
from comity.core.keys import DOCUMENT, Signer, b64, key_id

if TYPE_CHECKING:
    from comity.node.keystore import AnyKey, DocumentKey

__all__ = ["PASSWORD_FILE", "Prompted", "password", "typed"]

PASSWORD_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


def typed(session: Session, words: str, /, **facts: object) -> str:
    """One secret, asked for by the words of a key."""
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(session.say(words, **facts) + " ")
    return _line(sys.stdin.readline())


def password(session: Session, file: Path | None) -> str:
    """A new password: from a file's first line, or typed, on a terminal twice. Raises a usage error, `Malformed`."""
    if file is not None:
        try:
            return _line(read_file(file).decode("utf-8"))
        except UnicodeDecodeError as error:
            raise Malformed(str(file), "is not UTF-8: save it as UTF-8", at=f"byte {error.start}") from error
    given = typed(session, "ask.password")
    if sys.stdin.isatty() and typed(session, "ask.password_again") != given:
        raise click.UsageError("usage.password_again", click.get_current_context())
    return given


class Prompted:
    """The node's keys; one that asks for its officer's passphrase or PIN has them asked at the terminal."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def signer(self, public: str) -> Signer:
        """The signing key. Raises `Refused`, `Unavailable`."""
        keys = self._session.node.keys
        asks = keys.asks(public)
        if not asks:
            return keys.signer(public)
        return keys.signer(public, typed(self._session, f"ask.{asks}", key=key_id(public)))

    def document(self, point: bytes) -> DocumentKey:
        """The key with which papers are signed. Raises `Refused`, `Unavailable`."""
        keys, public = self._session.node.keys, f"{DOCUMENT}:{b64(point)}"
        if not keys.asks(public):
            return keys.document(point)
        return keys.document(point, typed(self._session, "ask.passphrase", key=key_id(public)))

    def make(self, kind: str) -> AnyKey:
        """A fresh key."""
        return self._session.node.keys.make(kind)

    def put(self, key: AnyKey) -> None:
        """Keep a key."""
        self._session.node.keys.put(key)


def _line(text: str) -> str:
    return text.split("\n", 1)[0].rstrip("\r")
