"""What a party said: the reference people cite, the cut that says how much was known, the act itself.

TUR/17              act 17 of Türkiye's log
{"IRQ": 12}         a cut: everything of Iraq's log below number 12
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from comity.core.errors import Malformed

__all__ = ["LANGUAGES", "PARTY", "Act", "Body", "Cut", "Names", "Ref", "covers"]

LANGUAGES = ("en", "tr", "ar")
PARTY = r"[A-Z][A-Z0-9]{1,7}"

Names = dict[str, str]
"""A name in several languages, keyed by BCP 47 tag: {"en": "Iraq", "tr": "Irak", "ar": "العراق"}."""

Cut = Mapping[str, int]
"""How much of each log: party -> number of acts; a party that is absent counts as 0."""

_REF = re.compile(rf"({PARTY})/(0|[1-9][0-9]{{0,11}})", re.ASCII).fullmatch


class Ref(NamedTuple):
    """The place of an act, and its name: `TUR/17`. A docket is named by the reference of its first act."""

    party: str
    number: int

    def __str__(self) -> str:
        return f"{self.party}/{self.number}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read `TUR/17`. Raises `Malformed`."""
        found = _REF(text)
        if found is None:
            raise Malformed("reference", f"{text[:40]!r} is not a party and a number such as TUR/17")
        return cls(found[1], int(found[2]))


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The parent of every act's content. A subclass is one act, its version in its `Kind`; never edited."""


class Act(msgspec.Struct, frozen=True):
    """One act as rules and questions see it: the leaf's facts and the content, if it is here.

    `body` is None where the content was destroyed or withheld, or where this version does not know the kind.
    `answers` are the acts it answers; `seen` is what its author had of the other logs. `signer` is the
    identifier of the key that a person signed it with, and only set where that signature verified.
    """

    ref: Ref
    kind: str
    docket: Ref
    time: datetime
    office: str
    mandate: str
    answers: tuple[Ref, ...]
    seen: Cut
    content: str
    body: Any
    signer: str = ""

    @property
    def party(self) -> str:
        """Who said it."""
        return self.ref.party

    @property
    def past(self) -> dict[str, int]:
        """The cut that its author knew: its own log before it, and what it had of the others."""
        return {**self.seen, self.ref.party: self.ref.number}


def covers(cut: Cut, needed: Cut) -> bool:
    """Whether `cut` holds everything that `needed` names."""
    return all(cut.get(party, 0) >= number for party, number in needed.items())
