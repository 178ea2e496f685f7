"""Summaries put away with the record, so that a process that has just begun need not fold thousands of dockets.

    name    summaries/commitment
    value   b"<SHA-256 of the rest, 32 bytes>" {"shape":"5f1c...","cut":{"IRQ":812,"TUR":940},"kept":[...]}

They are derived data: whatever is wrong with them, they are made again. They are used where their hash is right, where
they were made by the very code that would make them now (`shape`), and as of a cut that this node holds; and each only
while its docket has no act since that cut. `comity check` makes every one of those again and holds it against what was
put away.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

import comity
from comity.core.act import Cut, Ref
from comity.core.chapter import Chapter
from comity.core.entry import parse_leaf
from comity.core.errors import Malformed
from comity.core.fold import DESTROYED
from comity.storage.port import Store, entry_at

if TYPE_CHECKING:
    from comity.node.folds import Folds

__all__ = ["PREFIX", "Kept", "PutAway", "encode", "faults", "made", "moved", "name", "read", "take"]

PREFIX = "summaries/"
_HASH = 32
_STEP = 2048  # acts read at once


class Kept(NamedTuple):
    """A docket's summary, and how far it reaches into each log: the number after the docket's last act there."""

    summary: Any
    reach: Mapping[str, int]


class PutAway(NamedTuple):
    """A chapter's summaries as of a cut: every docket opened below it."""

    cut: Cut
    kept: Mapping[Ref, Kept]


class _Head(msgspec.Struct):
    """All but the summaries, which are read only if this fits."""

    shape: str
    cut: dict[str, int]
    kept: msgspec.Raw


def name(chapter: Chapter) -> str:
    """The name of the value in which a chapter's summaries are put away."""
    return PREFIX + chapter.noun


@functools.cache
def _shape(chapter_name: str, summary: Any) -> str:
    """What tells apart summaries that different code would make: the hash of that code.

    It is the chapter's folder and the core's. Nobody can forget to count it up.
    """
    folders = (Path(inspect.getfile(summary)).parent, Path(comity.__file__).parent / "core")
    found = hashlib.sha256(f"{chapter_name} {comity.__version__}".encode())
    for folder in folders:
        for file in sorted(folder.glob("*.py")):
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


@functools.cache
def _item(summary: Any) -> Any:
    """The type of one entry: the docket, how far it reaches, the summary, as `chapter.summary` says that it is."""
    made = typing.get_type_hints(summary).get("return", Any)
    return list[tuple[str, dict[str, int], made]]  # type: ignore[valid-type]


def encode(chapter: Chapter, cut: Cut, kept: Mapping[Ref, Kept]) -> bytes:
    """A chapter's summaries as of a cut, as they are put away."""
    items = [(str(ref), one.reach, one.summary) for ref, one in sorted(kept.items())]
    head = _Head(_shape(chapter.name, chapter.summary), dict(cut), msgspec.Raw(msgspec.json.encode(items)))
    raw = msgspec.json.encode(head)
    return hashlib.sha256(raw).digest() + raw


def read(chapter: Chapter, raw: bytes) -> PutAway | None:
    """What was put away; None where other code made it. Raises `Malformed`."""
    if hashlib.sha256(raw[_HASH:]).digest() != raw[:_HASH]:
        raise Malformed(f"value {name(chapter)!r}", "its hash is not that of its bytes")
    try:
        head = msgspec.json.decode(raw[_HASH:], type=_Head)
        if head.shape != _shape(chapter.name, chapter.summary):
            return None
        items = msgspec.json.decode(head.kept, type=_item(chapter.summary))
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Malformed(f"value {name(chapter)!r}", str(error)) from error
    return PutAway(head.cut, {Ref.parse(ref): Kept(summary, reach) for ref, reach, summary in items})


def take(store: Store, chapter: Chapter, ready: Cut) -> PutAway | None:
    """What was put away and can be used as of the ready cut, or None: then it is all made again."""
    raw = store.get(name(chapter))
    if raw is None:
        return None
    try:
        found = read(chapter, raw)
    except Malformed:
        return None
    if found is None or any(size > ready.get(party, 0) for party, size in found.cut.items()):
        return None
    return found


def moved(store: Store, cut: Cut) -> set[Ref]:
    """The dockets in which something was said since a cut, or of which a content was destroyed since."""
    return {docket for party in store.parties() for docket in _moved(store, party, cut.get(party, 0))}


def _moved(store: Store, party: str, number: int) -> Iterator[Ref]:
    """By one party. What is stored and waits for others counts too: a destruction takes effect when it is stored."""
    while entries := store.entries(party, number, number + _STEP):
        for at, entry in enumerate(entries, number):
            leaf = parse_leaf(entry.leaf, f"{party}/{at}")
            yield Ref.parse(leaf.docket) if leaf.docket else Ref(party, at)
            for answer in leaf.answers if leaf.kind == DESTROYED else ():
                gone = Ref.parse(answer)
                if gone.number < store.size(gone.party):
                    yield Ref.parse(parse_leaf(entry_at(store, gone).leaf).docket or answer)
        number += len(entries)


def faults(store: Store, folds: Folds, chapter: Chapter, ready: Cut) -> Iterator[tuple[str, str]]:
    """Every summary that would be shown as it was put away, and is not what the docket's acts make: (thing, why)."""
    raw = store.get(name(chapter))
    thing = f"value {name(chapter)!r} in {store.name}"
    try:
        found = read(chapter, raw) if raw is not None else None
    except Malformed as error:
        yield thing, error.why
        return
    if found is None:
        return
    if any(size > ready.get(party, 0) for party, size in found.cut.items()):
        yield thing, "speaks of more acts than this node can read"
        return
    settled = found.kept.keys() - moved(store, found.cut)
    below = {ref for ref in _opened(store, chapter.noun) if ref.number < found.cut.get(ref.party, 0)}
    for ref in sorted(below - found.kept.keys()):
        yield f"docket {ref}", "is left out of the summaries that were put away"
    for ref in sorted(settled):
        if ref not in below:
            yield f"docket {ref}", "has a summary that was put away, and does not exist"
        elif _bytes(made(folds, chapter, ref, ready)) != _bytes(found.kept[ref]):
            yield f"docket {ref}", "has a summary put away that is not what its acts make"


def _opened(store: Store, noun: str) -> Iterator[Ref]:
    after: Ref | None = None
    while page := store.opened(noun, after, 1000):
        yield from page
        after = page[-1]


def made(folds: Folds, chapter: Chapter, docket: Ref, cut: Cut, *, once: bool = True) -> Kept:
    """The summary of a docket as of a cut; `once`: its fold is not kept. Raises `ValueError` for a chapter without."""
    if chapter.summary is None:
        raise ValueError(chapter.name)
    fold = folds.once(docket) if once else folds.fold(docket)
    return Kept(chapter.summary(fold.at(cut)), {party: fold.known(party) for party in fold.parties})


def _bytes(kept: Kept) -> bytes:
    return msgspec.json.encode((kept.summary, kept.reach))
