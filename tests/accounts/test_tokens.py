"""Tokens: one office each, and only as long as its person holds it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.accounts.house import MECHANISM, Clock, refused, whats

from comity.accounts import MACHINE, Accounts


def made(accounts: Accounts) -> str:
    return accounts.make_token("deniz", "deniz", MECHANISM, "secretariat", "the calendar")


def test_a_token_speaks_for_one_office_of_one_mechanism(accounts: Accounts, tmp_path: Path) -> None:
    raw = made(accounts)
    assert raw.startswith("comity_")
    found = accounts.token(raw)
    assert found is not None
    assert (found.person.name, found.mechanism, found.office, found.title) == (
        "deniz", MECHANISM, "secretariat", "the calendar",
    )  # fmt: skip
    assert raw.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert accounts.tokens() == accounts.tokens("deniz")
    assert accounts.tokens("murat") == []


def test_a_token_ends_with_the_office_its_person_and_its_day(accounts: Accounts, clock: Clock) -> None:
    """And each time the trail hears of it, once."""
    raw = made(accounts)
    accounts.revoke("ayla", "deniz", MECHANISM, "secretariat")
    assert [accounts.token(raw) for _ in range(3)] == [None] * 3
    assert whats(accounts).count("audit.token_refused") == 1
    accounts.grant("ayla", "deniz", MECHANISM, "secretariat")
    assert accounts.token(raw) is not None
    accounts.disable("ayla", "deniz")
    assert accounts.token(raw) is None
    accounts.enable("ayla", "deniz")
    assert accounts.token(raw) is not None
    clock.passes(days=366)
    assert accounts.token(raw) is None
    assert whats(accounts).count("audit.token_refused") == 3


def test_only_who_holds_an_office_makes_a_token_for_it(accounts: Accounts) -> None:
    """An administrator who could would speak for it."""
    with refused("token_not_own"):
        accounts.make_token("ayla", "deniz", MECHANISM, "secretariat", "x")
    for mechanism, office in ((MECHANISM, "co-chair"), ("another", "secretariat")):
        with refused("office_not_granted"):
            accounts.make_token("deniz", "deniz", mechanism, office, "x")
    with refused("person_unknown"):
        accounts.make_token("nobody", "nobody", MECHANISM, "secretariat", "x")
    assert accounts.make_token(MACHINE, "deniz", MECHANISM, "secretariat", "x")


@pytest.mark.parametrize("days", [-1, 0, 368, 100_000])
def test_a_token_ends_within_a_year(accounts: Accounts, clock: Clock, days: int) -> None:
    with refused("token_until"):
        accounts.make_token("deniz", "deniz", MECHANISM, "secretariat", "x", clock.now + timedelta(days=days))
    with refused("token_until"):
        accounts.make_token("deniz", "deniz", MECHANISM, "secretariat", "x", datetime(2024, 9, 1))  # noqa: DTZ001
    with refused("token_title"):
        accounts.make_token("deniz", "deniz", MECHANISM, "secretariat", " ")


def test_a_token_is_revoked_by_its_person_or_an_administrator(accounts: Accounts) -> None:
    raws = [made(accounts), made(accounts)]
    ids = [token.id for token in accounts.tokens()]
    with refused("not_admin"):
        accounts.revoke_token("murat", ids[0])
    accounts.revoke_token("deniz", ids[0])
    accounts.revoke_token("ayla", ids[1])
    with refused("token_unknown"):
        accounts.revoke_token("ayla", ids[1])
    assert [accounts.token(raw) for raw in raws] == [None, None]
    assert accounts.tokens() == []


@pytest.mark.parametrize("raw", ["", "comity_", "comity_" + "x" * 43, "\ud800" * 50, "comity_" + "\0" * 43])
def test_no_other_text_is_a_token(accounts: Accounts, raw: str) -> None:
    """A thousand tries are told of a few times."""
    made(accounts)
    for _ in range(30):
        assert accounts.token(raw, "10.0.0.7") is None
    assert whats(accounts).count("audit.token_unknown") <= 10


def test_its_use_is_noted_once_a_minute(accounts: Accounts, clock: Clock) -> None:
    raw = made(accounts)
    assert accounts.tokens()[0].last is None
    seen = set()
    for _ in range(6):
        accounts.token(raw)
        seen.add(accounts.tokens()[0].last)
        clock.passes(seconds=20)
    assert len(seen) == 2
