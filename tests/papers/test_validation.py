"""The second opinion: what pyHanko says of a file, without what our own comparison knows.

Each of these is refused by `verifying` before; here it is seen that another's code refuses it as well.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from tests.papers.desk import signed, unsigned

from comity.core.errors import Broken, ComityError, Malformed
from comity.papers.validation import validate


class Said(NamedTuple):
    """A signature as it is expected."""

    party: str
    time: datetime


NOON = datetime(2024, 8, 15, 12, tzinfo=UTC)
BOTH = [Said("TUR", NOON), Said("IRQ", NOON)]


def test_both_signatures_are_valid() -> None:
    """The first over its revision, with nothing but the second after it."""
    validate(signed("TUR", "IRQ"), BOTH)
    validate(unsigned(), [])


def test_a_file_with_more_or_fewer_signatures_than_expected_is_refused() -> None:
    for expected in (BOTH[:1], [*BOTH, Said("JOR", NOON)]):
        with pytest.raises((Broken, Malformed)):
            validate(signed("TUR", "IRQ"), expected)


def test_a_page_changed_after_signing_is_refused() -> None:
    """By an incremental update such as any PDF program writes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed("TUR", "IRQ")))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(90)
    writer.mark_update(page.container_ref)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises((Broken, Malformed)):
        validate(out.getvalue(), BOTH)


@pytest.mark.parametrize("at", [3000, 60_000, -5000])
def test_a_changed_byte_is_refused(at: int) -> None:
    raw = bytearray(signed("TUR", "IRQ"))
    raw[at] ^= 1
    with pytest.raises(ComityError):
        validate(bytes(raw), BOTH)


def test_what_cannot_be_read_as_a_pdf_is_malformed() -> None:
    for raw in (b"", b"%PDF-1.7", signed("TUR")[:9000]):
        with pytest.raises(Malformed):
            validate(raw, BOTH)
