"""The cards that this node made, as they were given away: `cards/ID.card`, ID the identifier of the first node key.

    held = keep(folder, raw)        Held("kZTS...7dw", b'{"card":...}', Card(...))
    held.card in [one.card for one in cards(folder)]

A card serves one mechanism. A charter carries cards without their signatures, so what it says of ourselves is held
against these files: somebody else's charter cannot give us another address, other names or a mixture of our keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from comity.core.charter import Card, parse_card
from comity.core.errors import Refused, Unavailable
from comity.core.keys import key_id
from comity.node.files import save

__all__ = ["Held", "cards", "held", "keep"]


class Held(NamedTuple):
    """A card of ours: how it is called here, its file's bytes, and what they say."""

    name: str
    raw: bytes
    card: Card


def keep(folder: Path, raw: bytes) -> Held:
    """Keep a card that was just made. Raises `Unavailable`."""
    card = parse_card(raw)
    name = key_id(card.node[0])
    try:
        (folder / "cards").mkdir(mode=0o700, exist_ok=True)
        save(_path(folder, name), raw + b"\n")
    except OSError as error:
        raise Unavailable(f"file {_path(folder, name)}", f"cannot be written: {error.strerror}") from error
    return Held(name, raw, card)


def cards(folder: Path) -> list[Held]:
    """Every card that was made here, in the order in which they were. Raises `Malformed`, `Broken` or `Unavailable`."""
    try:
        found = sorted(
            (folder / "cards").glob("*.card"), key=lambda path: (path.stat().st_mtime_ns, path.name)
        )
    except OSError as error:
        raise Unavailable(f"folder {folder / 'cards'}", f"cannot be read: {error.strerror}") from error
    return [_read(path) for path in found]


def held(folder: Path, name: str) -> Held:
    """One of them. Raises `Refused("card_unknown")`."""
    if not (folder / "cards").is_dir() or name not in {
        path.stem for path in (folder / "cards").glob("*.card")
    }:
        raise Refused("card_unknown")
    return _read(_path(folder, name))


def _read(path: Path) -> Held:
    try:
        raw = path.read_bytes().strip()
    except OSError as error:
        raise Unavailable(f"file {path}", f"cannot be read: {error.strerror}") from error
    return Held(path.stem, raw, parse_card(raw, f"file cards/{path.name}"))


def _path(folder: Path, name: str) -> Path:
    return folder / "cards" / f"{name}.card"
