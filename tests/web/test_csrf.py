"""The token of a form is another text on every page, and only this session's token is its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.core.keys import b64, unb64
from comity.web.csrf import masked, matches

TOKEN = "q83v" * 8


def test_a_token_is_another_text_on_every_page_and_matches_each_time() -> None:
    """Seen to fail when it stood in the form as it is."""
    several = {masked(TOKEN) for _ in range(20)}
    assert len(several) == 20
    assert all(TOKEN not in one and matches(one, TOKEN) for one in several)


def test_another_session_s_token_matches_nothing_here() -> None:
    assert not matches(masked("x" * len(TOKEN)), TOKEN)
    assert not matches(masked(TOKEN[:-1]), TOKEN)


@given(st.text(max_size=120))
def test_whatever_is_sent_is_no_error_and_no_match(sent: str) -> None:
    assert not matches(sent, TOKEN)


@given(st.integers(0, 63), st.integers(1, 255))
def test_one_changed_byte_is_no_match(at: int, by: int) -> None:
    raw = bytearray(unb64(masked(TOKEN), 64, "token"))
    raw[at] ^= by
    assert not matches(b64(bytes(raw)), TOKEN)
