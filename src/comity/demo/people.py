"""Who may sign in at the end of the story: four invented people at each node, and what they hold.

    {"passwords":{"IRQ":{"rafidi":"kZ0v-..."},"TUR":{...}},"ports":{"IRQ":[40127,40129],"TUR":[...]},"v":1}

That is `demo.json` in the demonstration's folder: it is how a kept folder is opened again. The passwords are made anew
for each demonstration; they open two nodes on this machine's loopback, and nothing else.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from comity.accounts import MACHINE, Accounts, read_settings
from comity.core.charter import ROOT
from comity.core.errors import Malformed, Unavailable

__all__ = ["FILE", "PEOPLE", "Kept", "Person", "make_people", "read_kept", "write_kept"]

FILE = "demo.json"


class Person(NamedTuple):
    """Somebody invented. `office` is "" for an administrator of the node, who speaks for nobody."""

    name: str
    display: str
    language: str
    office: str


PEOPLE: Mapping[str, tuple[Person, ...]] = {
    "TUR": (
        Person("aksoylu", "Deniz Aksoylu", "tr", "mfa"),
        Person("yalinay", "Kerem Yalınay", "tr", "defence"),
        Person("sezer", "Ayla Sezer", "tr", ROOT),
        Person("duru", "Can Duru", "tr", ""),
    ),
    "IRQ": (
        Person("rafidi", "نديم الرافدي", "ar", "mfa"),
        Person("basrawi", "سليم البصراوي", "ar", "defence"),
        Person("karkhi", "ليلى الكرخي", "ar", ROOT),
        Person("nahri", "سامي النهري", "ar", ""),
    ),
}


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a folder remembers: each party's passwords by name, and its ports: of the node, and of its pages."""

    passwords: dict[str, dict[str, str]]
    ports: dict[str, tuple[int, int]]
    v: int = 1


def make_people(folder: Path, party: str, mechanism: str, address: str) -> dict[str, str]:
    """Make the accounts of a party's node, whose pages will be at that address; their passwords by name."""
    _write(folder / "accounts.json", msgspec.json.encode({"origins": [address], "rp_id": "localhost"}))
    accounts = Accounts(folder, lambda: datetime.now(UTC), read_settings(folder))
    passwords = {}
    for person in PEOPLE[party]:
        passwords[person.name] = secrets.token_urlsafe(12)
        accounts.add(
            MACHINE,
            person.name,
            person.display,
            person.language,
            passwords[person.name],
            admin=not person.office,
        )
        if person.office:
            accounts.grant(MACHINE, person.name, mechanism, person.office)
    return passwords


def write_kept(folder: Path, kept: Kept) -> None:
    """Remember it, for its owner's eyes alone. Raises `Unavailable`."""
    _write(folder / FILE, msgspec.json.encode(kept, order="sorted"))


def _write(path: Path, raw: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(raw + b"\n")
    except OSError as error:
        raise Unavailable(str(path), f"cannot be written: {error.strerror}") from error


def read_kept(folder: Path) -> Kept | None:
    """What a folder remembers; None for a folder in which no demonstration came to its end. Raises `Malformed`."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(str(path), f"cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Malformed(str(path), str(error)) from error
