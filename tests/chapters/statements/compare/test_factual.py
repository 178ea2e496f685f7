"""Where the statement has no text in the language, numbers, days and names are held against each other, and no more."""

from __future__ import annotations

from tests.chapters.statements.compare.scoring import pair

from comity.chapters.statements.compare import compare

STATEMENT = [
    {"en": "The delegations of Türkiye and Iraq met in Ankara on 12 May 2025."},
    {"en": "A centre with 24 officers will be opened in Baghdad on 1 September 2025."},
    {"en": "The sides wish each other well."},
]


def test_facts_agree_across_languages() -> None:
    found = compare(STATEMENT, "Türkiye ve Irak heyetleri 12 Mayıs 2025'te Ankara'da toplandı.", "tr")
    assert (found.verdict, found.worded, found.through) == ("facts_only", False, "en")
    assert [(row.relation, row.passages) for row in found.findings] == [
        ("facts_same", (1,)),
        ("not_compared", (2,)),
        ("not_compared", (3,)),
    ]


def test_a_number_that_differs_is_told() -> None:
    found = compare(STATEMENT, "سيُفتتح مركز يضم 26 موظفاً في بغداد في 1 أيلول 2025.", "ar")
    changed = next(row for row in found.findings if row.relation == "facts_changed")
    assert changed.passages == (2,)
    assert [(one.kind, one.ours, one.published) for one in changed.differences] == [("number", "24", "26")]


def test_a_day_that_differs_is_told() -> None:
    found = compare(
        STATEMENT, "2 Eylül 2025'te Bağdat'ta 24 görevlinin çalışacağı bir merkez açılacak.", "tr"
    )
    changed = next(row for row in found.findings if row.relation == "facts_changed")
    assert [(one.kind, one.ours) for one in changed.differences] == [("date", "1 September 2025")]


def test_wording_is_never_judged() -> None:
    two = pair("turkish")
    found = compare([{"en": passage["en"]} for passage in two.passages], two.published, "tr")
    assert {row.relation for row in found.findings} <= {"facts_same", "facts_changed", "not_compared"}
    assert {one.kind for row in found.findings for one in row.differences} <= {"number", "date", "name"}
    assert any(one.kind == "date" for row in found.findings for one in row.differences)


def test_a_text_with_other_facts_altogether_is_unrelated() -> None:
    text = "Kerkük'te 3 Ocak 1999'da 77 kişi, Mardin'de 5 Şubat 1998'de 88 kişi toplandı."
    found = compare(STATEMENT, text, "tr")
    assert (found.verdict, found.worded, found.findings) == ("unrelated", False, ())


def test_a_language_without_a_vocabulary_is_compared_by_digits_and_names() -> None:
    found = compare(STATEMENT, "Li Ankara 24 kes 2025.", "ku")
    assert found.verdict in {"facts_only", "unrelated"}
    assert not found.worded


def test_what_lies_behind_a_break_is_not_told() -> None:
    found = compare(STATEMENT, "24 görevlinin çalışacağı merkez Bağdat'ta [...]", "tr")
    row = next(row for row in found.findings if row.passages == (2,))
    assert row.relation == "facts_same"
