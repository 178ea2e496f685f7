"""Whatever a person reads exists in three languages and survives being put together."""

from __future__ import annotations

import ast
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from babel.messages import pofile
from hypothesis import given
from hypothesis import strategies as st

import comity
from comity.core.act import LANGUAGES
from comity.core.charter import CHAPTER as CHARTER
from comity.core.errors import Malformed
from comity.words import Words, isolate, missing, places, read_po

ROOT = Path(comity.__file__).parent
FILES = sorted([*ROOT.glob("words/**/*.po"), *ROOT.glob("chapters/*/words/*.po")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_what_another_has(language: str) -> None:
    assert missing(language) == []


def test_a_gap_and_a_fact_that_only_one_language_asks_for_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"en": {"a": "{x} is", "b": "b"}, "tr": {"a": "{y}", "b": "b"}, "ar": {"a": "{x}"}}
    monkeypatch.setattr(Words, "of", lambda _self, place, language: {} if place else held[language])
    assert missing("ar") == ["comity: a (placeholders differ)", "comity: b"]
    assert missing("tr") == ["comity: a (placeholders differ)"]


def test_every_place_has_all_languages() -> None:
    assert len(FILES) == len(places()) * len(LANGUAGES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_our_reader_reads_what_babel_reads(file: Path) -> None:
    with file.open("rb") as opened:
        catalog = pofile.read_po(opened, abort_invalid=True)
    assert read_po(file.read_text("utf-8"), file.name) == {m.id: m.string for m in catalog if m.id}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_words_have_a_bidi_mark_or_a_space_at_the_edge(file: Path) -> None:
    """Isolation is added when facts are, in one place."""
    for key, words in read_po(file.read_text("utf-8"), file.name).items():
        assert words == words.strip(), key
        assert not set(words) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), key


def test_every_refusal_outside_the_chapters_has_words() -> None:
    """Each says what to do next, so none is a bare word. Every interface looks in every place (`desk.wording`)."""
    words = Words("en")
    worded = {key.removeprefix("refused.") for place in places() for key in words.of(place, "en")}
    lacking = set()
    for file in ROOT.rglob("*.py"):
        if "chapters" in file.relative_to(ROOT).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                code = getattr(node.args[0], "value", None)
                if isinstance(code, str) and code not in worded:
                    lacking.add(f"{file.relative_to(ROOT)}: {code}")
    assert lacking == set()


@pytest.mark.parametrize("kind", CHARTER.kinds, ids=lambda kind: kind.name)
def test_charter_acts_have_words_like_any_chapter_s(kind: object) -> None:
    for language in LANGUAGES:
        own = Words(language).of("charter", language)
        assert {f"kind.{kind.name.partition('/')[0]}", f"verb.{kind.verb}"} <= set(own)


def test_a_chapter_s_words_come_before_the_common_ones_and_english_before_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = {
        ("meetings", "tr"): {"a": "bölüm"},
        ("", "tr"): {"a": "ortak", "b": "ortak"},
        ("meetings", "en"): {"b": "chapter", "c": "chapter"},
        ("", "en"): {"c": "common", "d": "common"},
    }
    monkeypatch.setattr(Words, "of", lambda _self, place, language: held[place, language])
    words = Words("tr")
    assert [words.say(key, "meetings") for key in "abcde"] == ["bölüm", "ortak", "chapter", "common", "e"]
    assert words.has("d", "meetings")
    assert not words.has("e", "meetings")
    assert words.say("c") == "common"


def test_an_unknown_language_is_answered_in_english() -> None:
    assert Words("xx").say("standing.said") == "said"


def test_facts_are_put_where_the_words_ask_for_them() -> None:
    said = Words("en").say("refused.overtaken", "meetings", answered="TUR/17", by="IRQ/5")
    assert (
        said
        == "TUR/17 was put before IRQ/5 was agreed, so a yes to it now would be unclear. Propose it again."
    )


def test_a_fact_that_is_not_given_stays_visible() -> None:
    assert "{by}" in Words("tr").say("refused.overtaken", "meetings", answered="TUR/17")


def test_a_fact_is_never_read_as_words() -> None:
    assert Words("en").say("milestone.held", "meetings", on="{party} \\1") == "meeting held on {party} \\1"


def test_references_inside_arabic_are_isolated_so_that_they_do_not_turn_round() -> None:
    """Seen to fail without the isolates: 'TUR/17' next to '(4)' is drawn as '(4) TUR/17'."""
    said = Words("ar").say("refused.overtaken", "meetings", answered="TUR/17", by="IRQ/5")
    assert "\u2066TUR/17\u2069" in said
    assert "\u2066IRQ/5\u2069" in said


def test_an_arabic_name_is_isolated_by_its_own_direction_everywhere() -> None:
    assert isolate("بغداد", "en") == "\u2068بغداد\u2069"
    assert isolate("بغداد", "ar") == "\u2068بغداد\u2069"
    assert isolate("Bağdat", "tr") == "Bağdat"
    assert isolate("2024-08-15", "ar") == "\u20662024-08-15\u2069"
    assert isolate("", "ar") == ""


BAD = [
    'msgid "a"\nmsgstr "x"\nmsgid "a"\nmsgstr "y"\n',
    'msgstr "x"\n',
    '"x"\n',
    'msgid "a"\nmsgstr "x\n',
    'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "x"\n',
    'msgid "a"\nmsgstr "x"\nmsgstr "y"\n',
    'msgid "a"\nmsgstr "\\x41"\n',
    "<<<<<<< HEAD\n",
]


@pytest.mark.parametrize("text", BAD)
def test_a_file_that_is_not_what_we_read_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_po(text, "xx.po")


def test_continued_lines_comments_and_escapes_are_read() -> None:
    text = '# note\n#, fuzzy\nmsgid ""\n"a.b"\nmsgstr "one "\n"\\"two\\"\\n"\n\nmsgid "empty"\nmsgstr ""\n'
    assert read_po(text, "xx.po") == {"a.b": 'one "two"\n'}


@given(st.text(alphabet='msgidtr "\\n#[]\x00é\n', max_size=60))
def test_no_text_raises_anything_but_malformed(text: str) -> None:
    with suppress(Malformed):
        read_po(text, "xx.po")


def test_a_place_outside_the_package_cannot_be_asked_for() -> None:
    with pytest.raises(Malformed):
        Words("en").say("chapter", "../core")


def test_saying_something_imports_no_gettext_library() -> None:
    """Start-up matters: a command says one sentence and is gone."""
    code = "import sys; from comity.words import Words; Words('tr').say('standing.said'); print('babel' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
