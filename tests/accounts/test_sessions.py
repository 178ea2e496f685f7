"""Sessions: they end when they should, and nothing in the file opens one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.accounts.house import PASSWORD, Clock, refused, whats

from comity.accounts import Accounts, Session


def opened(accounts: Accounts, name: str = "deniz") -> Session:
    session = accounts.sign_in(name, PASSWORD, "10.0.0.7").session
    assert session is not None
    return session


def test_a_session_ends_after_thirty_idle_minutes(accounts: Accounts, clock: Clock) -> None:
    token = opened(accounts).token
    for _ in range(5):
        clock.passes(minutes=29)
        assert accounts.session(token) is not None
    clock.passes(minutes=30)
    assert accounts.session(token) is None


def test_a_session_ends_after_twelve_hours_however_busy(accounts: Accounts, clock: Clock) -> None:
    token = opened(accounts).token
    for _ in range(12 * 3 - 1):
        clock.passes(minutes=20)
        assert accounts.session(token) is not None
    clock.passes(minutes=20)
    assert accounts.session(token) is None


def test_its_use_is_noted_once_a_minute(accounts: Accounts, clock: Clock) -> None:
    """A page has many parts; the disk hears of one."""
    token = opened(accounts).token
    seen = []
    for _ in range(6):
        clock.passes(seconds=20)
        accounts.session(token)
        seen.append(accounts.sessions("deniz")[0].last)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("end", ["end", "end_all", "end_session", "disable", "password"])
def test_a_session_that_was_ended_stays_so(accounts: Accounts, end: str) -> None:
    session, other = opened(accounts), opened(accounts, "murat")
    match end:
        case "end":
            accounts.end(session.token)
            accounts.end(session.token)
        case "end_all":
            assert accounts.end_all("deniz") == 1
        case "end_session":
            with refused("not_admin"):
                accounts.end_session("murat", "deniz", session.token_hash)
            accounts.end_session("deniz", "deniz", session.token_hash)
            with refused("session_unknown"):
                accounts.end_session("deniz", "deniz", session.token_hash)
        case "disable":
            accounts.disable("ayla", "deniz")
        case "password":
            accounts.set_password("ayla", "deniz", "a fresh long password")
    assert accounts.session(session.token) is None
    assert accounts.sessions("deniz") == []
    accounts.enable("ayla", "deniz")
    assert accounts.session(session.token) is None
    assert accounts.session(other.token) is not None


def test_what_opens_a_session_is_nowhere_in_the_files(accounts: Accounts, tmp_path: Path) -> None:
    """Neither the token nor the password; a copy of the folder signs nobody in."""
    session = opened(accounts)
    accounts.session(session.token)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert session.token_hash.encode() not in kept
    assert bytes.fromhex(session.token_hash) in kept
    for secret in (session.token, PASSWORD):
        assert secret.encode() not in kept
        assert secret not in repr(session)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\ud800" * 43, "x" * 10_000_000, "\0" * 43])
def test_no_other_token_opens_anything(accounts: Accounts, token: str) -> None:
    opened(accounts)
    assert accounts.session(token) is None


def test_each_session_has_its_own_csrf_word_which_lists_do_not_show(accounts: Accounts) -> None:
    one, two = opened(accounts), opened(accounts)
    assert one.csrf != two.csrf
    found = accounts.session(one.token)
    assert found is not None
    assert found.csrf == one.csrf
    assert {session.csrf for session in accounts.sessions("deniz")} == {""}


def test_what_is_over_is_thrown_away(accounts: Accounts, clock: Clock) -> None:
    opened(accounts)
    clock.passes(hours=13)
    opened(accounts, "murat")
    with accounts._read() as read:
        assert read.rows("SELECT person FROM session") == [("murat",)]
    assert "audit.signed_out" not in whats(accounts)


def test_a_session_of_somebody_disabled_opens_nothing_even_if_it_is_there(accounts: Accounts) -> None:
    """One that began while they were being disabled."""
    session = opened(accounts)
    with accounts._change() as change:
        change.tell("UPDATE person SET disabled=1 WHERE name='deniz'")
    assert accounts.session(session.token) is None
