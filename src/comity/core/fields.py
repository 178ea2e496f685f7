"""The types that contents of several chapters share, with their limits.

title: Texts            {"en": "Water", "tr": "Su"}      at least one language, keyed by BCP 47 tag
answers to: Reference   "TUR/17"
fact: Citation          "TUR/17", "TUR/12#art-4" (a provision), "TUR/31#D1" (a decision)
digest: Digest          SHA-256 in 64 lower-case hexadecimal digits
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from comity.core.act import PARTY

__all__ = ["Citation", "Digest", "Reference", "Tag", "Text", "Texts"]

_NUMBER = r"(0|[1-9][0-9]{0,11})"

Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Tag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")]
Texts = Annotated[dict[Tag, Text], Meta(min_length=1)]
Reference = Annotated[str, Meta(pattern=rf"^{PARTY}/{_NUMBER}\Z")]
Citation = Annotated[str, Meta(pattern=rf"^{PARTY}/{_NUMBER}(#[A-Za-z0-9][A-Za-z0-9.-]{{0,99}})?\Z")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
