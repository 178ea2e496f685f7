"""Small stores to try things on: `add(begun(MemoryStore()), row(0), row(1, Ref("TUR", 0)))`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from comity.core.act import Ref
from comity.core.entry import Entry
from comity.storage.port import BLOCK, Row, StoredNote

SECRET = b"a name that must not be kept for ever"


def begun(store: Any) -> Any:
    """A store with two empty logs, begun in the order in which a node begins them."""
    with store.transaction():
        store.add_party("IRQ")
        store.add_party("TUR")
    return store


@contextmanager
def undone(store: Any) -> Iterator[None]:
    """A transaction that fails after everything in it was done."""
    with suppress(ZeroDivisionError), store.transaction():
        yield
        raise ZeroDivisionError


def row(
    number: int, docket: Ref | None = None, noun: str = "", party: str = "TUR", content: bytes | None = b""
) -> Row:
    content = b"content %d" % number if content == b"" else content
    return Row(
        Entry(b'{"leaf":"%s/%d"}' % (party.encode(), number), content), docket or Ref(party, number), noun
    )


def add(store: Any, *rows: Row, party: str = "TUR") -> Any:
    """Append in a transaction of its own."""
    with store.transaction():
        store.append(party, store.size(party), rows)
    return store


def note(size: int, root: bytes = b"R", *signatures: bytes) -> StoredNote:
    lines = b"".join(b"- %s\n" % line for line in signatures or (b"sig",))
    return StoredNote(size, b"log\n%d\n%s\n\n%s" % (size, root, lines))


def fill(store: Any) -> Any:
    """One of everything."""
    add(store, row(0, noun="meeting"), row(1, Ref("TUR", 0)))
    with store.transaction():
        store.put_nodes("TUR", 0, 0, [bytes([n]) * 32 for n in range(BLOCK)])
        store.put_nodes("TUR", 8, 0, [b"n" * 32])
        store.put_note("TUR", note(2))
        store.put("name", b"value")
    return store


def writes(store: Any) -> dict[str, Callable[[], None]]:
    """Every verb that writes, in every way that it can be used on a filled store; each can be done again and again."""
    at = store.size
    return {
        "append": lambda: store.append(
            "TUR", at("TUR"), [row(at("TUR"), noun="meeting"), row(at("TUR") + 1, Ref("TUR", 0))]
        ),
        "append to another's docket": lambda: store.append(
            "IRQ", at("IRQ"), [row(at("IRQ"), Ref("TUR", 0), party="IRQ")]
        ),
        "append many": lambda: store.append(
            "IRQ", at("IRQ"), [row(at("IRQ") + n, noun="course", party="IRQ") for n in range(120)]
        ),
        "append nothing": lambda: store.append("TUR", at("TUR"), []),
        "erase": lambda: store.erase(Ref("TUR", 1)),
        "put_nodes": lambda: store.put_nodes("TUR", 8, 0, [b"m" * 32, b"o" * 32]),
        "put_nodes, a new level": lambda: store.put_nodes("TUR", 16, 0, [b"s" * 32]),
        "put_nodes, a block": lambda: store.put_nodes(
            "TUR", 0, len(store.nodes("TUR", 0, 0, 1 << 20)) // 32, [bytes([9]) * 32] * BLOCK
        ),
        "put_note, another signature": lambda: store.put_note("TUR", note(2, b"R", b"other")),
        "put_note": lambda: store.put_note("TUR", note(4)),
        "put_note, the first": lambda: store.put_note("IRQ", note(1)),
        "put, again": lambda: store.put("name", b"other"),
        "put, away": lambda: store.put("name", None),
        "put": lambda: store.put("new", b"x"),
        "add_party": lambda: store.add_party("JOR"),
        "add_party, again": lambda: store.add_party("TUR"),
    }


def reads(store: Any) -> dict[str, Callable[[], Any]]:
    """Every verb that reads."""
    return {
        "parties": store.parties,
        "size": lambda: store.size("TUR"),
        "entries": lambda: store.entries("TUR", 0, 1000),
        "entries, limited": lambda: store.entries("TUR", 0, 1000, 1 << 20),
        "scan": lambda: list(store.scan("TUR")),
        "docket": lambda: store.docket(Ref("TUR", 0), {}),
        "opened": lambda: store.opened("meeting", None, 100),
        "nouns": store.nouns,
        "docket_count": store.docket_count,
        "nodes": lambda: store.nodes("TUR", 0, 0, 1 << 20),
        "nodes, above": lambda: store.nodes("TUR", 8, 0, 1 << 20),
        "node_count": lambda: store.node_count("TUR"),
        "notes": lambda: store.notes("TUR", 2),
        "newest_note": lambda: store.newest_note("TUR"),
        "all_notes": lambda: list(store.all_notes("TUR")),
        "get": lambda: store.get("name"),
        "named": lambda: dict(store.named("")),
    }


def everything(store: Any) -> Any:
    """All that a store holds, as far as its verbs tell it."""
    logs = {}
    for party in store.parties():
        logs[party] = (
            store.size(party),
            list(store.scan(party)),
            [store.nodes(party, level, 0, 1 << 20) for level in (0, 8, 16)],
            store.node_count(party),
            list(store.all_notes(party)),
            store.newest_note(party),
            [store.docket(Ref(party, number), {}) for number in range(4)],
        )
    lists = {noun: store.opened(noun, None, 1000) for noun in store.nouns()}
    return logs, lists, store.docket_count(), dict(store.named(""))


def bytes_of(path: Path) -> bytes:
    """Every byte of a database: the file, its write-ahead log, its index."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(path.name + "*")))
