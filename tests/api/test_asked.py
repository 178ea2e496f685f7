"""Paths and queries are read strictly, and no text raises anything but `Malformed`."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.api.asked import Param, language_of, read_path, read_query
from comity.core.act import Ref
from comity.core.errors import Malformed

PARAMS = (
    Param("chapter", "text", needed=True), Param("after", "ref"), Param("on", "day"), Param("dry_run", "yes"),
    Param("limit", "number", fallback=50, least=1, most=500),
)  # fmt: skip


def test_what_is_left_out_is_what_the_table_says() -> None:
    found = read_query(PARAMS, b"chapter=meetings&after=TUR/4&on=2024-08-15&dry_run=true")
    assert found == {
        "chapter": "meetings", "after": Ref("TUR", 4), "on": date(2024, 8, 15), "dry_run": True, "limit": 50
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"chapter=", b"chapter=a&chapter=b", b"chapter=a&x=1", b"chapter=a&limit=0", b"chapter=a&limit=501",
        b"chapter=a&limit=%D9%A1", b"chapter=a&limit=1_0", b"chapter=a&on=2024-8-5", b"chapter=a&on=2024-02-30",
        b"chapter=a&after=TUR", b"chapter=a&dry_run=1", b"chapter=%ff", b"chapter=%00", b"chapter=a&&", b"chapter",
        b"chapter=" + b"a" * 301, b"chapter=\xff",
    ],
)  # fmt: skip
def test_what_is_not_asked_for_or_not_as_it_must_be_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        read_query(PARAMS, raw)


@given(st.binary(max_size=60) | st.text(alphabet="chapter=&limit%on0159-/TUR", max_size=60).map(str.encode))
def test_no_query_raises_anything_but_malformed(raw: bytes) -> None:
    with suppress(Malformed):
        read_query(PARAMS, raw)


@given(st.text(max_size=20), st.sampled_from(["party", "number", "day", "ref", "text", "yes"]))
def test_no_value_raises_anything_but_malformed(text: str, sort: str) -> None:
    with suppress(Malformed):
        read_path((Param("x", sort),), {"x": text})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("tr", "tr"), ("ar-IQ,en;q=0.8", "ar"), ("fr, tr;q=0.5, ar;q=0.7", "ar"), ("tr;q=0", "en"),
        ("*", "en"), ("de", "en"), ("TR-tr", "tr"), (";;;,,,q=", "en"), ("tr;q=abc, ar;q=0.1", "ar"),
    ],
)  # fmt: skip
def test_the_language_that_is_liked_best_and_that_we_have(header: str, language: str) -> None:
    assert language_of(header) == language


@given(st.text(max_size=80))
def test_any_header_has_a_language(header: str) -> None:
    assert language_of(header) in ("en", "tr", "ar")
