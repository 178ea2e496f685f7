"""What every part of the accounts stands on: changes that are undone when refused, and the refusal written down."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.accounts.house import refused

from comity.accounts import Accounts
from comity.accounts.register import digest, normal, secret


def test_a_refusal_undoes_the_change_and_stands_in_the_trail(accounts: Accounts) -> None:
    before = accounts.people()
    with refused("grant_to_oneself"):
        accounts.grant("ayla", "ayla", "m", "secretariat", address="10.0.0.7")
    row = accounts.audit(0, 100)[-1]
    assert (row.what, row.person, row.address, row.facts) == (
        "audit.refused", "ayla", "10.0.0.7", {"code": "grant_to_oneself"},
    )  # fmt: skip
    assert accounts.people() == before


def test_an_interface_writes_what_it_refused(accounts: Accounts) -> None:
    accounts.note("audit.refused", "deniz", "10.0.0.7", code="mandate_missing")
    row = accounts.audit(0, 100)[-1]
    assert (row.person, row.what, row.facts) == ("deniz", "audit.refused", {"code": "mandate_missing"})
    assert accounts.verify_audit() is None


@given(st.text(max_size=80))
def test_a_name_is_normal_once_it_was_made_so(name: str) -> None:
    found = normal(name)
    assert normal(found) == found
    assert found.isascii()


def test_names_are_told_apart_as_people_do() -> None:
    assert normal(" Deniz ") == normal("deniz") == normal("ＤＥＮＩＺ") == "deniz"
    for nobody in (
        "machine",
        "MACHINE",
        "",
        "d",
        "1deniz",
        "de niz",
        "deniz\0",
        "дeniz",
        "x" * 65,
        "deniz@x",
    ):
        assert normal(nobody) == ""


def test_secrets_are_256_bits_and_never_the_same() -> None:
    made = {secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) for one in made} == {43}
    assert len(digest(secret())) == 32
