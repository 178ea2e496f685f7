"""The text of an instrument: its provisions in every language, the bodies they set up, its final clauses.

A provision is one row with the same id in all languages, so that texts are aligned by what they are. Rows
stand in the order of the document; `under` names the row that a row belongs to.

    Provision(id="art-3.2", kind="paragraph", number="2", under="art-3",
              words={"en": Words(text="It meets every six months."), "tr": Words(text="Altı ayda bir
              toplanır.")})

Every struct here becomes part of acts, so it is never edited: a new shape gets a new name and a new act
version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec

from comity.core import canonical
from comity.core.act import Names
from comity.core.chapter import BodyTerms

__all__ = [
    "KINDS",
    "Entry",
    "Final",
    "Notice",
    "Provision",
    "ProvisionKind",
    "Setup",
    "Text",
    "Words",
    "digest",
]

ProvisionKind = Literal["preamble", "chapter", "article", "paragraph", "point", "item", "annex", "closing"]
KINDS: tuple[ProvisionKind, ...] = (
    "preamble", "chapter", "article", "paragraph", "point", "item", "annex", "closing",
)  # fmt: skip

Months = Annotated[int, msgspec.Meta(ge=0, le=1200)]
Days = Annotated[int, msgspec.Meta(ge=0, le=36600)]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a provision says in one language. Brackets stay in the text as they were typed."""

    heading: str = ""
    text: str = ""


class Provision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of the text. `number` is what is printed, in Western digits or letters; the id never
    changes."""

    id: str
    kind: ProvisionKind
    words: dict[str, Words]
    number: str = ""
    under: str = ""


class Setup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The provision `provision` sets up a body."""

    provision: str
    terms: BodyTerms


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a text enters into force (VCLT art. 24).

    after: the last signature, the receipt of the last notification, or a fixed day (and all signatures).
    days: so many days after that. month: on the first day of the so-manieth month following it.
    signed: whether signatures are needed as well as notifications.
    """

    after: Literal["signature", "notifications", "day"] = "signature"
    days: Days = 0
    month: Annotated[int, msgspec.Meta(ge=0, le=24)] = 0
    day: date | None = None
    signed: bool = True


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long before its effect a notice must be given: before a period ends, or at any time."""

    months: Months = 0
    days: Days = 0
    at: Literal["end_of_period", "any_time"] = "any_time"


class Final(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The final clauses that compute. `provision` is where they stand in the text.

    Durations in months; 0 is unlimited, and no tacit renewal. `denunciation` and `refusal` (of tacit
    renewal) are None where the text has no such clause. `reply_days`: how soon a proposed amendment is to
    be answered (0: not said).
    """

    provision: str = ""
    entry: Entry = Entry()
    duration: Months = 0
    renewal: Months = 0
    denunciation: Notice | None = None
    refusal: Notice | None = None
    reply_days: Days = 0
    amendments: Entry | None = None


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The whole text in all its languages. `parties` may be empty: then all parties of the mechanism."""

    title: Names
    languages: tuple[str, ...]
    provisions: tuple[Provision, ...]
    authentic: tuple[str, ...] = ()
    prevailing: str = ""
    parties: tuple[str, ...] = ()
    bodies: tuple[Setup, ...] = ()
    final: Final = Final()
    note: Names = {}

    def provision(self, id_: str) -> Provision | None:
        """The row of that id, or None."""
        return next((row for row in self.provisions if row.id == id_), None)

    def below(self, id_: str) -> tuple[Provision, ...]:
        """The row of that id and every row under it, in order."""
        return subtree(self.provisions, id_)


def subtree(rows: Sequence[Provision], id_: str) -> tuple[Provision, ...]:
    """The row of that id and every row under it, in order."""
    inside = {id_}
    found = []
    for row in rows:
        if row.id == id_ or row.under in inside:
            inside.add(row.id)
            found.append(row)
    return tuple(found)


def digest(value: msgspec.Struct) -> str:
    """The SHA-256 of the canonical bytes of a text or a proposal, in hexadecimal: what parties accept and
    sign."""
    return hashlib.sha256(canonical.encode(value)).hexdigest()


def heading(row: Provision) -> Names:
    """What a provision is called in each language: its heading, or its id."""
    return {language: words.heading or row.id for language, words in row.words.items()}


def choose(names: Mapping[str, str], language: str = "en") -> str:
    """The name in that language, or in the first by tag."""
    return names.get(language) or next((names[key] for key in sorted(names)), "")
