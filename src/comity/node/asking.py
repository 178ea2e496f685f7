"""What people ask of a record: a docket, what waits, how far each side holds the other's log.

Every answer is JSON-able data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from comity.core import canonical
from comity.core.act import Ref
from comity.core.chapter import Chapter, View
from comity.core.errors import Refused
from comity.node.record import Record
from comity.node.showing import Conversation
from comity.node.standing import milestones, receipts

__all__ = ["ask", "digest", "docket", "dockets", "status", "views", "worst_first"]


def docket(record: Record, ref: Ref) -> dict[str, Any]:
    """A docket whole: its state, its milestones, every act of it. Raises `Refused`."""
    with record.reading():
        fold = record.folds.fold(ref)
        view, said = fold.at(record.ready), Conversation(record, ref)
        return {
            "docket": str(ref),
            "chapter": fold.chapter.name,
            "title": dict(fold.chapter.title(view)),
            "state": dict(fold.chapter.describe(view)),
            "milestones": milestones(record, ref),
            "acts": [said.show(one) for one in said.order],
        }


def dockets(
    record: Record, chapter: Chapter, after: Ref | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """A page of a chapter's dockets, with title and milestones, from the index."""
    with record.reading():
        found = []
        for ref in record.store.opened(chapter.noun, after, limit):
            if ref.number < record.ready.get(ref.party, 0):
                view = record.folds.view(ref)
                reached = milestones(record, ref)
                found.append({"docket": str(ref), "title": dict(chapter.title(view)), "milestones": reached})
        return found


def views(record: Record, chapter: Chapter) -> Iterator[tuple[Ref, View]]:
    """Every ready docket of a chapter, one after the other."""
    after: Ref | None = None
    while page := record.store.opened(chapter.noun, after, 500):
        for ref in page:
            if ref.number < record.ready.get(ref.party, 0):
                yield ref, record.folds.view(ref)
        after = page[-1]


def ask(record: Record, ref: Ref, question: str, on: date) -> Any:
    """A chapter's question about one docket, on a day. Raises `Refused` if the chapter has no such question."""
    with record.reading():
        fold = record.folds.fold(ref)
        asked = fold.chapter.questions.get(question)
        if asked is None:
            raise Refused(
                "question_unknown", question=question, known=", ".join(sorted(fold.chapter.questions))
            )
        return msgspec.to_builtins(asked(fold.at(record.ready), on))


def status(record: Record) -> dict[str, Any]:
    """How far each side holds the other's log, what is frozen, and whether this node may speak."""
    with record.reading():
        held = receipts(record)
        logs = {}
        for party, log in record.logs.items():
            head = log.head.checkpoint.size if log.head is not None else 0
            logs[party] = {
                "said": max(log.size, head),
                "held": log.size,
                "ready": record.ready.get(party, 0),
                "held_by": {
                    other: receipt.get(party, 0) for other, receipt in held.items() if other != party
                },
                "head": head,
                "frozen": party in record.frozen,
            }
        return {
            "mechanism": record.mechanism,
            "names": dict(record.charter.names),
            "party": record.party,
            "parties": list(record.parties),
            "founded": all(record.ready.get(party, 0) for party in record.parties),
            "silent": list(record.silent),
            "logs": logs,
        }


def worst_first(record: Record, on: date) -> list[dict[str, Any]]:
    """What waits for somebody, oldest first, over all chapters that can say so (`waits_for`)."""
    found = []
    with record.reading():
        for chapter in record.chapters.values():
            asked = chapter.questions.get("waits_for")
            if asked is None:
                continue
            for ref, view in views(record, chapter):
                matter = {"docket": str(ref), "title": dict(chapter.title(view))}
                found += [{**matter, **wait} for wait in msgspec.to_builtins(asked(view, on))]
    return sorted(found, key=lambda wait: (str(wait.get("since", "")), wait["docket"]))


def digest(record: Record) -> str:
    """SHA-256 over the state of every docket, in hex: equal on nodes that hold the same acts."""
    total = hashlib.sha256()
    with record.reading():
        for noun in sorted(record.folds.nouns()):
            after: Ref | None = None
            while page := record.store.opened(noun, after, 500):
                for ref in page:
                    if ref.number < record.ready.get(ref.party, 0):
                        total.update(canonical.encode(_state(record, ref)))
                after = page[-1]
    return total.hexdigest()


def _state(record: Record, ref: Ref) -> dict[str, Any]:
    fold = record.folds.fold(ref)
    view = fold.at(record.ready)
    return {
        "docket": str(ref),
        "state": msgspec.to_builtins(fold.chapter.describe(view)),
        "milestones": [[m.what, m.subject, dict(m.halves)] for m in fold.chapter.milestones(view)],
        "irregular": sorted([str(fault.ref), fault.code] for fault in fold.irregular),
    }
