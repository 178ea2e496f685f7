"""The head's plain words become bodies and final clauses, and are written back the same."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
import yaml
from tests.chapters.instruments.drafts import HEAD, text

from comity.chapters.instruments import head as heads
from comity.chapters.instruments.text import Entry, Final, Notice
from comity.core.errors import Malformed


def final(typed: str) -> Final:
    return msgspec.convert(heads.final(heads.read_head("f.md", f"language: en\n{typed}", 2)), Final)


def test_final_clauses() -> None:
    assert final(HEAD) == Final(
        "art-3",
        Entry("notifications", days=30),
        60,
        12,
        Notice(6, at="end_of_period"),
        Notice(6, at="end_of_period"),
        90,
        Entry("notifications", days=30, signed=False),
    )
    assert final("") == Final()
    assert final("final:\n  entry into force: {after: day, day: 2025-01-01, signature: not needed}") == Final(
        entry=Entry("day", day=date(2025, 1, 1), signed=False)
    )


def test_articles_are_named_by_their_numbers_as_they_stand_in_the_text() -> None:
    named = ["4", "4.2", "IV", "Annex I", "art-4", "preamble"]
    assert [heads.provision(one) for one in named] == [
        "art-4",
        "art-4.2",
        "art-4",
        "annex-1",
        "art-4",
        "preamble",
    ]


def test_a_body_without_an_id_is_called_by_its_english_name() -> None:
    head = heads.read_head(
        "f.md", "language: en\nbodies:\n- {article: 1, kind: committee, names: {en: Water İşleri}}", 2
    )
    assert heads.bodies(head)[0]["terms"]["id"] == "water-i-leri"


def test_lists_may_be_typed_with_commas_and_keys_with_underscores() -> None:
    head = heads.read_head(
        "f.md", "language: en\nauthentic: en, tr\nparties: TUR, IRQ\nfinal: {entry_into_force: {days: 3}}", 2
    )
    assert (head.authentic, head.parties) == (("en", "tr"), ("TUR", "IRQ"))
    assert head.final is not None
    assert head.final.entry_into_force.days == 3


def test_what_is_written_is_read_back() -> None:
    one = text()
    typed = yaml.safe_dump({"language": "en", **heads.written(one.bodies, one.final)}, allow_unicode=True)
    again = heads.read_head("f.md", typed, 2)
    assert msgspec.convert(heads.final(again), Final) == one.final
    assert heads.bodies(again) == [msgspec.to_builtins(body) for body in one.bodies]


@pytest.mark.parametrize(
    "typed", ["just words", "- a\n- b", "x" * (heads.LIMIT + 1), "? [a, b]\n: c", "a: b: c", "\t- x"]
)
def test_what_is_no_plain_head_is_malformed(typed: str) -> None:
    with pytest.raises(Malformed):
        heads.read_head("f.md", typed, 2)
