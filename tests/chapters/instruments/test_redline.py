"""A redline goes by whole words, in any script, and says the same on every machine."""

from __future__ import annotations

import itertools
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import files, text

from comity.chapters.instruments.ids import carried
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.redline import plain, redline, tokens, words
from comity.chapters.instruments.text import Text

ALPHABET = "abc ığş كتب\u064e\u0651\u200c\u200d\u0640 ورد'’.,«»12٣ e\u0301"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("within 30 days", "within 60 working days", "within [-30-]{+60 working+} days"),
        ("خلال ثلاثين يوماً", "خلال ستين يوماً", "خلال [-ثلاثين-]{+ستين+} يوماً"),
        ("الكُتُب المقرّرة", "الكَتَب المقررة", "[-الكُتُب المقرّرة-]{+الكَتَب المقررة+}"),
        ("Türkiye'nin sınırı", "Türkiye'deki sınırı", "[-Türkiye'nin-]{+Türkiye'deki+} sınırı"),
        ("ırmak", "irmak", "[-ırmak-]{+irmak+}"),
        ("می‌رود امروز", "می‌روند امروز", "[-می‌رود-]{+می‌روند+} امروز"),
        ("", "new", "{+new+}"),
        ("same", "same", "same"),
    ],
)
def test_whole_words_change(old: str, new: str, shown: str) -> None:
    """Seen to fail for Arabic and Turkish when the comparison goes by characters."""
    assert plain(words(old, new)) == shown


@given(st.text(ALPHABET, max_size=60), st.text(ALPHABET, max_size=60))
def test_both_texts_can_be_read_off_and_no_word_is_split(old: str, new: str) -> None:
    pieces = words(old, new)
    assert "".join(piece.text for piece in pieces if piece.op != "in") == old
    assert "".join(piece.text for piece in pieces if piece.op != "out") == new
    cut = set(tokens(old)) | set(tokens(new))
    for piece in pieces:
        assert set(tokens(piece.text)) <= cut


@given(st.text(max_size=80))
def test_tokens_joined_are_the_text_and_no_mark_stands_alone(said: str) -> None:
    cut = tokens(said)
    assert "".join(cut) == said
    for before, token in itertools.pairwise(cut):
        if unicodedata.category(token[0])[0] == "M":
            assert unicodedata.category(before[-1])[0] not in "LMN"


def test_more_different_words_than_the_first_surrogate_are_kept_apart() -> None:
    old = " ".join(str(number) for number in range(56_000))
    pieces = words(old, old + " 1")
    assert "".join(piece.text for piece in pieces if piece.op == "in") == " 1"


def test_provisions_are_compared_where_they_have_moved() -> None:
    moved = [(name, raw.replace(b" 3 ", b" 4 ").replace(b" 2 ", b" 3 ")) for name, raw in files(more=" x")]
    moved = [
        (name, raw.replace(b"article: 3", b"article: 4").replace(b"article: 2", b"article: 3"))
        for name, raw in moved
    ]
    moved = [
        (name, raw.replace(b"\n\n## Article 3", b"\n\n## Article 2\n\nNew.\n\n## Article 3"))
        for name, raw in moved
    ]
    new = carried(text(), msgspec.convert(read_text(moved)["text"], Text))
    found = {change.provision: (change.op, change.number) for change in redline(text(), new, "en")}
    assert found["art-2"] == ("renumbered", "3")
    assert found["art-2a"] == ("in", "2")
    assert found["art-1.1"] == ("changed", "1")
    assert found["art-1.2"] == ("same", "2")
    gone = {change.provision: change.op for change in redline(new, text(), "en")}
    assert gone["art-2a.t1"] == "out"
