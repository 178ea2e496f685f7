"""The file of the accounts: private, ours or refused, and whole after whatever goes wrong."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from comity.accounts import database as accounts_database
from comity.core.errors import Unavailable


def Database(path: Path) -> accounts_database.Database:  # noqa: N802 -- as the tests below call it
    """The database, where there is nothing to seal."""
    return accounts_database.Database(path, lambda _: None)


def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "accounts.db")
    with database.changing() as connection:
        connection.execute("INSERT INTO held VALUES('a','b','c')")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}
    assert "accounts.db-wal" in modes
    database.close()


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "accounts.db")
    with pytest.raises(KeyError), database.changing() as connection:
        connection.execute("INSERT INTO held VALUES('a','b','c')")
        raise KeyError
    with pytest.raises(Unavailable), database.changing() as connection:
        connection.execute("INSERT INTO held VALUES('a','b','c')")
        connection.execute("no sql")
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM held").fetchone() == (0,)
    database.close()


def test_a_file_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine(x)")
    other.close()
    path.chmod(0o600)
    with pytest.raises(Unavailable, match="not a database of Comity"):
        Database(path)
    path.write_bytes(b"something else altogether " * 50)
    before = path.read_bytes()
    with pytest.raises(Unavailable):
        Database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    """A copy that was put back with other rights, for instance."""
    Database(tmp_path / "accounts.db").close()
    (tmp_path / "accounts.db").chmod(mode)
    with pytest.raises(Unavailable, match=f"mode {mode:04o}"):
        Database(tmp_path / "accounts.db")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    Database(tmp_path / "accounts.db").close()
    newer = sqlite3.connect(tmp_path / "accounts.db")
    newer.execute("PRAGMA user_version=4")
    newer.close()
    with pytest.raises(Unavailable, match="format 4"):
        Database(tmp_path / "accounts.db")


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        Database(tmp_path / "nowhere" / "accounts.db")


def test_many_who_make_it_at_once_make_it_once(tmp_path: Path) -> None:
    made: list[Database] = []
    threads = [
        threading.Thread(target=lambda: made.append(Database(tmp_path / "accounts.db"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    for database in made:
        database.close()


def test_what_is_closed_says_so(tmp_path: Path) -> None:
    database = Database(tmp_path / "accounts.db")
    with database.reading():
        database.close()
    for verb in (database.reading, database.changing):
        with pytest.raises(Unavailable, match="closed"), verb():
            pass
