"""What pyHanko says of the signatures in a paper: the same that any careful reader of PDF would say.

    validate(raw, [Signature("TUR", ...), Signature("IRQ", ...)])      # raises, or all are valid

Each signature must cover its revision whole, verify under its certificate, and nothing may follow it but further
signatures. `verifying` has made every byte again before; this is the second opinion, by another's code. Whose
certificate it is, and whether it was valid on the day, no reader of PDF can know: that is asked there.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from comity.core.errors import Broken, ComityError, Malformed
from comity.papers import signing

__all__ = ["validate"]


class Expected(Protocol):
    """What is known of a signature: whose it is, and when it says that it was put."""

    @property
    def party(self) -> str:
        """Whose it is."""

    @property
    def time(self) -> datetime:
        """When."""


def validate(raw: bytes, expected: Sequence[Expected], thing: str = "paper") -> None:
    """Raise `Broken` or `Malformed` unless the file has exactly these signatures, in this order, and all are valid."""
    if not expected:
        return
    signing.require()
    logging.getLogger("pyhanko").addHandler(
        logging.NullHandler()
    )  # what it finds is said by what is raised here
    try:
        found = asyncio.run(_statuses(raw, expected))
    except ComityError:
        raise
    except Exception as error:  # the parser raises whatever its reading runs into
        raise Malformed(thing, f"cannot be read as a signed PDF: {error}") from error
    if len(found) != len(expected):
        raise Broken(thing, f"has {len(found)} signatures; {len(expected)} were expected")
    for signature, status, whole in zip(expected, found, _coverage(len(expected)), strict=True):
        name = f"{thing}: signature of {signature.party}"
        if not status.intact:
            raise Broken(name, "the file was changed after it was put")
        if not status.valid:
            raise Broken(name, "does not verify under its certificate")
        if status.coverage.name not in whole:
            raise Broken(name, "does not cover all of the file as it was signed")
        if not status.docmdp_ok:
            raise Broken(name, "something other than further signatures was added after it")


def _coverage(count: int) -> list[tuple[str, ...]]:
    """What each signature must cover: its revision, and the last one the file."""
    return [("ENTIRE_REVISION", "ENTIRE_FILE")] * (count - 1) + [("ENTIRE_FILE",)]


async def _statuses(raw: bytes, expected: Sequence[Expected]) -> list[Any]:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- an optional extra
    from pyhanko.sign.validation import async_validate_pdf_signature  # noqa: PLC0415 -- the same
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- the same

    reader = PdfFileReader(io.BytesIO(raw), strict=True)
    found = []
    for embedded, signature in zip(reader.embedded_signatures, expected, strict=False):
        context = ValidationContext(
            trust_roots=[embedded.signer_cert], moment=signature.time, best_signature_time=signature.time,
            allow_fetching=False,
        )  # fmt: skip
        found.append(await async_validate_pdf_signature(embedded, context))
    extra = len(reader.embedded_signatures) - len(found)
    return found + [None] * extra
