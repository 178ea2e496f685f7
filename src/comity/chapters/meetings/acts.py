"""What may be said about a meeting. One act's content, as it is written:

    {"body":"security-mechanism","place":{"ar":"أنقرة","en":"Ankara","tr":"Ankara"},"round":4,
     "starts":"2024-08-15T10:00:00+03:00"}

Times carry their offset from UTC, never a time zone's name: the rules of zones change, and two nodes with
different tables of them would read two different hours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from comity.core.act import PARTY, Act, Body
from comity.core.aligned import read_aligned
from comity.core.chapter import Speech
from comity.core.errors import Malformed
from comity.core.fields import Reference, Tag, Text, Texts

__all__ = [
    "AgendaItemAccepted",
    "AgendaItemProposed",
    "AgendaItemWithdrawn",
    "CallingOffAccepted",
    "CallingOffProposed",
    "CallingOffWithdrawn",
    "Convened",
    "DateAcceptanceWithdrawn",
    "DateAccepted",
    "DateProposed",
    "Decision",
    "DelegationNamed",
    "Held",
    "MinutesApprovalWithdrawn",
    "MinutesApproved",
    "MinutesProposed",
    "Person",
    "Reservation",
    "held_on",
    "no_to_all",
    "read_minutes",
    "yes_to_all",
]

Moment = Annotated[datetime, Meta(tz=True)]
DecisionId = Annotated[str, Meta(pattern=r"^[A-Z]{1,3}[0-9]{1,4}\Z")]
Format = Literal["in_person", "online", "hybrid"]


class Convened(Body, frozen=True):
    """A round of `body` is called, and its first date put. Opens the docket; its author's yes to that date.

    `names` are the body's, as the mandate gives them. `parties` are those that must agree: the mandate's.
    Empty means every party of the mechanism.
    """

    body: Annotated[str, Meta(min_length=1, max_length=100)]
    round: Annotated[int, Meta(ge=1, le=100_000)]
    starts: Moment
    place: dict[Tag, Text] = msgspec.field(default_factory=dict)
    ends: Moment | None = None
    format: Format = "in_person"
    names: dict[Tag, Text] = msgspec.field(default_factory=dict)
    parties: tuple[str, ...] = ()


class DateProposed(Body, frozen=True):
    """Another date, instead of the one it answers if it answers one. Its author's yes to it."""

    starts: Moment
    place: dict[Tag, Text] = msgspec.field(default_factory=dict)
    ends: Moment | None = None
    format: Format = "in_person"


class DateAccepted(Body, frozen=True):
    """Yes to the date that the answered act put."""


class DateAcceptanceWithdrawn(Body, frozen=True):
    """The yes to that date is taken back. It has no effect once the others have said theirs unaware of it."""


class CallingOffProposed(Body, frozen=True):
    """The meeting is to be postponed, to a date still to be agreed, or cancelled. Its author's yes."""

    outcome: Literal["postponed", "cancelled"]
    reason: dict[Tag, Text] = msgspec.field(default_factory=dict)


class CallingOffAccepted(Body, frozen=True):
    """Yes to the calling off that the answered act put."""


class CallingOffWithdrawn(Body, frozen=True):
    """The yes to that calling off is taken back."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A member of a delegation: personal data, so only ever inside content that can be destroyed."""

    name: Text
    capacity: dict[Tag, Text] = msgspec.field(default_factory=dict)


class DelegationNamed(Body, frozen=True):
    """Who comes for its author. The newest counts; the content can be destroyed and nothing else changes."""

    head: Person
    members: tuple[Person, ...] = ()


class AgendaItemProposed(Body, frozen=True):
    """A point for the agenda; it is on it when all have said yes. `documents` are acts to have at hand."""

    title: Texts
    documents: tuple[Reference, ...] = ()


class AgendaItemAccepted(Body, frozen=True):
    """Yes to every point of the agenda that it answers."""


class AgendaItemWithdrawn(Body, frozen=True):
    """The yes to every point that it answers is taken back."""


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One decision, under the agreed agenda item that it cites. Others cite it as `TUR/31#D1`."""

    id: DecisionId
    item: Reference
    text: Texts


class MinutesProposed(Body, frozen=True):
    """Minutes, paragraph by paragraph with every language beside the others, and the decisions taken."""

    paragraphs: Annotated[tuple[Texts, ...], Meta(max_length=2_000)] = ()
    decisions: Annotated[tuple[Decision, ...], Meta(max_length=500)] = ()


class Reservation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What its author does not share: a decision, a paragraph (counted from 1), or the minutes as a whole."""

    text: Texts
    decision: str = ""
    paragraph: Annotated[int, Meta(ge=0)] = 0


class MinutesApproved(Body, frozen=True):
    """Yes to the minutes it answers, with these reservations recorded."""

    reservations: Annotated[tuple[Reservation, ...], Meta(max_length=500)] = ()


class MinutesApprovalWithdrawn(Body, frozen=True):
    """The yes to those minutes is taken back."""


class Held(Body, frozen=True):
    """Its author states that the meeting took place `on` that day, `instead_of` the day it stated before."""

    on: date
    instead_of: date | None = None


def yes_to_all(act: Act) -> Speech:
    """The act says yes to everything that it answers."""
    return tuple((str(answered), True) for answered in act.answers)


def no_to_all(act: Act) -> Speech:
    """The act withdraws its author's yes to everything that it answers."""
    return tuple((str(answered), False) for answered in act.answers)


def held_on(act: Act) -> Speech:
    """A statement that the meeting was held agrees with every other one that names the same day."""
    said: Held = act.body
    taken_back = ((f"held:{said.instead_of.isoformat()}", False),) if said.instead_of else ()
    return (*taken_back, (f"held:{said.on.isoformat()}", True))


_HEAD = rf"([A-Z]{{1,3}}[0-9]{{1,4}}) \(({PARTY}/[0-9]+)\): *(.+)"
_DECISION = re.compile(_HEAD, re.ASCII | re.DOTALL).fullmatch


def read_minutes(files: Sequence[tuple[str, bytes]]) -> Mapping[str, Any]:
    """Paragraphs and decisions from one plain text per language: `minutes.en.md`, `minutes.tr.md`.

    Paragraphs are parted by empty lines and must follow one another alike in every language. One that begins
    `D1 (TUR/12): ` is decision D1 under agenda item TUR/12. Raises `Malformed`.
    """
    read: dict[str, list[Any]] = {"paragraphs": [], "decisions": []}
    for number, same in enumerate(read_aligned(files, "minutes"), start=1):
        heads = [_DECISION(text) for text in same.values()]
        named = {(head[1], head[2]) if head else None for head in heads}
        if len(named) > 1:
            why = "a decision in one language is not the same decision in another"
            raise Malformed("minutes", why, at=f"paragraph {number}")
        if heads[0] is None:
            read["paragraphs"].append(same)
        else:
            text_of = {tag: head[3] for tag, head in zip(same, heads, strict=True) if head}
            read["decisions"].append({"id": heads[0][1], "item": heads[0][2], "text": text_of})
    return read
