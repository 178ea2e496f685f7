"""Bracketed passages: found as negotiators type them, the same in all languages, and resolved without a trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import BRACKETS, PLAIN_BRACKET, draft, files, text

from comity.chapters.instruments.brackets import KEEP, OMIT, brackets, find, plain, resolve
from comity.chapters.instruments.reader import read_text
from comity.core.errors import Malformed


def test_adjacent_passages_with_party_codes_are_alternatives_of_one_bracket() -> None:
    found = find("It replies [TUR: in 30 days] [IRQ: in 60 days] by [note].")
    assert [passage.alternatives for passage in found] == [
        {"TUR": "in 30 days", "IRQ": "in 60 days"},
        {KEEP: "note"},
    ]


def test_a_bracket_that_is_part_of_the_text_is_typed_with_a_backslash() -> None:
    assert find(r"See \[annex\].") == []
    assert plain(r"See \[annex\].") == "See [annex]."


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a [b", "not closed"),
        ("a b]", "without its ["),
        ("a [b [c] d]", "inside a bracket"),
        ("a [] b", "empty"),
        ("a [TUR: ] b", "empty"),
        ("a [TUR: x] [TUR: y]", "two alternatives"),
    ],
)
def test_a_wrong_bracket_is_malformed_and_says_why(typed: str, why: str) -> None:
    with pytest.raises(Malformed, match=why.replace("[", r"\[")):
        find(typed)


def test_brackets_are_numbered_through_the_version_and_hold_every_language() -> None:
    first, second = brackets(text(more=BRACKETS, committee=PLAIN_BRACKET))
    assert (first.id, first.provision, first.choices) == ("b1", "art-1.1", ("TUR", "IRQ", OMIT))
    assert (second.id, second.provision, second.choices) == ("b2", "art-2.t1", (KEEP, OMIT))
    assert set(first.alternatives["TUR"]) == {"en", "tr", "ar"}


def test_languages_that_do_not_have_the_same_brackets_are_refused() -> None:
    given_files = [*files(more=BRACKETS)[:2], ("draft.ar.md", draft("ar").encode())]
    with pytest.raises(Malformed, match="its brackets are not those of"):
        read_text(given_files)


@pytest.mark.parametrize(
    ("typed", "choice", "result"),
    [
        ("reply [TUR: in 30 days] [IRQ: in 60 days].", "IRQ", "reply in 60 days."),
        ("reply [TUR: in 30 days] [IRQ: in 60 days].", OMIT, "reply."),
        ("It [shall] meet.", OMIT, "It meet."),
        ("It [shall] meet.", KEEP, "It shall meet."),
        ("[First,] it meets.", OMIT, "it meets."),
        ("ثلاثون [يوماً]، ثم", OMIT, "ثلاثون، ثم"),
    ],
)
def test_resolving_leaves_no_double_space_and_none_before_a_stop(
    typed: str, choice: str, result: str
) -> None:
    one = text()
    row = one.provisions[1]
    changed = type(row)(row.id, row.kind, {"en": type(row.words["en"])(text=typed)}, row.number, row.under)
    whole = type(one)(one.title, one.languages, (one.provisions[0], changed), final=type(one.final)())
    resolved = resolve(whole, {"b1": choice})
    assert resolved.provisions[1].words["en"].text == result
    assert not brackets(resolved)


@given(st.text(alphabet="ab [](TURIQ:\\ ", max_size=60))
def test_whatever_is_typed_either_has_brackets_or_is_malformed(typed: str) -> None:
    try:
        for passage in find(typed):
            assert typed[passage.start] == "["
            assert typed[passage.end - 1] == "]"
    except Malformed:
        pass
