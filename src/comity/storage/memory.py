"""The store in memory: for tests and for looking at a pouch. Nothing of it survives the process."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from comity.core.act import Cut, Ref
from comity.core.entry import Entry
from comity.core.errors import Unavailable
from comity.storage.port import Row, StoredNote, note_text

__all__ = ["MemoryStore"]


class _Log:
    """One party's log and what belongs to it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.nodes: dict[int, list[bytes]] = {}
        self.notes: list[StoredNote] = []


class MemoryStore:
    """See `comity.storage.port.Store`."""

    name = "memory"

    def __init__(self) -> None:
        self._logs: dict[str, _Log] = {}
        self._dockets: dict[Ref, dict[str, list[int]]] = {}
        self._opened: dict[str, list[Ref]] = {}
        self._values: dict[str, bytes] = {}
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep a copy of the containers (entries themselves are immutable) and put it back on any failure."""
        with self._lock:
            before = copy.deepcopy((self._logs, self._dockets, self._opened, self._values))
            try:
                yield
            except BaseException:
                self._logs, self._dockets, self._opened, self._values = before
                raise

    def changed(self) -> bool:
        return False

    def add_party(self, party: str) -> None:
        self._logs.setdefault(party, _Log())

    def parties(self) -> list[str]:
        return sorted(self._logs)

    def size(self, party: str) -> int:
        return len(self._logs[party].entries)

    def append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        entries = self._logs[party].entries
        if len(entries) != at:
            raise Unavailable(self.name, f"the log of {party} has {len(entries)} acts, not {at}: read it again")
        for number, row in enumerate(rows, at):
            entries.append(row.entry)
            self._dockets.setdefault(row.docket, {}).setdefault(party, []).append(number)
            if row.noun:
                self._opened.setdefault(row.noun, []).append(row.docket)

    def entries(self, party: str, start: int, stop: int, limit: int = 0) -> list[Entry]:
        found = self._logs[party].entries[start:stop]
        if limit:
            total = 0
            for place, entry in enumerate(found):
                total += len(entry.leaf) + len(entry.content or b"")
                if total > limit and place:
                    return found[:place]
        return found

    def scan(self, party: str, start: int = 0) -> Iterator[Entry]:
        yield from self._logs[party].entries[start:]

    def docket(self, docket: Ref, since: Cut) -> dict[str, list[tuple[int, Entry]]]:
        found = {}
        for party, numbers in self._dockets.get(docket, {}).items():
            entries = self._logs[party].entries
            found[party] = [(n, entries[n]) for n in numbers if n >= since.get(party, 0)]
        return {party: acts for party, acts in found.items() if acts}

    def opened(self, noun: str, after: Ref | None, limit: int) -> list[Ref]:
        return [ref for ref in sorted(self._opened.get(noun, [])) if after is None or ref > after][:limit]

    def erase(self, ref: Ref) -> None:
        entries = self._logs[ref.party].entries
        entries[ref.number] = Entry(entries[ref.number].leaf, None)

    def put_nodes(self, party: str, level: int, first: int, nodes: Sequence[bytes]) -> None:
        kept = self._logs[party].nodes.setdefault(level, [])
        kept[first:] = nodes

    def nodes(self, party: str, level: int, start: int, stop: int) -> bytes:
        return b"".join(self._logs[party].nodes.get(level, [])[start:stop])

    def put_note(self, party: str, note: StoredNote) -> None:
        notes = self._logs[party].notes
        for place, kept in enumerate(notes):
            if note_text(kept.note) == note_text(note.note):
                notes[place] = note
                return
        notes.append(note)

    def notes(self, party: str, size: int) -> list[StoredNote]:
        return [note for note in self._logs[party].notes if note.size == size]

    def newest_note(self, party: str) -> StoredNote | None:
        notes = self._logs[party].notes
        return notes[-1] if notes else None

    def all_notes(self, party: str) -> Iterator[StoredNote]:
        yield from list(self._logs[party].notes)

    def put(self, name: str, value: bytes | None) -> None:
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value

    def get(self, name: str) -> bytes | None:
        return self._values.get(name)

    def named(self, prefix: str) -> Mapping[str, bytes]:
        return {name: value for name, value in sorted(self._values.items()) if name.startswith(prefix)}

    def faults(self) -> list[str]:
        return []

    def close(self) -> None:
        self._logs.clear()
