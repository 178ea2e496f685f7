"""Real agreements load with all that they say, and both languages of the two-language ones align."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest
from tests.chapters.instruments.drafts import Room, at

from comity.chapters.instruments import acts, align, clauses, effects
from comity.chapters.instruments.printed import load
from comity.chapters.instruments.text import Entry, Final, Notice, Setup, Text
from comity.core.chapter import BodyTerms
from comity.core.errors import Malformed

TEXTS = Path(__file__).parents[4] / "shared" / "data" / "texts"
here = pytest.mark.skipif(
    not TEXTS.is_dir(), reason="../shared/data/texts is not here: real agreements are not tested"
)

JORDAN = ("nl-jordan-1975-road-transport.en-nl.txt", ("en", "nl"))
TURKIYE = ("nl-turkiye-2005-customs-assistance.en-nl.txt", ("en", "nl"))
IRAQ = ("nl-iraq-1983-economic-technical-cooperation.nl.txt", ("nl",))
GERMANY = ("nl-germany-2005-police-enschede.nl.txt", ("nl",))
DECLARATION = [
    (f"udhr.{code}.txt", (tag,))
    for code, tag in (("eng", "en"), ("tur", "tr"), ("arb", "ar"), ("kmr", "kmr"))
]


def read(*files: tuple[str, Sequence[str]]) -> Text:
    return load([(name, (TEXTS / name).read_bytes(), languages) for name, languages in files])


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


@here
@pytest.mark.parametrize(
    ("file", "articles", "chapters", "annexes"),
    [(JORDAN, 10, 0, 0), (TURKIYE, 22, 14, 0), (IRAQ, 11, 0, 1), (GERMANY, 40, 7, 2)],
    ids=["jordan", "turkiye", "iraq", "germany"],
)
def test_an_agreement_loads_with_all_its_articles_and_every_word(
    file: tuple[str, tuple[str, ...]], articles: int, chapters: int, annexes: int
) -> None:
    """Seen to fail when a passage behind a list is dropped."""
    one = read(file)
    kinds = Counter(row.kind for row in one.provisions)
    assert (kinds["article"], kinds["chapter"], kinds["annex"]) == (articles, chapters, annexes)
    assert kinds["preamble"] == kinds["closing"] == 1
    numbers = [row.number for row in one.provisions if row.kind == "article"]
    assert numbers == [str(number) for number in range(1, articles + 1)]
    raw = (TEXTS / file[0]).read_text("utf-8").split("\n\n", 1)[1]
    said = " ".join(
        " ".join(
            (
                *one.title.values(),
                *(f"{w.heading} {w.text}" for row in one.provisions for w in row.words.values()),
            )
        ).split()
    )
    lost = Counter(words(raw)) - Counter(words(said))
    marks = {"Article", "Artikel", "CHAPTER", "HOOFDSTUK", "TITEL", "Bijlage"}
    first_title = set(words(raw.split("\n\n")[0]))  # a file's outer title repeats one of its texts'
    assert {w for w in lost if not re.fullmatch(r"\d+|[a-z]|[IVX]+", w)} <= marks | first_title


@here
def test_articles_have_their_paragraphs_and_points() -> None:
    one = read(IRAQ)
    assert [row.id for row in one.below("art-7")] == [
        "art-7", "art-7.1", "art-7.2", "art-7.3", *(f"art-7.3.{letter}" for letter in "abcdef"), "art-7.4", "art-7.5",
    ]  # fmt: skip
    assert [row.id for row in one.below("art-10")] == ["art-10", "art-10.1", "art-10.2"]
    assert len(one.below("art-3")) == 14


@here
@pytest.mark.parametrize("file", [JORDAN, TURKIYE], ids=["jordan", "turkiye"])
def test_both_halves_of_a_two_language_agreement_align_provision_by_provision(
    file: tuple[str, tuple[str, ...]],
) -> None:
    one = read(file)
    assert align.gaps(one) == []
    assert all(set(row.words) == {"en", "nl"} for row in one.provisions)


@here
@pytest.mark.parametrize(
    ("cut", "missing"),
    [
        ("d. de namen en adressen", "art-11.2.d"),
        ("4.  Wanneer de bijstand wordt geweigerd", "art-16.4"),
        ("###Artikel 8", "art-8"),
    ],
)
def test_every_misalignment_is_listed(cut: str, missing: str) -> None:
    """What is taken out of one half, and only that, is reported. Seen to fail when alignment goes by position."""
    name, languages = JORDAN if cut.startswith("###") else TURKIYE
    lines = (TEXTS / name).read_text("utf-8").split("\n")
    place = next(at for at, line in enumerate(lines) if line.startswith(cut))
    end = place + (4 if cut.startswith("###") else 1)
    one = load([(name, "\n".join(lines[:place] + lines[end:]).encode(), languages)])
    found = align.gaps(one)
    assert found[0]["provision"] == missing
    assert found[0]["missing"] == ["nl"]
    assert {gap["provision"] for gap in found} == {row.id for row in one.below(missing)}


@here
def test_the_universal_declaration_aligns_in_four_languages_and_lists_what_does_not() -> None:
    one = read(*DECLARATION)
    assert one.languages == ("ar", "en", "kmr", "tr")
    articles = [row for row in one.provisions if row.kind == "article"]
    assert len(articles) == 30
    assert all(set(row.words) == {"ar", "en", "kmr", "tr"} for row in articles)
    assert [(gap["provision"], gap["missing"]) for gap in align.gaps(one)] == [
        ("preamble.t9", ["kmr"]), ("preamble.t10", ["ar", "kmr"]),
    ]  # fmt: skip


@here
def test_the_clauses_of_the_agreement_of_1983_compute_to_the_right_dates() -> None:
    """Articles 7, 10 and 11 and the closing clause, as head data on the real text, with made-up notifications."""
    clauses_of_1983 = Final(
        provision="art-10",
        entry=Entry(after="notifications", month=2),
        duration=60,
        renewal=12,
        denunciation=Notice(months=6, at="end_of_period"),
        refusal=Notice(months=6, at="end_of_period"),
        reply_days=90,
        amendments=Entry(after="notifications", month=2, signed=False),
    )
    commission = BodyTerms("commission", "commission", {"nl": "Gemengde Overheidscommissie"}, every_months=12)
    real = msgspec.structs.replace(
        read(IRAQ),
        final=clauses_of_1983,
        parties=("IRQ", "NLD"),
        authentic=("nl",),
        bodies=(Setup("art-7", commission),),
    )
    room = Room(("IRQ", "NLD"))
    day = at(date(1983, 10, 31))
    room.say("NLD", "instrument.proposed/1", acts.Proposed(real), time=day)
    for party in room.parties:
        room.do(party, "accepted", time=day)
    for party in room.parties:
        room.sign(party, signed_on=date(1983, 10, 31), place="Baghdad", time=day)
    room.do("NLD", "notified", time=at(date(1983, 11, 20)))
    room.do("IRQ", "notified", time=at(date(1983, 12, 15)))

    assert effects.since(room.view()) == date(1984, 2, 1), "first day of the second month following"
    assert room.ask("in_force", date(1984, 1, 31))["in_force"] is False
    assert room.ask("in_force", date(1984, 2, 1))["in_force"] is True
    assert room.ask("in_force", date(2024, 1, 1))["in_force"] is True, "tacitly renewed from year to year"
    mandate = room.chapter.mandate(room.view(), "art-7")
    assert mandate is not None
    assert (mandate.since, mandate.until, mandate.bodies) == (date(1984, 2, 1), None, (commission,))
    assert room.ask("next_dates", date(1988, 1, 1)) == [
        {"date": "1988-08-01", "what": "last_day_to_denounce"},
        {"date": "1988-08-01", "what": "last_day_to_refuse"},
        {"date": "1989-02-01", "what": "renewal"},
    ]
    row = real.provisions[-1]
    edit = acts.Edit("replace", row.id, (row,))
    amendment = room.do("IRQ", "amendment_proposed", edits=[edit], time=at(date(1985, 1, 10)))
    assert room.ask("next_dates", date(1985, 1, 11))[0] == {
        "date": "1985-04-10", "what": "reply_due", "ref": str(amendment), "by": "IRQ", "on": "1985-01-10", "party": "NLD",
    }  # fmt: skip
    room.do("NLD", "accepted", version=str(amendment), time=at(date(1985, 4, 1)))
    for party, month in (("IRQ", 5), ("NLD", 6)):
        room.do(party, "notified", matter=str(amendment), time=at(date(1985, month, 30)))
    assert effects.amendments(room.view())[0][0].day == date(1985, 8, 1)
    room.do("IRQ", "denounced", time=at(date(1988, 8, 2)))
    assert effects.until(room.view()) == date(1990, 2, 1), "a day late for 1989, so the renewed year runs out"
    assert clauses.latest_notice(date(1990, 2, 1), Notice(months=6)) == date(1989, 8, 1)


@here
def test_a_closing_clause_that_names_languages_whose_texts_are_missing_is_not_passed_over() -> None:
    """The agreement of 1983 is authentic in Dutch, Arabic and English, and only the Dutch text is at hand."""
    raw = (TEXTS / IRAQ[0]).read_bytes()
    with pytest.raises(Malformed, match="ar is declared authentic or prevailing, but no file"):
        load([(IRAQ[0], raw, ("nl",))], authentic=("nl", "ar", "en"))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"## T\n\n### Article 1\n\nx\n", "holds 1 texts, not 2"),
        (b"\xff", "not UTF-8"),
        (b"x \xe2\x80\xae", "direction mark"),
    ],
)
def test_a_file_that_is_not_what_was_said_is_malformed(raw: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        load([("f.txt", raw, ("en", "nl"))])


def test_a_sign_without_a_space_behind_it_is_read_and_brackets_are_words() -> None:
    one = load([("f.txt", b"##T\n\n### Artikel 1\n\n1.Een [noot]:\n\na.eerste\n\n-streep\n", ("nl",))])
    assert [(row.id, row.words["nl"].text) for row in one.provisions[1:]] == [
        ("art-1.1", "Een \\[noot\\]:"), ("art-1.1.a", "eerste"), ("art-1.1.a.d1", "streep"),
    ]  # fmt: skip
