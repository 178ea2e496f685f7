"""What may be said about a statement, and about a source. Three contents, as they are written:

    {"on":"2024-08-15","passages":[{"en":"The two sides met.","tr":"İki taraf görüştü."}],"sort":"joint_statement",
     "title":{"en":"Joint statement","tr":"Ortak bildiri"}}
    {"digest":"5b1c...","language":"tr","on":"2024-08-16","outlet":"Ministry of Foreign Affairs"}
    {"accessed":"2024-08-17","facts":[{"fact":"TUR/12"}],"title":{"en":"The round of August"}}

What was published where is kept for ever, by its hash; the text itself may belong to others, and can be destroyed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from comity.core.act import Body
from comity.core.fields import Citation, Digest, Tag, Text, Texts

__all__ = [
    "TEXT_LIMIT",
    "AcceptanceWithdrawn",
    "Accepted",
    "Cited",
    "Proposed",
    "Published",
    "Revised",
    "SourceCited",
    "SourceRecorded",
    "TextAttached",
]

TEXT_LIMIT = 200_000
"""Characters of a published text."""

Line = Annotated[str, Meta(min_length=1, max_length=1_000)]
Url = Annotated[str, Meta(max_length=2_000, pattern=r'^(https?://[^\s<>"\\]+)?\Z')]
Passages = Annotated[tuple[Texts, ...], Meta(min_length=1, max_length=500)]
Citations = Annotated[tuple[Citation, ...], Meta(max_length=100)]
Sort = Literal["joint_statement", "communique"]
Origin = Literal["own", "press"]


class Proposed(Body, frozen=True):
    """A statement for the parties to make together, passage by passage, each with every language beside the others.

    Passages are numbered from 1. `about` are acts, provisions or decisions of this record; `on` is its date. Opens the
    docket; its author's yes.
    """

    sort: Sort
    title: Texts
    passages: Passages
    about: Citations = ()
    place: dict[Tag, Text] = msgspec.field(default_factory=dict)
    on: date | None = None


class Revised(Body, frozen=True):
    """The whole text anew, instead of the version that it answers. Its author's yes."""

    title: Texts
    passages: Passages
    about: Citations = ()
    place: dict[Tag, Text] = msgspec.field(default_factory=dict)
    on: date | None = None


class Accepted(Body, frozen=True):
    """Yes to the version that the answered act put."""


class AcceptanceWithdrawn(Body, frozen=True):
    """The yes to that version is taken back. It has no effect once the others have said theirs unaware of it."""


class Published(Body, frozen=True):
    """A text about the matter was published: by its author's own side, or by the press (`origin`), in one language.

    `digest` is SHA-256 of the text in UTF-8. The text follows in an act of its own, or not at all.
    """

    language: Tag
    outlet: Line
    on: date
    digest: Digest
    title: Annotated[str, Meta(max_length=1_000)] = ""
    url: Url = ""
    origin: Origin = "own"


class TextAttached(Body, frozen=True):
    """The text of the publication that the answered act recorded. The newest counts."""

    text: Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT)]


class Cited(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A fact of this record for which a source is cited, and what the source says of it."""

    fact: Citation
    says: dict[Tag, Text] = msgspec.field(default_factory=dict)


class SourceRecorded(Body, frozen=True):
    """A source outside this record, and the facts for which its author cites it. Opens a docket of its own.

    `published` is when it appeared, `accessed` when it was looked at, `digest` SHA-256 of what was seen then.
    """

    title: Texts
    publisher: Annotated[str, Meta(max_length=1_000)] = ""
    url: Url = ""
    published: date | None = None
    accessed: date | None = None
    digest: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")] = ""
    facts: Annotated[tuple[Cited, ...], Meta(max_length=500)] = ()


class SourceCited(Body, frozen=True):
    """The source of this docket is cited for one more fact, by this act's author."""

    fact: Citation
    says: dict[Tag, Text] = msgspec.field(default_factory=dict)
