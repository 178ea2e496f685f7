"""The published text is divided without gaps or overlaps, and nothing is forced to match."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.assign import divide
from comity.chapters.statements.compare.texts import Passage, read, sentences_as_passages
from comity.chapters.statements.compare.tokens import Reader

SENTENCES = [
    "The two sides agreed to set up a joint centre in Baghdad.",
    "The centre will be staffed by 24 officers.",
    "Disputes shall be settled by consultation, and a report shall be written.",
    "Citizens under 15 are exempt from visas.",
    "The delegations visited a museum.",
    "Yes.",
    "The same.",
]
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map(" ".join)


def passages(text: str) -> list[Passage]:
    return sentences_as_passages(read(text, Reader("en")))


@given(texts, texts)
def test_every_passage_is_in_one_group_and_every_sentence_in_stretches_without_overlap(
    one: str, other: str
) -> None:
    mine, theirs = passages(one), read(other, Reader("en"))
    groups = divide(mine, theirs, "en", 60).groups
    assert sorted(place for group in groups for place in group.passages) == list(range(len(mine)))
    spans = sorted((row.start, row.end) for group in groups for row in group.stretches)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    letters = [at for at, char in enumerate(other) if char.isalnum()]
    assert all(any(a <= at < b for a, b in spans) for at in letters)
    assert all(group.passages or group.stretches for group in groups)


def test_the_same_sentence_is_paired_in_order() -> None:
    mine = passages("Yes. The same. Yes.")
    groups = divide(mine, read("Yes. Yes.", Reader("en")), "en", 60).groups
    assert [(group.passages, len(group.stretches)) for group in groups] == [((0,), 1), ((2,), 1), ((1,), 0)]


def test_a_merged_sentence_is_cut_at_its_comma() -> None:
    mine = passages(
        "A joint centre is set up in Baghdad. 24 officers from both sides will work there by consensus."
    )
    theirs = read(
        "A joint centre is set up in Baghdad, 24 officers will work there by consensus.", Reader("en")
    )
    groups = divide(mine, theirs, "en", 60).groups
    assert [theirs.text[row.start : row.end] for group in groups for row in group.stretches] == [
        "A joint centre is set up in Baghdad,",
        "24 officers will work there by consensus.",
    ]


def test_a_passage_that_says_again_what_another_said_joins_it() -> None:
    mine = passages("The ministers signed a memorandum on water in Mosul. A memorandum on water was signed.")
    theirs = read("The ministers signed a memorandum on water in Mosul.", Reader("en"))
    assert [group.passages for group in divide(mine, theirs, "en", 60).groups] == [(0, 1)]


def test_a_clause_that_nothing_says_stays_with_its_sentence_unless_it_is_much_heavier() -> None:
    mine = passages("The two sides agreed to set up a joint centre in Baghdad.")
    short = "The two sides agreed to set up a joint centre in Baghdad, near the old market."
    groups = divide(mine, read(short, Reader("en")), "en", 60).groups
    assert [[short[row.start : row.end] for row in group.stretches] for group in groups] == [[short]]
    more = "engineers repaired the broken turbines, painters restored frescoes, and teachers opened nine village schools"
    groups = divide(mine, read(f"{short[:-1]}, {more}.", Reader("en")), "en", 60).groups
    assert [group.passages for group in groups] == [(0,), ()]
