"""What may be said about a commitment. One act's content, as it is written:

    {"body":"joint-committee","terms":{"due":{"on":"2025-03-31"},"owners":["IRQ","TUR"],"source":"TUR/3#art-4",
     "text":{"en":"Set up the joint operations centre in Baghdad."},"title":{"en":"Joint operations centre"}}}

Nothing here names the party of a status: each side says only its own, and whose it is says the log that it is in.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from comity.core.act import PARTY, Act, Body
from comity.core.chapter import Speech
from comity.core.fields import Digest, Reference, Tag, Text, Texts

__all__ = [
    "EVIDENCE_LIMIT",
    "STATUSES",
    "AcceptanceWithdrawn",
    "Accepted",
    "Basis",
    "ClosingProposed",
    "Due",
    "EvidenceRecorded",
    "EvidenceReleased",
    "ImplementationRecorded",
    "Indicator",
    "Proposed",
    "Status",
    "StatusAsserted",
    "Terms",
    "TermsProposed",
    "evidence_digest",
    "status_said",
]

EVIDENCE_LIMIT = 8 * 1024 * 1024
"""The most bytes of a file that can be released: a content holds 16 MiB, and base64 makes three bytes into four."""

Party = Annotated[str, Meta(pattern=rf"^{PARTY}\Z")]
Source = Annotated[str, Meta(pattern=rf"^{PARTY}/(0|[1-9][0-9]{{0,11}})#[A-Za-z0-9][A-Za-z0-9.-]{{0,99}}\Z")]
Salt = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")]
FileName = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f/\\]{1,200}\Z")]
MediaType = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\Z")
]
Status = Literal["not_started", "started", "done", "obstructed"]
STATUSES: tuple[Status, ...] = ("not_started", "started", "done", "obstructed")


class Basis(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """How a due date was counted: `count` of a `unit` after the day `start`, which is not counted itself.

    `calendars` are the parties whose working days were counted, or to whose next working day the end was moved.
    `estimated`: a feast that follows the moon lies in between, so the count may prove to be a day or two off. What
    is agreed is the date.
    """

    start: date
    count: Annotated[int, Meta(ge=1, le=36_600)]
    unit: Literal["days", "working_days", "months"]
    calendars: Annotated[tuple[Party, ...], Meta(max_length=64)] = ()
    estimated: bool = False


class Due(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """By when: a day, or an event in words where no day can be said. One of the two."""

    on: date | None = None
    event: dict[Tag, Text] = {}
    basis: Basis | None = None


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """By what one will see that it is done: "checkpoints opened", target "2"."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z")]
    text: Texts
    target: Annotated[str, Meta(max_length=400)] = ""


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """The commitment itself: what, from which provision (`TUR/3#art-2`) or decision (`TUR/31#D1`), whose, by when."""

    title: Texts
    text: Texts
    source: Source
    owners: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=64)]
    due: Due
    indicators: Annotated[tuple[Indicator, ...], Meta(max_length=100)] = ()


class Proposed(Body, frozen=True):
    """A commitment is put, in the work programme of `body`. Opens the docket; its author's yes to these terms.

    `parties` are those that must agree: the mandate's. Empty means every party of the mechanism. `parents` are the
    commitments that it is split from or merges; they are fixed here for good.
    """

    body: Annotated[str, Meta(min_length=1, max_length=100)]
    terms: Terms
    parties: tuple[str, ...] = ()
    parents: Annotated[tuple[Reference, ...], Meta(max_length=100)] = ()


class TermsProposed(Body, frozen=True):
    """Other terms, such as a new due date, instead of those that it answers if it answers some. Its author's yes."""

    terms: Terms


class ClosingProposed(Body, frozen=True):
    """The commitment is to be closed: replaced `by` others that name it as their parent, or dropped.

    Its author's yes to that.
    """

    outcome: Literal["replaced", "dropped"]
    reason: Texts
    by: Annotated[tuple[Reference, ...], Meta(max_length=100)] = ()


class Accepted(Body, frozen=True):
    """Yes to the terms, or to the closing, that the answered act put."""


class AcceptanceWithdrawn(Body, frozen=True):
    """That yes is taken back. It has no effect once the others have said theirs unaware of it."""


class StatusAsserted(Body, frozen=True):
    """How far the commitment is, as its author sees it; `as_of` the day of which that is said. The newest counts."""

    status: Status
    reason: dict[Tag, Text] = msgspec.field(default_factory=dict)
    as_of: date | None = None


class EvidenceRecorded(Body, frozen=True):
    """There is a file that shows something; its author keeps it, and can release it to the others.

    `digest` is the SHA-256 of 32 random bytes followed by the file's, in hex: nobody can guess the file from it, and
    no other file fits it. `shows` is the status that it is to prove.
    """

    title: Texts
    digest: Digest
    size: Annotated[int, Meta(ge=1, lt=2**40)]
    media_type: MediaType
    shows: Status | None = None


class EvidenceReleased(Body, frozen=True):
    """The file behind the evidence that it answers, with the 32 bytes that went before it into the digest.

    The content can be destroyed; that the evidence was released stays.
    """

    name: FileName
    salt: Salt
    data: Annotated[bytes, Meta(min_length=1, max_length=EVIDENCE_LIMIT)]


class ImplementationRecorded(Body, frozen=True):
    """An instrument, or another matter of the record, by which the commitment is carried out."""

    instrument: Reference


def status_said(act: Act) -> Speech:
    """An assertion agrees with every other one of the same status, and takes back whatever its author said before."""
    said: StatusAsserted = act.body
    return tuple((f"status:{status}", status == said.status) for status in STATUSES)


def evidence_digest(salt: bytes, data: bytes) -> str:
    """The digest of a file with its 32 random bytes, in hex."""
    return hashlib.sha256(salt + data).hexdigest()
