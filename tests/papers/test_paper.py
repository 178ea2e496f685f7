"""A paper is plain data: canonical, read back as written, with a place for each party that is known beforehand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers import made
from tests.papers.desk import Desk

from comity.chapters.instruments.text import digest
from comity.core import canonical
from comity.core.errors import Malformed
from comity.papers.paper import Party, encode, frame, make, page_size, parse, stamp_boxes

CODES = tuple(made.NAMES)


def test_a_paper_is_read_back_as_it_was_written() -> None:
    for paper in (made.instrument(), made.minutes(), made.report(), made.certificate()):
        assert parse(encode(paper)) == paper


def test_the_digest_of_an_instrument_is_what_parties_accept() -> None:
    """In whatever languages it is shown, and whether or not it is called a draft."""
    said = made.text("The Parties meet.")
    for languages, standing in itertools.product(((), ("ar",), ("en",)), ("adopted", "draft")):
        assert made.instrument(said, languages, standing=standing).digest == digest(said)


def test_the_digest_of_another_paper_is_that_of_all_its_data() -> None:
    assert made.minutes().digest == made.minutes(("tr",)).digest
    assert made.minutes().digest != made.minutes(mandate="TUR/4#art-4").digest


@pytest.mark.parametrize(
    "change",
    [
        {"sort": "letter"},
        {"version": 2},
        {"version": 0},
        {"languages": []},
        {"languages": ["en", "tr", "ar", "nl"]},
        {"languages": ["en", "en"]},
        {"languages": ["EN"]},
        {"parties": []},
        {"parties": [{"code": "TUR", "names": {}}] * 2},
        {"parties": [{"code": "tur", "names": {}}]},
        {"ref": "TUR/04"},
        {"ref": "4"},
        {"dated": "2024-13-01"},
        {"dated": "15.8.2024"},
        {"data": []},
        {"extra": 1},
        {"mechanism": None},
    ],
    ids=str,
)
def test_what_is_not_a_paper_is_malformed(change: dict[str, object]) -> None:
    plain = canonical.decode(encode(made.instrument()))
    with pytest.raises(Malformed):
        parse(canonical.encode({**plain, **change}))


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5).map(repr).map(str.encode)
)
def test_any_bytes_are_a_paper_or_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw)


def test_bytes_that_are_not_canonical_are_malformed() -> None:
    with pytest.raises(Malformed):
        parse(encode(made.instrument()).replace(b'{"data"', b'{ "data"'))


def test_what_is_read_is_what_was_written() -> None:
    """There is one way to write a paper, so nothing else can have the same meaning."""
    for paper in (made.instrument(), made.minutes(), made.report(), made.certificate()):
        assert encode(parse(encode(paper))) == encode(paper)


def test_a_float_is_malformed() -> None:
    with pytest.raises(Malformed):
        make("minutes", "TUR/4", made.DATED, made.frame(), ("en",), {"x": 0.5})


@pytest.mark.parametrize("languages", [("en",), ("en", "ar"), ("en", "tr", "ar")], ids="-".join)
@pytest.mark.parametrize("parties", range(1, 7))
def test_every_party_has_its_own_place_inside_the_page(languages: tuple[str, ...], parties: int) -> None:
    said = made.text("x", languages=("en", "tr", "ar"))
    paper = made.instrument(said, languages, *CODES[:parties])
    width, height = page_size(len(languages))
    boxes = stamp_boxes(paper)
    assert set(boxes) == set(CODES[:parties])
    for page, (left, low, right, high) in boxes.values():
        assert page == -1
        assert 40 < left < right < width - 40
        assert 40 < low < high < height - 240
        assert right - left > 200
        assert high - low > 70
    for (_, one), (_, other) in itertools.combinations(boxes.values(), 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart


def test_places_depend_on_nothing_but_languages_and_parties() -> None:
    short, long = made.instrument(made.text("x")), made.instrument(made.long(9))
    assert stamp_boxes(short) == stamp_boxes(long)


def test_the_frame_names_the_parties_that_are_asked_for() -> None:
    record = Desk(("IRQ", "JOR", "TUR")).nodes["TUR"]
    assert [party.code for party in frame(record).parties] == ["IRQ", "JOR", "TUR"]
    named = frame(record, ["TUR", "IRQ"])
    assert named.parties == (Party("IRQ", {"en": "IRQ"}), Party("TUR", {"en": "TUR"}))
    assert named.mechanism == record.mechanism
