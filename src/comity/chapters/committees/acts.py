"""What may be said about a committee. Two contents, as they are written; the second answers the first:

    {"role":"co_chair","seat":"TUR-1","since":"2024-09-01","until":"2026-08-31"}
    {"capacity":{"en":"Deputy Minister"},"name":"A. Example"}

Who sits in a seat is personal data and can be destroyed; that the seat was filled, and for how long, is not.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from comity.core.act import PARTY, Body
from comity.core.fields import Digest, Tag, Text

__all__ = [
    "Constituted",
    "PersonNamed",
    "ReportAccepted",
    "ReportProposed",
    "ReportWithdrawn",
    "SeatFilled",
    "SeatVacated",
]

PartyCode = Annotated[str, Meta(pattern=rf"^{PARTY}\Z")]
SeatId = Annotated[str, Meta(pattern=rf"^{PARTY}-[1-9][0-9]{{0,3}}\Z")]
Count = Annotated[int, Meta(ge=0, le=9_999)]
Number = Annotated[int, Meta(ge=0, le=999_999_999_999)]
Name = Annotated[str, Meta(min_length=1, max_length=300)]
Role = Literal["co_chair", "member", "secretary", "expert"]


class Constituted(Body, frozen=True):
    """The register and report file of `body` is opened.

    `names` are the body's, `seats` each party's number of them, as the mandate gives them. `parties` are those that
    must accept its reports: the mandate's. Empty means every party of the mechanism.
    """

    body: Annotated[str, Meta(min_length=1, max_length=100)]
    names: dict[Tag, Text] = msgspec.field(default_factory=dict)
    parties: tuple[str, ...] = ()
    seats: dict[PartyCode, Count] = msgspec.field(default_factory=dict)


class SeatFilled(Body, frozen=True):
    """One of its author's seats is held from `since` to `until`, both days included (None: no end is set)."""

    seat: SeatId
    role: Role
    since: date
    until: date | None = None


class PersonNamed(Body, frozen=True):
    """Who holds the seat in the term that the answered act began. The newest counts."""

    name: Name
    capacity: dict[Tag, Text] = msgspec.field(default_factory=dict)


class SeatVacated(Body, frozen=True):
    """The answered term ends early: `on` is the first day on which the seat is empty. The newest counts.

    On the term's own first day it means that the term never began.
    """

    on: date


class ReportProposed(Body, frozen=True):
    """The report for a period, both days included, by the hash of what it says. Its author's yes to it.

    Every node can make the report of its own record: of the acts below the cut `at`, and of nothing else. `digest` is
    SHA-256 over its canonical JSON. It may take the place of the report that it answers.
    """

    since: date
    until: date
    digest: Digest
    at: dict[PartyCode, Number]


class ReportAccepted(Body, frozen=True):
    """Yes to the report that the answered act put."""


class ReportWithdrawn(Body, frozen=True):
    """The yes to that report is taken back. It has no effect once the others have said theirs unaware of it."""
