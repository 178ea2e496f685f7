"""Passkeys: what a device signed for this node, just now, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.accounts.authenticator import Authenticator
from tests.accounts.house import PASSWORD, Clock, refused, whats

from comity.accounts import Accounts
from comity.core.errors import Refused


def registered(accounts: Accounts, name: str = "deniz") -> Authenticator:
    device = Authenticator()
    accounts.finish_registration(name, device.create(accounts.begin_registration(name)), "a phone")
    return device


def test_a_passkey_alone_signs_in_whoever_it_belongs_to(accounts: Accounts) -> None:
    device = registered(accounts)
    session = accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "10.0.0.7")
    assert (session.person.name, session.strong) == ("deniz", True)
    assert accounts.session(session.token) is not None
    assert accounts.audit(0, 100)[-1].facts == {"way": "passkey"}
    assert [key.title for key in accounts.passkeys("deniz")] == ["a phone"]
    assert accounts.passkeys("murat") == []


def test_a_passkey_is_the_second_step_after_the_password(accounts: Accounts) -> None:
    """The device need not verify its owner then: the password did."""
    device = registered(accounts)
    step = accounts.sign_in("deniz", PASSWORD, "a")
    assert (step.needs, step.ways, step.session) == ("passkey", ("passkey",), None)
    device.verified = False
    options = accounts.begin_authentication(step.ticket)
    assert len(json.loads(options)["allowCredentials"]) == 1
    session = accounts.finish_authentication(step.ticket, json.dumps(device.get(options)), "a")
    assert session.strong
    with refused("ticket_ended"):
        accounts.begin_authentication(step.ticket)


def test_options_ask_for_a_passkey_that_knows_its_owner(accounts: Accounts) -> None:
    registered(accounts)
    asked = json.loads(accounts.begin_registration("deniz"))
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["displayName"] == "Deniz Kaya"
    assert len(asked["excludeCredentials"]) == 1
    assert json.loads(accounts.begin_authentication())["userVerification"] == "required"


def _other_origin(device: Authenticator) -> None:
    device.origin = "https://comity.example.evil"


def _other_rp(device: Authenticator) -> None:
    device.rp_id = "evil.example"


def _unverified(device: Authenticator) -> None:
    device.verified = False


def _other_key(device: Authenticator) -> None:
    device.private = Authenticator().private


def _other_id(device: Authenticator) -> None:
    device.id = b"unknown"


def _other_handle(device: Authenticator) -> None:
    device.handle = "AAAA"


@pytest.mark.parametrize(
    "spoil", [_other_origin, _other_rp, _unverified, _other_key, _other_id, _other_handle]
)
def test_what_was_not_signed_here_by_its_owner_opens_nothing(
    accounts: Accounts, spoil: Callable[[Authenticator], None]
) -> None:
    device = registered(accounts)
    spoil(device)
    with refused("sign_in_failed"):
        accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")
    assert accounts.sessions("deniz") == []


@pytest.mark.parametrize("spoil", [_other_origin, _other_rp, _unverified])
def test_what_was_not_made_here_is_not_kept(
    accounts: Accounts, spoil: Callable[[Authenticator], None]
) -> None:
    device = Authenticator()
    spoil(device)
    with refused("passkey_failed"):
        accounts.finish_registration("deniz", device.create(accounts.begin_registration("deniz")), "a phone")
    assert accounts.passkeys("deniz") == []


def test_a_challenge_is_answered_once_in_time_and_for_its_purpose(accounts: Accounts, clock: Clock) -> None:
    device = registered(accounts)
    answer = device.get(accounts.begin_authentication())
    accounts.finish_authentication(None, answer, "a")
    with refused("sign_in_failed"):
        accounts.finish_authentication(None, answer, "a")
    late = accounts.begin_authentication()
    clock.passes(minutes=5)
    with refused("sign_in_failed"):
        accounts.finish_authentication(None, device.get(late), "a")
    step = accounts.sign_in("deniz", PASSWORD, "a")
    with refused("sign_in_failed"):
        accounts.finish_authentication(step.ticket, device.get(accounts.begin_authentication()), "a")
    with refused("passkey_failed"):
        another = Authenticator()
        accounts.finish_registration("murat", another.create(accounts.begin_registration("deniz")), "x")


def test_a_passkey_of_somebody_else_is_no_second_step(accounts: Accounts) -> None:
    registered(accounts)
    other = registered(accounts, "murat")
    ticket = accounts.sign_in("deniz", PASSWORD, "a").ticket
    with refused("sign_in_failed"):
        accounts.finish_authentication(ticket, other.get(accounts.begin_authentication(ticket)), "a")


def test_a_counter_that_does_not_grow_is_a_copy(accounts: Accounts) -> None:
    device = registered(accounts)
    device.count = 5
    accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")
    for count in (5, 4, 0):
        device.count = count
        with refused("sign_in_failed"):
            accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")
    assert whats(accounts).count("audit.passkey_copied") == 3
    device.count = 6
    accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")


def test_a_locked_or_disabled_account_opens_by_no_passkey(accounts: Accounts) -> None:
    device = registered(accounts)
    accounts.disable("ayla", "deniz")
    with refused("sign_in_failed"):
        accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")


def test_a_passkey_is_dropped_by_its_owner_or_an_administrator(accounts: Accounts) -> None:
    device = registered(accounts)
    session = accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")
    (kept,) = accounts.passkeys("deniz")
    with refused("not_admin"):
        accounts.drop_passkey("murat", "deniz", kept.id)
    accounts.drop_passkey("ayla", "deniz", kept.id)
    assert accounts.session(session.token) is None
    with refused("passkey_unknown"):
        accounts.drop_passkey("ayla", "deniz", kept.id)
    with refused("sign_in_failed"):
        accounts.finish_authentication(None, device.get(accounts.begin_authentication()), "a")
    assert accounts.sign_in("deniz", PASSWORD, "a").needs == ""


def test_a_device_that_is_there_is_not_added_twice(accounts: Accounts) -> None:
    device = registered(accounts)
    for name in ("deniz", "murat"):
        with refused("passkey_failed"):
            accounts.finish_registration(name, device.create(accounts.begin_registration(name)), "again")
    for title in ("", "  ", "a\nb", "x" * 201):
        with refused("passkey_title"):
            accounts.finish_registration("deniz", {}, title)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "x",
        "[]",
        "null",
        "[" * 60_000,
        b"\xff",
        {},
        {"response": None},
        {"response": {"clientDataJSON": 1}},
    ],
)
def test_what_is_no_answer_is_refused(accounts: Accounts, answer: Any) -> None:
    registered(accounts)
    with refused("sign_in_failed"):
        accounts.finish_authentication(None, answer, "a")
    with refused("passkey_failed"):
        accounts.finish_registration("deniz", answer, "x")


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(["clientDataJSON", "attestationObject", "id", "rawId", "type"]),
    at=st.integers(0, 300), bit=st.integers(0, 7),
)  # fmt: skip
def test_an_answer_with_any_bit_changed_is_refused_or_the_same(
    accounts: Accounts, part: str, at: int, bit: int
) -> None:
    """Nothing but `Refused` comes of it. What the attestation does not sign (its name, counter) may differ."""
    device = Authenticator()
    answer = device.create(accounts.begin_registration("murat"))
    place = answer["response"] if part in answer["response"] else answer
    raw = bytearray(place[part].encode())
    raw[at % len(raw)] ^= 1 << bit
    place[part] = raw.decode("latin-1")
    try:
        accounts.finish_registration("murat", answer, "x")
    except Refused as error:
        assert error.code == "passkey_failed"  # noqa: PT017


def test_passkeys_of_many_do_not_slow_each_other(accounts: Accounts) -> None:
    """There is no name to count by before a passkey has answered."""
    device = registered(accounts)
    for number in range(30):
        accounts.finish_authentication(None, device.get(accounts.begin_authentication()), f"10.0.0.{number}")


def test_whoever_asks_with_tickets_of_their_own_making_fills_no_trail(accounts: Accounts) -> None:
    """Anybody can ask, as often as they like, and the trail only grows."""
    rows = accounts.audit_size()
    for ticket in ("", "x", "x" * 43, "\ud800"):
        with refused("ticket_ended"):
            accounts.begin_authentication(ticket)
    assert accounts.audit_size() == rows
