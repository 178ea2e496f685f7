"""Making the files that a stranger can check (`comity.core.proof` checks them)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from comity.core import canonical, merkle
from comity.core.act import Ref
from comity.core.chains import Chain, Keys, Proved
from comity.core.checkpoint import Note, parse_note
from comity.core.entry import Entry, parse_leaf
from comity.core.errors import Refused
from comity.core.keys import b64
from comity.core.log import Evidence
from comity.core.proof import ActProof, DocketProof, FaultProof
from comity.node.holding import Tree
from comity.node.record import Record
from comity.storage.port import entry_at

__all__ = ["docket_proof", "prove", "prove_docket", "prove_fault"]


def prove(record: Record, ref: Ref, *, with_content: bool | None = None) -> bytes:
    """An act proof file for `ref`, into the newest countersigned head that covers it.

    Content is shown unless its kind is erasable (it may name people); `with_content` decides otherwise.
    Raises `Refused` if the act is not here, or no signed head covers it yet.
    """
    if ref.party == record.party:
        record.heads()
    with record.reading():
        if ref.party not in record.parties or ref.number >= record.store.size(ref.party):
            raise Refused("act_unknown", act=ref)
        note = _best_head(record, ref)
        entry = entry_at(record.store, ref)
        kind = record.folds.kind(parse_leaf(entry.leaf, str(ref)).kind)
        shown = with_content if with_content is not None else kind is not None and not kind.erasable
        proof = ActProof(
            act=_proved(record, ref, entry, note, with_content=shown),
            chains=_chains(record, {ref.party: note}),
            charter=record.charter,
            head=note.encode().decode(),
            v=1,
        )
        return canonical.encode(proof) + b"\n"


def prove_docket(record: Record, docket: Ref, *, with_content: bool | None = None) -> bytes:
    """A docket proof file with every act of a docket that is read here. Raises `Refused` as `prove` does."""
    with record.reading():
        if docket.party not in record.parties or docket.number >= record.store.size(docket.party):
            raise Refused("act_unknown", act=docket)
        refs = [
            Ref(party, number)
            for party, said in record.store.docket(docket, {}).items()
            for number, _ in said
            if number < record.ready.get(party, 0)
        ]
    return canonical.encode(docket_proof(record, docket, refs, with_content=with_content)) + b"\n"


def docket_proof(
    record: Record,
    docket: Ref,
    refs: Sequence[Ref],
    *,
    with_content: bool | None = None,
    shown: Collection[Ref] | None = None,
) -> DocketProof:
    """The proof of these acts of a docket, each log under its newest countersigned head that covers them all, and all
    charter acts of its party: what was revoked since then should not look as if it stood.

    Content is shown as by `prove`, or of the acts in `shown` alone. Of a head's lines only those are kept that verify:
    others a stranger would find broken. Raises `Refused` if an act is not here, or no signed head covers it yet.
    """
    if any(ref.party == record.party for ref in refs):
        record.heads()
    with record.reading():
        last = {ref.party: ref for ref in sorted(refs)}
        if any(ref.number >= record.store.size(party) for party, ref in last.items()):
            raise Refused("act_unknown", act=next(iter(last.values())))
        notes = {
            party: _best_head(record, max(ref, _last_charter_act(record, party)))
            for party, ref in last.items()
        }
        chains = _chains(record, notes)
        keys = Keys(record.charter, chains, f"docket {docket}")
        acts = []
        for ref in sorted(set(refs)):
            entry = entry_at(record.store, ref)
            kind = record.folds.kind(parse_leaf(entry.leaf, str(ref)).kind)
            public = with_content if with_content is not None else kind is not None and not kind.erasable
            said = public if shown is None else ref in shown
            acts.append(_proved(record, ref, entry, notes[ref.party], with_content=said))
        heads = {party: keys.believed(note).encode().decode() for party, note in notes.items()}
        stripped = {
            party: Chain(keys.believed(parse_note(chain.head.encode())).encode().decode(), chain.acts)
            for party, chain in chains.items()
        }
        return DocketProof(acts, stripped, record.charter, str(docket), heads, 1)


def prove_fault(record: Record, party: str) -> bytes:
    """The fault proof file for a party whose log is frozen. Raises `Refused` if it is not."""
    with record.reading():
        if party not in record.frozen:
            raise Refused("no_fault", party=party)
        evidence = canonical.parse(record.frozen[party], Evidence, f"fault of {party}")
        return canonical.encode(FaultProof(_chains(record, {}), record.charter, evidence, 1)) + b"\n"


def _best_head(record: Record, ref: Ref) -> Note:
    """The newest head that covers the act and that another party has countersigned; else the newest that covers it."""
    best: Note | None = None
    for stored in record.store.all_notes(ref.party):
        if ref.number < stored.size <= record.store.size(ref.party):
            note = parse_note(stored.note)
            countersigned = any(line.name != note.checkpoint.origin for line in note.lines)
            if (
                best is None
                or countersigned
                or all(line.name == note.checkpoint.origin for line in best.lines)
            ):
                best = note
    if best is None:
        raise Refused("no_head_yet", act=ref)
    return best


def _last_charter_act(record: Record, party: str) -> Ref:
    said = record.store.docket(Ref(party, 0), {}).get(party, [])
    return Ref(party, max((number for number, _ in said if number < record.ready[party]), default=0))


def _chains(record: Record, heads: dict[str, Note]) -> dict[str, Chain]:
    """The charter acts of every party that has some beside its acceptance, each proved into a signed head.

    Irregular ones have no effect and are left out: a stranger would take them for keys, or find them unsigned.
    """
    chains: dict[str, Chain] = {}
    for party in record.parties:
        note = heads.get(party) or record.logs[party].head
        if note is None or note.checkpoint.size > record.store.size(party):
            continue
        end = min(note.checkpoint.size, record.ready[party])
        if end <= 1:
            continue
        docket = Ref(party, 0)
        irregular = {fault.ref for fault in record.folds.fold(docket).irregular}
        acts = [
            _proved(record, Ref(party, number), entry, note, with_content=True)
            for number, entry in record.store.docket(docket, {}).get(party, [])
            if 0 < number < end and Ref(party, number) not in irregular
        ]
        if acts:
            chains[party] = Chain(note.encode().decode(), acts)
    return chains


def _proved(record: Record, ref: Ref, entry: Entry, note: Note, *, with_content: bool) -> Proved:
    path = merkle.inclusion_proof(ref.number, note.checkpoint.size, Tree(record.store, ref.party).read)
    content = b64(entry.content) if with_content and entry.content is not None else ""
    return Proved(str(ref), entry.leaf.decode(), [b64(step) for step in path], content)
