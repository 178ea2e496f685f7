"""What a comparison promises whatever it is given: an answer or `Malformed`, always the same, nothing forced."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.statements.compare.scoring import pair

from comity.chapters.statements.compare import LIMIT, Comparison, compare, compare_texts
from comity.core.errors import Malformed

STATEMENT = [
    {
        "en": "The two sides agreed to set up a joint centre in Baghdad before 1 September 2025.",
        "tr": "Taraflar 1 Eylül 2025'ten önce Bağdat'ta ortak bir merkez kurulması konusunda mutabık kalmıştır.",
        "ar": "اتفق الجانبان على إنشاء مركز مشترك في بغداد قبل 1 أيلول 2025.",
    },
    {
        "en": "Disputes shall be settled through consultation between the two ministries.",
        "tr": "Anlaşmazlıklar iki bakanlık arasında istişare yoluyla çözülecektir.",
        "ar": "تُسوّى الخلافات عن طريق التشاور بين الوزارتين.",
    },
]
SENTENCES = [
    "The two sides agreed to set up a joint centre in Baghdad.",
    "Disputes shall be settled through consultation.",
    "Citizens under 15 are exempt from the visa requirement.",
    "A railway study will be completed by the engineers.",
    "Water data is exchanged every month between laboratories.",
    "The museum lends forty paintings to the university.",
]
SOME = LIMIT // 5  # enough to see a square; the work itself is counted in test_match
HOSTILE = {
    "one_letter": "a" * LIMIT,
    "tatweel": "ـ" * LIMIT,
    "no_width": "\u200d" * LIMIT,
    "nul": "\0" * LIMIT,
    "bidi": "\u202eabc\u2066 " * (SOME // 6),
    "one_word_sentences": "Centre. " * (SOME // 8),
    "lines": "a\n" * (SOME // 2),
    "digits": "1 " * (SOME // 2),
    "number_words": "twenty " * (SOME // 7),
    "signs": "!" * (LIMIT // 2) + "a" + "." * (LIMIT // 2 - 1),
    "brackets": "[" * (LIMIT - 1) + "a",
    "hyphens": "a-\n" * (SOME // 3),
    "will_may": "will may " * (SOME // 9),
    "endings": "mayacak" * (SOME // 7),
}


def everything(found: Comparison) -> set[int]:
    """The characters that stand in findings and asides; none stands in two."""
    spans = [(span.start, span.end) for row in found.findings for span in row.published]
    spans += [(row.span.start, row.span.end) for row in found.aside]
    assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))
    return {at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_the_statement_itself_is_the_same(language: str) -> None:
    published = "\n\n".join(passage[language] for passage in STATEMENT)
    found = compare(STATEMENT, published, language)
    assert found.verdict == "compared"
    assert [(row.relation, row.passages, row.moved) for row in found.findings] == [
        ("same", (1,), False),
        ("same", (2,), False),
    ]


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*SENTENCES, "\n", "2. ", "…"]), max_size=12).map(" ".join)
)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    try:
        found = compare_texts(text, text, "en")
    except Malformed:
        return
    assert {row.relation for row in found.findings} <= {"same"}
    assert not any(row.moved for row in found.findings)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=10).map(" ".join))
def test_every_letter_stands_in_one_finding_or_aside(text: str) -> None:
    found = compare(STATEMENT, text, "en")
    if found.verdict == "compared":
        assert {at for at, char in enumerate(text) if char.isalnum()} <= everything(found)
        assert sorted(number for row in found.findings for number in row.passages) == [1, 2]


@given(
    st.lists(st.sampled_from(SENTENCES), unique=True, min_size=1, max_size=6),
    st.lists(st.sampled_from(SENTENCES), unique=True, min_size=1, max_size=6),
)
def test_what_is_missing_one_way_is_added_the_other(one: list[str], other: list[str]) -> None:
    there = compare_texts(" ".join(one), " ".join(other), "en")
    back = compare_texts(" ".join(other), " ".join(one), "en")
    assert there.verdict == back.verdict == ("compared" if set(one) & set(other) else "unrelated")
    missing = {span.text for row in there.findings if row.relation == "missing" for span in row.ours}
    added = {span.text for row in back.findings if row.relation == "added" for span in row.published}
    assert missing == added == (set(one) - set(other) if there.verdict == "compared" else set())


@given(st.text(max_size=300), st.sampled_from(["en", "tr", "ar", "ku", ""]))
def test_any_text_gets_an_answer_or_is_malformed(text: str, language: str) -> None:
    try:
        found = compare(STATEMENT, text, language)
    except Malformed:
        assert any("\ud800" <= char <= "\udfff" for char in text)
        return
    assert found == compare(STATEMENT, text, language)
    assert found.verdict in {"compared", "facts_only", "unrelated", "other_language", "empty"}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_texts_are_answered(name: str) -> None:
    """Each would take minutes, or raise, in a careless version."""
    found = compare(STATEMENT, HOSTILE[name], "en")
    assert found.verdict in {"unrelated", "other_language", "empty", "compared"}


def test_many_sentences_on_both_sides_are_answered() -> None:
    text = "Centre. Joint report. " * (SOME // 22)
    assert compare_texts(text, text, "en").counts == {"same": 2 * (SOME // 22)}


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_a_text_in_another_language_is_said_to_be(language: str) -> None:
    for other in {"en", "tr", "ar"} - {language}:
        found = compare(STATEMENT, " ".join(passage[other] for passage in STATEMENT), language)
        assert (found.verdict, found.language, found.detected) == ("other_language", language, other)
        assert found.findings == ()


@pytest.mark.parametrize("text", ["", " \n\t", "…!?", "\u200b\u202e"])
def test_a_text_without_words_is_empty(text: str) -> None:
    assert compare(STATEMENT, text, "en").verdict == "empty"
    assert compare_texts(text, "The sides met.", "en").verdict == "empty"


@pytest.mark.parametrize("name", ["turkish", "turkish_held_out", "turkish_held_out_two"])
@pytest.mark.parametrize("other", ["turkish", "turkish_held_out", "turkish_held_out_two"])
def test_another_meetings_text_is_unrelated_and_not_forced_to_match(name: str, other: str) -> None:
    found = compare(pair(name).passages, pair(other).published, "tr")
    assert found.verdict == ("compared" if name == other else "unrelated")
    assert bool(found.findings) == (name == other)


def test_too_long_or_half_a_character_is_malformed() -> None:
    with pytest.raises(Malformed, match="published text"):
        compare(STATEMENT, "a" * (LIMIT + 1), "en")
    with pytest.raises(Malformed, match="statement"):
        compare([{"tr": "a" * LIMIT}, {"tr": "a"}], "The sides met.", "en")
    with pytest.raises(Malformed, match="published text"):
        compare_texts("a", "\ud800", "en")


def test_a_passage_without_the_language_is_left_out() -> None:
    found = compare([STATEMENT[0], {"tr": STATEMENT[1]["tr"]}, {"en": "…"}], STATEMENT[0]["en"], "en")
    assert [row.passages for row in found.findings] == [(1,)]


def test_the_answer_does_not_depend_on_the_order_of_a_set() -> None:
    """Two processes with different string hashing write the same bytes."""
    code = (
        "import msgspec, sys\n"
        "from tests.chapters.statements.compare.scoring import pair\n"
        "from comity.chapters.statements.compare import compare\n"
        "for name in ('turkish', 'arabic'):\n"
        "    two = pair(name)\n"
        "    sys.stdout.buffer.write(msgspec.json.encode(compare(two.passages, two.published, two.language)))\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0]
