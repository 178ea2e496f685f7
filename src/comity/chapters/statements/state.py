"""The state of one docket: a statement with its versions and what was published of it, or a source with its facts.

A statement is joint: of the versions that all accepted the newest counts (`comity.core.puts`). What was published, and
which facts a source is cited for, each party says alone.

    [put.subject for put in newest(view, versions(view).values())]   ->   ["IRQ/5"]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from comity.chapters.statements.acts import (
    Cited,
    Proposed,
    Published,
    Revised,
    SourceCited,
    SourceRecorded,
    TextAttached,
)
from comity.core import puts as shared
from comity.core.act import Act
from comity.core.chapter import View
from comity.core.puts import Put, gather, put_of

__all__ = [
    "Half",
    "Version",
    "apply",
    "attached",
    "citations",
    "newest",
    "opening",
    "publications",
    "required",
    "same",
    "versions",
]

Version = Proposed | Revised
"""A text of the statement, as it was put."""


class Half(msgspec.Struct, frozen=True):
    """What one party said alone. What it put is keyed by its own reference, a text by that of its publication."""

    opening: Put[Proposed | SourceRecorded] | None = None
    versions: dict[str, Put[Version]] = {}
    published: dict[str, Put[Published]] = {}
    attached: dict[str, Put[TextAttached | None]] = {}
    cited: dict[str, Put[SourceCited]] = {}


def apply(half: Half, act: Act) -> Half:
    """The half after that party's next act. A yes or a withdrawal changes nothing here."""
    put: Put[Any] = put_of(act)
    change: dict[str, Any] = {}
    if act.kind == "statement.text_attached/1":
        change = {"attached": {**half.attached, str(act.answers[0]): put}}
    match act.body:
        case Proposed():
            change = {"opening": put, "versions": {put.subject: put}}
        case SourceRecorded():
            change = {"opening": put}
        case Revised():
            change = {"versions": {**half.versions, put.subject: put}}
        case Published():
            change = {"published": {**half.published, put.subject: put}}
        case SourceCited():
            change = {"cited": {**half.cited, put.subject: put}}
        case _:
            pass
    return msgspec.structs.replace(half, **change) if change else half


def opening(view: View) -> Put[Any] | None:
    """The act that opened the docket, or None where it is out of sight or was irregular."""
    half: Half | None = view.halves.get(view.docket.party)
    return half.opening if half else None


def required(view: View) -> tuple[str, ...]:
    """The parties that must accept a statement: all of them, sorted."""
    return tuple(sorted(view.parties))


def versions(view: View) -> dict[str, Put[Version]]:
    """Every text that was put, by time and reference."""
    return gather(view, "versions")


def newest(view: View, puts: Iterable[Put[Version]]) -> list[Put[Version]]:
    """Of the versions agreed, those that no other follows: one, or none yet, or several that crossed."""
    return shared.newest(view, puts, required(view), same)


def same(one: Version, other: Version) -> bool:
    """Whether two versions come to the same text, so that agreements on both do not cross."""
    return _said(one) == _said(other)


def _said(version: Version) -> tuple[Any, ...]:
    return (version.title, version.passages, version.about, version.place, version.on)


def publications(view: View) -> dict[str, Put[Published]]:
    """Everything that is recorded as published, by time and reference."""
    return gather(view, "published")


def attached(view: View, published: Put[Published]) -> Put[TextAttached | None] | None:
    """The text of a publication as it was last attached; its body is None where the text was destroyed."""
    half: Half = view.halves[published.ref.party]
    return half.attached.get(published.subject)


def citations(view: View) -> list[tuple[Put[Any], Cited]]:
    """Every fact for which the source is cited, with the act that cites it, by time and reference."""
    first = opening(view)
    of_source = first.body.facts if first is not None and isinstance(first.body, SourceRecorded) else ()
    told: list[tuple[Put[Any], Cited]] = [(first, cited) for cited in of_source] if first is not None else []
    told += [(put, Cited(put.body.fact, put.body.says)) for put in gather(view, "cited").values()]
    return told
