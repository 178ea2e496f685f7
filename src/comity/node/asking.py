"""What people ask of a record: an act, a docket, what waits, how far each side holds the other's log.

Every answer is JSON-able data. Standing is said in three words: *said* (in its author's log), *received* (every other
party's receipt covers it), *settled* (agreed, and every half of it received).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.core import canonical
from comity.core.act import Act, Cut, Ref
from comity.core.chapter import Chapter, Irregular, Milestone, View
from comity.core.checkpoint import parse_note
from comity.core.entry import Leaf, parse_leaf
from comity.core.errors import Malformed, Refused
from comity.node.record import Record
from comity.storage.port import entry_at

__all__ = [
    "Conversation",
    "ask",
    "digest",
    "docket",
    "docket_of",
    "dockets",
    "just_said",
    "leaf_of",
    "milestones",
    "receipts",
    "show",
    "standing",
    "status",
    "worst_first",
]


def receipts(record: Record) -> dict[str, Cut]:
    """party -> what it has receipted of each log: by its newest head and its last act, of what we have read of it.

    Not by what is stored and waits: an act that claims to have seen what does not exist yet could otherwise become
    readable after a later receipt of its author had settled something, and take that back.
    """
    found: dict[str, Cut] = {}
    for party, log in record.logs.items():
        ready = record.ready[party]
        if party == record.party:
            found[party] = dict(record.ready)
            continue
        head, receipt = log.head, dict(log.seen)
        if ready < log.size:
            last = record.store.entries(party, ready - 1, ready) if ready else []
            receipt = dict(parse_leaf(last[0].leaf).seen) if last else {}
        if head is not None and head.checkpoint.size > ready:
            stored = record.store.newest_note(party, ready)
            head = parse_note(stored.note) if stored else None
        for other, size in head.checkpoint.receipts.items() if head is not None else ():
            receipt[other] = max(size, receipt.get(other, 0))
        found[party] = receipt
    return found


def _covered(party: str, number: int, held: Mapping[str, Cut]) -> bool:
    """Whether every other party's receipt covers act `number` of that party."""
    return all(receipt.get(party, 0) > number for other, receipt in held.items() if other != party)


def standing(record: Record, ref: Ref) -> str:
    """`said` or `received`, for one act."""
    with record.reading():
        return "received" if _covered(ref.party, ref.number, receipts(record)) else "said"


def milestones(record: Record, docket: Ref) -> list[dict[str, Any]]:
    """What has become true in a docket, each with its standing."""
    with record.reading():
        fold = record.folds.fold(docket)
        held = receipts(record)
        return [_milestone(m, held) for m in fold.chapter.milestones(fold.at(record.ready))]


def _milestone(milestone: Milestone, held: Mapping[str, Cut]) -> dict[str, Any]:
    whole = all(_covered(party, number, held) for party, number in milestone.halves.items())
    return {
        "what": milestone.what,
        "subject": milestone.subject,
        "facts": dict(milestone.facts),
        "halves": {party: f"{party}/{number}" for party, number in sorted(milestone.halves.items())},
        "standing": "settled" if whole else "said",
    }


def show(record: Record, ref: Ref) -> dict[str, Any]:
    """One act: who said it, when, in which office, what it answers, how settled it is. Raises `Refused`."""
    with record.reading():
        leaf = leaf_of(record, ref)
        try:
            faults = record.folds.fold(docket_of(record, ref)).irregular
        except Refused:
            faults = []
        fault = next((one for one in faults if one.ref == ref), None)
        content = _content(entry_at(record.store, ref).content, ref)
        return _shown(record, ref, leaf, content, fault, receipts(record))


def leaf_of(record: Record, ref: Ref) -> Leaf:
    """The leaf of a stored act, be it ready or not. Raises `Refused`."""
    with record.reading():
        log = record.logs.get(ref.party)
        if log is None or ref.number >= log.size:
            raise Refused("act_unknown", act=ref)
        return record.folds.leaf(ref)


def docket_of(record: Record, ref: Ref) -> Ref:
    """The docket that a stored act belongs to, or claims to. Raises `Refused`."""
    docket = leaf_of(record, ref).docket
    return Ref.parse(docket) if docket else ref


class Conversation:
    """All acts of one docket, read once: `order` has them oldest first, `show` tells each as the function of that name.

    Within one second, what answers something stands after it. It is of the moment in which it was made, and asked
    within the same `record.reading()`. Raises `Refused`.
    """

    def __init__(self, record: Record, docket: Ref) -> None:
        fold = record.folds.fold(docket)
        self._record, self._held = record, receipts(record)
        self._faults = {fault.ref: fault for fault in fold.irregular}
        self._acts = {act.ref: act for act in fold.all_acts()}
        self._said = {
            Ref(party, number): (parse_leaf(entry.leaf, f"{party}/{number}"), entry.content)
            for party, found in record.store.docket(docket, {}).items()
            for number, entry in found
        }
        place = {ref: at for at, ref in enumerate(self._acts)}
        self.order = sorted(
            self._said, key=lambda ref: (self._said[ref][0].time, place.get(ref, len(place)), ref)
        )

    def show(self, ref: Ref) -> dict[str, Any]:
        """One act of it."""
        leaf, raw = self._said[ref]
        act = self._acts.get(ref)
        # What the rules could read is canonical: it need not be written again to be compared.
        was_read = act is not None and act.body is not None
        content = msgspec.json.decode(raw[32:]) if raw and was_read else _content(raw, ref)
        return _shown(self._record, ref, leaf, content, self._faults.get(ref), self._held)


def _shown(
    record: Record, ref: Ref, leaf: Leaf, content: Any, fault: Irregular | None, held: Mapping[str, Cut]
) -> dict[str, Any]:
    return {
        **_head(ref, leaf, leaf.docket or str(ref)),
        "signed": leaf.signature is not None,
        "standing": "received" if _covered(ref.party, ref.number, held) else "said",
        "waiting": ref.number >= record.ready.get(ref.party, 0),
        "known": record.folds.kind(leaf.kind) is not None,
        "irregular": {"code": fault.code, "provision": fault.provision, "facts": dict(fault.facts)}
        if fault
        else None,
        "content": content,
    }


def just_said(act: Act) -> dict[str, Any]:
    """What `show` would answer of an act of ours in the moment in which it was said, without reading it again."""
    return {
        **_head(act.ref, act, str(act.docket)),
        "signed": bool(act.signer),
        "standing": "said",
        "waiting": False,
        "known": True,
        "irregular": None,
        "content": msgspec.to_builtins(act.body),
    }


def _head(ref: Ref, act: Leaf | Act, docket: str) -> dict[str, Any]:
    """What leaves and acts call by the same names."""
    return {
        "ref": str(ref),
        "party": ref.party,
        "kind": act.kind,
        "office": act.office,
        "time": act.time.isoformat().replace("+00:00", "Z"),
        "docket": docket,
        "mandate": act.mandate,
        "answers": [str(answered) for answered in act.answers],
        "seen": dict(act.seen),
    }


def _content(content: bytes | None, ref: Ref) -> Any:
    if content is None:
        return None
    try:
        return canonical.decode(content[32:], f"content of {ref}", fractions=False)
    except Malformed as error:
        return {"malformed": error.why}


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


def act_of(record: Record, ref: Ref) -> Act:
    """The act as rules see it. Raises `Refused`."""
    with record.reading():
        if ref.number >= record.ready.get(ref.party, 0):
            raise Refused("act_unknown", act=ref)
        entry = entry_at(record.store, ref)
        leaf = parse_leaf(entry.leaf, str(ref))
        return record.folds.sign(record.folds.act(ref, leaf, entry.content), leaf)
