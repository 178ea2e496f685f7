"""Accounts as a whole: two programs at one file, and nothing lost."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.accounts.house import MECHANISM, PASSWORD, Clock, house

from comity.accounts import Accounts


def test_two_programs_share_the_file(made: tuple[Accounts, Clock], tmp_path: Path) -> None:
    """A command ends the session of a person whom a server let in."""
    accounts, clock = made
    other = Accounts(tmp_path, clock, accounts.settings)
    session = accounts.sign_in("deniz", PASSWORD, "a").session
    assert session is not None
    assert other.session(session.token) is not None
    other.disable("ayla", "deniz")
    assert accounts.session(session.token) is None
    other.close()


def test_rows_of_many_threads_and_programs_make_one_trail(tmp_path: Path) -> None:
    accounts, clock = house(tmp_path)
    other = Accounts(tmp_path, clock, accounts.settings)

    def write(through: Accounts, name: str) -> None:
        for number in range(10):
            through.note("audit.refused", name, code=str(number))

    threads = [
        threading.Thread(target=write, args=(through, name))
        for through in (accounts, other)
        for name in "abcd"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = accounts.audit(0, 1000)
    assert len([row for row in rows if row.what == "audit.refused"]) == 80
    assert accounts.verify_audit() is None
    other.close()
    accounts.close()


def test_it_is_there_again_after_a_restart(tmp_path: Path) -> None:
    accounts, clock = house(tmp_path)
    token = accounts.sign_in("deniz", PASSWORD, "a").session
    assert token is not None
    accounts.keep_draft("deniz", "form", b"text")
    rows = accounts.audit(0, 100)
    accounts.close()
    again = Accounts(tmp_path, clock, accounts.settings)
    assert again.session(token.token) is not None
    assert again.draft("deniz", "form") == b"text"
    assert again.person("deniz").offices(MECHANISM) == {"secretariat"}
    assert again.audit(0, 100) == rows
    again.close()


def test_the_newest_row_of_the_trail_can_be_written_down(made: tuple[Accounts, Clock]) -> None:
    accounts, _ = made
    number, found = accounts.newest_audit()
    last = accounts.audit(number - 1, 10)
    assert [(row.number, row.hash) for row in last] == [(number, found)]
