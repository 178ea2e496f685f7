"""A SQLite file, opened while others may be opening it, or making it, at the same moment.

connection = opening.connect(path, 10_000, opening.DURABLE)
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

__all__ = ["DURABLE", "connect", "is_busy", "make", "patiently"]

DURABLE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)
"""Of what must not be lost once it is committed, nor be left behind once it is erased."""

_AGAIN_SECONDS = 0.005


def connect(
    path: Path,
    busy_ms: int,
    settings: Sequence[str],
    look: Callable[[sqlite3.Connection], None] | None = None,
) -> sqlite3.Connection:
    """A connection that waits `busy_ms` for others, with these PRAGMAs set, in this order; any thread may use it.

    A new file, and what SQLite keeps beside it, is for its owner alone.
    `look` is called before anything is written, and may refuse the file. Raises `sqlite3.Error`.
    """
    make(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={busy_ms}")
        if look:
            look(connection)
        for setting in settings:
            patiently(connection, f"PRAGMA {setting}", busy_ms)
    except BaseException:
        connection.close()
        raise
    return connection


def make(path: Path) -> None:
    """An empty file for its owner alone, where there is none. Whatever is in the way, SQLite will say.

    Made without being opened: to close it again would drop the locks that this process holds on it (fcntl), and another
    process would take itself for the last user and throw the write-ahead log away.
    """
    with suppress(OSError):
        os.mknod(path, 0o600)


def patiently(connection: sqlite3.Connection, statement: str, busy_ms: int) -> sqlite3.Cursor:
    """Run a statement that reads before it writes, outside of a transaction. Raises `sqlite3.Error`.

    Of two such statements SQLite refuses one at once, without its busy timeout: each would wait for the other to stop
    reading. So does a new file's first `journal_mode=WAL`. Whoever is refused has let go, and may try again.
    """
    end = time.monotonic() + busy_ms / 1000
    while True:
        try:
            return connection.execute(statement)
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > end:
                raise
        time.sleep(_AGAIN_SECONDS)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection was in the way, and nothing is wrong with the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
