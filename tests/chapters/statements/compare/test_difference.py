"""Each kind of difference is told by its words, and another way to say the same is not told as one."""

from __future__ import annotations

import pytest

from comity.chapters.statements.compare.difference import Side, differences
from comity.chapters.statements.compare.shapes import HARMLESS
from comity.chapters.statements.compare.texts import read
from comity.chapters.statements.compare.tokens import Reader


def side(text: str, language: str) -> Side:
    found = read(text, Reader(language))
    return Side(text, [token for row in found.tokens for token in row], any(one.cut for one in found.found))


def told(one: str, other: str, language: str = "en") -> list[tuple[str, str, str]]:
    found = differences(side(one, language), side(other, language), 1)
    return [(row.kind, row.ours, row.published) for row in found if row.kind not in HARMLESS]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (
            "The group meets twice a month.",
            "The group meets once a month.",
            [("number", "twice a month", "once a month")],
        ),
        ("It opens on 1 May 2025.", "It opens on 2 May 2025.", [("date", "1 May 2025", "2 May 2025")]),
        ("It opens in Mosul.", "It opens in Erbil.", [("name", "Mosul", "Erbil")]),
        ("They shall not open it.", "They shall open it.", [("negation", "not open", "open")]),
        ("They shall open it.", "They may open it.", [("modality", "shall", "may")]),
        ("They decided to open it.", "They discussed opening it.", [("modality", "decided", "discussed")]),
        ("A permanent body is formed.", "A body is formed.", [("missing_part", "permanent", "")]),
        ("A body is formed.", "A consultative body is formed.", [("added_part", "", "consultative")]),
        ("The economic body is formed.", "The military body is formed.", [("word", "economic", "military")]),
    ],
)
def test_each_kind(one: str, other: str, found: list[tuple[str, str, str]]) -> None:
    got = told(one, other)
    assert [row[0] for row in got] == [row[0] for row in found]
    assert [row[1] for row in got] == [row[1] for row in found]
    assert found[0][2].startswith(got[0][2]) or got[0][2].startswith(found[0][2])


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (
            "en",
            "The two sides agreed to prepare a memorandum of understanding.",
            "Both parties agreed to draft an MoU.",
        ),
        ("en", "A centre shall be established in Baghdad.", "In Baghdad a center will be set up."),
        ("en", "Neither side shall permit it.", "Neither side will allow it."),
        ("tr", "Merkezin kurulması kararlaştırılmıştır.", "Merkezin kurulmasına karar verildi."),
        ("tr", "Taraflar iş birliğini sürdürecektir.", "İki taraf işbirliğine devam edecek."),
        ("ar", "اتفق الجانبان على إنشاء مركز مشترك.", "وتم الاتفاق بين الطرفين على تأسيس مركز مشترك."),
        ("ar", "تُعقد الجولة في أيلول 2026.", "وستُعقد الجولة في سبتمبر 2026."),
    ],
)
def test_other_words_for_the_same_are_no_difference(language: str, one: str, other: str) -> None:
    assert told(one, other, language) == []


def test_weaker_and_stronger_are_told_apart() -> None:
    down = differences(side("They shall open it.", "en"), side("They may open it.", "en"), 7)
    up = differences(side("They may open it.", "en"), side("They shall open it.", "en"), 7)
    assert [(row.kind, row.note, row.passage) for row in down] == [("modality", "weaker", 7)]
    assert [(row.kind, row.note) for row in up] == [("modality", "stronger")]


def test_what_lies_behind_a_break_is_not_missing() -> None:
    found = differences(
        side("They agreed to draft a text and to sign it in Mosul.", "en"),
        side("They agreed to draft [...]", "en"),
        1,
    )
    assert {row.kind for row in found} == {"cut"}


def test_a_word_known_as_the_same_is_shown_as_wording() -> None:
    found = differences(side("Liaison is regular.", "en"), side("Communication is regular.", "en"), 1)
    assert [(row.kind, row.ours, row.published) for row in found] == [("wording", "Liaison", "Communication")]


def test_a_turkish_ending_that_denies_is_found() -> None:
    assert (
        told("Transit mallar ücrete tabi tutulmayacaktır.", "Transit mallardan ücret alınacaktır.", "tr")[0][
            0
        ]
        == "negation"
    )


def test_a_long_clause_in_the_place_of_a_word_is_a_part() -> None:
    """What is planned within it is told with it, not once more."""
    one = "The two ministries shall settle disputes by consultation within thirty days."
    other = "The two ministries shall settle disputes by arbitration that judges plan at Geneva courts within thirty days."
    assert [row[0] for row in told(one, other)] == ["added_part"]
