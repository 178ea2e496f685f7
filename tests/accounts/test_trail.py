"""The audit trail: what was written stays, and what somebody changed is found."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.accounts.house import house

from comity.accounts import Accounts
from comity.core.errors import Unavailable
from comity.words import Words


def hands(folder: Path, *statements: str) -> None:
    """Somebody with the file in their hands."""
    opened = sqlite3.connect(folder / "accounts.db", isolation_level=None)
    opened.execute("DROP TRIGGER trail_stays")
    opened.execute("DROP TRIGGER trail_keeps")
    for sql in statements:
        opened.execute(sql)
    opened.close()


def test_rows_carry_the_hash_of_the_row_before(accounts: Accounts) -> None:
    rows = accounts.audit(0, 100)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    with accounts._read() as read:
        stored = read.rows("SELECT before FROM trail ORDER BY number")
    assert [bytes(before).hex() for (before,) in stored] == ["00" * 32, *(row.hash for row in rows[:-1])]
    assert accounts.verify_audit() is None
    assert accounts.audit(2, 1) == [rows[2]]


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE trail SET person='murat' WHERE number=2", 2),
        ("UPDATE trail SET facts='{}' WHERE number=4", 4),
        ("UPDATE trail SET time=time+1 WHERE number=1", 1),
        ("UPDATE trail SET what='audit.sign_in' WHERE number=4", 4),
        ("UPDATE trail SET address='' , before=zeroblob(32) WHERE number=3", 2),
        ("DELETE FROM trail WHERE number=2", 2),
        ("DELETE FROM trail WHERE number=1", 1),
        ("DELETE FROM trail WHERE number=4", 4),
        ("DELETE FROM trail WHERE number>2", 3),
        ("DELETE FROM trail", 1),
        ("DELETE FROM newest", 1),
        ("UPDATE newest SET number=0, hash=zeroblob(32)", 1),
        (
            "INSERT INTO trail SELECT 5, time, address, person, what, facts, before FROM trail WHERE number=4",
            4,
        ),
    ],
)
def test_a_row_that_was_changed_taken_out_or_put_in_is_found(
    tmp_path: Path, statement: str, first: int
) -> None:
    accounts, _ = house(tmp_path)
    assert len(accounts.audit(0, 100)) == 4
    hands(tmp_path, statement)
    assert accounts.verify_audit() == first
    accounts.close()


def test_the_program_itself_cannot_change_a_row(accounts: Accounts) -> None:
    for sql in ("UPDATE trail SET person=''", "DELETE FROM trail"):
        with pytest.raises(Unavailable, match="append-only"), accounts._database.changing() as connection:
            connection.execute(sql)
    assert accounts.verify_audit() is None


def test_a_row_of_any_facts_is_bounded_and_reads_back(accounts: Accounts) -> None:
    accounts.note("audit.refused", "deniz", "x" * 5000, code='"\u202e\ud800' * 1000)
    row = accounts.audit(4, 100)[0]
    assert len(row.address) == 400
    assert len(row.facts["code"]) == 400
    assert accounts.verify_audit() is None
    assert json.dumps(row.facts)


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_every_row_has_words(language: str) -> None:
    """Every key that is written anywhere in the accounts, in every language."""
    import re

    import comity.accounts

    folder = Path(comity.accounts.__file__).parent
    written = {
        key for path in folder.glob("*.py") for key in re.findall(r'"(audit\.\w+)"', path.read_text("utf-8"))
    }
    assert len(written) > 20
    assert written <= set(Words(language).of("accounts", language))
