"""The floor: the same bytes hashed and inserted, in the same batches, into a bare table of the same kind of database.

    bare(number, leaf, content)    one row an act; nothing is indexed, proved, signed or understood

It is what is left when everything that makes a record is taken away: the ordinary way to put bytes into this database,
`executemany`, one call a batch.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from comity.core.entry import Entry
from comity.storage import opening
from comity.storage.sqlite import SETTINGS

__all__ = ["Floor"]


class Floor:
    """A bare table in a file of its own."""

    def __init__(self, path: Path) -> None:
        self._size = 0
        self._connection = opening.connect(path, 0, SETTINGS)  # so that a commit costs both the same
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS bare(number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, content BLOB) STRICT"
        )

    def append(self, batches: Sequence[Sequence[Entry]]) -> float:
        """Hash and insert; one transaction a batch. Returns seconds."""
        sha256, run, many = hashlib.sha256, self._connection.execute, self._connection.executemany
        began = time.perf_counter()
        for batch in batches:
            rows = []
            for number, (leaf, content) in enumerate(batch, self._size):
                sha256(leaf).digest()
                sha256(content or b"").digest()
                rows.append((number, leaf, content))
            run("BEGIN IMMEDIATE")
            many("INSERT INTO bare VALUES(?,?,?)", rows)
            run("COMMIT")
            self._size += len(batch)
        return time.perf_counter() - began

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
