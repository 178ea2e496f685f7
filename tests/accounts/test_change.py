"""A change by the machine or an administrator is made, by anybody else only for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from comity.accounts import MACHINE, Accounts
from comity.accounts.change import Change, moment
from comity.core.errors import Refused


@contextmanager
def _change(accounts: Accounts, by: str) -> Iterator[Change]:
    with accounts._database.reading() as connection:
        yield Change(connection, 1_723_712_400_000, by, "10.0.0.7")


def test_who_administers_may_change_everybody_and_others_themselves(accounts: Accounts) -> None:
    for by in (MACHINE, "ayla"):
        with _change(accounts, by) as change:
            change.require_admin()
            change.require_self("deniz")
    with _change(accounts, "deniz") as change:
        change.require_self("deniz")
    for by in ("deniz", "nobody", ""):
        with _change(accounts, by) as change, pytest.raises(Refused, match="not_admin"):
            change.require_self("ayla")


def test_whom_a_transaction_comes_to_know_is_who_it_is_by(accounts: Accounts) -> None:
    with _change(accounts, "") as change:
        known = change.of("deniz")
    assert (known.by, known.now, known.address) == ("deniz", 1_723_712_400_000, "10.0.0.7")


def test_times_are_told_in_utc() -> None:
    assert moment(1_723_712_400_000).isoformat() == "2024-08-15T09:00:00+00:00"
