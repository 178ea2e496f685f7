"""What programs do beside saying acts of a chapter: the table of their paths, and who does it.

    Deed("discard_evidence", "/evidence/{party}/{number}/discard", exhibits.discard, Discard, Discarded)

The application and the OpenAPI document are made from it. A body is JSON of the type that the deed takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from comity.api import exhibits, signing
from comity.api.asked import Answer, Asked, Hand, Param
from comity.api.paths import within
from comity.desk import answers

__all__ = ["DEEDS", "Deed"]


class Deed(NamedTuple):
    """One thing that is done. says: it may say an act; then it answers 201, and names it. signs: by officers' keys."""

    name: str
    path: str
    work: Callable[[Asked, Any, Hand], Answer]
    takes: type[msgspec.Struct]
    answers: Any = None
    media: str = "application/json"
    says: bool = False
    signs: bool = False

    @property
    def within(self) -> tuple[Param, ...]:
        """The values in the path itself."""
        return within(self.path)


DEEDS = (
    Deed(
        "discard_evidence", "/evidence/{party}/{number}/discard",
        lambda asked, given, _: exhibits.discard(asked, given), exhibits.Discard, answers.Discarded,
    ),
    Deed(
        "sign_paper", "/papers/{party}/{number}/sign", signing.sign, signing.Sign, media="application/pdf",
        says=True, signs=True,
    ),
    Deed(
        "certify", "/certificates", signing.certify, signing.Certify, answers.Certified, says=True, signs=True,
    ),
)  # fmt: skip
