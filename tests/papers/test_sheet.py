"""Words of the record become printable, or are refused by name; what they say never changes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers import made

from comity.core.errors import Malformed
from comity.papers.glyphs import lacking
from comity.papers.sheet import Sheet, fit, is_rtl

LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
ADDED = re.compile("[\u200b\u2066-\u2069]")


def sheet(*languages: str, **more: object) -> Sheet:
    return Sheet(
        made.instrument(made.text("x", languages=("en", "tr", "ar")), languages or ("en", "tr", "ar"), **more)
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("a\u202eb", "U\\+202E"),
        ("a\u2066b", "U\\+2066"),
        ("a\u200fb", "U\\+200F"),
        ("a\x00b", "U\\+0000"),
        ("a\x1bb", "U\\+001B"),
        ("a\ufffeb", "U\\+FFFE"),
        ("a\U0001f600b", "U\\+1F600 \\(GRINNING FACE\\)"),
        ("日", "U\\+65E5"),
        ("שלום", "U\\+05E9 \\(HEBREW LETTER SHIN\\)"),
        ("\u0378", "without a name"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_cannot_be_printed_is_named(words: str, why: str, language: str) -> None:
    with pytest.raises(Malformed, match=why) as caught:
        fit(words, language, "art-1")
    assert caught.value.at == "art-1"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("انظر TUR/17 في", ["TUR/17"]),
        ("القرار TUR/31#D1.", ["TUR/31#D1"]),
        ("في 2024-08-15، الساعة", ["2024-08-15"]),
        ("الوثيقة ISO/IEC 27001؛", ["ISO/IEC 27001"]),
        ("لدى شركة Arçelik A.Ş. والبند", ["Arçelik A.Ş"]),
        (
            "office@example.org و https://example.org/a?b",
            ["office@example.org", "https://example.org/a", "b"],
        ),
        ("المادة 3، الفقرة 2 من 15/2024", []),
        ("1,250,000 دينار", []),
    ],
)
def test_latin_names_and_references_keep_their_direction_in_arabic(words: str, kept: list[str]) -> None:
    assert re.findall(f"{LRI}(.*?){PDI}", fit(words, "ar", "x")) == kept


def test_arabic_keeps_its_direction_in_a_line_from_the_left() -> None:
    assert fit("The word “المادة الأولى” 3 times", "en", "x") == f"The word “{RLI}المادة الأولى{PDI}” 3 times"


@pytest.mark.parametrize("word", ["A" * 10_000, "x" * 36, "W" * 20, "ع" * 500, "a\u00a0" * 500, "0" * 100])
def test_a_word_wider_than_a_column_may_be_broken(word: str) -> None:
    parts = ADDED.sub("|", fit(word, "en", "x")).split("|")
    assert max(len(part) for part in parts) <= 12
    assert "".join(parts) == word


@pytest.mark.parametrize(
    "word", ["Uitvoeringsovereenkomsten", "muvaffakiyetsizleştirilmiş", "https://example.org/a/b/c"]
)
def test_a_long_word_of_a_language_stays_whole(word: str) -> None:
    assert fit(word, "tr", "x") == word


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.sampled_from(["en", "tr", "ar", "kmr"]))
def test_fitting_only_adds_marks_that_are_not_seen(words: str, language: str) -> None:
    try:
        fitted = fit(words, language, "x")
    except Malformed:
        return
    plain = ADDED.sub("", words.replace("\t", " "))
    assert ADDED.sub("", fitted) == plain
    assert not lacking(plain)
    assert fitted.count(LRI) + fitted.count(RLI) == fitted.count(PDI)


def test_columns_stand_as_they_are_read() -> None:
    """Whatever is written from the right stands on the right, whichever language comes first."""
    assert sheet("ar", "en").columns == ("en", "ar")
    assert sheet("tr", "ar", "en").columns == ("tr", "en", "ar")
    assert is_rtl("ar-IQ")
    assert not is_rtl("arn")


def test_days_are_written_out() -> None:
    assert sheet().day("2024-08-15") == {"en": "15 August 2024", "tr": "15 Ağustos 2024", "ar": "15 آب 2024"}
    assert sheet().day(date(2025, 1, 2))["ar"] == "2 كانون الثاني 2025"
    assert sheet().day(None) == dict.fromkeys(("en", "tr", "ar"), "—")


def test_every_month_has_its_own_name_in_every_language() -> None:
    named = [sheet().day(date(2024, month, 1)) for month in range(1, 13)]
    for tag in ("en", "tr", "ar"):
        assert len({day[tag] for day in named}) == 12


def test_an_hour_is_told_with_its_offset() -> None:
    moment = datetime(2024, 8, 15, 10, 0, tzinfo=timezone(timedelta(hours=3)))
    assert sheet().moment(moment)["en"] == "15 August 2024, 10:00 (UTC+03:00)"
    assert sheet().moment(moment.astimezone(UTC))["tr"] == "15 Ağustos 2024, 07:00 (UTC+00:00)"


def test_a_name_falls_back_to_english() -> None:
    one = sheet("en", "tr")
    assert one.names({"en": "Iraq", "ar": "العراق"}) == {"en": "Iraq", "tr": "Iraq"}
    assert one.party("TUR")["tr"] == "Türkiye"
    assert one.party("NLD") == {"en": "NLD", "tr": "NLD"}


def test_a_language_without_a_name_is_called_by_its_tag() -> None:
    assert sheet("en", "tr").languages(["ar", "kmr"]) == {"en": "Arabic, kmr", "tr": "Arapça, kmr"}


def test_a_cell_that_says_the_same_in_all_languages_has_one_line() -> None:
    one = sheet("en", "ar")
    one.table((1,), [one.say("label.act")], [[one.same("TUR/9")], [one.day("2024-08-15")]])
    made_row = one.plain({"en": "T"})["rows"][-1]
    assert [[len(cell) for cell in row["cells"]] for row in made_row["rows"]] == [[1], [2]]
    assert len(made_row["head"][0]) == 2


def test_a_long_row_may_break_over_pages_and_a_short_one_may_not() -> None:
    one = sheet("en")
    for words in ("short", "x " * 300, "\n" * 9):
        one.row("text", {"en": words})
    assert [row["breaks"] for row in one.plain({"en": "T"})["rows"]] == [False, True, True]


def test_a_sign_too_long_to_hang_goes_into_the_line() -> None:
    one = sheet("en")
    one.row("text", {"en": "words"}, {"en": "3 quinquies bis."}, level=40)
    row = one.plain({"en": "T"})["rows"][0]
    assert row["cells"] == [["", "3 quinquies bis. words"]]
    assert row["level"] == 6


def test_a_party_s_name_is_cut_to_the_line_above_its_place() -> None:
    paper = made.instrument(made.text("x", languages=("en",)), ("en",))
    longer = paper.parties[0].__class__("TUR", {"en": "Republic of " * 20})
    cut = Sheet(
        paper.__class__(**{**{f: getattr(paper, f) for f in paper.__struct_fields__}, "parties": (longer,)})
    )
    (names,) = [place["names"] for place in cut.plain({"en": "T"})["places"]]
    assert names[0].startswith("For: Republic of Republic")
    assert names[0].endswith("…")
    assert len(names[0]) < 60
