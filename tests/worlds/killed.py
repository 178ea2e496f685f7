"""Two more processes to be killed, each with one node in its folder. What they tell is told as by `speaker`.

python -m tests.worlds.killed receive FOLDER FD   takes in IRQ's log, page by page, over a socket to IRQ's node
took TUR IRQ 40                                   so much of IRQ's log is on disk
python -m tests.worlds.killed lazy FOLDER         broken on purpose: acknowledges acts of TUR before it commits them
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.worlds import pact
from tests.worlds.speaker import guarded, tell

from comity.core.act import Ref
from comity.core.charter import ROOT
from comity.core.entry import leaf_hash
from comity.exchange.talk import Reply, Request, converse, decode_reply, encode
from comity.node.home import Node
from comity.node.record import Draft, Record
from comity.storage.sqlite import SqliteStore

PAGE = 4_000  # bytes: some ten acts


def send(link: socket.socket, raw: bytes) -> None:
    link.sendall(struct.pack(">I", len(raw)) + raw)


def read(link: socket.socket) -> bytes:
    """One message; empty where the other side is gone."""
    raw = b""
    for size in (4, None):
        wanted = struct.unpack(">I", raw)[0] if size is None else size
        raw = b""
        while len(raw) < wanted:
            more = link.recv(wanted - len(raw))
            if not more:
                return b""
            raw += more
    return raw


def ask(link: socket.socket, request: Request) -> Reply:
    send(link, encode(request))
    return decode_reply(read(link))


def receive(record: Record, link: socket.socket) -> None:
    """One conversation after the other. A page is told of when `receive` has returned."""
    taken = record.receive

    def telling(page: Any) -> int:
        brought = taken(page)
        tell("took", record.party, page.log, record.held(page.log)[0])
        return brought

    record.receive = telling  # type: ignore[method-assign]
    while True:
        run, reply = converse(record, "IRQ", PAGE), None
        try:
            while True:
                reply = ask(link, run.send(reply))
        except StopIteration as stop:
            if stop.value.faults:
                tell("error", stop.value.faults)


def speak(record: Record) -> None:
    """Acts, told with the leaf hash that they were appended with: the store is not asked for it again."""
    appended, append = {}, record.append

    def remembering(party: str, at: int, rows: Any) -> None:
        append(party, at, rows)
        appended.update({Ref(party, at + n): leaf_hash(row.entry.leaf) for n, row in enumerate(rows)})

    record.append = remembering  # type: ignore[method-assign]
    while True:
        said = record.say(Draft("pact.put/1", pact.Put("text"), ROOT))
        tell("said", record.party, said.ref, appended[said.ref])


def commit_seldom() -> None:
    """Of twenty transactions, begin the first and commit the last: what is between is acknowledged all the same."""
    count = 0

    @contextmanager
    def transaction(store: SqliteStore) -> Iterator[None]:
        nonlocal count
        if not store._writer.in_transaction:
            store._writer.execute("BEGIN IMMEDIATE")
        store._writing = threading.get_ident()
        yield
        store._flush()
        count += 1
        if count % 20 == 0:
            store._writer.execute("COMMIT")
        store._writing = 0

    SqliteStore.transaction = transaction  # type: ignore[method-assign]


def main(what: str, folder: Path, link: str = "") -> None:
    record = Node(folder, {"pact": pact.CHAPTER}, lambda: datetime.now(UTC)).record()
    if what == "receive":
        guarded(receive, record, socket.socket(fileno=int(link)))
    else:
        commit_seldom()
        guarded(speak, record)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
