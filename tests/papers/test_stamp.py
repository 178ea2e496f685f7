"""The visible part of a signature: one page of the place's size, the same for the same words, with nothing outside it."""

from __future__ import annotations

import io

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from tests.papers.desk import TITLES, unsigned
from tests.papers.pdfa import faults

from comity.core.errors import Malformed
from comity.papers.stamp import Seal, box_of, stamp
from comity.papers.verifying import read_paper

SEAL = Seal("TUR", TITLES["TUR"], "2024-08-15T10:00:00Z", "Baghdad", "ab" * 32)


def test_a_stamp_is_as_large_as_its_place_and_pdf_a_itself() -> None:
    """So it fits into the paper as it is."""
    paper = read_paper(unsigned()).paper
    box = box_of(paper, "TUR")
    raw = stamp(paper, SEAL)
    page = PdfFileReader(io.BytesIO(raw)).root["/Pages"]["/Kids"][0]
    media = [float(edge) for edge in page["/MediaBox"]]
    assert media[2:] == pytest.approx([box[2] - box[0], box[3] - box[1]], abs=0.1)
    assert faults(raw) == []


def test_the_same_words_make_the_same_stamp_and_others_another() -> None:
    paper = read_paper(unsigned()).paper
    assert stamp(paper, SEAL) == stamp(paper, SEAL)
    for other in (
        SEAL._replace(place=""),
        SEAL._replace(time="2024-08-15T10:00:01Z"),
        SEAL._replace(certificate="cd" * 32),
        SEAL._replace(titles={"en": "Ambassador"}),
    ):
        assert stamp(paper, other) != stamp(paper, SEAL)


def test_words_too_long_for_the_place_are_cut_and_stay_on_one_page() -> None:
    paper = read_paper(unsigned()).paper
    raw = stamp(paper, SEAL._replace(titles={"en": "Minister of " + "very " * 400 + "much"}, place="x" * 500))
    assert PdfFileReader(io.BytesIO(raw)).root["/Pages"]["/Count"] == 1


def test_a_party_without_a_place_and_a_letter_without_a_glyph_are_malformed() -> None:
    paper = read_paper(unsigned()).paper
    with pytest.raises(Malformed):
        stamp(paper, SEAL._replace(party="JOR"))
    for place in ("\U0001f600", "a\u202eb", "\x07"):
        with pytest.raises(Malformed):
            stamp(paper, SEAL._replace(place=place))
