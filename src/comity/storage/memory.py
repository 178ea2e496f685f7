"""The store in memory: for tests and for looking at a pouch. Nothing of it survives the process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from comity.core.act import Cut, Ref
from comity.core.entry import Entry
from comity.core.errors import Unavailable
from comity.storage.port import BLOCK, Row, StoredNote, note_text

__all__ = ["MemoryStore"]


class _Log:
    """One party's log and what belongs to it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.nodes: dict[int, list[bytes]] = {}
        self.notes: list[StoredNote] = []


class MemoryStore:
    """See `comity.storage.port.Store`. One lock: a read waits until another thread's transaction ends."""

    name = "memory"

    def __init__(self) -> None:
        self._logs: dict[str, _Log] = {}
        self._dockets: dict[Ref, dict[str, list[int]]] = {}
        self._opened: dict[str, list[Ref]] = {}
        self._values: dict[str, bytes] = {}
        self._lock = threading.RLock()
        self._writing = 0  # the thread inside a transaction
        self._undo: list[Callable[[], object]] = []  # how to take back each write of it

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Every write notes how to take it back; on any failure that is done, the last write first."""
        with self._lock:
            if self._writing:
                raise Unavailable(self.name, "is in a transaction already")
            self._writing = threading.get_ident()
            try:
                yield
            except BaseException:
                for take_back in reversed(self._undo):
                    take_back()
                raise
            finally:
                self._undo.clear()
                self._writing = 0

    def _will(self, take_back: Callable[[], object]) -> None:
        """A write is about to happen."""
        if self._writing != threading.get_ident():
            raise Unavailable(self.name, "can only be written to inside a transaction")
        self._undo.append(take_back)

    def _log(self, party: str) -> _Log:
        with self._lock:
            if party not in self._logs:
                raise Unavailable(self.name, f"has no log of {party}")
            return self._logs[party]

    def changed(self) -> bool:
        return False

    def add_party(self, party: str) -> None:
        new = party not in self._logs
        self._will(lambda: self._logs.pop(party) if new else None)
        if new:
            self._logs[party] = _Log()

    def parties(self) -> list[str]:
        with self._lock:
            return sorted(self._logs)

    def size(self, party: str) -> int:
        with self._lock:
            return len(self._log(party).entries)

    def append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        self._will(lambda: None)
        entries = self._log(party).entries
        for other in {row.docket.party for row in rows}:
            self._log(other)
        if len(entries) != at:
            why = f"the log of {party} has {len(entries)} acts, not {at}: read it again"
            raise Unavailable(self.name, why)
        for number, row in enumerate(rows, at):
            docket = self._dockets.setdefault(row.docket, {}).setdefault(party, [])
            self._will(docket.pop)
            docket.append(number)
            self._will(entries.pop)
            entries.append(row.entry)
            if row.noun:
                opened = self._opened.setdefault(row.noun, [])
                self._will(opened.pop)
                opened.append(row.docket)

    def entries(self, party: str, start: int, stop: int, limit: int = 0) -> list[Entry]:
        with self._lock:
            found = self._log(party).entries[start:stop]
        if limit:
            total = 0
            for place, entry in enumerate(found):
                total += len(entry.leaf) + len(entry.content or b"")
                if total > limit and place:
                    return found[:place]
        return found

    def scan(self, party: str, start: int = 0) -> Iterator[Entry]:
        yield from self.entries(party, start, self.size(party))

    def docket(self, docket: Ref, since: Cut) -> dict[str, list[tuple[int, Entry]]]:
        found = {}
        with self._lock:
            self._log(docket.party)
            for party, numbers in self._dockets.get(docket, {}).items():
                entries = self._logs[party].entries
                found[party] = [(n, entries[n]) for n in numbers if n >= since.get(party, 0)]
        return {party: acts for party, acts in found.items() if acts}

    def opened(self, noun: str, after: Ref | None, limit: int) -> list[Ref]:
        with self._lock:
            return [ref for ref in sorted(self._opened.get(noun, [])) if after is None or ref > after][:limit]

    def nouns(self) -> list[str]:
        with self._lock:
            return sorted(noun for noun, opened in self._opened.items() if opened)

    def docket_count(self) -> int:
        with self._lock:
            return sum(len(numbers) for docket in self._dockets.values() for numbers in docket.values())

    def erase(self, ref: Ref) -> None:
        entries = self._log(ref.party).entries
        if ref.number >= len(entries):
            raise Unavailable(self.name, f"has no act {ref}")
        before = entries[ref.number]
        self._will(lambda: entries.__setitem__(ref.number, before))
        entries[ref.number] = Entry(before.leaf, None)

    def put_nodes(self, party: str, level: int, first: int, nodes: Sequence[bytes]) -> None:
        kept = self._log(party).nodes.setdefault(level, [])
        before = kept[first:]
        self._will(lambda: kept.__setitem__(slice(first, None), before))
        kept[first:] = nodes

    def nodes(self, party: str, level: int, start: int, stop: int) -> bytes:
        with self._lock:
            return b"".join(self._log(party).nodes.get(level, [])[start:stop])

    def node_count(self, party: str) -> int:
        with self._lock:
            nodes = self._log(party).nodes
            return sum(len(kept) // (1 if level else BLOCK) for level, kept in nodes.items())

    def put_note(self, party: str, note: StoredNote) -> None:
        notes = self._log(party).notes
        for place, kept in enumerate(notes):
            if note_text(kept.note) == note_text(note.note):
                self._will(partial(notes.__setitem__, place, kept))
                notes[place] = note
                return
        self._will(notes.pop)
        notes.append(note)

    def notes(self, party: str, size: int) -> list[StoredNote]:
        with self._lock:
            return [note for note in self._log(party).notes if note.size == size]

    def newest_note(self, party: str, within: int = 1 << 40) -> StoredNote | None:
        with self._lock:
            return next((note for note in reversed(self._log(party).notes) if note.size <= within), None)

    def all_notes(self, party: str) -> Iterator[StoredNote]:
        with self._lock:
            notes = list(self._log(party).notes)
        yield from notes

    def put(self, name: str, value: bytes | None) -> None:
        before = self._values.get(name)
        self._will(lambda: self._keep(name, before))
        self._keep(name, value)

    def _keep(self, name: str, value: bytes | None) -> None:
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value

    def get(self, name: str) -> bytes | None:
        with self._lock:
            return self._values.get(name)

    def named(self, prefix: str) -> Mapping[str, bytes]:
        with self._lock:
            return {name: value for name, value in sorted(self._values.items()) if name.startswith(prefix)}

    def faults(self) -> list[str]:
        return []

    def close(self) -> None:
        self._logs.clear()
