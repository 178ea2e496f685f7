"""How a page speaks: in the reader's language, in the node's zone, as text and never as markup."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from comity.core.act import LANGUAGES
from comity.web.spoken import Spoken, read_words

EVENING = datetime(2024, 12, 2, 22, 30, tzinfo=UTC)


class Someone(Spoken):
    """Whoever reads in a language, in Baghdad."""

    zone = ZoneInfo("Asia/Baghdad")

    def __init__(self, language: str = "en", *, hijri: bool = True) -> None:
        self._language, self._hijri = language, hijri

    @property
    def language(self) -> str:
        return self._language

    @property
    def shows_hijri(self) -> bool:
        return self._hijri


def test_what_is_put_into_words_is_neither_markup_nor_turns_the_sentence_round() -> None:
    """Seen to fail when facts were put in as they came."""
    told = Someone().say("statement.recorded_by", "matters", party="<b>\u202eevil")
    assert isinstance(told, Markup)
    assert "<b>" not in told
    assert "\u202e" not in told
    assert "&lt;b&gt;" in told
    whole = Someone().say("statement.recorded_by", "matters", party=Markup("<b>x</b>"))
    assert "&lt;b&gt;x" in whole, "words are escaped whole: markup is for templates"


def test_a_name_is_in_the_reader_s_language_or_else_in_english() -> None:
    names = {"en": "Trade", "tr": "Ticaret"}
    assert [Someone(language).named(names) for language in LANGUAGES] == [
        {"en": "Trade", "tr": "Ticaret"}.get(language, "Trade") for language in LANGUAGES
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_is_told_in_the_zone_and_a_day_as_it_is(language: str) -> None:
    """Half past ten in the evening in London is the next day in Baghdad."""
    here = Someone(language)
    assert "2024" in here.day(date(2024, 12, 2))
    assert here.day("2024-12-02T22:30:00+00:00") == here.day(date(2024, 12, 2))
    assert "01:30" in here.moment(EVENING)
    assert here.hijri(EVENING) == here.hijri(date(2024, 12, 3)) != here.hijri(date(2024, 12, 2))
    assert here.day("some day") == "some day"


def test_hijri_days_are_for_those_who_asked() -> None:
    assert Someone(hijri=False).hijri(EVENING) == ""
    assert Someone().hijri("no day") == ""


def test_several_things_stand_in_a_line_with_the_comma_of_the_language() -> None:
    assert Someone("en").listed(["a", "b"]) == "a, b"
    assert Someone("ar").listed(["a", "b"]) == "a\u060c b"


def test_a_language_has_its_name_or_else_its_tag() -> None:
    assert Someone().tongue("tr") == "Türkçe"
    assert Someone().tongue("qq") == "qq"


def test_words_are_read_once_for_all() -> None:
    read_words()
    assert Someone("tr").words is Someone("tr").words
