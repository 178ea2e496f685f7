"""Drafts: kept for the one who typed them, for a while, and no more than fits."""

from __future__ import annotations

from datetime import timedelta

from tests.accounts.house import Clock, refused

from comity.accounts import Accounts


def test_a_draft_survives_the_session_and_is_nobody_else_s(accounts: Accounts) -> None:
    accounts.keep_draft("deniz", "propose", b"one")
    accounts.keep_draft(accounts.person("deniz"), "propose", b"two")
    accounts.end_all("deniz")
    assert accounts.draft("deniz", "propose") == b"two"
    assert accounts.draft("murat", "propose") is None
    accounts.drop_draft("murat", "propose")
    assert accounts.draft("deniz", "propose") == b"two"
    accounts.drop_draft("deniz", "propose")
    assert accounts.draft("deniz", "propose") is None


def test_a_draft_is_kept_fourteen_days(accounts: Accounts, clock: Clock) -> None:
    accounts.keep_draft("deniz", "propose", b"one")
    clock.passes(days=14, seconds=-1)
    assert accounts.draft("deniz", "propose") == b"one"
    clock.passes(seconds=1)
    assert accounts.draft("deniz", "propose") is None
    accounts.keep_draft("murat", "propose", b"")
    with accounts._read() as read:
        assert read.rows("SELECT person FROM draft") == [("murat",)]


def test_a_draft_is_at_most_a_mebibyte_and_each_person_has_fifty(accounts: Accounts, clock: Clock) -> None:
    accounts.keep_draft("deniz", "first", bytes(1 << 20))
    for data, key in ((bytes((1 << 20) + 1), "x"), (b"", "x" * 1001)):
        with refused("draft_large"):
            accounts.keep_draft("deniz", key, data)
    for number in range(50):
        clock.passes(seconds=1)
        accounts.keep_draft("deniz", f"form {number}", b"x")
    assert accounts.draft("deniz", "first") is None
    assert accounts.draft("deniz", "form 0") == b"x"
    with refused("person_unknown"):
        accounts.keep_draft("nobody", "x", b"")


def test_the_list_of_drafts_is_one_s_own_newest_first(accounts: Accounts, clock: Clock) -> None:
    accounts.keep_draft("deniz", "first", b"1")
    clock.passes(days=10)
    accounts.keep_draft("deniz", "second", b"2")
    accounts.keep_draft("murat", "third", b"3")
    assert accounts.drafts("deniz") == [("second", clock.now), ("first", clock.now - timedelta(days=10))]
    clock.passes(days=4)
    assert [form for form, _ in accounts.drafts("deniz")] == ["second"]
