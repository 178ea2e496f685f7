"""Saying once: a request that comes twice is said once, and the second gets what the first one got.

    value once/9f2c...      {"asked":"47DEQ...","on":"2026-11-22","ref":"TUR/17"}

The key is the hash of who asked and the key that they gave (a form's, or RFC draft Idempotency-Key); it is written in
the transaction that says the act, so there is no moment in which one is there without the other. The value holds no
content: `asked` is the hash of what was asked for. After `KEPT` days it may be forgotten.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

import msgspec

from comity.core.act import Ref
from comity.core.entry import parse_leaf
from comity.core.errors import Malformed, Refused
from comity.core.keys import b64
from comity.node import saying
from comity.node.ledger import Ledger
from comity.node.saying import Draft, Said
from comity.storage.port import entry_at

__all__ = ["KEPT", "Once", "forget", "once", "said", "say"]

KEPT = 30
"""Days for which a key is remembered."""


class Once(msgspec.Struct, frozen=True):
    """The key of a request, and the hash of what it asks for; make it by `once`."""

    key: str
    asked: str


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    asked: str
    on: str
    ref: str


def once(speaker: str, key: str, asked: bytes) -> Once:
    """The key that this speaker gave, for what they asked for: the bytes of their request."""
    named = hashlib.sha256(f"{len(speaker)}:{speaker}{key}".encode("utf-8", "surrogatepass")).hexdigest()
    return Once(named, b64(hashlib.sha256(asked).digest()))


def say(record: Ledger, draft: Draft, once: Once | None) -> Said:
    """Say an act unless it was said under that key before. Raises `Refused`. (Inside `write`.)"""
    if once is None:
        return saying.say(record, draft)
    before = said(record, once)
    if before is not None:
        return before
    done = saying.say(record, draft)
    kept = _Kept(once.asked, record.clock().date().isoformat(), str(done.ref))
    record.put(f"once/{once.key}", msgspec.json.encode(kept, order="sorted"))
    return done


def said(record: Ledger, once: Once) -> Said | None:
    """What was said under that key, or None. Raises `Refused` where something else was asked for under it."""
    raw = record.store.get(f"once/{once.key}")
    if raw is None:
        return None
    kept = _read(raw)
    if kept.asked != once.asked:
        raise Refused("once_for_another", ref=kept.ref)
    ref = Ref.parse(kept.ref)
    entry = entry_at(record.store, ref)
    return Said(ref, record.folds.act(ref, parse_leaf(entry.leaf, str(ref)), entry.content))


def forget(record: Ledger) -> int:
    """Forget the keys that are older than `KEPT` days; how many there were."""
    before = (record.clock() - timedelta(days=KEPT)).date().isoformat()
    old = [name for name, raw in record.store.named("once/").items() if _read(raw).on < before]

    def remove() -> None:
        for name in old:
            record.put(name, None)

    if old:
        record.write(remove)
    return len(old)


def _read(raw: bytes) -> _Kept:
    try:
        return msgspec.json.decode(raw, type=_Kept)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Malformed("a key of what was said once", str(error)) from error
