"""What may be said about an instrument: one struct for each kind of act.

`version` and `matter` name acts: a version is the act that put a text (`TUR/4`), a matter is the docket
itself (its base text) or the act that put an amendment or a termination. `text` is always the SHA-256 of
what is accepted, signed or affirmed: of the resolved text, that is, with every bracket replaced by what was
agreed.

    {"choices":{"b1":"TUR","b2":"omit"},"text":"5b1c...","version":"IRQ/9"}      accepted/1
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from comity.chapters.instruments.text import Provision, Setup, Text
from comity.core.act import Body, Names

__all__ = [
    "Accepted",
    "Affirmed",
    "AmendmentProposed",
    "BracketPosition",
    "Declined",
    "Denounced",
    "Edit",
    "Notified",
    "OriginalRecorded",
    "PaperSigned",
    "PaperSupplied",
    "Proposed",
    "Recorded",
    "RenewalDeclined",
    "Revised",
    "Signed",
    "TerminationProposed",
    "Withdrawn",
]

SUPPLY_LIMIT = 8 * 1024 * 1024
SCAN_LIMIT = 100 * 1024 * 1024
Reference = Annotated[str, msgspec.Meta(max_length=24)]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}\\Z")]
Line = Annotated[str, msgspec.Meta(max_length=2000)]
Tag = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*\\Z")]
Media = Literal["application/pdf", "image/jpeg", "image/png", "image/tiff"]


class Proposed(Body, frozen=True):
    """A text is put to the parties that it names."""

    text: Text
    note: Line = ""


class Revised(Body, frozen=True):
    """A counter-proposal: a whole new text in place of the version that it revises."""

    version: Reference
    text: Text
    note: Line = ""


class BracketPosition(Body, frozen=True):
    """A party's position on one bracket. `among` lists all choices of that bracket, so that one replaces
    another."""

    version: Reference
    bracket: Annotated[str, msgspec.Meta(max_length=12)]
    status: Literal["open", "ad_referendum", "agreed", "reserved"]
    choice: Annotated[str, msgspec.Meta(max_length=12)] = ""
    among: tuple[str, ...] = ()
    note: Line = ""


class Accepted(Body, frozen=True):
    """Adoption and authentication of a text (VCLT art. 9-10), or yes to an amendment or a termination."""

    version: Reference
    text: Hash
    choices: dict[str, str] = msgspec.field(default_factory=dict)


class Withdrawn(Body, frozen=True):
    """An acceptance is taken back."""

    version: Reference
    text: Hash
    note: Line = ""


class Declined(Body, frozen=True):
    """No to a proposed text, amendment or termination."""

    version: Reference
    note: Line = ""


class Signed(Body, frozen=True):
    """Signature (VCLT art. 11-12). `original` is the party whose original was signed (alternat); empty:
    one's own."""

    matter: Reference
    text: Hash
    signed_on: date
    place: Line
    original: Annotated[str, msgspec.Meta(max_length=8)] = ""


class PaperSigned(Body, frozen=True):
    """An electronic signature on the paper of a text, as a PDF: to the file `base`, which `increment` made into `file`.

    All three are SHA-256; `size` is how many bytes were appended. `made_with` names the template and the typesetter, by
    which any node can make the first file again.
    """

    matter: Reference
    text: Hash
    languages: Annotated[tuple[Tag, ...], msgspec.Meta(min_length=1, max_length=3)]
    base: Hash
    file: Hash
    increment: Hash
    size: Annotated[int, msgspec.Meta(ge=1, le=SUPPLY_LIMIT)]
    made_with: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class PaperSupplied(Body, frozen=True):
    """What the answered signature appended, in base64url. A certificate in it may name a person."""

    data: Annotated[str, msgspec.Meta(min_length=1, max_length=SUPPLY_LIMIT * 4 // 3 + 1)]


class OriginalRecorded(Body, frozen=True):
    """A paper original signed in ink: its scan by SHA-256 and size, and where the paper itself is kept.

    `original` is the party whose original it is (alternat); empty: one's own.
    """

    matter: Reference
    text: Hash
    digest: Hash
    size: Annotated[int, msgspec.Meta(ge=1, le=SCAN_LIMIT)]
    media_type: Media
    pages: Annotated[int, msgspec.Meta(ge=1, le=5000)]
    signed_on: date
    place: Line
    kept_at: Annotated[dict[Tag, Line], msgspec.Meta(min_length=1)]
    original: Annotated[str, msgspec.Meta(max_length=8)] = ""


class Notified(Body, frozen=True):
    """Internal procedures are completed. `received`: when the note reached the other side; empty: with this
    act."""

    matter: Reference
    received: date | None = None
    note: Line = ""


class Recorded(Body, frozen=True):
    """An instrument that was in force before this record began."""

    text: Text
    in_force_since: date
    note: Line = ""


class Affirmed(Body, frozen=True):
    """Yes to a recorded instrument: the same text, in force since the same day."""

    version: Reference
    text: Hash
    in_force_since: date


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One change to the text: at the provision `at`, by these rows, in every language."""

    op: Literal["replace", "insert_after", "delete"]
    at: str
    rows: tuple[Provision, ...] = ()


class AmendmentProposed(Body, frozen=True):
    """Changes to an adopted text, provision by provision; its author says yes to them by proposing. Answers
    what it counters."""

    edits: tuple[Edit, ...]
    bodies: tuple[Setup, ...] = ()
    title: Names = msgspec.field(default_factory=dict)
    note: Line = ""


class TerminationProposed(Body, frozen=True):
    """Termination by consent (VCLT art. 54(b)) from a day, or from the last acceptance if no day is named."""

    ends_on: date | None = None
    note: Line = ""


class Denounced(Body, frozen=True):
    """Notice of termination under the instrument's own clause. Given on the day of this act."""

    note: Line = ""


class RenewalDeclined(Body, frozen=True):
    """Notice against tacit renewal. Given on the day of this act."""

    note: Line = ""
