"""Texts for other programs: in a language that they have, of a version that was put, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from tests.api.house import Built
from tests.node.committees import memorandum

from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.desk import texts

TEXT, ON = Ref("TUR", 1), date(2024, 9, 2)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    built = Built(tmp_path_factory.mktemp("house"))
    yield built
    built.close()


def test_a_language_is_the_one_asked_for_or_the_reader_s_or_the_first() -> None:
    found = memorandum()
    assert [texts.language_of(found, *asked) for asked in (("en", "tr"), ("", "en"), ("", "tr"))] == [
        "en"
    ] * 3
    with pytest.raises(Malformed, match="is not in tr; it is in en"):
        texts.language_of(found, "tr", "en")


def test_a_text_goes_out_as_the_record_has_it(house: Built) -> None:
    assert texts.text(house.record, TEXT, ON).provisions == memorandum().provisions
    assert "# Memorandum" in texts.markdown(house.record, TEXT, ON)
    assert b"akomaNtoso" in texts.akn(house.record, TEXT, ON)
    told = texts.aligned(house.record, TEXT, ON)
    assert told["languages"] == ["en"]
    assert len(told["provisions"]) == len(memorandum().provisions)
    assert texts.changes(house.record, TEXT, TEXT) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (lambda house: texts.markdown(house.record, house.committee, ON), "no_text"),
        (lambda house: texts.changes(house.record, TEXT, house.committee), "no_text"),
        (lambda house: texts.meeting(house.record, TEXT, "en"), "not_a_meeting"),
        (lambda house: texts.compared(house.record, TEXT, ON, ("a.txt", b"x"), "en"), "text_not_agreed"),
    ],
)
def test_what_is_no_text_has_none(house: Built, asked: Callable[[Built], object], code: str) -> None:
    with pytest.raises(Refused) as caught:
        asked(house)
    assert caught.value.code == code
