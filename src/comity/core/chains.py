"""The parties' keys, offices and full powers as a proof shows them: a charter, and the charter acts that changed it.

    {"TUR":{"acts":[{"content":"...","leaf":"{...}","path":[...],"ref":"TUR/2"}],"head":"comity/.../TUR\n18\n..."}}

That is the `chains` of a proof file. Each act is proved into a signed head of its party's log and then judged by the
charter's own rules, so that what follows is what the party's node would say, as far as the chain goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comity.core import canonical, charter, merkle
from comity.core.act import Act, Cut, Ref
from comity.core.chapter import Mandate, Office, Passage, Powers
from comity.core.charter import Charter
from comity.core.checkpoint import Note, believed, cosigners, parse_note, require_author
from comity.core.entry import Leaf, act_from, commit, parse_leaf, person_signed
from comity.core.errors import Broken, Malformed, Refused
from comity.core.fold import Fold
from comity.core.keys import key_id, unb64

__all__ = ["Chain", "Keys", "Proved", "Setting", "read_content", "unb64_any"]

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


class Setting:
    """What the charter's rules may know (`comity.core.chapter.Setting`), as of one act."""

    def __init__(self, keys: Keys, cut: Cut) -> None:
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


class Keys:
    """The parties' keys as the charter and the proved charter acts give them, by the charter's own rules."""

    def __init__(self, founded: Charter, chains: Mapping[str, Chain], thing: str) -> None:
        self.charter, self._thing = founded, thing
        self.mechanism, self.codes = founded.id, founded.codes
        self._folds: dict[str, Fold] = {}
        for card in founded.parties:
            ref = Ref(card.party, 0)
            beginning = datetime(1, 1, 1, tzinfo=UTC)
            accepted = charter.Accepted(founded)
            signer = key_id(card.root[0])
            act = Act(ref, ACCEPTED, ref, beginning, charter.ROOT, "", (), {}, "", accepted, signer)
            fold = self._folds[card.party] = Fold(ref, charter.CHAPTER, self.codes)
            fold.admit(act, Setting(self, act.past))
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
            leaf, content = self.in_tree(proved, note)
            if ref.party != party or ref.number <= last or leaf.docket != f"{party}/0":
                raise Malformed(self._thing, f"{ref} is not the next charter act of {party}")
            last = ref.number
            kind = charter.CHAPTER.kind(leaf.kind)
            if kind is None:
                continue
            _, body = read_content(content, kind.body, str(ref))
            answers = tuple(Ref.parse(answer) for answer in leaf.answers)
            signer = leaf.signature.key if leaf.signature is not None and self.person(leaf, ref) else ""
            act = act_from(ref, leaf, answers, body, signer)
            try:
                self._folds[party].admit(act, Setting(self, act.past))
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
        root = charter.root_office(self.charter.card(party))
        return {root.name: root} | {office.name: office for office in self.half(party, below).offices}

    def author(self, note: Note) -> None:
        """Raise unless a head is of this mechanism and one of its parties, and its author signed it."""
        head = note.checkpoint
        if head.mechanism != self.mechanism:
            raise Malformed(self._thing, "its head is of another mechanism than its charter")
        if head.party not in self.codes:
            raise Malformed(self._thing, f"its head is of {head.party}, which is no party")
        require_author(note, self.half(head.party).valid("node", head.size))

    def proved(self, proved: Proved, note: Note) -> tuple[Leaf, bytes]:
        """As `in_tree`, once the head's author has signed it."""
        self.author(note)
        return self.in_tree(proved, note)

    def in_tree(self, proved: Proved, note: Note) -> tuple[Leaf, bytes]:
        """An act that lies in the log of a head: its leaf, and its content (nothing where it is not shown)."""
        ref, head = Ref.parse(proved.ref), note.checkpoint
        raw = proved.leaf.encode()
        leaf = parse_leaf(raw, f"{self._thing}: {ref}")
        path = [unb64(step, 32, f"{self._thing}: path") for step in proved.path]
        if ref.party != head.party:
            raise Broken(f"{self._thing}: {ref}", f"its head is of the log of {head.party}")
        if merkle.root_from_inclusion(ref.number, head.size, merkle.leaf_hash(raw), path) != head.root:
            raise Broken(f"{self._thing}: {ref}", "does not lie in the log of its head")
        held = unb64_any(proved.content, self._thing)
        if held:
            if commit(held) != leaf.content:
                raise Broken(f"{self._thing}: {ref}", "its content does not match the hash in its leaf")
            canonical.decode(held[32:], f"{self._thing}: content of {ref}", fractions=False)
        return leaf, held

    def person(self, leaf: Leaf, ref: Ref) -> str:
        """The office whose key signed the leaf, or nothing."""
        for office in self.offices(ref.party, ref.number).values():
            named = leaf.signature is not None and office.key and key_id(office.key) == leaf.signature.key
            if named and person_signed(leaf, self.mechanism, str(ref), office.key):
                return str(office.name)
        return ""

    def mechanism_facts(self) -> dict[str, Any]:
        """What every verdict tells: the mechanism, its names, and the fingerprint of each party's card."""
        return {
            "mechanism": self.mechanism,
            "names": self.charter.names,
            "fingerprints": {card.party: charter.card_fingerprint(card) for card in self.charter.parties},
        }

    def countersigned(self, note: Note) -> dict[str, int]:
        """Party -> POSIX time of each other party's countersignature on a head that verifies."""
        return cosigners(note, self._others(note))

    def believed(self, note: Note) -> Note:
        """A head with only those of its signature lines that verify."""
        head = note.checkpoint
        return believed(note, self.half(head.party).valid("node", head.size), self._others(note))

    def _others(self, note: Note) -> dict[str, list[str]]:
        own = note.checkpoint.party
        return {party: self.half(party).valid("node") for party in self.codes if party != own}


def read_content(content: bytes, kind: type[Any], thing: str) -> tuple[bytes, Any]:
    """The salt and the parsed body of an act's content. Raises `Malformed`."""
    if len(content) < 34:
        raise Malformed(thing, "its content is too short to hold a salt and a body")
    return content[:32], canonical.parse(content[32:], kind, f"content of {thing}")


def unb64_any(text: str, thing: str) -> bytes:
    """base64url of any length. Raises `Malformed`."""
    return unb64(text, len(text) * 3 // 4, thing)
