"""Proof files, and how a stranger checks one: no node, no network, nothing but the file.

`comity prove TUR/17` writes an act proof; a party that shows two histories leaves a fault proof. Both carry the
charter, whose hash is the mechanism's identifier, and the charter acts that changed keys. What must be known
beforehand, from a treaty series or from a voice on the telephone, is the identifier or the parties' fingerprints.

    {"charter":{...},"chains":{},"content":"base64url","head":"comity/.../TUR\\n18\\n...","kind":"act",
     "leaf":"{...}","path":["base64url",...],"ref":"TUR/17","v":1}

`docs/reference/verify.md` gives every step, for a second verifier in another language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comity.core import canonical, charter, merkle
from comity.core.act import Act, Cut, Ref, covers
from comity.core.chapter import Mandate, Office, Passage, Powers
from comity.core.charter import Charter
from comity.core.checkpoint import Note, cosigners, parse_note, require_author
from comity.core.entry import Leaf, commit, parse_leaf, person_signed
from comity.core.errors import Broken, Malformed, Refused
from comity.core.fold import Fold
from comity.core.keys import key_id, unb64
from comity.core.log import Evidence
from comity.core.merkle import Edge

__all__ = ["ActProof", "Chain", "FaultProof", "Proved", "Verdict", "read_content", "verify_proof"]

LIMIT = 128 * 1024 * 1024
ACCEPTED = "charter.accepted/1"


class Proved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An act with its audit path to a head: leaf as text, content in base64url (absent: not shown)."""

    ref: str
    leaf: str
    path: Annotated[list[str], Meta(max_length=66)]
    content: str = ""


class Chain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party's charter acts after the charter itself, each proved into one signed head of its log."""

    head: str
    acts: list[Proved]


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


def verify_proof(raw: bytes, thing: str = "proof") -> Verdict:
    """Check a proof file to the last byte. Raises `Malformed` (not a proof) or `Broken` (proves nothing)."""
    if len(raw) > LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {LIMIT}")
    kinds: Any = ActProof | FaultProof
    proof: ActProof | FaultProof = canonical.parse(raw.rstrip(b"\n"), kinds, thing)
    if proof.v != 1:
        raise Malformed(thing, f"is of version {proof.v}; this program reads 1: update it")
    founded = charter.parse_charter(canonical.encode(proof.charter), f"{thing}: charter")
    keys = _Keys(founded, proof.chains, thing)
    return (
        _verify_act(proof, keys, thing) if isinstance(proof, ActProof) else _verify_fault(proof, keys, thing)
    )


def _verify_act(proof: ActProof, keys: _Keys, thing: str) -> Verdict:
    note = parse_note(proof.head.encode(), f"{thing}: head")
    leaf, content = keys.proved(proof.act, note)
    ref = Ref.parse(proof.act.ref)
    person = ""
    if leaf.signature is not None:
        person = keys.person(leaf, ref)
        if not person:
            raise Broken(
                f"{thing}: {ref}", "the person's signature does not verify under a key of its office"
            )
    return Verdict(
        **keys.common(note),
        ref=str(ref),
        kind=leaf.kind,
        office=leaf.office,
        time=leaf.time,
        docket=leaf.docket or str(ref),
        content=content,
        person=person,
    )


def _verify_fault(proof: FaultProof, keys: _Keys, thing: str) -> Verdict:
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
    return Verdict(**keys.common(notes[-1]), fault=fault)


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


class _Setting:
    """What the charter's rules may know (`comity.core.chapter.Setting`), as of one act."""

    def __init__(self, keys: _Keys, cut: Cut) -> None:
        self._keys, self._cut = keys, cut
        self.mechanism: str = keys.mechanism
        self.parties: Sequence[str] = keys.codes

    def mandate(self, _ref: str) -> Mandate | None:
        return None

    def passage(self, _ref: str) -> Passage | None:
        return None

    def opening(self, _docket: Ref) -> Act | None:
        return None

    def offices(self, party: str) -> Mapping[str, Office]:
        return self._keys.offices(party, self._cut.get(party, 0))

    def powers(self, party: str) -> Sequence[Powers]:
        return self._keys.half(party, self._cut.get(party, 0)).powers

    def signer(self, act: Act) -> Office | None:
        found = (office for office in self.offices(act.party).values() if office.key and act.signer)
        return next((office for office in found if key_id(office.key) == act.signer), None)

    def active(self, _chapter: str) -> bool:
        return True


class _Keys:
    """The parties' keys as the charter and the proved charter acts give them, by the charter's own rules."""

    def __init__(self, founded: Charter, chains: Mapping[str, Chain], thing: str) -> None:
        self._charter, self._thing = founded, thing
        self.mechanism, self.codes = founded.id, founded.codes
        self._folds: dict[str, Fold] = {}
        for card in founded.parties:
            ref = Ref(card.party, 0)
            beginning = datetime(1, 1, 1, tzinfo=UTC)
            accepted = charter.Accepted(founded)
            signer = key_id(card.root[0])
            act = Act(ref, ACCEPTED, ref, beginning, charter.ROOT, "", (), {}, "", accepted, signer)
            fold = self._folds[card.party] = Fold(ref, charter.CHAPTER, self.codes)
            fold.admit(act, _Setting(self, act.past))
        for party, chain in chains.items():
            if party not in self.codes:
                raise Malformed(self._thing, f"has a chain of {party[:8]!r}, which is no party")
            self._follow(party, chain)

    def _follow(self, party: str, chain: Chain) -> None:
        """Take in a party's further charter acts: each in the log, in order, and allowed by the charter's rules."""
        note = parse_note(chain.head.encode(), f"{self._thing}: head of {party}")
        if note.checkpoint.party != party:
            raise Malformed(self._thing, f"its chain of {party} has a head of {note.checkpoint.party}")
        last = 0
        for proved in chain.acts:
            ref = Ref.parse(proved.ref)
            leaf, _ = self._in_tree(proved, note)
            if ref.party != party or ref.number <= last or leaf.docket != f"{party}/0":
                raise Malformed(self._thing, f"{ref} is not the next charter act of {party}")
            last = ref.number
            kind = charter.CHAPTER.kind(leaf.kind)
            if kind is None:
                continue
            _, body = read_content(unb64_any(proved.content, self._thing), kind.body, str(ref))
            answers = tuple(Ref.parse(answer) for answer in leaf.answers)
            signer = leaf.signature.key if leaf.signature is not None and self.person(leaf, ref) else ""
            act = Act(
                ref, leaf.kind, Ref(party, 0), leaf.time, leaf.office, leaf.mandate, answers, leaf.seen,
                leaf.content, body, signer,
            )  # fmt: skip
            try:
                self._folds[party].admit(act, _Setting(self, act.past))
            except Refused as refusal:
                raise Broken(
                    f"{self._thing}: {ref}", f"the charter's rules forbid it: {refusal}"
                ) from refusal
        self.author(note)

    def half(self, party: str, below: int = 1 << 62) -> charter.Half:
        """The party's charter acts, folded up to a number in its log."""
        half: charter.Half = self._folds[party].half(party, below)[1]
        return half

    def offices(self, party: str, below: int) -> dict[str, Office]:
        """The offices that the party had filled, the root key's holder among them."""
        root = charter.root_office(self._charter.card(party))
        return {root.name: root} | {office.name: office for office in self.half(party, below).offices}

    def author(self, note: Note) -> None:
        head = note.checkpoint
        if head.mechanism != self.mechanism:
            raise Malformed(self._thing, "its head is of another mechanism than its charter")
        if head.party not in self.codes:
            raise Malformed(self._thing, f"its head is of {head.party}, which is no party")
        require_author(note, self.half(head.party).valid("node", head.size))

    def proved(self, proved: Proved, note: Note) -> tuple[Leaf, Any]:
        self.author(note)
        return self._in_tree(proved, note)

    def _in_tree(self, proved: Proved, note: Note) -> tuple[Leaf, Any]:
        ref, head = Ref.parse(proved.ref), note.checkpoint
        raw = proved.leaf.encode()
        leaf = parse_leaf(raw, f"{self._thing}: {ref}")
        path = [unb64(step, 32, f"{self._thing}: path") for step in proved.path]
        if ref.party != head.party:
            raise Broken(f"{self._thing}: {ref}", f"its head is of the log of {head.party}")
        if merkle.root_from_inclusion(ref.number, head.size, merkle.leaf_hash(raw), path) != head.root:
            raise Broken(f"{self._thing}: {ref}", "does not lie in the log of its head")
        content = None
        if proved.content:
            held = unb64_any(proved.content, self._thing)
            if commit(held) != leaf.content:
                raise Broken(f"{self._thing}: {ref}", "its content does not match the hash in its leaf")
            content = canonical.decode(held[32:], f"{self._thing}: content of {ref}", fractions=False)
        return leaf, content

    def person(self, leaf: Leaf, ref: Ref) -> str:
        """The office whose key signed the leaf, or nothing."""
        for office in self.offices(ref.party, ref.number).values():
            named = leaf.signature is not None and office.key and key_id(office.key) == leaf.signature.key
            if named and person_signed(leaf, self.mechanism, str(ref), office.key):
                return str(office.name)
        return ""

    def common(self, note: Note) -> dict[str, Any]:
        head = note.checkpoint
        node_keys = {party: self.half(party).valid("node") for party in self.codes if party != head.party}
        return {
            "mechanism": self.mechanism,
            "names": self._charter.names,
            "fingerprints": {card.party: charter.card_fingerprint(card) for card in self._charter.parties},
            "party": head.party,
            "size": head.size,
            "countersigned": cosigners(note, node_keys),
        }


def read_content(content: bytes, kind: type[Any], thing: str) -> tuple[bytes, Any]:
    """The salt and the parsed body of an act's content. Raises `Malformed`."""
    if len(content) < 34:
        raise Malformed(thing, "its content is too short to hold a salt and a body")
    return content[:32], canonical.parse(content[32:], kind, f"content of {thing}")


def unb64_any(text: str, thing: str) -> bytes:
    """base64url of any length. Raises `Malformed`."""
    return unb64(text, len(text) * 3 // 4, thing)
