"""Allowances: a burst, then one each so often, whatever is tried in between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.accounts.house import Clock, whats

from comity.accounts import Accounts
from comity.accounts.allowance import address_key, name_key, take


def test_a_burst_and_then_one_each_so_often(accounts: Accounts, clock: Clock) -> None:
    def tried() -> int:
        with accounts._change() as change:
            return take(change, "k", 3, 10)

    assert [tried() for _ in range(5)] == [0, 0, 0, 10, 10]
    clock.passes(seconds=4)
    assert tried() == 6
    clock.passes(seconds=6)
    assert [tried(), tried()] == [0, 10]
    clock.passes(days=1)
    assert [tried() for _ in range(4)] == [0, 0, 0, 10]
    assert whats(accounts).count("audit.slowed_often") == 1


def test_a_clock_that_was_set_back_shuts_nobody_out_for_long(accounts: Accounts, clock: Clock) -> None:
    clock.passes(days=900)
    for _ in range(5):
        with accounts._change() as change:
            take(change, "k", 3, 10)
    clock.passes(days=-900)
    with accounts._change() as change:
        assert 0 < take(change, "k", 3, 10) <= 10


@given(st.text(max_size=60))
def test_any_address_has_a_key_that_shows_nothing_but_an_address(address: str) -> None:
    assert address_key(address).startswith("address:")
    assert len(name_key("name", address)) == 37


def test_addresses_of_one_household_are_one() -> None:
    assert address_key("::ffff:10.0.0.7") == address_key("10.0.0.7") == "address:10.0.0.7"
    assert address_key("2001:db8::1%eth0") == address_key("2001:db8::2") != address_key("2001:db8:0:1::1")
