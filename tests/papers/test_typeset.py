"""The file: PDF/A-2b, the same bytes everywhere, and nothing in a text that could do more than be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import text as memorandum
from tests.papers import made
from tests.papers.pdfa import faults
from tests.papers.reading import Piece, pages, pieces, words

from comity.core.errors import Malformed, Unavailable
from comity.papers import typeset as setting
from comity.papers.paper import Paper, encode, page_size, parse, places, stamp_boxes
from comity.papers.typeset import typeset, version

PAIRS = [("en",), ("ar",), ("en", "tr"), ("en", "ar"), ("tr", "ar"), ("en", "tr", "ar")]
ENDING = "the last words of all"


def every(languages: tuple[str, ...]) -> list[Paper]:
    return [
        made.instrument(memorandum(), languages),
        made.minutes(languages),
        made.report(languages),
        made.certificate(languages),
    ]


# ------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("languages", PAIRS, ids="-".join)
def test_every_paper_is_pdf_a_2b(languages: tuple[str, ...], tmp_path: Path) -> None:
    """By our own list of what the standard asks (tests/papers/pdfa.py), and by veraPDF's where that is installed."""
    for paper in every(languages):
        raw = typeset(paper)
        assert faults(raw) == [], paper.sort
        if shutil.which("verapdf"):
            (tmp_path / "paper.pdf").write_bytes(raw)
            subprocess.run(["verapdf", "--flavour", "2b", tmp_path / "paper.pdf"], check=True)


ELSEWHERE = """
import sys
from comity.papers.paper import parse
from comity.papers.typeset import typeset
sys.stdout.buffer.write(typeset(parse(sys.stdin.buffer.read())))
"""


def test_the_same_paper_gives_the_same_bytes_in_any_surroundings(tmp_path: Path) -> None:
    """Another process, another copy of the package in another folder; another home, time zone and language."""
    package = tmp_path / "elsewhere" / "comity"
    source = Path(setting.__file__).parents[1]
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    around = {name: said for name, said in os.environ.items() if not name.startswith("COVERAGE")}
    for paper in every(("en", "ar")):
        here = typeset(paper)
        for zone, language, path in (
            ("Asia/Baghdad", "ar_IQ.UTF-8", package.parent),
            ("America/Lima", "C", source.parent),
        ):
            env = {
                **around,
                "TZ": zone,
                "LANG": language,
                "LC_ALL": language,
                "HOME": str(tmp_path),
                "PYTHONPATH": str(path),
            }
            env |= {"TYPST_FONT_PATHS": "/usr/share/fonts", "SOURCE_DATE_EPOCH": "1"}
            run = subprocess.run(
                [sys.executable, "-c", ELSEWHERE],
                input=encode(paper),
                env=env,
                cwd=tmp_path,
                capture_output=True,
                check=True,
            )
            assert run.stdout == here, (paper.sort, zone)


def test_a_paper_set_after_others_is_the_same_as_before() -> None:
    """What the compiler keeps between papers changes nothing."""
    first = [typeset(paper) for paper in every(("en", "ar"))]
    for languages in PAIRS:
        typeset(made.instrument(memorandum(), languages))
    assert [typeset(parse(encode(paper))) for paper in every(("en", "ar"))] == first


def test_one_letter_makes_another_file() -> None:
    assert typeset(made.instrument(made.text("six months"))) != typeset(
        made.instrument(made.text("six monthz"))
    )


def test_only_the_shipped_fonts_are_in_the_file() -> None:
    raw = typeset(made.instrument(memorandum(), ("en", "tr", "ar")))
    named = {name.partition(b"+")[2].split(b"/")[0].split()[0] for name in raw.split(b"/BaseFont/")[1:]}
    assert named <= {b"GentiumBookPlus", b"GentiumBookPlus-Bold", b"Amiri-Regular", b"Amiri-Bold"}


def test_the_file_says_what_it_claims_to_be() -> None:
    paper = made.instrument()
    raw = typeset(paper)
    claim = f"comity-paper/1, instrument, TUR/4, sha256:{paper.digest}"
    assert raw.count(claim.encode()) == 2  # for readers old and new
    assert raw.count(b"D:20240815000000Z") == 2


def test_the_version_of_the_typesetter_is_told() -> None:
    assert version().split(".")[0].isdigit()


def test_without_typst_a_person_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Unavailable, match=r"pip install 'comity\[papers\]'"):
        typeset(made.instrument())
    monkeypatch.setattr(
        setting, "version_of", lambda name: (_ for _ in ()).throw(setting.PackageNotFoundError(name))
    )
    with pytest.raises(Unavailable, match="comity"):
        version()


def test_what_the_typesetter_cannot_set_is_malformed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second net: if our own look at the fonts fails, PDF/A still forbids the empty box."""
    monkeypatch.setattr("comity.papers.sheet.lacking", lambda _: "")
    with pytest.raises(Malformed, match="could not be displayed"):
        typeset(made.instrument(made.text("a \U0001f600 b")))


# ------------------------------------------------------------------------------------------- words are only words

MARKUP = [
    '#read("/etc/passwd") #include "/etc/hosts" #import "@preview/x:1.0.0": *',
    "#sys.inputs.sheet #panic() #{while true {}} #let x = 1",
    "$ x^2 $ \\u{41} \\ _a_ *b* `raw` ```typ #panic()``` <label> @ref #link",
    "= Heading - item + item / term: x // comment /* comment */ ~ --- ... 'q' \"q\"",
    "</script> %PDF-1.7 )>> endstream endobj /JS (app.alert)",
]


@pytest.mark.parametrize("said", MARKUP)
def test_markup_in_a_text_is_printed_as_it_was_typed(said: str) -> None:
    raw = typeset(made.instrument(made.text(said, heading=said, languages=("en",)), ("en",)))
    assert said.replace(" ", "") in words(raw).translate(dict.fromkeys(map(ord, "\n \u200b")))
    assert faults(raw) == []


def test_markup_anywhere_in_a_paper_is_only_words() -> None:
    """Titles, names, signs, places, references: nothing that the record holds is ever read as Typst."""
    bad = '#panic("x") $ \\ ` @x'
    names = {"en": bad, "ar": bad}
    frame = made.frame()._replace(names=names)
    frame = frame._replace(
        parties=tuple(msgspec.structs.replace(party, names=names) for party in frame.parties)
    )
    data = {
        **made.MINUTES,
        "title": names,
        "place": names,
        "mandate": bad,
        "agenda": [{"ref": bad, "title": names}],
    }
    data |= {"decisions": [{"id": bad, "item": bad, "text": names}], "meeting": bad}
    raw = typeset(made.make("minutes", "TUR/1", made.DATED, frame, ("en", "ar"), data))
    assert words(raw).count("#panic") >= 8
    assert faults(raw) == []


@pytest.mark.parametrize(
    "said",
    [
        "A" * 10_000,
        "ع" * 10_000,
        "a\u00a0" * 5_000,
        "( " * 4_000,
        ") " * 4_000,
        "! " * 4_000,
        "« " * 4_000,
        "— " * 4_000,
        "- " * 4_000,
        ". " * 4_000,
        "/ " * 4_000,
        "“( ” " * 1_000,
        "\n" * 300 + "x",
        "",
        " ",
        "\u00ad",
        "ـ" * 3000,
    ],
)
def test_no_text_breaks_the_layout(said: str) -> None:
    raw = typeset(made.instrument(made.text(said)))
    width = page_size(2)[0]
    assert all(50 < piece.x < width - 40 for piece in pieces(raw))
    assert _last_page_is_for_signing(raw, made.instrument())


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8"), max_size=60), st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_text_is_set_or_malformed(said: str, heading: str) -> None:
    try:
        raw = typeset(made.instrument(made.text(said, heading=heading)))
    except Malformed:
        return
    assert raw.startswith(b"%PDF-1.7")
    assert faults(raw) == []


def test_a_missing_glyph_is_named_and_never_printed_as_a_box() -> None:
    with pytest.raises(Malformed, match=r"art-1.1 .*U\+1F600 \(GRINNING FACE\)"):
        typeset(made.instrument(made.text({"en": "a \U0001f600", "ar": "نص"})))


# ------------------------------------------------------------------------------------------- what stands where


def baseline(found: list[Piece], word: str) -> tuple[int, float]:
    piece = next(piece for piece in found if piece.text.strip().startswith(word))
    return piece.page, piece.y


def test_article_3_stands_beside_madde_3_on_every_page() -> None:
    found = pieces(typeset(made.instrument(made.long(12, ("en", "tr")))))
    for number in range(1, 13):
        assert baseline(found, f"Article {number}") == baseline(found, f"Madde {number}")


def test_the_first_lines_of_a_row_stand_on_one_line_in_both_scripts() -> None:
    found = pieces(typeset(made.instrument(made.text({"en": "Latin", "ar": "عربي"}))))
    (latin,) = [piece for piece in found if piece.text == "Latin"]
    arabic = [piece for piece in found if piece.x > 300 and abs(piece.y - latin.y) < 0.2]
    assert "يبرع" in "".join(piece.text for piece in arabic)


def visual(found: list[Piece], *, column: float = 300) -> list[str]:
    """The lines right of there as they are seen, from left to right: Arabic comes out letter by letter from its end,
    and its brackets as they are called, not as they look."""
    lines: dict[tuple[int, float], list[Piece]] = {}
    for piece in found:
        if piece.x > column:
            lines.setdefault((piece.page, -piece.y), []).append(piece)
    return ["".join(p.text for p in sorted(lines[at], key=lambda p: p.x)) for at in sorted(lines)]


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("انظر TUR/17 ثم", "مث TUR/17 رظنا"),
        ("الكتاب 15/2024 ثم", "مث 15/2024 باتكلا"),
        ("في 2024-08-15 ثم", "مث 2024-08-15 يف"),
        ("في 15 آب 2024 ثم", "مث 2024 بآ 15 يف"),
        ("الوثيقة ISO/IEC 27001 ثم", "مث ISO/IEC 27001 ةقيثولا"),
        ("البند TUR/31#D1 ثم", "مث TUR/31#D1 دنبلا"),
        ("شركة Arçelik (إسطنبول)", ")لوبنطسإ( Arçelik ةكرش"),
        ("المادة 3، الفقرة 2", "2 ةرقفلا ،3 ةداملا"),
    ],
)
def test_references_and_numbers_inside_arabic_are_seen_in_their_order(said: str, seen: str) -> None:
    found = visual(pieces(typeset(made.instrument(made.text({"en": "x", "ar": said})))))
    hidden = dict.fromkeys(map(ord, "\u2066\u2067\u2069"))
    lines = [" ".join(line.translate(hidden).split()) for line in found]
    assert any(seen in line for line in lines), lines


def _last_page_is_for_signing(raw: bytes, paper: Paper) -> bool:
    last = pages(raw) - 1
    found = [piece for piece in pieces(raw) if piece.page == last]
    return any(piece.text.startswith("Signatures") for piece in found) and all(
        any(party.names["en"] in piece.text for piece in found) for party in paper.parties
    )


@pytest.mark.parametrize("languages", PAIRS[2:], ids="-".join)
@pytest.mark.parametrize("parties", [2, 3, 5, 6])
def test_the_signing_page_is_the_last_and_each_party_s_place_is_empty(
    languages: tuple[str, ...], parties: int
) -> None:
    codes = tuple(made.NAMES)[:parties]
    said = made.text("x", languages=("en", "tr", "ar", "nl"), authentic=["en", "tr", "ar"], prevailing="tr")
    paper = made.instrument(said, languages, *codes)
    raw = typeset(paper)
    last = pages(raw) - 1
    found = [piece for piece in pieces(raw) if piece.page == last]
    height = page_size(len(languages))[1]
    for box, (page, (left, low, right, high)) in zip(places(paper), stamp_boxes(paper).values(), strict=True):
        assert page == -1
        inside = [piece for piece in found if left < piece.x < right and low < piece.y < high]
        assert not inside
        name = next(party.names for party in paper.parties if party.code == box.party)
        above = [
            piece
            for piece in found
            if left - 1 <= piece.x < right and high < piece.y < high + box.names_height + 1
        ]
        if "en" in languages:
            assert any(name["en"] in piece.text for piece in above)
        assert len({round(piece.y) for piece in above}) >= len(languages)
    facts = [
        piece
        for piece in found
        if height - piece.y > 65 and piece.y > max(high for _, (_, _, _, high) in stamp_boxes(paper).values())
    ]
    assert facts


def test_the_facts_of_the_signing_page_end_above_the_places() -> None:
    """With all that can stand there, in every language, nothing is cut off."""
    said = made.text(
        "x",
        languages=("en", "tr", "ar", "nl", "fr", "de", "kmr"),
        authentic=["en", "tr", "ar", "nl", "fr"],
        prevailing="tr",
    )
    for languages in PAIRS:
        paper = made.instrument(said, languages)
        raw = typeset(paper)
        last, height = pages(raw) - 1, page_size(len(languages))[1]
        found = {
            piece.text.split(":")[0]
            for piece in pieces(raw)
            if piece.page == last and height - piece.y < places(paper)[0].y
        }
        expected = {"en": "The text is also in", "tr": "Metnin diğer dilleri"}
        assert {expected[tag] for tag in languages if tag in expected} <= found, languages


def test_every_page_has_its_number_the_reference_and_the_hash() -> None:
    paper = made.instrument(made.long(9))
    raw = typeset(paper)
    total = pages(raw)
    assert total > 3
    for page in range(total):
        said = [
            line.replace(" ", "")
            for line in visual([piece for piece in pieces(raw) if piece.page == page], column=0)
        ]
        assert (
            f"TUR/4{page + 1}/{total}SHA\u00ad256{paper.digest[:16]}…" in said
        )  # a hyphen reads as a soft one
        assert any(line.startswith("Jointmechanism") for line in said)


def test_an_article_s_heading_is_never_left_alone_at_the_foot_of_a_page() -> None:
    found = pieces(typeset(made.instrument(made.long(40, ("en", "tr")))))
    for page in {piece.page for piece in found}:
        body = [piece for piece in found if piece.page == page and 70 < piece.y < 770]
        lowest = min(body, key=lambda piece: piece.y)
        assert not lowest.text.startswith(("Article", "Madde"))


# ------------------------------------------------------------------------------------------- texts of the world

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "texts"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the texts that the project shares are not here")
@pytest.mark.parametrize(
    ("files", "languages"),
    [
        ([("nl-turkiye-2005-customs-assistance.en-nl.txt", ("en", "nl"))], ("en", "nl")),
        ([("nl-jordan-1975-road-transport.en-nl.txt", ("en", "nl"))], ("en", "nl")),
        ([("nl-germany-2005-police-enschede.nl.txt", ("nl",))], ("nl",)),
        (
            [("udhr.eng.txt", ("en",)), ("udhr.arb.txt", ("ar",)), ("udhr.tur.txt", ("tr",))],
            ("en", "tr", "ar"),
        ),
        ([("udhr.kmr.txt", ("kmr",)), ("udhr.arb.txt", ("ar",))], ("kmr", "ar")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_agreements_as_others_printed_them(files: list[tuple[str, Any]], languages: tuple[str, ...]) -> None:
    from comity.chapters.instruments.printed import load

    read = load([(name, (SHARED / name).read_bytes(), tags) for name, tags in files])
    raw = typeset(made.instrument(read, languages))
    assert faults(raw) == []
    assert pages(raw) > 3
