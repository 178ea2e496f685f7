"""Signing in: one answer for everything that is wrong, limits that a restart does not forget, a lock."""

from __future__ import annotations

import threading
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from cryptography.exceptions import InvalidKey
from tests.accounts.house import PASSWORD, Clock, enrolled, house, refused, settings, whats

from comity.accounts import Accounts
from comity.core.errors import Refused


def test_a_name_and_its_password_open_a_session_that_is_not_strong(accounts: Accounts) -> None:
    step = accounts.sign_in("Deniz ", PASSWORD, "10.0.0.7")
    assert (step.needs, step.ways, step.ticket) == ("", (), "")
    assert step.session is not None
    assert not step.session.strong
    found = accounts.session(step.session.token)
    assert found == msgspec.structs.replace(step.session, token="")
    assert step.session.token not in repr(step)
    assert accounts.audit(0, 100)[-1].facts == {"way": "password"}


def test_what_is_wrong_is_never_told(accounts: Accounts, clock: Clock) -> None:
    """An unknown name, a wrong password, a locked and a disabled account: one code, no facts, and one hash worked out."""
    accounts.disable("ayla", "murat")
    accounts.sign_in("deniz", PASSWORD, "a")
    told = []
    for name, password in (
        ("nobody", PASSWORD),
        ("deniz", "not her password"),
        ("deniz", PASSWORD + " "),
        ("murat", PASSWORD),
        ("machine", PASSWORD),
        ("", ""),
        ("\ud800", "\ud800"),
        ("x" * 20_000_000, "x" * 20_000_000),
    ):
        with (
            mock.patch(
                "comity.accounts.password.Argon2id.verify_phc_encoded", side_effect=_counted
            ) as verify,
            pytest.raises(Refused) as error,
        ):
            accounts.sign_in(name, password, "10.0.0.7")
        told.append((error.value.code, error.value.facts, verify.call_count))
        clock.passes(minutes=1)
    assert set(map(str, told)) == {str(("sign_in_failed", {}, 1))}


def _counted(raw: bytes, stored: str) -> None:
    raise InvalidKey


def test_a_name_that_is_nobody_s_never_stands_in_the_trail(accounts: Accounts) -> None:
    """It is now and then a password, typed into the wrong field."""
    with refused("sign_in_failed"):
        accounts.sign_in("my secret password", PASSWORD, "10.0.0.7")
    row = accounts.audit(0, 100)[-1]
    assert (row.what, row.person, row.address, row.facts) == ("audit.sign_in_failed", "", "10.0.0.7", {})


def test_ten_failures_in_a_row_lock_the_account_until_an_administrator_lifts_it(
    accounts: Accounts, clock: Clock
) -> None:
    for _ in range(10):
        clock.passes(minutes=1)
        with refused("sign_in_failed"):
            accounts.sign_in("deniz", "wrong wrong wrong", "10.0.0.7")
    assert accounts.person("deniz").locked
    clock.passes(days=30)
    with refused("sign_in_failed"):
        accounts.sign_in("deniz", PASSWORD, "10.0.0.7")
    with refused("not_admin"):
        accounts.unlock("murat", "deniz")
    accounts.unlock("ayla", "deniz")
    assert accounts.sign_in("deniz", PASSWORD, "10.0.0.7").session is not None
    assert whats(accounts).count("audit.locked") == 1


def test_a_success_in_between_begins_the_count_anew(accounts: Accounts, clock: Clock) -> None:
    for attempt in range(25):
        clock.passes(minutes=1)
        if attempt % 9 == 8:
            accounts.sign_in("deniz", PASSWORD, "a")
        else:
            with refused("sign_in_failed"):
                accounts.sign_in("deniz", "wrong wrong wrong", "a")
    assert not accounts.person("deniz").locked


def test_the_right_password_alone_does_not_begin_the_count_anew(accounts: Accounts, clock: Clock) -> None:
    """Or whoever has the password could guess codes for ever."""
    enrolled(accounts, clock, "deniz")
    for _ in range(10):
        clock.passes(minutes=1)
        ticket = accounts.sign_in("deniz", PASSWORD, "a").ticket
        with refused("second_factor_failed"):
            accounts.second_factor(ticket, "000000", "a")
    assert accounts.person("deniz").locked
    with refused("sign_in_failed"):
        accounts.sign_in("deniz", PASSWORD, "a")


def test_tries_are_limited_for_each_name_and_a_restart_does_not_forget(tmp_path: Path) -> None:
    accounts, clock = house(tmp_path, name_burst=3, name_refill_seconds=20, lock_after=100)
    for _ in range(3):
        with refused("sign_in_failed"):
            accounts.sign_in("deniz", "wrong wrong wrong", "10.0.0.7")
    accounts.close()
    again = Accounts(tmp_path, clock, accounts.settings)
    for address in ("10.0.0.7", "10.0.0.8"):
        with refused("sign_in_often") as error:
            again.sign_in("deniz", PASSWORD, address)
        assert error.value.facts == {"seconds": "20"}
    again.sign_in("murat", PASSWORD, "10.0.0.7")
    clock.passes(seconds=20)
    again.sign_in("deniz", PASSWORD, "10.0.0.7")
    assert whats(again).count("audit.slowed") == 1
    assert {"kind": "name", "count": "2"} in [row.facts for row in again.audit(0, 100)]
    again.close()


def test_tries_are_limited_for_each_address_whatever_the_name(tmp_path: Path) -> None:
    """An IPv6 address counts by its first 64 bits, which one visitor has all of."""
    accounts, _ = house(tmp_path, address_burst=2, address_refill_seconds=60)
    for at, name in enumerate(("one", "two")):
        with refused("sign_in_failed"):
            accounts.sign_in(name, PASSWORD, f"2001:db8::{at}")
    with refused("sign_in_often"):
        accounts.sign_in("deniz", PASSWORD, "2001:db8::beef")
    accounts.sign_in("deniz", PASSWORD, "2001:db8:0:1::1")
    accounts.close()


def test_a_hash_of_another_cost_is_made_anew_at_sign_in(
    accounts: Accounts, clock: Clock, tmp_path: Path
) -> None:
    dearer = Accounts(tmp_path, clock, settings(argon_iterations=2))

    def stored() -> str:
        with dearer._read() as read:
            return str(read.rows("SELECT password FROM person WHERE name='deniz'")[0][0])

    assert "t=1," in stored()
    with refused("sign_in_failed"):
        dearer.sign_in("deniz", "wrong wrong wrong", "a")
    assert "t=1," in stored()
    dearer.sign_in("deniz", PASSWORD, "a")
    assert "t=2," in stored()
    dearer.sign_in("deniz", PASSWORD, "a")
    dearer.close()


def test_hashes_are_worked_out_one_at_a_time(accounts: Accounts) -> None:
    """Fifty who sign in at once take the memory of one."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    real, inside, most = Argon2id.verify_phc_encoded, [], []

    def watched(raw: bytes, stored: str) -> None:
        inside.append(1)
        most.append(len(inside))
        try:
            real(raw, stored)
        finally:
            inside.pop()

    with mock.patch("comity.accounts.password.Argon2id.verify_phc_encoded", watched):
        threads = [
            threading.Thread(target=accounts.sign_in, args=("deniz", PASSWORD, f"10.0.0.{n}"))
            for n in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1] * 12
    assert len(accounts.sessions("deniz")) == 12


def test_a_password_that_was_changed_while_a_sign_in_waited_opens_nothing(accounts: Accounts) -> None:
    real = accounts._passwords.check

    def slow(password: str, stored: str) -> bool:
        found = real(password, stored)
        accounts.set_password("ayla", "deniz", "a fresh long password")
        return found

    with mock.patch.object(accounts._passwords, "check", slow), refused("sign_in_failed"):
        accounts.sign_in("deniz", PASSWORD, "a")
    assert accounts.sessions("deniz") == []


def test_for_nobody_s_name_the_work_is_that_of_a_real_one(tmp_path: Path) -> None:
    """At the cost that is set, or the time would tell which names there are."""
    accounts, _ = house(tmp_path, argon_iterations=2)
    compared = []

    def watched(_: bytes, stored: str) -> None:
        compared.append(stored.rsplit("$", 2)[0])
        raise InvalidKey

    with mock.patch("comity.accounts.password.Argon2id.verify_phc_encoded", watched):
        for name in ("deniz", "nobody"):
            with refused("sign_in_failed"):
                accounts.sign_in(name, PASSWORD, "a")
    assert compared == ["$argon2id$v=19$m=64,t=2,p=1"] * 2
    accounts.close()
