"""One plain text for each language: read side by side, or malformed with the reason."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core import aligned
from comity.core.aligned import decoded, read_aligned
from comity.core.errors import Malformed


def test_paragraphs_are_put_side_by_side_whatever_ends_their_lines() -> None:
    """A mark of byte order is no part of the text, and lines of blanks part paragraphs too."""
    files = [
        ("folder/text.en.md", b"\xef\xbb\xbfOne\nand a half.\n \t\n\nTwo.\n"),
        ("text.tr.txt", "Bir.\r\n\r\nİki.".encode()),
    ]
    assert read_aligned(files, "text") == [
        {"en": "One\nand a half.", "tr": "Bir."},
        {"en": "Two.", "tr": "İki."},
    ]
    assert read_aligned([], "text") == []
    assert read_aligned([("a.pt-BR.md", b"\n\n")], "text") == []


BAD: dict[str, tuple[list[tuple[str, bytes]], str]] = {
    "no language": ([("minutes.md", b"x")], "named like minutes.en.md"),
    "another ending": ([("minutes.en.doc", b"x")], "named like minutes.en.md"),
    "one language twice": ([("a.en.md", b"x"), ("b.en.md", b"x")], "named like minutes.en.md"),
    "not UTF-8": ([("a.tr.md", "Bağdat".encode("iso-8859-9"))], r"\(byte 2\): is not UTF-8"),
    "other lengths": ([("a.en.md", b"x"), ("a.tr.md", b"x\n\ny")], r"\(en: 1, tr: 2\)"),
    "too large": ([("a.en.md", b"x" * (aligned.LARGEST + 1))], "is 4000001 bytes long"),
}


@pytest.mark.parametrize("why", BAD)
def test_files_that_do_not_fit_together_are_malformed_and_say_why(why: str) -> None:
    files, told = BAD[why]
    with pytest.raises(Malformed, match=told):
        read_aligned(files, "minutes")


def test_a_file_may_be_held_to_less() -> None:
    assert decoded("a.txt", b"abc", 3) == "abc"
    with pytest.raises(Malformed, match="is 4 bytes long; at most 3"):
        decoded("a.txt", b"abcd", 3)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a.en.md", "a.tr.md", "a.xx", ".md", "a\n.en.md"]), st.binary(max_size=60)
        ),
        max_size=3,
    )
)
def test_no_file_raises_anything_but_malformed(files: list[tuple[str, bytes]]) -> None:
    with suppress(Malformed):
        rows = read_aligned(files, "text")
        assert len({tuple(row) for row in rows}) <= 1
        assert all(text and text == text.strip() for row in rows for text in row.values())
