"""References, cuts, and an act's past."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.author import NOON

from comity.core.act import Act, Ref, covers
from comity.core.errors import Malformed


@pytest.mark.parametrize("text", ["TUR/0", "IRQ/17", "AB/999999999999", "UN2345678"[:8] + "/1"])
def test_a_reference_is_read_and_written_alike(text: str) -> None:
    """`TUR/17` is how people cite it, in one spelling."""
    assert str(Ref.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "/", "TUR", "TUR/", "/1", "TUR/01", "TUR/-1", "TUR/+1", "TUR/1 ", " TUR/1", "TUR/1\n", "tur/1", "T/1", "TURKIYE99/1",
     "TÜR/1", "1UR/1", "TUR/1000000000000", "TUR/١", "TUR/1/2", "TUR//1", "TUR/0x1", "TUR/1e1", "ＴＵＲ/1", "TUR/１"],
)  # fmt: skip
def test_anything_else_is_no_reference(text: str) -> None:
    """Other digits, other letters, other spellings of the same number."""
    with pytest.raises(Malformed):
        Ref.parse(text)


cuts = st.dictionaries(st.sampled_from("ABC"), st.integers(0, 3))


@given(cuts, cuts, cuts)
def test_covering_is_an_order(one: dict[str, int], two: dict[str, int], three: dict[str, int]) -> None:
    """Of itself, through another, and a party that is absent counts as nothing."""
    assert covers(one, one)
    assert covers(one, {})
    assert not (covers(one, two) and covers(two, three)) or covers(one, three)
    assert covers({}, one) == (not any(one.values()))


def test_an_acts_past_is_what_its_author_had_seen_and_its_own_log_before_it() -> None:
    """What an author claims to have seen of its own log plays no part."""
    act = Act(Ref("TUR", 7), "x.y/1", Ref("TUR", 7), NOON, "root", "", (), {"IRQ": 3, "TUR": 99}, "", None)
    assert act.past == {"IRQ": 3, "TUR": 7}
    assert act.party == "TUR"
