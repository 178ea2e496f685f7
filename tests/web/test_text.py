"""Text from elsewhere is text: no markup, and nothing that turns a sentence round unseen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from comity.web.text import finalize, shown, visible

TURNING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\ufeff\x00\x7f\x9f"
HOSTILE = st.text(st.sampled_from(f"{TURNING}\u2066\u2067\u2068\u2069<>&\"'aب"), max_size=30)


@pytest.mark.parametrize("sign", TURNING)
def test_a_sign_that_turns_text_round_is_written_out(sign: str) -> None:
    told = f"a⟨U+{ord(sign):04X}⟩b"
    assert visible(f"a{sign}b") == finalize(f"a{sign}b") == told
    assert Markup(shown(f"a{sign}b")).striptags() == told


def test_an_isolate_that_is_closed_is_left_alone_and_one_that_is_not_is_written_out() -> None:
    """Seen to fail when isolates were left alone whether or not they are closed."""
    assert visible("\u2066TUR/9\u2069") == "\u2066TUR/9\u2069"
    for open_ in ("\u2066a", "a\u2069", "\u2069a\u2066", "\u2066\u2067a\u2069"):
        assert not set(visible(open_)) & set("\u2066\u2067\u2069")


@given(HOSTILE)
def test_nothing_that_somebody_wrote_is_markup_or_turns_what_stands_beside_it(text: str) -> None:
    for told in (visible(text), str(finalize(text)), str(shown(text))):
        assert not set(told) & set(TURNING)
        assert visible(told) == told
    assert "<" not in str(shown(text)).replace('<span class="control">', "").replace("</span>", "")


@given(HOSTILE)
def test_what_is_marked_up_already_stays_as_it_is(text: str) -> None:
    assert shown(Markup(text)) == text
