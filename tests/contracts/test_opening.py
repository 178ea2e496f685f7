"""A database that others are opening, or making, at the same moment."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from comity.accounts.database import Database
from comity.storage import opening
from comity.storage.sqlite import SqliteStore

MADE = (SqliteStore, lambda path: Database(path, lambda _: None))


@contextmanager
def written_to(path: Path, seconds: float) -> Iterator[None]:
    """Somebody else is inside a transaction, for a while."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        over = threading.Timer(seconds, lambda: other.execute("COMMIT"))
        over.start()
        try:
            yield
        finally:
            over.join()


def test_whoever_makes_a_file_second_waits(tmp_path: Path) -> None:
    """SQLite refuses a first `journal_mode=WAL` beside a writer at once, whatever its busy timeout is."""
    path = tmp_path / "new.db"
    with written_to(path, 0.2), closing(sqlite3.connect(path, timeout=30)) as impatient:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("PRAGMA journal_mode=WAL")
        with closing(opening.connect(path, 30_000, opening.DURABLE)) as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_new_file_and_what_is_beside_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the mode is that files are made with elsewhere."""
    before = os.umask(0)
    try:
        with closing(opening.connect(tmp_path / "new.db", 30_000, opening.DURABLE)) as database:
            database.execute("CREATE TABLE t(x)")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


@pytest.mark.parametrize("make", MADE)
def test_opening_it_again_keeps_the_locks_of_who_has_it_open(
    tmp_path: Path, make: Callable[[Path], SqliteStore | Database]
) -> None:
    """Seen to fail where the file was opened and closed beside SQLite: another process then removed the log in use."""
    path = tmp_path / "new.db"
    first = make(path)
    make(path).close()
    other = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM sqlite_schema').fetchall()"
    )
    subprocess.run([sys.executable, "-c", other, str(path)], check=True)
    assert path.with_name("new.db-wal").exists()
    first.close()


def test_but_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with written_to(path, 0.5), pytest.raises(sqlite3.OperationalError) as refused:
        opening.connect(path, 20, opening.DURABLE)
    assert opening.is_busy(refused.value)


def test_what_is_wrong_with_a_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.write_bytes(b"this is no database" * 400)
    with pytest.raises(sqlite3.DatabaseError) as refused:
        opening.connect(path, 30_000, opening.DURABLE)
    assert not opening.is_busy(refused.value)


@pytest.mark.parametrize("make", MADE)
def test_many_may_make_it_at_once(tmp_path: Path, make: Callable[[Path], SqliteStore | Database]) -> None:
    with ThreadPoolExecutor(8) as pool:
        for attempt in range(20):
            for made in pool.map(make, [tmp_path / f"{attempt}.db"] * 8):
                made.close()
