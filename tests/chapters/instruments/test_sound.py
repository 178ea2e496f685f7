"""A text that does not hold together is found out, whoever made it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from tests.chapters.instruments.drafts import text

from comity.chapters.instruments import sound
from comity.chapters.instruments.text import Entry, Final, Notice, Provision, Setup, Words
from comity.core.chapter import BodyTerms
from comity.core.errors import Malformed

ROW = Provision("art-9", "article", {"en": Words("H")}, "9")


def setup(**terms: Any) -> tuple[Setup, ...]:
    return (Setup("art-2", BodyTerms(**{"id": "b", "kind": "c", "names": {"en": "B"}, **terms})),)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"languages": ()}, "languages are"),
        ({"languages": ("en", "en")}, "languages are"),
        ({"languages": ("EN!", "tr", "ar")}, "languages are"),
        ({"authentic": ("fr",)}, "fr has no text"),
        ({"prevailing": "fr"}, "fr has no text"),
        ({"authentic": ("tr",), "prevailing": "en"}, "prevails but is not authentic"),
        ({"title": {}}, "give a title"),
        ({"title": {"en": "e\u0301"}}, "not in Unicode form NFC"),
        ({"note": {"en": "a\u202eb"}}, "U\\+202E"),
        ({"parties": ("TUR", "TUR")}, "at least two different parties"),
        ({"parties": ("tur", "irq")}, "at least two different parties"),
        ({"provisions": ()}, "has no provisions"),
        ({"provisions": (ROW, ROW)}, "two provisions have this id"),
        ({"provisions": (msgspec.structs.replace(ROW, id="A b"),)}, "lower-case letters"),
        ({"provisions": (msgspec.structs.replace(ROW, under="art-1"),)}, "not before it"),
        ({"provisions": (msgspec.structs.replace(ROW, words={"fr": Words()}),)}, "languages must be among"),
        ({"provisions": (ROW,)}, "no provision is in tr"),
        ({"bodies": setup(id="Bad id")}, "id of its own"),
        ({"bodies": setup() + setup()}, "id of its own"),
        ({"bodies": setup(names={})}, "a kind and names"),
        ({"bodies": setup(every_months=-1)}, "months 0 to 1200"),
        ({"bodies": setup(every_months=2**60)}, "months 0 to 1200"),
        ({"bodies": setup(seats={"TUR": -1})}, "seats are 0 to"),
        ({"bodies": setup(seats={"TUR": 2**60})}, "seats are 0 to"),
        ({"bodies": setup(seats={"tür": 1})}, "seats by party"),
        ({"bodies": setup(names={"Ä": "B"})}, "names are by language"),
        ({"note": {"fr": "x"}}, "a note is in one of"),
        ({"final": Final("art-99")}, "stands in art-99"),
        ({"final": Final(entry=Entry("day"))}, "a day goes with"),
        ({"final": Final(amendments=Entry(day=date(2024, 1, 1)))}, "a day goes with"),
        ({"final": Final(renewal=12)}, "needs a duration"),
        ({"final": Final(duration=12, refusal=Notice(1))}, "needs tacit renewal"),
        ({"final": Final(denunciation=Notice(1, at="end_of_period"))}, "needs a duration"),
    ],
)
def test_it_is_malformed_and_says_why(change: dict[str, Any], why: str) -> None:
    with pytest.raises(Malformed, match=why):
        sound.check(msgspec.structs.replace(text(), **change))


def test_a_sound_text_passes() -> None:
    sound.check(text())


def test_joiners_are_spelling_and_direction_marks_are_not() -> None:
    assert sound.unfit("می‌رود \u200d") is None
    for mark in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        assert sound.unfit(f"ab{mark}")[0] == 2  # type: ignore[index]
    assert sound.unfit("a\x00") == (1, "a control character (U+0000); delete it")
