"""Proof files, and how a stranger checks one: no node, no network, nothing but the file.

`comity prove TUR/17` writes an act proof, `comity prove --docket TUR/4` a docket proof, several acts of one matter
under heads of all their logs; a party that shows two histories leaves a fault proof. All carry the charter, whose hash
is the mechanism's identifier, and the charter acts that changed keys. What must be known beforehand, from a treaty
series or from a voice on the telephone, is the identifier or the parties' fingerprints.

    {"act":{"content":"base64url","leaf":"{...}","path":["base64url",...],"ref":"TUR/17"},"chains":{},
     "charter":{...},"head":"comity/.../TUR\\n18\\n...","kind":"act","v":1}

`docs/reference/verify.md` gives every step, for a second verifier in another language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from comity.core import canonical, charter, merkle
from comity.core.act import Ref, covers
from comity.core.chains import Chain, Keys, Proved, read_content
from comity.core.charter import Charter
from comity.core.checkpoint import Note, parse_note
from comity.core.entry import Leaf, leaf_hash, parse_leaf
from comity.core.errors import Broken, Malformed
from comity.core.keys import unb64
from comity.core.log import Evidence
from comity.core.merkle import Edge

__all__ = [
    "ActProof",
    "Chain",
    "DocketProof",
    "DocketVerdict",
    "FaultProof",
    "Head",
    "Proved",
    "ProvedAct",
    "ProvedDocket",
    "Shown",
    "Verdict",
    "open_docket",
    "read_content",
    "verify_proof",
]

LIMIT = 128 * 1024 * 1024


class ActProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="act"):
    """That a party said an act: it lies in the log whose signed and countersigned head is here."""

    act: Proved
    chains: dict[str, Chain]
    charter: Charter
    head: str
    v: int


class FaultProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="fault"):
    """That a party signed two histories, or took back what it had seen."""

    chains: dict[str, Chain]
    charter: Charter
    evidence: Evidence
    v: int


class DocketProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="docket"):
    """That parties said these acts of one docket: each lies in the log whose signed head is here, under its party."""

    acts: Annotated[list[Proved], Meta(min_length=1, max_length=10_000)]
    chains: dict[str, Chain]
    charter: Charter
    docket: str
    heads: dict[str, str]
    v: int


class Shown(msgspec.Struct, frozen=True):
    """One act that a docket proof shows. `content` is None where it is not shown; `person` is who signed it."""

    ref: str
    kind: str
    office: str
    time: datetime
    content: Any
    person: str


class Head(msgspec.Struct, frozen=True):
    """How long a log was at its head, and who had countersigned that: party -> POSIX time."""

    size: int
    countersigned: Mapping[str, int]


class DocketVerdict(msgspec.Struct, frozen=True):
    """What a docket proof shows. `fingerprints` are what to compare; `heads` are of the logs, by party."""

    mechanism: str
    names: Mapping[str, str]
    fingerprints: Mapping[str, str]
    docket: str
    acts: tuple[Shown, ...]
    heads: Mapping[str, Head]


class ProvedAct(NamedTuple):
    """A proved act as rules need it: the leaf, the content's bytes (none: not shown), the office that signed it."""

    leaf: Leaf
    content: bytes
    person: str


class ProvedDocket(NamedTuple):
    """An opened docket proof: the verdict, the acts in the order of the file, and the parties' keys and offices."""

    verdict: DocketVerdict
    acts: Mapping[Ref, ProvedAct]
    keys: Keys


class Verdict(msgspec.Struct, frozen=True):
    """What a proof shows. `fingerprints` are what to compare; `countersigned`: party -> POSIX time.

    `content` is the act's content as data, or None if the proof does not show it. For a fault, `fault` says what.
    """

    mechanism: str
    names: Mapping[str, str]
    fingerprints: Mapping[str, str]
    party: str
    size: int
    countersigned: Mapping[str, int]
    fault: str = ""
    ref: str = ""
    kind: str = ""
    office: str = ""
    time: datetime | None = None
    docket: str = ""
    content: Any = None
    person: str = ""


def verify_proof(raw: bytes, thing: str = "proof") -> Verdict | DocketVerdict:
    """Check a proof file to the last byte. Raises `Malformed` (not a proof) or `Broken` (proves nothing)."""
    if len(raw) > LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {LIMIT}")
    kinds: Any = ActProof | DocketProof | FaultProof
    proof: ActProof | DocketProof | FaultProof = canonical.parse(raw.rstrip(b"\n"), kinds, thing)
    if isinstance(proof, DocketProof):
        return open_docket(proof, thing).verdict
    keys = _keys(proof, thing)
    return (
        _verify_act(proof, keys, thing) if isinstance(proof, ActProof) else _verify_fault(proof, keys, thing)
    )


def _keys(proof: ActProof | DocketProof | FaultProof, thing: str) -> Keys:
    """The charter and the chains of a proof, followed."""
    if proof.v != 1:
        raise Malformed(thing, f"is of version {proof.v}; this program reads 1: update it")
    founded = charter.parse_charter(canonical.encode(proof.charter), f"{thing}: charter")
    return Keys(founded, proof.chains, thing)


def _verify_act(proof: ActProof, keys: Keys, thing: str) -> Verdict:
    note = parse_note(proof.head.encode(), f"{thing}: head")
    leaf, content = keys.proved(proof.act, note)
    ref = Ref.parse(proof.act.ref)
    return Verdict(
        **keys.mechanism_facts(),
        party=note.checkpoint.party,
        size=note.checkpoint.size,
        countersigned=keys.countersigned(note),
        ref=str(ref),
        kind=leaf.kind,
        office=leaf.office,
        time=leaf.time,
        docket=leaf.docket or str(ref),
        content=_decoded(content, f"{thing}: content of {ref}"),
        person=_person(keys, leaf, ref, thing),
    )


def _person(keys: Keys, leaf: Leaf, ref: Ref, thing: str) -> str:
    """The office whose holder signed the act, or nothing where nobody did. Raises `Broken`."""
    person = keys.person(leaf, ref)
    if leaf.signature is not None and not person:
        raise Broken(f"{thing}: {ref}", "the person's signature does not verify under a key of its office")
    return person


def _decoded(content: bytes, thing: str) -> Any:
    return canonical.decode(content[32:], thing, fractions=False) if content else None


def open_docket(proof: DocketProof, thing: str = "proof") -> ProvedDocket:
    """Check a docket proof and hand out what it holds. Raises `Malformed` or `Broken`."""
    keys = _keys(proof, thing)
    docket = Ref.parse(proof.docket)
    notes = {party: parse_note(head.encode(), f"{thing}: head") for party, head in proof.heads.items()}
    for party, note in notes.items():
        if note.checkpoint.party != party:
            raise Malformed(thing, f"its head of {party[:8]!r} is of {note.checkpoint.party}")
        keys.author(note)
    for note in (
        *notes.values(),
        *(parse_note(chain.head.encode(), thing) for chain in proof.chains.values()),
    ):
        if keys.believed(note) != note:
            raise Broken(f"{thing}: head of {note.checkpoint.party}", "a signature line does not verify")
    refs = [Ref.parse(proved.ref) for proved in proof.acts]
    if refs != sorted(set(refs)) or {ref.party for ref in refs} != set(notes):
        raise Malformed(thing, "has its acts out of order, or not a head for each log that they lie in")
    acts: dict[Ref, ProvedAct] = {}
    shown = []
    for ref, proved in zip(refs, proof.acts, strict=True):
        leaf, content = keys.in_tree(proved, notes[ref.party])
        if (leaf.docket or str(ref)) != str(docket):
            raise Malformed(thing, f"{ref} is an act of another docket")
        person = _person(keys, leaf, ref, thing)
        acts[ref] = ProvedAct(leaf, content, person)
        body = _decoded(content, f"{thing}: content of {ref}")
        shown.append(Shown(str(ref), leaf.kind, leaf.office, leaf.time, body, person))
    hashes = {proved.ref: leaf_hash(proved.leaf.encode()) for proved in proof.acts}
    for ref, act in acts.items():
        if any(hashes.get(answered, said) != said for answered, said in act.leaf.answers.items()):
            raise Broken(f"{thing}: {ref}", "answers another act than the one of that number here")
    heads = {p: Head(note.checkpoint.size, keys.countersigned(note)) for p, note in sorted(notes.items())}
    verdict = DocketVerdict(**keys.mechanism_facts(), docket=str(docket), acts=tuple(shown), heads=heads)
    return ProvedDocket(verdict, acts, keys)


def _verify_fault(proof: FaultProof, keys: Keys, thing: str) -> Verdict:
    evidence = proof.evidence
    notes = [parse_note(head.encode(), f"{thing}: head") for head in evidence.heads]
    for note in notes:
        keys.author(note)
    path = [unb64(step, 32, f"{thing}: path") for step in evidence.path]
    if evidence.kind == "heads" and len(notes) == 2:
        fault = _two_heads(notes[0], notes[1], path, thing)
    elif evidence.kind == "leaves" and len(notes) == 1:
        fault = _two_leaves(evidence, notes[0], path, thing)
    else:
        raise Malformed(thing, f"has unknown evidence {evidence.kind[:20]!r}")
    last = notes[-1]
    return Verdict(
        **keys.mechanism_facts(),
        party=last.checkpoint.party,
        size=last.checkpoint.size,
        countersigned=keys.countersigned(last),
        fault=fault,
    )


def _two_heads(old: Note, new: Note, path: Sequence[bytes], thing: str) -> str:
    before, after = old.checkpoint, new.checkpoint
    if before.origin != after.origin:
        raise Broken(thing, "its two heads are of different logs, which proves nothing")
    earlier, later = merkle.prefix_roots(before.size, after.size, path)
    if later != after.root:
        raise Broken(thing, "its path does not lead to the newer head, which proves nothing")
    if earlier != before.root:
        return (
            f"two histories: the signed head of size {after.size} does not contain that of size {before.size}"
        )
    in_order = before.size < after.size or not covers(before.receipts, after.receipts)
    if in_order and not covers(after.receipts, before.receipts):
        return f"a receipt was taken back between the signed heads of sizes {before.size} and {after.size}"
    raise Broken(thing, "its two heads agree with each other: no fault is shown")


def _two_leaves(evidence: Evidence, note: Note, path: Sequence[bytes], thing: str) -> str:
    head = note.checkpoint
    raws = [leaf.encode() for leaf in evidence.leaves]
    roots = tuple(unb64(root, 32, f"{thing}: edge") for root in evidence.edge)
    if len(roots) != evidence.size.bit_count() or len(raws) < 2:
        raise Malformed(thing, "its edge does not fit its size")
    edge, _ = merkle.grow(Edge(evidence.size, roots), [merkle.leaf_hash(raw) for raw in raws])
    reached = (
        (edge.root(), edge.root())
        if edge.size == head.size
        else merkle.prefix_roots(edge.size, head.size, path)
    )
    if reached != (edge.root(), head.root):
        raise Broken(thing, "its leaves do not lie in the log of its head, which proves nothing")
    for place, (raw, following) in enumerate(pairwise(raws), evidence.size + 1):
        before, after = parse_leaf(raw).seen, parse_leaf(following).seen
        if head.party in after or any(size > after.get(party, 0) for party, size in before.items()):
            return f"act {head.party}/{place} takes back what its author had seen before"
    raise Broken(thing, "its leaves never take anything back: no fault is shown")
