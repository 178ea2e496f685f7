"""Saying an act, and signing the head of our own log. Everything here runs inside `Record.write`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from comity.core import canonical, merkle
from comity.core.act import Act, Ref, covers
from comity.core.checkpoint import Checkpoint, Note, Seen, sign
from comity.core.entry import SALT, Entry, Leaf, PersonSignature, act_from, commit, encode_leaf, signed_bytes
from comity.core.errors import Broken, Refused, Unavailable
from comity.core.fold import DESTROYED
from comity.core.keys import Signer, b64, key_id
from comity.core.proof import read_content
from comity.node.holding import Holding
from comity.node.ledger import Ledger
from comity.storage.port import Row

__all__ = ["Draft", "Said", "check", "head", "may_sign", "say", "signers"]

KEY_REVOKED = "charter.key_revoked/1"
STEP = 2048  # acts read at once when a root is derived again


class Draft(msgspec.Struct, frozen=True):
    """What someone wants to say. `docket` None opens one. `signer` is the person's key where the act needs one.

    `time` overrides the clock; `clock_checked` says that a person has looked at a clock that went back.
    """

    kind: str
    body: Any
    office: str
    docket: Ref | None = None
    answers: Sequence[Ref] = ()
    mandate: str = ""
    signer: Signer | None = None
    time: datetime | None = None
    clock_checked: bool = False


class Said(NamedTuple):
    """What was said: its reference and its act."""

    ref: Ref
    act: Act


def say(record: Ledger, draft: Draft) -> Said:
    """Check a draft against the rules as they stand, and append it to our log. Raises `Refused`."""
    may_sign(record)
    if (
        draft.kind == KEY_REVOKED
    ):  # the last head under the old key: whoever does not know the new one needs it
        head(record)
    act, leaf, content = _compose(record, draft)
    opens = draft.docket is None
    fold = record.folds.new(act.ref, act.kind) if opens else record.folds.fold(act.docket)
    fold.admit(act, record.folds.setting(act.past))
    # Whoever keeps no rules may have named this docket before it was opened: then it is folded from the store.
    foretold = opens and bool(record.store.docket(act.ref, {}))
    row = Row(Entry(leaf, content), act.docket, act.kind.partition(".")[0] if opens else "")
    record.append(record.party, act.ref.number, [row])
    record.ready[record.party] = act.ref.number + 1
    record.last_time = act.time
    record.summaries.touch((act.docket,))
    if opens and not foretold:
        record.folds.keep(fold)
    if act.kind == DESTROYED:
        record.erase(act.answers[0])
        record.folds.drop(act.docket)
    return Said(act.ref, act)


def check(record: Ledger, draft: Draft) -> Act:
    """The act as it would be said now. Raises `Refused`."""
    act, _, _ = _compose(record, draft)
    fold = record.folds.fold(act.docket) if draft.docket else record.folds.new(act.ref, act.kind)
    fold.check(act, record.folds.setting(act.past))
    return act


def may_sign(record: Ledger) -> None:
    """Law 10, and a log of ours that was forked: raise `Refused` where this node must not sign anything."""
    if record.silent:
        raise Refused("silent_after_restore", "law 10", waiting=", ".join(record.silent))
    if record.party in record.frozen:
        raise Refused("own_log_forked", "law 9", party=record.party)
    own = record.logs[record.party]
    signed = own.head.checkpoint if own.head is not None else None
    # What we signed before a restore stands: our acts and our receipts must be covered again before we go on.
    promised = signed is None or (signed.size <= own.size and covers(record.ready, signed.receipts))
    if record.ready[record.party] < own.size or not promised:
        raise Refused("still_recovering", "law 10", party=record.party)


def _compose(record: Ledger, draft: Draft) -> tuple[Act, bytes, bytes]:
    """The act, its leaf and its content, as they would follow in our log now."""
    ref = Ref(record.party, record.store.size(record.party))
    content = secrets.token_bytes(SALT) + canonical.encode(draft.body)
    kind = record.folds.kind(draft.kind)
    # What the rules judge is read from the bytes, as every other node will read it.
    body = draft.body if kind is None else read_content(content, kind.body, draft.kind)[1]
    leaf = Leaf(
        content=commit(content),
        kind=draft.kind,
        office=draft.office,
        seen=record.others,
        time=_time(record, draft),
        v=1,
        answers={str(answer): _answered(record, answer) for answer in draft.answers},
        docket="" if draft.docket is None else str(draft.docket),
        mandate=draft.mandate,
    )
    signer = ""
    if draft.signer is not None:
        signature = draft.signer.sign(signed_bytes(leaf, record.mechanism, str(ref)))
        signer = key_id(draft.signer.public)
        leaf = msgspec.structs.replace(leaf, signature=PersonSignature(signer, b64(signature)))
    act = act_from(ref, leaf, tuple(draft.answers), body, signer)
    return act, encode_leaf(leaf), content


def _time(record: Ledger, draft: Draft) -> datetime:
    time = draft.time or record.clock()
    if time.tzinfo is not UTC:
        time = time.astimezone(UTC)
    time = time.replace(microsecond=0)
    last = record.last_time
    if last is not None and time < last and not draft.clock_checked:
        raise Refused("clock_went_back", now=time.isoformat(), last=last.isoformat())
    return time


def _answered(record: Ledger, ref: Ref) -> str:
    if ref.number >= record.ready.get(ref.party, 0):
        raise Refused("answers_unseen", answered=ref)
    return record.folds.leaves.hash_of(ref)


def head(record: Ledger) -> Note:
    """Our newest signed head if it still says everything, else a new one, derived again from stored bytes."""
    record.settle_trees()
    own = record.logs[record.party]
    seen = {
        party: Seen(size, record.logs[party].tree.edge(size).root())
        for party, size in sorted(record.others.items())
    }
    checkpoint = Checkpoint(record.mechanism, record.party, own.size, own.edge.root(), seen)
    if own.head is not None and own.head.checkpoint == checkpoint:
        return own.head
    may_sign(record)
    _rederive(record, own)
    note = sign(checkpoint, signers(record, own.size))
    record.writes += 1
    own.put_head(note)
    return note


def signers(record: Ledger, size: int | None = None) -> list[Signer]:
    """Our private node keys in force for a head of that size, at least one of each type. Raises `Unavailable`.

    A key whose private part is elsewhere may be missing where another of its type is here.
    """
    found: list[Signer] = []
    missing: list[Unavailable] = []
    for key in record.node_keys(record.party, size):
        try:
            found.append(record.signers(key))
        except Unavailable as error:
            missing.append(error)
    needed = {key.partition(":")[0] for key in record.node_keys(record.party, size)}
    if needed - {signer.public.partition(":")[0] for signer in found}:
        raise missing[0]
    return found


def _rederive(record: Ledger, own: Holding) -> None:
    """Law 7: derive the root again from stored bytes, from the last signed head on, before it is signed."""
    signed = own.head.checkpoint if own.head is not None else None
    edge = own.tree.edge(signed.size) if signed else merkle.Edge()
    if signed and edge.root() != signed.root:
        why = f"the stored tree no longer leads to our own signed head of size {signed.size}; run `comity check`"
        raise Broken(record.store.name, why)
    while entries := record.store.entries(record.party, edge.size, edge.size + STEP):
        edge, _ = merkle.grow(edge, merkle.leaf_hashes([entry.leaf for entry in entries]))
    if edge.root() != own.edge.root():
        why = f"the stored acts do not lead to the root of our log at size {own.size}; run `comity check`"
        raise Broken(record.store.name, why)
