"""What a program is told of the record, as types: `comity.api` documents them, `comity.Client` reads them.

    GET /api/v1/acts/TUR/4
    {"ref":"TUR/4","party":"TUR","kind":"meeting.convened/1","standing":"received", ...}    an `Act`

The data itself is made by `comity.node.asking`; a test holds every answer against these types.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

__all__ = [
    "Act",
    "Allowed",
    "Certified",
    "ChapterOf",
    "Discarded",
    "Docket",
    "Dockets",
    "Fault",
    "Hit",
    "Hits",
    "Irregular",
    "KindOf",
    "Line",
    "Log",
    "LogPage",
    "Mechanism",
    "Milestone",
    "Notice",
    "Problem",
    "SaidAct",
    "Span",
    "Speaks",
    "Uploaded",
    "Verified",
]


class Irregular(msgspec.Struct, frozen=True):
    """Why an act is kept without effect: the rule that its author's own node should have kept."""

    code: str
    provision: str
    facts: dict[str, str]


class Act(msgspec.Struct, frozen=True):
    """One act. `content` is null where it was destroyed or is not here; `seen` is what its author had of other logs.

    standing: said, or received (every other party has confirmed that it holds it). waiting: what its author had seen
    is not all here yet. known: whether this version knows the kind.
    """

    ref: str
    party: str
    kind: str
    office: str
    time: datetime
    docket: str
    mandate: str
    answers: list[str]
    seen: dict[str, int]
    signed: bool
    standing: str
    waiting: bool
    known: bool
    irregular: Irregular | None
    content: Any


class Notice(msgspec.Struct, frozen=True):
    """What whoever speaks should know beside what was said."""

    code: str
    facts: dict[str, str]
    text: str


class SaidAct(Act, frozen=True, kw_only=True):
    """An act that was just said, or under the same key before."""

    notices: list[Notice]


class Allowed(msgspec.Struct, frozen=True):
    """The rules allow it now; nothing was said."""

    allowed: bool
    kind: str
    notices: list[Notice]


class Milestone(msgspec.Struct, frozen=True):
    """What has become true in a docket, by which acts (party -> act). standing: said, or settled for good."""

    what: str
    subject: str
    facts: dict[str, str]
    halves: dict[str, str]
    standing: str


class Line(msgspec.Struct, frozen=True):
    """A docket in a list."""

    docket: str
    title: dict[str, str]
    milestones: list[Milestone]


class Dockets(msgspec.Struct, frozen=True):
    """A page of a chapter's dockets. `next` is where the next page begins (`after`), or empty."""

    dockets: list[Line]
    next: str


class Docket(msgspec.Struct, frozen=True):
    """A docket whole. `state` is the chapter's own account of it."""

    docket: str
    chapter: str
    title: dict[str, str]
    state: dict[str, Any]
    milestones: list[Milestone]
    acts: list[Act]


class LogPage(msgspec.Struct, frozen=True):
    """Acts of one log, in order. `next` is the number of the first act of the next page, or null."""

    party: str
    size: int
    acts: list[Act]
    next: int | None


class Span(msgspec.Struct, frozen=True):
    """A stretch of a text; `found` where it is one of the words that were looked for."""

    text: str
    found: bool


class Hit(msgspec.Struct, frozen=True):
    """An act in which the words stand. `exact`: it is one that was asked for by its reference."""

    ref: str
    docket: str
    party: str
    office: str
    kind: str
    time: datetime
    excerpt: list[Span]
    exact: bool


class Hits(msgspec.Struct, frozen=True):
    """What was found. `next`: where the next page begins (`from`), or null. `behind`: acts not looked through yet."""

    hits: list[Hit]
    next: int | None
    behind: int


class Log(msgspec.Struct, frozen=True):
    """How far one log is known. `held_by` is what each other party has confirmed; `frozen`: it was forked."""

    said: int
    held: int
    ready: int
    held_by: dict[str, int]
    head: int
    frozen: bool


class Mechanism(msgspec.Struct, frozen=True):
    """A mechanism as this node holds it. `silent`: parties that must tell what they hold before this node speaks."""

    mechanism: str
    names: dict[str, str]
    party: str
    parties: list[str]
    founded: bool
    silent: list[str]
    logs: dict[str, Log]


class KindOf(msgspec.Struct, frozen=True):
    """One kind of act that may be said. `path` is where it is said; `content` is the JSON Schema of its fields."""

    kind: str
    verb: str
    path: str
    opens: bool
    answers: list[int]
    mandated: bool
    signed: bool
    erasable: bool
    content: dict[str, Any]


class ChapterOf(msgspec.Struct, frozen=True):
    """A chapter: its kinds and its questions. `active`: every party has activated it."""

    chapter: str
    noun: str
    active: bool
    kinds: list[KindOf]
    questions: list[str]


class Speaks(msgspec.Struct, frozen=True):
    """Whom a token speaks for."""

    token: str
    title: str
    person: str
    party: str
    mechanism: str
    office: str
    until: datetime


class Uploaded(msgspec.Struct, frozen=True):
    """A file that was sent and waits to be used: the SHA-256 of its bytes, how many they are, and for how long."""

    file: str
    size: int
    until: datetime


class Discarded(msgspec.Struct, frozen=True):
    """A kept file of evidence that was destroyed on purpose; its act stays."""

    evidence: str
    rule: str
    time: datetime


class Certified(msgspec.Struct, frozen=True):
    """A certificate that was named for an office, by which act. key: of its key; sha256: its fingerprint."""

    ref: str
    office: str
    subject: str
    sha256: str
    key: str
    until: date


class Verified(msgspec.Struct, frozen=True):
    """What a file proves: a proof, a paper, a pack or a disclosure, and by what the verdict rests on.

    verified: nothing is missing (a paper may lack signatures). ours: it is of this mechanism. name: what its sender
    calls the file that a disclosure shows. Compare the verdict's fingerprints with the parties.
    """

    sort: str
    verified: bool
    mechanism: str
    ours: bool
    verdict: dict[str, Any]
    name: str = ""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one place of a request. `pointer` is a JSON Pointer (RFC 6901) into its body."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem (RFC 9457): `detail` says what happened and what to do, in the language that was asked for.

    error: refused, malformed, broken or unavailable. code, provision, facts: which rule refused it, and its source.
    """

    type: str
    title: str
    status: int
    detail: str
    error: str
    code: str = ""
    provision: str = ""
    facts: Mapping[str, str] = {}
    errors: tuple[Fault, ...] = ()
