"""Pouches of a node: packed for a party of one mechanism, opened by the key that they are sealed to.

A card serves one mechanism, so its sealing key says which record a pouch belongs to; the pouch itself does not, on its
outside. The node remembers which pouch of each party it opened last, since the next one back answers it, and which
pouches it has sent since it was restored: only an answer to one of those tells what the other side holds now (law 10).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from comity.core.errors import Refused, Unavailable
from comity.core.keys import key_id
from comity.exchange.pouch.opening import Opened, open_pouch
from comity.exchange.pouch.outside import Head, Outside, inspect
from comity.exchange.pouch.packing import pack
from comity.exchange.talk import Report
from comity.node.home import Node
from comity.node.reaching import sealing_key, station
from comity.node.record import Record

__all__ = ["Brought", "look", "open_file", "pack_file"]

_OPENED = "pouch/opened/"
_ASKED = "pouch/asked"


class Brought(NamedTuple):
    """What opening a pouch came to: the record it belongs to, from whom, and the report of the exchange."""

    record: Record
    sender: str
    report: Report


def pack_file(node: Node, record: Record, to: str, path: Path, *, whole: bool = False) -> Head:
    """Write a pouch for a party to a file, whole or not at all. Raises `Refused` or `Unavailable`.

    whole: from the first act of every log on, for a recipient that has lost what it had.
    """
    at = station(node, record)
    answers = record.store.get(_OPENED + at.other(to)) or b""
    start = dict.fromkeys(record.parties, 0) if whole else None
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as out:
            head = pack(
                out,
                at,
                to,
                sealing_key(record, to),
                start=start,
                answers=answers.decode(),
                folder=str(path.parent),
            )
        if record.silent:
            _remember_asking(record, head.id)
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(str(path), f"cannot be written: {error.strerror}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return head


def open_file(node: Node, path: Path) -> Brought:
    """Take in what a pouch brings. Raises `Malformed`, `Refused`, `Broken` or `Unavailable` with nothing stored."""
    with _opened(path) as stream:
        outside = inspect(stream, str(path))
        record, key = _sealed_to(node, outside)
        asked = msgspec.json.decode(record.store.get(_ASKED) or b"[]", type=list[str])
        done: Opened = open_pouch(
            stream, station(node, record), node.keys.sealing(key), asked=asked, thing=str(path)
        )
    sender = outside.head.sender
    record.write(lambda: record.put(_OPENED + sender, done.id.encode()))
    if asked and not record.silent:
        record.write(lambda: record.put(_ASKED, None))
    return Brought(record, sender, done.report)


def look(path: Path) -> Outside:
    """What a pouch says on its outside, checked from its first to its last byte. Raises `Malformed`, `Unavailable`."""
    with _opened(path) as stream:
        return inspect(stream, str(path))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unavailable(str(path), f"cannot be read: {error.strerror}") from error


def _remember_asking(record: Record, pouch: str) -> None:
    asked = msgspec.json.decode(record.store.get(_ASKED) or b"[]", type=list[str])
    record.write(lambda: record.put(_ASKED, msgspec.json.encode([*asked, pouch][-64:])))


def _sealed_to(node: Node, outside: Outside) -> tuple[Record, str]:
    """The mechanism whose sealing key of ours a pouch is sealed to, and that key."""
    if outside.head.recipient != node.party:
        raise Refused("pouch_for_another", recipient=outside.head.recipient)
    for record, key in _sealing_keys(node):
        if key_id(key) == outside.head.sealed_to:
            return record, key
    raise Refused("pouch_sealed_to_another", key=outside.head.sealed_to)


def _sealing_keys(node: Node) -> Iterator[tuple[Record, str]]:
    """Every sealing key of ours, with its mechanism; revoked ones too, since a pouch may have been long on its way."""
    for mechanism in node.mechanisms():
        record = node.record(mechanism)
        with record.reading():
            half = record.folds.half(record.party, record.ready)
        held = [key.key for key in half.keys if key.use == "sealing"]
        yield from ((record, key) for key in held or [record.charter.card(record.party).sealing])
