"""The four errors: what each carries, and that an interface can catch them all at once."""

from __future__ import annotations

import pytest

from comity.core import errors
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable


def test_there_are_four_and_one_parent() -> None:
    """No other class of error leaves the program, so an interface's table is complete."""
    found = {
        error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, Exception)
    }
    assert found == {ComityError, Malformed, Refused, Broken, Unavailable}
    assert all(issubclass(error, ComityError) for error in found)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Malformed("leaf IRQ/4", "a float", at="byte 118"), "leaf IRQ/4 (byte 118): a float"),
        (Malformed("leaf", "a float"), "leaf: a float"),
        (Refused("bracket_open", "VCLT art. 10", brackets="b2"), "bracket_open (brackets=b2) [VCLT art. 10]"),
        (Refused("rule"), "rule"),
        (Broken("log of TUR", "two histories", b"proof"), "log of TUR: two histories"),
        (Unavailable("disk", "full"), "disk: full"),
    ],
)
def test_an_error_says_of_what_and_why(error: ComityError, told: str) -> None:
    """One line for a person, and its parts for a program."""
    assert str(error) == told


def test_the_facts_of_a_refusal_are_plain_strings() -> None:
    """They fill the words of three languages."""
    assert Refused("x", number=3, party=None).facts == {"number": "3", "party": "None"}
