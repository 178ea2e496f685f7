"""What a node keeps in memory of one mechanism, and the one way to change it.

Everything that writes goes through one group commit. What is held here (edges, folds, the ready cut) is derived from
the store, and read anew when a transaction fails or another process has written. The verbs that use it are in
`saying`, `receiving`, `serving` and `restoring`; `record` puts them under one name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from comity.core import merkle
from comity.core.act import Ref
from comity.core.chapter import Chapter
from comity.core.charter import Charter
from comity.core.checkpoint import Note
from comity.core.entry import parse_leaf
from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.keys import Signer, b64
from comity.node.folds import Folds
from comity.node.holding import Holding
from comity.node.summaries import Summaries
from comity.storage.group import GroupCommit
from comity.storage.port import Row, Store

__all__ = ["Ledger"]

T = TypeVar("T")


class Ledger:
    """A mechanism at the node of `party`. `signers` gives this node's private node keys by public key.

    Its attributes are for the modules of this package; they are guarded by `reading` and `write`.

    logs: what is held of each log. ready: how far each log may be folded. others: that cut without our own log.
    silent: parties that must still tell what they hold of our log (law 10). frozen: evidence by party (law 9).
    leaving: told the progress of each head of our own log before it leaves this node for the first time.
    """

    def __init__(
        self,
        store: Store,
        charter: Charter,
        party: str,
        chapters: Mapping[str, Chapter],
        signers: Callable[[str], Signer],
        clock: Callable[[], datetime],
    ) -> None:
        charter.card(party)
        self.store, self.charter, self.party, self.chapters = store, charter, party, chapters
        self.mechanism, self.parties = charter.id, charter.codes
        self.signers, self.clock = signers, clock
        self.ready: dict[str, int] = {}
        self.others: dict[str, int] = {}
        self.folds = Folds(store, charter, chapters, self.ready)
        self.summaries = Summaries(store, self.folds, self.ready)
        self.folds.moved = self.summaries.touch
        self.logs: dict[str, Holding] = {}
        self.silent: list[str] = []
        self.frozen: dict[str, bytes] = {}
        self.last_time: datetime | None = None
        self.writes = 0
        self.leaving: Callable[[int], None] = lambda _: None
        self._left = 0
        self._fresh: dict[str, list[bytes]] = {}
        self._stored_ready = b""
        self._rooted: dict[str, int] = {}
        self._stale = True  # memory does not hold what the store holds
        self._lock = threading.RLock()
        self._reading = _Reading(self._lock, self._before)
        self._group = GroupCommit(
            store, self._lock, self._before, self._after, self._reload, lambda: self.writes
        )
        if store.parties() != list(self.parties):
            with store.transaction():
                for code in self.parties:
                    store.add_party(code)
        self._reload()

    # ---------------------------------------------------------------- what memory holds of the store

    def _reload(self) -> None:
        """Read anew what is derived from the store."""
        with self._lock:
            self._stale = True
            self.store.changed()
            # Read before the logs: another process may write in between, and logs only grow.
            self._stored_ready = self.store.get("ready") or b"{}"
            stored = self._small("ready", self._stored_ready, dict[str, int])
            self.logs = {party: Holding(self.store, party) for party in self.store.parties()}
            self._fresh = {}
            self._rooted = {party: log.size for party, log in self.logs.items()}
            own = self.logs[self.party]
            if any(party not in self.logs or size > self.logs[party].size for party, size in stored.items()):
                raise Malformed(f"value 'ready' in {self.store.name}", "does not fit the logs")
            self.ready.clear()
            self.ready.update(dict.fromkeys(self.parties, 0) | {self.party: own.size} | stored)
            self.note_others()
            self.last_time = parse_leaf(own.last_leaf).time if own.size else None
            self.silent = self._small("silent", self.store.get("silent") or b"[]", list[str])
            named = self.store.named("fault/").items()
            self.frozen = {name.removeprefix("fault/"): evidence for name, evidence in named}
            self.folds.forget()
            self.summaries.forget()
            self._stale = False

    def _small(self, name: str, raw: bytes, kind: type[T]) -> T:
        """A small named value. Raises `Malformed` if it is not what was written."""
        try:
            return msgspec.json.decode(raw, type=kind)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Malformed(f"value {name!r} in {self.store.name}", str(error)) from error

    def note_others(self) -> None:
        """Take the ready cut of the other logs anew: what our next act will have seen."""
        self.others = {party: size for party, size in self.ready.items() if party != self.party and size}

    def _before(self) -> None:
        if self._stale or self.store.changed():
            self._reload()

    def _after(self) -> None:
        """Grow the trees, and keep how far each log is ready (our own only where it lags behind its size)."""
        self.settle_trees()
        own_whole = self.ready[self.party] == self.logs[self.party].size
        kept = {code: size for code, size in self.ready.items() if code != self.party or not own_whole}
        ready = msgspec.json.encode(kept)
        if ready != self._stored_ready:
            self.store.put("ready", ready)
            self._stored_ready = ready
        self._keep_roots()

    def _keep_roots(self) -> None:
        """Keep the root of every log that grew: acts that no signed head covers yet are held to something, too."""
        sizes = {party: log.size for party, log in self.logs.items()}
        if sizes != self._rooted:
            roots = {party: (log.size, b64(log.edge.root())) for party, log in self.logs.items()}
            self.store.put("roots", msgspec.json.encode(roots))
            self._rooted = sizes

    def roots(self) -> dict[str, tuple[int, str]]:
        """The root that was kept for each log, with its size, when that last grew."""
        return self._small("roots", self.store.get("roots") or b"{}", dict[str, tuple[int, str]])

    def settle_trees(self) -> None:
        """Take what this transaction has appended so far into the trees."""
        for party, hashes in self._fresh.items():
            self.logs[party].grow(hashes)
        self._fresh = {}

    def append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        """Put entries into the store and remember their leaf hashes for the tree (inside `write`)."""
        self.writes += 1
        self.store.append(party, at, rows)
        self._fresh.setdefault(party, []).extend(merkle.leaf_hashes([row.entry.leaf for row in rows]))

    def put(self, name: str, value: bytes | None) -> None:
        """Keep a small named value (inside `write`)."""
        self.writes += 1
        self.store.put(name, value)

    def _put_all(self, values: Mapping[str, bytes]) -> None:
        for name, value in values.items():
            self.put(name, value)

    def erase(self, ref: Ref) -> None:
        """Take an act's content out of the store, since its originator destroyed it (inside `write`)."""
        self.writes += 1
        self.store.erase(ref)

    def put_away(self) -> None:
        """Keep what lists were made of for the next process, if enough of it is new; not at all where that fails.

        For whoever has answered a question over all dockets: nothing that was asked depends on it.
        """
        with self.reading():
            found = self.summaries.to_keep()
        if found:
            with suppress(Malformed, Unavailable):
                self.write(lambda: self._put_all(found))

    def write(self, work: Callable[[], Any]) -> Any:
        """Run work in a transaction, shared with others who write at the same time."""
        return self._group.run(work)

    def write_each(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        """Several pieces of work, each as `write` would do it; what failed gives `Failed`."""
        return self._group.run_each(works)

    def reading(self) -> AbstractContextManager[None]:
        """Look at folds and holdings while nobody changes them, after taking in what other processes wrote.

        Within another reading of the same thread nothing is taken in: all that is looked at is of one moment.
        """
        return self._reading

    # ------------------------------------------------------------------------------------------- keys

    def node_keys(self, party: str, size: int | None = None) -> list[str]:
        """The node keys of a party in force for a head of that size (None: now), as far as its log is known."""
        ready = self.ready.get(party, 0)
        half = self.folds.half(party, {party: ready if size is None else min(size, ready)})
        return list(self.charter.card(party).node) if half.card is None else half.valid("node", size)

    def every_node_key(self, party: str) -> list[str]:
        """Every node key that a party has ever had, as far as its log is known."""
        half = self.folds.half(party, self.ready)
        if half.card is None:
            return list(self.charter.card(party).node)
        return [held.key for held in half.keys if held.use == "node"]

    def leaves(self, note: Note) -> None:
        """A head of our own log is about to leave this node. Raises `Unavailable` if that cannot be noted."""
        if note.checkpoint.progress > self._left:
            self.leaving(note.checkpoint.progress)
            self._left = note.checkpoint.progress

    def keep_fault(self, party: str, broken: Broken) -> None:
        """Freeze the log of a party whose own signatures show a fault; everything else goes on."""
        if broken.proof is not None:
            evidence = broken.proof
            self.write(lambda: self._freeze(party, evidence))

    def _freeze(self, party: str, evidence: bytes) -> None:
        self.put(f"fault/{party}", evidence)
        self.frozen[party] = evidence


class _Reading(AbstractContextManager[None]):
    """`Ledger.reading`: one for all threads, as a page asks for it some hundred times."""

    def __init__(self, lock: threading.RLock, before: Callable[[], None]) -> None:
        self._lock, self._before = lock, before
        self._depth = 0  # how many readings of one thread are inside one another

    def __enter__(self) -> None:
        self._lock.acquire()
        try:
            if not self._depth:
                self._before()
        except BaseException:
            self._lock.release()
            raise
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        self._lock.release()
