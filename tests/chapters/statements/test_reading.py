"""What is read from people's files and completed from the docket, with every bad file named."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.statements import scenarios as at

from comity.chapters.statements import acts, reading
from comity.cli import fields
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.desk.fields import build

EN = b"# Joint statement #\n\nThey met\nin Ankara.\n\nThey agreed.\n"
TR = "# Ortak bildiri\r\n\r\nAnkara'da görüştüler.\r\n\r\nAnlaştılar.".encode()
PRESS = Path(__file__).parents[4] / "shared" / "data" / "mechanism" / "press"


def test_a_statement_is_read_from_one_plain_text_for_each_language() -> None:
    read = reading.read_statement([("statement.en.md", EN), ("statement.tr.txt", TR)])
    body = msgspec.convert({**read, "sort": "communique"}, acts.Proposed)
    assert body.title == {"en": "Joint statement", "tr": "Ortak bildiri"}
    assert body.passages == (
        {"en": "They met\nin Ankara.", "tr": "Ankara'da görüştüler."},
        {"en": "They agreed.", "tr": "Anlaştılar."},
    )


def test_a_text_without_a_heading_is_all_passages() -> None:
    read = reading.read_statement([("s.en.md", b"#hashtag first.\n\nThen this.")])
    assert read == {"passages": [{"en": "#hashtag first."}, {"en": "Then this."}]}


BAD_STATEMENTS: dict[str, tuple[list[tuple[str, bytes]], str]] = {
    "nothing": ([], "statement: is empty"),
    "an empty file": ([("s.en.md", b" \n\n")], "statement: is empty"),
    "a title alone": ([("s.en.md", b"# Title")], "a title and nothing else"),
    "a title in one language": ([("s.en.md", EN), ("s.ar.md", TR.replace(b"# ", b""))], "none in: ar"),
    "another number of passages": ([("s.en.md", EN), ("s.tr.md", TR + b"\n\nTamam.")], "en: 3, tr: 4"),
    "no language": ([("statement.md", EN)], "statement.en.md"),
}


@pytest.mark.parametrize("why", BAD_STATEMENTS)
def test_a_statement_that_does_not_fit_together_is_malformed_and_says_why(why: str) -> None:
    files, told = BAD_STATEMENTS[why]
    with pytest.raises(Malformed, match=told):
        reading.read_statement(files)


def test_a_published_text_gives_its_digest_and_the_language_of_its_name() -> None:
    """The digest is that of the text in the attaching act, whatever the file's line ends and byte order mark."""
    raw = b"\xef\xbb\xbf" + "Bir.\r\nİki.\r\n".encode()
    found = reading.read_published([("report.tr.txt", raw)])
    assert found == {"digest": reading.digest("Bir.\nİki.\n"), "language": "tr"}
    assert reading.read_text([("report.tr.txt", raw)]) == {"text": "Bir.\nİki.\n"}
    assert "language" not in reading.read_published([("report.txt", raw)])


MANY = "x" * (acts.TEXT_LIMIT + 1)
BAD_TEXTS: dict[str, tuple[list[tuple[str, bytes]], str]] = {
    "no file": ([], "0 were given"),
    "two files": ([("a.txt", b"x"), ("b.txt", b"y")], "2 were given"),
    "empty": ([("a.txt", b"")], "a.txt: is empty"),
    "blank": ([("a.txt", b"\xef\xbb\xbf \r\n\t")], "a.txt: is empty"),
    "10 MB": ([("a.txt", b"x" * 10_485_760)], "a.txt: is 10485760 bytes long"),
    "too many characters": ([("a.txt", MANY.encode())], "a.txt: has 200001 characters"),
    "not UTF-8": ([("a.txt", "Bağdat".encode("iso-8859-9"))], r"a.txt \(byte 2\): is not UTF-8"),
}


@pytest.mark.parametrize("why", BAD_TEXTS)
def test_a_published_text_that_cannot_be_one_is_malformed_and_named(why: str) -> None:
    files, told = BAD_TEXTS[why]
    for read in (reading.read_text, reading.read_published):
        with pytest.raises(Malformed, match=told):
            read(files)


def test_as_many_arabic_characters_fit_as_latin_ones() -> None:
    text = "س" * acts.TEXT_LIMIT
    assert reading.read_text([("a.ar.txt", text.encode())]) == {"text": text}


FILES = st.lists(
    st.tuples(st.sampled_from(["a.en.md", "a.tr.md", "a.txt", ".md", "a.en.txt"]), st.binary(max_size=60)),
    max_size=3,
)


@given(FILES)
def test_no_file_raises_anything_but_malformed(files: Sequence[tuple[str, bytes]]) -> None:
    for read in (reading.read_statement, reading.read_published, reading.read_text):
        with suppress(Malformed):
            read(files)


def test_what_a_revision_leaves_out_is_taken_from_the_version_that_it_revises() -> None:
    room = at.Room()
    first = room.propose()
    view = room.view()
    filled = reading.fill_revised(view, {"passages": ["new"], "place": {"en": "Baghdad"}}, [first])
    assert filled == {
        "title": at.TITLE,
        "passages": ["new"],
        "about": [at.MEETING, at.ARTICLE],
        "place": {"en": "Baghdad"},
        "on": at.ON,
    }
    assert reading.fill_revised(view, {"on": None}, []) == {"on": None}
    assert reading.fill_revised(view, {}, [Ref("IRQ", 9)]) == {}


def test_a_text_of_another_digest_is_refused_before_it_is_said() -> None:
    """One letter is enough. No rule could refuse it: the text may be gone."""
    room = at.Room()
    room.propose()
    published = room.publish("TUR", "en", at.WHOLE)
    fields = {"text": at.WHOLE}
    assert reading.fill_attached(room.view(), fields, [published]) == fields
    with pytest.raises(Refused) as refusal:
        reading.fill_attached(room.view(), {"text": at.WHOLE.replace("fourth", "fifth")}, [published])
    assert (refusal.value.code, refusal.value.facts["answered"]) == ("digest_differs", str(published))
    assert reading.fill_attached(room.view(), fields, [Ref("TUR", 1)]) == fields
    assert reading.fill_attached(room.view(), {}, [published]) == {}


def test_press_reports_are_read_whole() -> None:
    """The two real reports beside the project, where they are: each has a digest, and the text has it too."""
    files = sorted(PRESS.glob("0*.txt")) if PRESS.is_dir() else []
    if not files:
        pytest.skip("the press reports are not here")
    for file in files:
        given_file = [(file.name, file.read_bytes())]
        text = reading.read_text(given_file)["text"]
        assert reading.read_published(given_file)["digest"] == reading.digest(text)


# --------------------------------------------------------------------- the examples of the reference


def block(first: str) -> str:
    """The example of docs/reference/statements.md that begins so."""
    page = (Path(__file__).parents[3] / "docs" / "reference" / "statements.md").read_text("utf-8")
    lines = f"    {first}{page.partition(f'    {first}')[2]}".splitlines()
    inside = takewhile(lambda row: row.startswith("    ") or not row, lines)
    return dedent("\n".join(inside))


def test_the_statement_in_the_reference_is_read_with_its_title() -> None:
    read = reading.read_statement([("statement.en.md", block("# Joint statement").encode())])
    assert read["title"] == {"en": "Joint statement"}
    assert [passage["en"] for passage in read["passages"]] == [passage["en"] for passage in at.PASSAGES[:2]]


def test_the_facts_in_the_reference_are_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(block("- {fact: "), "utf-8")
    typed = fields.collect(acts.SourceRecorded, {"field_facts": (str(file),)})
    assert build(acts.SourceRecorded, {"title": {"en": "x"}, **typed}, "source").facts == (
        acts.Cited("TUR/12#art-4", {"en": "It gives the article in full."}),
        acts.Cited("IRQ/31"),
    )
