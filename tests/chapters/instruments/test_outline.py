"""One file's passages become rows under the right provisions."""

from __future__ import annotations

import pytest

from comity.chapters.instruments.outline import Outline, Row, blocks
from comity.core.errors import Malformed


def rows(typed: str, **how: bool) -> list[Row]:
    outline = Outline("file.md", **how)
    for block in blocks(enumerate(typed.split("\n"), 1)):
        outline.take(block)
    return outline.rows


def shape(typed: str, **how: bool) -> list[tuple[str, str]]:
    return [(row.id, row.text or row.heading) for row in rows(typed, **how)]


def test_points_stand_under_paragraphs_roman_ones_under_points_and_dashes_under_the_nearest() -> None:
    typed = "## Article 1\n1. One:\n(a) x\n(i) xx\n(ii) xy\n(b) y\n- dash\n2. Two\n- dash\nplain"
    assert shape(typed) == [
        ("art-1", ""), ("art-1.1", "One:"), ("art-1.1.a", "x"), ("art-1.1.a.i", "xx"), ("art-1.1.a.ii", "xy"),
        ("art-1.1.b", "y"), ("art-1.1.b.d1", "dash"), ("art-1.2", "Two"), ("art-1.2.d1", "dash plain"),
    ]  # fmt: skip


def test_letters_go_on_through_i_v_and_x_and_turkish_ones_through_their_own() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    typed = "## Article 1\n" + "\n".join(f"{letter}) {letter}" for letter in letters)
    assert [row.number for row in rows(typed)[1:]] == list(letters)
    typed = "## Madde 1\na) x\nb) x\nc) x\nç) x\nd) x"
    assert [row.number for row in rows(typed)[1:]] == list("abcde")


def test_a_list_may_be_roman_from_its_beginning() -> None:
    assert [row.id for row in rows("## Article 1\n(i) x\n(ii) y\n(iii) z")[1:]] == [
        "art-1.i",
        "art-1.ii",
        "art-1.iii",
    ]


def test_what_stands_before_every_heading_is_the_preamble_and_closing_words_close() -> None:
    typed = "# T\nThe Parties,\n\n## Article 1\nIt is so.\n\nDone at Ankara."
    assert shape(typed) == [
        ("preamble", ""), ("preamble.t1", "The Parties,"), ("art-1", ""), ("art-1.t1", "It is so."), ("closing", ""),
        ("closing.t1", "Done at Ankara."),
    ]  # fmt: skip


def test_chapters_hold_articles_whose_ids_do_not_depend_on_them_and_annexes_have_their_own() -> None:
    typed = (
        "## Chapter I — General\n## Article 1\n## Chapter II\n## Article 2\n## Annex I\n1. x\n## Article 1\ny"
    )
    assert [(row.id, row.under) for row in rows(typed)] == [
        ("chap-1", ""), ("art-1", "chap-1"), ("chap-2", ""), ("art-2", "chap-2"), ("annex-1", ""),
        ("annex-1.1", "annex-1"), ("annex-1.art-1", "annex-1"), ("annex-1.art-1.t1", "annex-1.art-1"),
    ]  # fmt: skip


def test_a_title_may_stand_in_a_heading_of_its_own_below() -> None:
    assert rows("## Article 1\n#### Definitions\nx")[0].heading == "Definitions"


def test_an_id_of_ones_own_and_a_backslash_before_plain_words() -> None:
    assert shape("## Article 4 — Group {#planning}\n\\1. is a number {#first}\n\n\\[not a bracket\\]") == [
        ("planning", "Group"), ("first", "1. is a number"), ("planning.t2", "\\[not a bracket\\]"),
    ]  # fmt: skip


def test_a_wrapped_passage_is_one() -> None:
    assert shape("## Article 1\none\ntwo\n\nthree") == [
        ("art-1", ""),
        ("art-1.t1", "one two"),
        ("art-1.t2", "three"),
    ]


def test_a_doubled_number_is_malformed_unless_others_have_printed_it() -> None:
    typed = "## Article 1\n1. x\n1. y"
    with pytest.raises(
        Malformed, match=r"file.md \(line 3\): paragraph 1 stands here a second time \(first on line 2\)"
    ):
        rows(typed)
    assert [row.id for row in rows(typed, lenient=True)] == ["art-1", "art-1.1", "art-1.1-2"]


def test_a_heading_that_names_nothing_is_malformed() -> None:
    with pytest.raises(Malformed, match="names no provision"):
        rows("## Article 1\nwords\n## Nothing")
