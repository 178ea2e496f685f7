"""One-time codes: RFC 6238's own, near in time, once; recovery codes, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.accounts.house import PASSWORD, Clock, enrolled, house, refused, whats

from comity.accounts import Accounts
from comity.accounts.totp import _digits, _step

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(second: int, code: str) -> None:
    """Its codes of eight digits, cut to the last six."""
    assert _step(RFC, code, second * 1000, 0) == second // 30


def test_a_code_counts_one_step_before_and_after_and_no_further(accounts: Accounts, clock: Clock) -> None:
    authenticator, _ = enrolled(accounts, clock, "deniz")
    clock.passes(hours=1)
    for off, good in ((-60, False), (60, False), (-30, True), (30, True)):
        ticket = accounts.sign_in("deniz", PASSWORD, "a").ticket
        code = authenticator.at(clock.now + timedelta(seconds=off))
        if good:
            assert accounts.second_factor(ticket, code, "a").strong
        else:
            with refused("second_factor_failed"):
                accounts.second_factor(ticket, code, "a")


def test_a_code_counts_once_and_none_before_it_after_that(accounts: Accounts, clock: Clock) -> None:
    authenticator, _ = enrolled(accounts, clock, "deniz")
    code, before = authenticator.at(clock.now), authenticator.at(clock.now - timedelta(seconds=30))
    accounts.second_factor(accounts.sign_in("deniz", PASSWORD, "a").ticket, code, "a")
    for used in (code, before):
        with refused("second_factor_failed"):
            accounts.second_factor(accounts.sign_in("deniz", PASSWORD, "a").ticket, used, "a")


def test_the_code_that_confirmed_is_used_up(accounts: Accounts, clock: Clock) -> None:
    enrolment = accounts.begin_totp("deniz")
    import pyotp

    code = pyotp.TOTP(enrolment.secret).at(clock.now)
    accounts.confirm_totp("deniz", code)
    with refused("second_factor_failed"):
        accounts.second_factor(accounts.sign_in("deniz", PASSWORD, "a").ticket, code, "a")


def test_nothing_is_asked_for_before_a_first_code_was_shown(accounts: Accounts) -> None:
    """Whoever scanned wrongly is not shut out."""
    enrolment = accounts.begin_totp("deniz")
    with refused("second_factor_failed"):
        accounts.confirm_totp("deniz", "000000")
    assert accounts.sign_in("deniz", PASSWORD, "a").needs == ""
    assert enrolment.uri.startswith("otpauth://totp/Comity:deniz?secret=")
    assert enrolment.svg.startswith("<svg")
    assert enrolment.secret not in enrolment.svg
    assert "audit.totp_wrong" in whats(accounts)
    with refused("totp_not_begun"):
        accounts.confirm_totp("murat", "000000")


def test_a_recovery_code_counts_once_however_it_is_typed(accounts: Accounts, clock: Clock) -> None:
    _, codes = enrolled(accounts, clock, "deniz")
    assert len(set(codes)) == 10
    typed = codes[0].upper().replace("-", "  ")
    assert accounts.second_factor(accounts.sign_in("deniz", PASSWORD, "a").ticket, typed, "a").strong
    assert accounts.person("deniz").codes == 9
    with refused("second_factor_failed"):
        accounts.second_factor(accounts.sign_in("deniz", PASSWORD, "a").ticket, codes[0], "a")
    enrolled(accounts, clock, "murat")
    with refused("second_factor_failed"):
        accounts.second_factor(accounts.sign_in("murat", PASSWORD, "a").ticket, codes[1], "a")


def test_a_ticket_ends_after_five_minutes_five_tries_or_its_use(accounts: Accounts, clock: Clock) -> None:
    authenticator, _ = enrolled(accounts, clock, "deniz")
    late = accounts.sign_in("deniz", PASSWORD, "a").ticket
    clock.passes(minutes=5)
    with refused("ticket_ended"):
        accounts.second_factor(late, authenticator.at(clock.now), "a")
    tried = accounts.sign_in("deniz", PASSWORD, "a").ticket
    for _ in range(5):
        with refused("second_factor_failed"):
            accounts.second_factor(tried, "", "a")
    with refused("ticket_ended"):
        accounts.second_factor(tried, authenticator.at(clock.now), "a")
    clock.passes(minutes=5)
    used = accounts.sign_in("deniz", PASSWORD, "a").ticket
    accounts.second_factor(used, authenticator.at(clock.now), "a")
    for gone in (used, "", "\ud800", "x" * 1_000_000):
        with refused("ticket_ended"):
            accounts.second_factor(gone, authenticator.at(clock.now), "a")


def test_an_administrator_drops_codes_and_with_them_what_was_open(accounts: Accounts, clock: Clock) -> None:
    authenticator, codes = enrolled(accounts, clock, "deniz")
    session = accounts.second_factor(
        accounts.sign_in("deniz", PASSWORD, "a").ticket, authenticator.at(clock.now), "a"
    )
    with refused("totp_there"):
        accounts.begin_totp("deniz")
    with refused("not_admin"):
        accounts.drop_totp("murat", "deniz")
    accounts.drop_totp("ayla", "deniz")
    assert accounts.session(session.token) is None
    assert accounts.sign_in("deniz", PASSWORD, "a").needs == ""
    assert accounts.person("deniz").codes == 0
    with refused("totp_not_begun"):
        accounts.drop_totp("ayla", "deniz")
    assert codes


def test_digits_of_an_arabic_keyboard_are_digits() -> None:
    assert _digits("٤٩٢ ٠٣٩") == "492039"
    assert _digits("49-20-39") == "492039"
    assert _digits("4" * 1_000_000) == ""
    assert _digits("²²²²²²") == ""
    assert datetime.fromtimestamp(59, UTC)


def test_codes_are_tried_as_seldom_as_passwords(tmp_path: Path) -> None:
    """Or a million codes were soon tried, with a new ticket for each five."""
    accounts, clock = house(tmp_path, name_burst=6, name_refill_seconds=20, lock_after=100)
    authenticator, _ = enrolled(accounts, clock, "deniz")
    clock.passes(minutes=10)
    ticket = accounts.sign_in("deniz", PASSWORD, "a").ticket
    for _ in range(5):
        with refused("second_factor_failed"):
            accounts.second_factor(ticket, "000000", "a")
    with refused("sign_in_often"):
        accounts.second_factor(ticket, authenticator.at(clock.now), "b")
    accounts.close()
