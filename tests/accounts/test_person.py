"""A person as others see them."""

from __future__ import annotations

from tests.accounts.house import MECHANISM

from comity.accounts import Accounts
from comity.accounts.person import name_of


def test_what_a_person_may_say_is_the_offices_they_hold_and_nothing_else(accounts: Accounts) -> None:
    """An administrator holds none by being one; a disabled person speaks for none."""
    assert accounts.person("deniz").offices(MECHANISM) == {"secretariat"}
    assert accounts.person("deniz").offices("another") == frozenset()
    assert accounts.person("ayla").offices(MECHANISM) == frozenset()
    accounts.disable("ayla", "deniz")
    assert accounts.person("deniz").offices(MECHANISM) == frozenset()


def test_a_person_is_named_by_themselves_or_their_name(accounts: Accounts) -> None:
    assert name_of(accounts.person("deniz")) == name_of("deniz") == "deniz"
