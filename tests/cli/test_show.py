"""What is written: plain and aligned in a pipe, drawn on a terminal, isolated in Arabic, harmless whatever it holds."""

from __future__ import annotations

import pytest

from comity.cli import show
from comity.cli.session import Session


def session(language: str = "en") -> Session:
    made = Session()
    made.language = language
    return made


def test_a_table_in_a_pipe_is_aligned_by_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(["a", "long header"], [["Türkiye", "1"], ["x", "2"]], session())
    assert capsys.readouterr().out == "a        long header\nTürkiye  1\nx        2\n"


def test_marks_and_isolates_take_no_width(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(["a", "b"], [["\u2066TUR/1\u2069", "1"], ["e\u0301", "2"], ["日本", "3"]], session())
    ends = [line.rstrip()[-1] for line in capsys.readouterr().out.splitlines()]
    assert ends == ["b", "1", "2", "3"]


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(["a"], [], session("tr"))
    assert capsys.readouterr().out == "yok\n"


def test_references_are_isolated_in_arabic_and_plain_in_english() -> None:
    assert show.cell("TUR/17", session("ar")) == "\u2066TUR/17\u2069"
    assert show.cell("TUR/17", session("en")) == "TUR/17"


@pytest.mark.parametrize("evil", ["\x1b[2Jgone", "\x9b31m", "a\rb", "bell\x07"])
def test_control_characters_from_elsewhere_never_reach_the_terminal(
    evil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show.line(show.cell(evil, session()))
    show.facts([("x", evil)], session())
    show.table(["h"], [[show.cell(evil, session())]], session())
    for line in show.nested({"a": evil, "b": [evil]}, lambda name: name):
        show.line(line)
    out = capsys.readouterr().out
    assert not set(out) & {"\x1b", "\x9b", "\r", "\x07"}


def test_a_line_break_in_a_cell_cannot_fake_another_row() -> None:
    assert show.cell("TUR/1\nTUR/2  settled", session()) == "TUR/1 TUR/2 settled"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2024-08-15T10:00:00Z", "2024-08-15 10:00 UTC"),
        ("2024-08-15T10:00:00+03:00", "2024-08-15 10:00 +0300"),
        ("no time", "no time"),
    ],
)
def test_a_time_is_shown_with_its_offset(text: str, shown: str) -> None:
    assert show.moment(text) == shown


def test_a_name_is_shown_in_the_language_or_in_english_or_in_what_there_is() -> None:
    names = {"en": "Iraq", "tr": "Irak"}
    assert show.named(names, session("tr")) == "Irak"
    assert show.named({"tr": "Irak"}, session("en")) == "Irak"
    assert show.named({}, session("en")) == "–"


def test_nested_data_is_indented() -> None:
    data = {"a": {"b": [1, {"c": None}]}, "d": [], "e": True}
    assert list(show.nested(data, str.upper)) == ["A:", "  B:", "    - 1", "    - C: –", "D: –", "E: true"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_terminal_tables_are_drawn(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "on_terminal", lambda: True)
    words = session(language)
    show.table(["a", "standing"], [["TUR/1", words.say("standing.settled")]], words)
    show.facts([("label", "value"), ("empty", "–")], words)
    out = capsys.readouterr().out
    assert "─" in out
    assert "TUR/1" in out
    assert "empty" not in out
