"""People: who may make whom what. Nobody gives themselves an office."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.accounts.house import MECHANISM, PASSWORD, Clock, house, refused, whats

from comity.accounts import MACHINE, Accounts
from comity.core.errors import Refused


def test_an_administrator_cannot_give_themselves_an_office(accounts: Accounts) -> None:
    """Another must, or whoever is at the machine."""
    with refused("grant_to_oneself"):
        accounts.grant("ayla", "ayla", MECHANISM, "co-chair")
    assert accounts.person("ayla").offices(MECHANISM) == frozenset()
    accounts.set_admin("ayla", "murat")
    accounts.grant("murat", "ayla", MECHANISM, "co-chair")
    assert accounts.person("ayla").offices(MECHANISM) == {"co-chair"}
    accounts.revoke("ayla", "ayla", MECHANISM, "co-chair")
    accounts.grant(MACHINE, "ayla", MECHANISM, "co-chair")
    assert whats(accounts).count("audit.granted") == 3


@pytest.mark.parametrize("by", ["deniz", "murat", "nobody", "", "Machine", "ayla "])
def test_nobody_but_an_administrator_manages_accounts(accounts: Accounts, by: str) -> None:
    for verb in (
        lambda: accounts.add(by, "kerem", "Kerem", "tr", PASSWORD),
        lambda: accounts.grant(by, "murat", MECHANISM, "x"),
        lambda: accounts.revoke(by, "deniz", MECHANISM, "secretariat"),
        lambda: accounts.set_admin(by, "murat"),
        lambda: accounts.disable(by, "deniz"),
        lambda: accounts.enable(by, "deniz"),
        lambda: accounts.unlock(by, "deniz"),
        lambda: accounts.set_password(by, "ayla", "another long password"),
        lambda: accounts.rename(by, "ayla", "X", "en"),
        lambda: accounts.drop_totp(by, "ayla"),
        lambda: accounts.end_all("ayla", by=by or "murat"),
    ):
        with refused("not_admin"):
            verb()
    accounts.disable("ayla", "murat")
    accounts.set_admin("ayla", "murat")
    with refused("not_admin"):
        accounts.unlock("murat", "deniz")


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    for verb in (lambda: accounts.set_admin("ayla", "ayla", False), lambda: accounts.disable("ayla", "ayla")):
        with refused("last_admin"):
            verb()
    assert accounts.person("ayla").admin
    accounts.set_admin("ayla", "murat")
    accounts.set_admin("ayla", "ayla", False)


def test_an_account_is_added_once_under_a_name_that_can_be_typed(accounts: Accounts) -> None:
    with refused("person_exists"):
        accounts.add("ayla", "Deniz", "Another", "tr", PASSWORD)
    for name in ("machine", "", "x", "de niz", "<b>"):
        with refused("person_name"):
            accounts.add("ayla", name, "Another", "tr", PASSWORD)
    for shown in ("", " ", "a\0b", "x" * 201, "a\nb", "\ud800"):
        with refused("person_display"):
            accounts.add("ayla", "kerem", shown, "tr", PASSWORD)
    with refused("person_language"):
        accounts.add("ayla", "kerem", "Kerem", "xx", PASSWORD)
    with refused("password_short"):
        accounts.add("ayla", "kerem", "Kerem", "tr", "short")
    assert [person.name for person in accounts.people()] == ["ayla", "deniz", "murat"]
    with refused("person_unknown"):
        accounts.person("kerem")


def test_one_s_own_password_asks_for_the_old_one_and_ends_every_session(accounts: Accounts) -> None:
    session = accounts.sign_in("deniz", PASSWORD, "a").session
    assert session is not None
    for old in (None, "", "not the old one"):
        with refused("password_wrong"):
            accounts.set_password("deniz", "deniz", "a fresh long password", old)
    assert accounts.session(session.token) is not None
    with refused("password_named"):
        accounts.set_password("deniz", "deniz", "deniz deniz deniz", PASSWORD)
    accounts.set_password("deniz", "deniz", "a fresh long password", PASSWORD)
    assert accounts.session(session.token) is None
    with refused("sign_in_failed"):
        accounts.sign_in("deniz", PASSWORD, "a")
    assert accounts.sign_in("deniz", "a fresh long password", "a").session is not None


def test_guessing_the_password_inside_a_session_locks_like_at_the_door(
    accounts: Accounts, clock: Clock
) -> None:
    for _ in range(10):
        clock.passes(minutes=1)
        with refused("password_wrong"):
            accounts.require_password("deniz", "not the password")
    assert accounts.person("deniz").locked
    with refused("password_wrong"):
        accounts.require_password("deniz", PASSWORD)


def test_a_person_without_a_password_has_none_that_opens(accounts: Accounts) -> None:
    accounts.add("ayla", "kerem", "Kerem", "tr")
    for password in ("", PASSWORD):
        with refused("sign_in_failed"):
            accounts.sign_in("kerem", password, "a")
    assert not accounts.person("kerem").password


def test_how_a_person_is_shown_is_their_own_wish(accounts: Accounts) -> None:
    assert accounts.rename("deniz", "deniz", "Deniz K.", "ar").display == "Deniz K."
    assert accounts.person("deniz").language == "ar"


def test_an_office_is_named_as_offices_are(accounts: Accounts) -> None:
    for mechanism, office in (("", "x"), ("m", ""), ("m", "a\nb"), ("m" * 129, "x")):
        with refused("office_name"):
            accounts.grant("ayla", "murat", mechanism, office)
    with refused("office_not_granted"):
        accounts.revoke("ayla", "murat", MECHANISM, "x")


def test_who_may_found_is_let_by_another_administrator_and_gets_the_root_office_of_what_they_found(
    accounts: Accounts,
) -> None:
    """And of nothing else: it is no office in any mechanism."""
    for by in ("ayla", "deniz"):
        with refused("grant_to_oneself" if by == "ayla" else "not_admin"):
            accounts.let_found(by, by)
    with refused("not_a_founder"):
        accounts.founded("murat", MECHANISM)
    accounts.let_found("ayla", "murat")
    assert accounts.person("murat").founds
    assert accounts.person("murat").offices(MECHANISM) == frozenset()
    accounts.founded("murat", MECHANISM)
    assert accounts.person("murat").offices(MECHANISM) == {"root"}
    accounts.disable("ayla", "murat")
    assert not accounts.person("murat").founds
    with refused("not_a_founder"):
        accounts.founded("murat", "another")
    accounts.enable("ayla", "murat")
    accounts.let_found("ayla", "murat", founds=False)
    assert not accounts.person("murat").founds
    assert accounts.person("murat").offices(MECHANISM) == {"root"}
    told = [row.what for row in accounts.audit(0, 1000) if row.facts.get("about") == "murat"]
    assert [what for what in told if "found" in what] == [
        "audit.may_found",
        "audit.founded",
        "audit.may_not_found",
    ]


NAMES = ("ayla", "deniz", "murat")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "revoke", "promote", "demote", "disable", "enable"]),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
    ),
    max_size=12,
)


def _do(accounts: Accounts, verb: str, by: str, name: str) -> None:
    match verb:
        case "grant":
            accounts.grant(by, name, MECHANISM, "secretariat")
        case "revoke":
            accounts.revoke(by, name, MECHANISM, "secretariat")
        case "promote" | "demote":
            accounts.set_admin(by, name, verb == "promote")
        case "disable":
            accounts.disable(by, name)
        case _:
            accounts.enable(by, name)


@settings(max_examples=15)
@given(STEPS)
def test_whatever_people_do_an_office_is_another_administrator_s_gift(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    """Held against a model of who was an administrator when; and somebody can always manage the accounts."""
    accounts, _ = house(tmp_path_factory.mktemp("people"))
    admins, disabled, held = {"ayla"}, set(), {"deniz"}
    for verb, by, name in steps:
        may = by in admins - disabled
        left = (admins | ({name} if verb == "promote" else set())) - disabled - {name}
        match verb:
            case "grant" if may and by != name:
                held.add(name)
            case "revoke" if may:
                held.discard(name)
            case "promote" if may:
                admins.add(name)
            case "demote" if may and left:
                admins.discard(name)
            case "disable" if may and left:
                disabled.add(name)
            case "enable" if may:
                disabled.discard(name)
        with suppress(Refused):
            _do(accounts, verb, by, name)
    people = {person.name: person for person in accounts.people()}
    assert {name for name, person in people.items() if person.admin} == admins
    assert {name for name, person in people.items() if person.offices(MECHANISM)} == held - disabled
    assert admins - disabled
    assert accounts.verify_audit() is None
    accounts.close()


def test_a_password_that_is_too_weak_is_a_refusal_in_the_trail(accounts: Accounts) -> None:
    with refused("password_short"):
        accounts.add("ayla", "noor", "Noor", "ar", "short", address="10.0.0.7")
    with refused("password_common"):
        accounts.set_password("ayla", "deniz", "password1234", address="10.0.0.7")
    told = [(row.what, row.person, row.address, row.facts) for row in accounts.audit(0, 100)[-2:]]
    assert told == [
        ("audit.refused", "ayla", "10.0.0.7", {"code": "password_short"}),
        ("audit.refused", "ayla", "10.0.0.7", {"code": "password_common"}),
    ]


def test_who_may_not_set_a_password_learns_nothing_and_costs_nothing(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither who has an account, nor is a hash of 64 MiB made for them."""
    monkeypatch.setattr(accounts._passwords, "hash", pytest.fail)
    for name in ("deniz", "nobody"):
        with refused("not_admin"):
            accounts.set_password("murat", name, "dere tepe düz gider")
