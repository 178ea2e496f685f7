"""Acts as people are shown them, as JSON-able data: who said one, when, in which office, what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from comity.core import canonical
from comity.core.act import Act, Cut, Ref
from comity.core.chapter import Irregular
from comity.core.entry import Leaf, parse_leaf
from comity.core.errors import Malformed, Refused
from comity.node.record import Record
from comity.node.standing import covered, receipts
from comity.storage.port import entry_at

__all__ = ["Conversation", "act_of", "docket_of", "just_said", "leaf_of", "show"]


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
        return record.folds.leaves.leaf(ref)


def docket_of(record: Record, ref: Ref) -> Ref:
    """The docket that a stored act belongs to, or claims to. Raises `Refused`."""
    docket = leaf_of(record, ref).docket
    return Ref.parse(docket) if docket else ref


def act_of(record: Record, ref: Ref) -> Act:
    """The act as rules see it. Raises `Refused`."""
    with record.reading():
        if ref.number >= record.ready.get(ref.party, 0):
            raise Refused("act_unknown", act=ref)
        entry = entry_at(record.store, ref)
        leaf = parse_leaf(entry.leaf, str(ref))
        return record.folds.sign(record.folds.act(ref, leaf, entry.content), leaf)


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


def _shown(
    record: Record, ref: Ref, leaf: Leaf, content: Any, fault: Irregular | None, held: Mapping[str, Cut]
) -> dict[str, Any]:
    return {
        **_head(ref, leaf, leaf.docket or str(ref)),
        "signed": leaf.signature is not None,
        "standing": "received" if covered(ref.party, ref.number, held) else "said",
        "waiting": ref.number >= record.ready.get(ref.party, 0),
        "known": record.folds.kind(leaf.kind) is not None,
        "irregular": {"code": fault.code, "provision": fault.provision, "facts": dict(fault.facts)}
        if fault
        else None,
        "content": content,
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
