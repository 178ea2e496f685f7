"""`comity verify` and a verifier written from docs/reference/verify.md alone agree on every file."""

from __future__ import annotations

import functools
import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from unittest import mock

import msgspec
import pytest
from tests.vectors import second_verifier
from tests.vectors.second_verifier import BrokenError, MalformedError
from tests.worlds.world import World

from comity.core import canonical, charter, merkle
from comity.core.act import Ref
from comity.core.charter import Card, Charter
from comity.core.checkpoint import parse_note, sign
from comity.core.entry import Leaf, PersonSignature, commit, encode_leaf, parse_leaf, signed_bytes
from comity.core.errors import Broken, ComityError, Malformed
from comity.core.keys import ED25519, ML_DSA, SEALING, b64, key_id
from comity.core.log import Page, encode_page, parse_page
from comity.core.proof import verify_proof
from comity.exchange import talk
from comity.node.keystore import SigningKey
from comity.node.proving import prove, prove_docket, prove_fault
from comity.node.record import Draft, Record
from comity.storage.memory import MemoryStore

PARTIES = CODES = ("IRQ", "TUR")
MUTATIONS_OF_EACH = 60


@functools.cache
def key(name: str, kind: str = ED25519) -> SigningKey:
    return SigningKey.from_secret(kind, hashlib.sha256(name.encode()).digest())


def card(party: str) -> Card:
    sealing = hashlib.shake_256(party.encode()).digest(1216)
    node = [key(f"{party} node").public, key(f"{party} node", ML_DSA).public]
    return Card(
        {"en": party, "ar": "العراق"},
        node,
        party,
        [key(f"{party} root").public],
        f"{SEALING}:{b64(sealing)}",
        1,
    )


CHARTER = Charter([], {"en": "A mechanism", "tr": "Bir düzenek"}, [card(party) for party in PARTIES], 1)


class Pair:
    """Two nodes that talk, with clocks that tick."""

    def __init__(self) -> None:
        self.now = datetime(2024, 8, 15, 9, tzinfo=UTC)
        keys = [
            key(f"{p} {use}", kind) for p in PARTIES for use in ("node", "new") for kind in (ED25519, ML_DSA)
        ]
        self.signers = {k.public: k for k in keys}
        self.nodes = {
            p: Record(MemoryStore(), CHARTER, p, {}, self.signers.__getitem__, self.clock) for p in PARTIES
        }
        for party in PARTIES:
            self.say(party, "accepted", charter.Accepted(CHARTER))
        self.talk()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def say(
        self, party: str, kind: str, body: object, who: str = "root", answers: tuple[Ref, ...] = ()
    ) -> Ref:
        docket = None if kind == "accepted" else Ref(party, 0)
        signer = key(f"{party} {who}")
        return (
            self.nodes[party].say(Draft(f"charter.{kind}/1", body, who, docket, answers, signer=signer)).ref
        )

    def talk(self) -> None:
        for asker, asked in (PARTIES, PARTIES[::-1], PARTIES):
            talking = talk.converse(self.nodes[asker], asked)
            request = next(talking)
            faults = None
            while faults is None:
                try:
                    request = talking.send(talk.answer(self.nodes[asked], asker, request))
                except StopIteration as over:
                    faults = over.value.faults
            assert faults == {}


def rotated() -> Pair:
    """A mechanism in which Türkiye filled an office that signs, and both changed keys."""
    pair = Pair()
    pair.say("TUR", "key_added", charter.KeyAdded(key("TUR new").public, "node"))
    pair.talk()
    pair.say("TUR", "key_revoked", charter.KeyRevoked(key("TUR node").public, "rotated"))
    office = charter.OfficeFilled(
        "minister", {"en": "Minister"}, "A. Example", key("TUR minister").public, "foreign_minister"
    )
    pair.say("TUR", "office_filled", office)
    pair.talk()
    pair.say(
        "TUR",
        "powers_issued",
        charter.PowersIssued("minister", key("TUR minister").public, "TUR/0"),
        "minister",
    )
    pair.say("IRQ", "key_added", charter.KeyAdded(key("IRQ new", ML_DSA).public, "node"))
    pair.say("IRQ", "address_changed", charter.AddressChanged("https://comity.example"))
    pair.talk()
    return pair


def forged(leaves: list[bytes], seen_of: Record, since: int, first: int = 0) -> Page:
    """A page of Türkiye's log that holds these leaves, with a head that its own keys sign."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]

    def read(level: int, index: int) -> bytes:
        return merkle.root_of(hashes[index << level : (index + 1) << level])

    head = seen_of.logs["TUR"].head
    text = head.checkpoint._replace(size=len(leaves), root=merkle.root_of(hashes))
    note = sign(text, [key("TUR node"), key("TUR node", ML_DSA)])
    path = merkle.prefix_proof(since, len(leaves), read)
    page = Page("TUR", first, [(leaf, None) for leaf in leaves[first:]], note.encode(), since, path, [])
    return parse_page(encode_page(page))


def caught(pair: Pair, page: Page) -> bytes:
    with pytest.raises(Broken):
        pair.nodes["IRQ"].receive(page)
    return prove_fault(pair.nodes["IRQ"], "TUR")


def leaves_of(pair: Pair) -> list[bytes]:
    store = pair.nodes["TUR"].store
    return [entry.leaf for entry in store.entries("TUR", 0, store.size("TUR"))]


def two_histories() -> bytes:
    """Türkiye signed five acts, and then six of which the fourth is another."""
    pair = Pair()
    for at in range(4):
        pair.say("TUR", "address_changed", charter.AddressChanged(f"https://{at}.example"))
    pair.talk()
    leaves = leaves_of(pair)
    other = msgspec.structs.replace(parse_leaf(leaves[3]), content=commit(b"another" * 8))
    return caught(pair, forged([*leaves[:3], encode_leaf(other), leaves[4], leaves[4]], pair.nodes["IRQ"], 5))


def receipt_taken_back() -> bytes:
    """Türkiye signed a receipt, and then, one act later, none."""
    pair = Pair()
    pair.say("TUR", "address_changed", charter.AddressChanged("https://1.example"))
    pair.talk()
    held = pair.nodes["IRQ"].logs["TUR"].head
    page = forged([*leaves_of(pair), leaves_of(pair)[-1]], pair.nodes["IRQ"], held.checkpoint.size)
    note = parse_note(page.head)
    shrunk = sign(note.checkpoint._replace(seen={}), [key("TUR node"), key("TUR node", ML_DSA)])
    return caught(pair, msgspec.structs.replace(page, head=shrunk.encode()))


def seen_taken_back(*, before: int, after: int) -> bytes:
    """Among new acts of Türkiye, one has seen nothing of what the one before it had."""
    pair = Pair()
    pair.say("TUR", "address_changed", charter.AddressChanged("https://1.example"))
    pair.talk()
    leaves = leaves_of(pair)
    blind = encode_leaf(msgspec.structs.replace(parse_leaf(leaves[-1]), seen={}))
    assert parse_leaf(leaves[-1]).seen
    made = [*leaves, *leaves[-1:] * before, blind, *[blind] * after]
    return caught(pair, forged(made, pair.nodes["IRQ"], len(leaves), first=len(leaves)))


def two_logs() -> bytes:
    """Acts of two parties in one docket: the second answers the first."""
    made = World.founded(CODES)
    docket = made.put("TUR", "The text")
    made.meet()
    made.agree("IRQ", docket)
    made.meet()
    return prove_docket(made.nodes["TUR"], docket)


@functools.cache
def proofs() -> dict[str, bytes]:
    pair = rotated()
    found = {
        f"act {ref} from {node}": prove(pair.nodes[node], ref)
        for node in PARTIES
        for ref in (Ref("TUR", 0), Ref("TUR", 4), Ref("IRQ", 1), Ref("IRQ", 2))
    }
    found["docket TUR/0"] = prove_docket(pair.nodes["IRQ"], Ref("TUR", 0))
    found["docket without content"] = prove_docket(pair.nodes["TUR"], Ref("IRQ", 0), with_content=False)
    found["docket of two logs"] = two_logs()
    found["act without content"] = prove(pair.nodes["IRQ"], Ref("TUR", 2), with_content=False)
    found["two histories"] = two_histories()
    found["receipt taken back"] = receipt_taken_back()
    found["seen taken back at once"] = seen_taken_back(before=0, after=0)
    found["seen taken back later"] = seen_taken_back(before=2, after=3)
    return found


def first(raw: bytes) -> dict | None:
    """What Comity says: the verdict as plain data, None if it refuses."""
    try:
        said = msgspec.to_builtins(verify_proof(raw))
    except ComityError:
        return None
    if "acts" in said:
        return said | {"acts": list(said["acts"])}
    if said["fault"]:
        said["fault"] = next(
            k for k in ("two histories", "receipt was taken back", "had seen before") if k in said["fault"]
        )
        unset = ("ref", "kind", "office", "time", "docket", "content", "person")
        return {name: value for name, value in said.items() if name not in unset}
    del said["fault"]
    return said


FAULTS = {"two histories": "two histories", "a receipt taken back": "receipt was taken back"}


def second(raw: bytes) -> dict | None:
    """What the verifier from the document says, in the same form."""
    try:
        said = second_verifier.verify(raw)
    except (MalformedError, BrokenError):
        return None
    if "fault" in said:
        said["fault"] = FAULTS.get(said["fault"], "had seen before")
    return said


@pytest.mark.parametrize("name", proofs())
def test_both_verifiers_give_the_same_verdict_on_what_a_node_makes(name):
    said = first(proofs()[name])
    assert said is not None
    assert said == second(proofs()[name])


def test_the_verdicts_say_what_was_done():
    act = second(proofs()["act TUR/4 from IRQ"])
    assert (act["ref"], act["person"], act["kind"]) == ("TUR/4", "minister", "charter.powers_issued/1")
    assert act["countersigned"].keys() == {"IRQ"}
    assert act["content"]["office"] == "minister"
    assert second(proofs()["act without content"])["content"] is None
    assert second(proofs()["two histories"])["fault"] == "two histories"
    assert second(proofs()["receipt taken back"])["fault"] == "receipt was taken back"
    assert second(proofs()["seen taken back later"])["fault"] == "had seen before"


# ---------------------------------------------------------------------------- the charter's own rules

SEALING_KEY = f"{SEALING}:{b64(bytes(1216))}"


class Forged(NamedTuple):
    """An act that a dishonest maker puts into Türkiye's log: who signs it, in which office, and what it answers."""

    kind: str
    body: object
    who: str = "root"
    office: str = "root"
    answers: tuple[int, ...] = ()
    docket: str = "TUR/0"


def der(seed: int, size: int = 400, after: bytes = b"") -> str:
    """What has the outer form of a certificate: one DER sequence of so many bytes."""
    length = b"\x81" + bytes([size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return b64(b"0" + length + bytes([seed]) * size + after)


def filled(
    office: str, who: str = "minister", ex_officio: str = "", key_text: str = ""
) -> charter.OfficeFilled:
    holder_key = key_text or key(f"TUR {who}").public
    return charter.OfficeFilled(office, {"en": office}, "", holder_key, ex_officio)


@functools.cache
def grown() -> tuple[Pair, bytes]:
    """`rotated`, in which Türkiye also filled an office without a capacity; and a proof of its act 0."""
    pair = rotated()
    pair.say("TUR", "office_filled", filled("clerk", "clerk"))
    pair.talk()
    return pair, prove(pair.nodes["IRQ"], Ref("TUR", 0))


def forged_leaf(act: Forged, number: int) -> tuple[Leaf, bytes]:
    content = hashlib.sha256(b"%d" % number).digest() + canonical.encode(act.body)
    moment = datetime(2024, 9, 1, tzinfo=UTC)
    answers = {f"TUR/{answered}": b64(bytes(32)) for answered in act.answers}
    kind = f"charter.{act.kind}/1"
    leaf = Leaf(commit(content), kind, act.office, {"IRQ": 1}, moment, 1, answers=answers, docket=act.docket)
    if act.who:
        signer = key(f"TUR {act.who}")
        signed = b64(signer.sign(signed_bytes(leaf, CHARTER.id, f"TUR/{number}")))
        leaf = msgspec.structs.replace(leaf, signature=PersonSignature(key_id(signer.public), signed))
    return leaf, content


def with_acts(*acts: Forged) -> bytes:
    """A proof of TUR/0 in which these acts lie in Türkiye's log and in its chain, under a head that its keys sign."""
    pair, whole = grown()
    proof = canonical.decode(whole.rstrip(b"\n"))
    leaves, made = leaves_of(pair), []
    for number, act in enumerate(acts, len(leaves)):
        leaf, content = forged_leaf(act, number)
        made.append((number, encode_leaf(leaf), content))
    leaves += [leaf for _, leaf, _ in made]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]

    def read(level: int, index: int) -> bytes:
        return merkle.root_of(hashes[index << level : (index + 1) << level])

    def proved(number: int, leaf: bytes, content: str) -> dict:
        path = [b64(step) for step in merkle.inclusion_proof(number, len(leaves), read)]
        return {"ref": f"TUR/{number}", "leaf": leaf.decode(), "path": path, "content": content}

    old = parse_note(proof["head"].encode()).checkpoint
    head = old._replace(size=len(leaves), root=merkle.root_of(hashes))
    proof["head"] = sign(head, [key("TUR new"), key("TUR node", ML_DSA)]).encode().decode()
    before = [(int(held["ref"][4:]), held["content"]) for held in proof["chains"]["TUR"]["acts"]]
    chain = [proved(number, leaves[number], content) for number, content in before]
    chain += [proved(number, leaf, b64(content)) for number, leaf, content in made]
    proof["chains"]["TUR"] = {"acts": chain, "head": proof["head"]}
    proof["act"] = proved(0, leaves[0], proof["act"]["content"])
    return canonical.encode(proof)


def refusals(raw: bytes) -> tuple[type[Exception] | None, type[Exception] | None]:
    """What each of the two verifiers refuses the file with, Comity's first."""
    found: list[type[Exception] | None] = [None, None]
    for at, verify in enumerate((verify_proof, second_verifier.verify)):
        try:
            verify(raw)
        except (ComityError, MalformedError, BrokenError) as error:
            found[at] = type(error)
    return found[0], found[1]


NODE_KEY, OFFICER_KEY = key("TUR fresh").public, key("TUR minister").public
REVOKED, LAST = key("TUR node").public, key("TUR new").public
ISSUED = charter.PowersIssued("clerk", OFFICER_KEY, "TUR/0")
ISSUED_AT = (
    4  # what `rotated` and `grown` say: TUR/4 issues full powers, TUR/6 is the first number that is free
)
FREE = 6
ALLOWED = {
    "a node key": [Forged("key_added", charter.KeyAdded(NODE_KEY, "node"))],
    "a key in use as an officer's": [Forged("key_added", charter.KeyAdded(OFFICER_KEY, "node"))],
    "a sealing key": [Forged("key_added", charter.KeyAdded(SEALING_KEY, "sealing"))],
    "said in an office that is not the signer's": [
        Forged("address_changed", charter.AddressChanged("x"), office="clerk")
    ],
    "the last but one key revoked": [
        Forged("key_added", charter.KeyAdded(NODE_KEY, "node")),
        Forged("key_revoked", charter.KeyRevoked(NODE_KEY)),
    ],
    "an office refilled": [Forged("office_filled", filled("clerk", ex_officio="head_of_state"))],
    "an office vacated": [Forged("office_vacated", charter.OfficeVacated("clerk"))],
    "powers by the root key": [Forged("powers_issued", ISSUED)],
    "powers by a capacity": [Forged("powers_issued", ISSUED, "minister", "minister")],
    "powers revoked, and once more": [
        Forged("powers_revoked", charter.PowersRevoked(), answers=(ISSUED_AT,)),
        Forged("powers_revoked", charter.PowersRevoked(), "minister", "minister", answers=(ISSUED_AT,)),
    ],
    "a certificate, and another for the same office": [
        Forged("certificate_named", charter.CertificateNamed("clerk", der(1))),
        Forged("certificate_named", charter.CertificateNamed("clerk", der(2, 200))),
        Forged("certificate_named", charter.CertificateNamed("minister", der(1))),
    ],
    "a certificate that another office had, once that is vacated or filled anew": [
        Forged("certificate_named", charter.CertificateNamed("clerk", der(1))),
        Forged("office_filled", filled("clerk", "clerk")),
        Forged("certificate_named", charter.CertificateNamed("minister", der(1))),
        Forged("office_vacated", charter.OfficeVacated("minister")),
        Forged("certificate_named", charter.CertificateNamed("clerk", der(1))),
    ],
    "a chapter": [Forged("chapter_activated", charter.ChapterActivated("meetings"))],
    "a kind that nobody knows, unsigned": [Forged("unheard_of", {"a": 1}, who="", office="nobody")],
}
FORBIDDEN = {
    "a second acceptance": [Forged("accepted", charter.Accepted(CHARTER))],
    "an officer adds a key": [
        Forged("key_added", charter.KeyAdded(NODE_KEY, "node"), "minister", "minister")
    ],
    "an officer revokes a key": [Forged("key_revoked", charter.KeyRevoked(LAST), "minister")],
    "an officer fills an office": [Forged("office_filled", filled("aide"), "clerk", "clerk")],
    "an officer moves": [Forged("address_changed", charter.AddressChanged("x"), "minister", "minister")],
    "powers by an office without a capacity": [Forged("powers_issued", ISSUED, "clerk", "clerk")],
    "powers revoked by an office without one": [
        Forged("powers_revoked", charter.PowersRevoked(), "clerk", "clerk", (ISSUED_AT,))
    ],
    "nobody signed": [Forged("key_added", charter.KeyAdded(NODE_KEY, "node"), who="")],
    "a stranger signed": [Forged("key_added", charter.KeyAdded(NODE_KEY, "node"), who="stranger")],
    "in an office that is not held": [
        Forged("key_added", charter.KeyAdded(NODE_KEY, "node"), office="president")
    ],
    "the root office vacated": [Forged("office_vacated", charter.OfficeVacated("root"))],
    "the root office filled": [Forged("office_filled", filled("root"))],
    "an office vacated twice": [Forged("office_vacated", charter.OfficeVacated("clerk"))] * 2,
    "an officer after the office was vacated": [
        Forged("office_vacated", charter.OfficeVacated("minister")),
        Forged("powers_issued", ISSUED, "minister", "root"),
    ],
    "an unheard-of capacity": [Forged("office_filled", filled("king", ex_officio="king"))],
    "an office's key that signs nothing": [Forged("office_filled", filled("aide", key_text=SEALING_KEY))],
    "an office's key that is none": [Forged("office_filled", filled("aide", key_text="ed25519:AAAA"))],
    "powers for a key that is none": [
        Forged("powers_issued", charter.PowersIssued("clerk", "nothing", "TUR/0"))
    ],
    "a key that is known": [Forged("key_added", charter.KeyAdded(LAST, "node"))],
    "a key that was revoked": [Forged("key_added", charter.KeyAdded(REVOKED, "node"))],
    "the card's sealing key again": [Forged("key_added", charter.KeyAdded(card("TUR").sealing, "sealing"))],
    "a signing key that seals": [Forged("key_added", charter.KeyAdded(NODE_KEY, "sealing"))],
    "a sealing key that signs": [Forged("key_added", charter.KeyAdded(SEALING_KEY, "node"))],
    "a key of another use": [Forged("key_added", charter.KeyAdded(NODE_KEY, "root"))],
    "a key that nobody has, revoked": [Forged("key_revoked", charter.KeyRevoked(NODE_KEY))],
    "a revoked key, revoked": [Forged("key_revoked", charter.KeyRevoked(REVOKED))],
    "the last key of its type": [Forged("key_revoked", charter.KeyRevoked(LAST))],
    "the last sealing key": [Forged("key_revoked", charter.KeyRevoked(card("TUR").sealing))],
    "powers revoked that were not issued": [
        Forged("powers_revoked", charter.PowersRevoked(), answers=(ISSUED_AT + 1,))
    ],
    "powers revoked before they were issued": [
        Forged("powers_revoked", charter.PowersRevoked(), answers=(FREE + 1,)),
        Forged("powers_issued", ISSUED),
    ],
    "no powers revoked": [Forged("powers_revoked", charter.PowersRevoked())],
    "two powers revoked at once": [
        Forged("powers_issued", ISSUED),
        Forged("powers_revoked", charter.PowersRevoked(), answers=(ISSUED_AT, FREE)),
    ],
    "an answer where there may be none": [
        Forged("address_changed", charter.AddressChanged("x"), answers=(0,))
    ],
    "a certificate of an office that is not held": [
        Forged("certificate_named", charter.CertificateNamed("aide", der(1)))
    ],
    "a certificate of the root office": [
        Forged("certificate_named", charter.CertificateNamed("root", der(1)))
    ],
    "a certificate named by an officer": [
        Forged("certificate_named", charter.CertificateNamed("minister", der(1)), "minister", "minister")
    ],
    "a certificate that is none": [Forged("certificate_named", charter.CertificateNamed("clerk", "MA"))],
    "a certificate with a byte more": [
        Forged("certificate_named", charter.CertificateNamed("clerk", der(1, 300, b"x")))
    ],
    "a certificate whose length is not in its shortest form": [
        Forged("certificate_named", charter.CertificateNamed("clerk", b64(b"0\x82\0\x90" + bytes(144))))
    ],
    "a certificate that is not base64url": [
        Forged("certificate_named", charter.CertificateNamed("clerk", "M+" + der(1)[2:]))
    ],
    "a certificate of another office": [
        Forged("certificate_named", charter.CertificateNamed("clerk", der(1))),
        Forged("certificate_named", charter.CertificateNamed("minister", der(1))),
    ],
    "a chapter twice": [Forged("chapter_activated", charter.ChapterActivated("meetings"))] * 2,
}


@pytest.mark.parametrize("name", ALLOWED)
def test_both_verifiers_take_a_chain_that_the_charter_allows(name):
    raw = with_acts(*ALLOWED[name])
    said = first(raw)
    assert said is not None
    assert said == second(raw)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_to_both_verifiers_a_chain_that_the_charter_forbids_proves_nothing(name):
    assert refusals(with_acts(*FORBIDDEN[name])) == (Broken, BrokenError)


def test_to_both_verifiers_a_chain_of_another_docket_or_party_is_no_proof():
    acts = [Forged("address_changed", charter.AddressChanged("x"), docket="TUR/1")]
    assert refusals(with_acts(*acts)) == (Malformed, MalformedError)
    proof = canonical.decode(with_acts())
    proof["chains"]["USA"] = proof["chains"].pop("TUR")
    assert refusals(canonical.encode(proof)) == (Malformed, MalformedError)


def test_an_office_that_shares_its_key_is_found_in_the_order_of_filling():
    """The minister's key in a second office: the minister's place is the earlier one, until that office is refilled."""
    shared = Forged("office_filled", filled("aide"))
    refilled = Forged("office_filled", filled("minister", ex_officio="foreign_minister"))
    issued = Forged("powers_issued", ISSUED, "minister", "minister")
    assert refusals(with_acts(shared, issued)) == (None, None)
    assert refusals(with_acts(shared, refilled, issued)) == (Broken, BrokenError)


def any_act(chance: random.Random) -> Forged:
    """A charter act of any kind, mostly of things that exist."""
    offices = ("root", "minister", "clerk", "aide")
    keys = (
        NODE_KEY,
        OFFICER_KEY,
        REVOKED,
        LAST,
        SEALING_KEY,
        card("TUR").sealing,
        key("TUR node", ML_DSA).public,
    )
    office = chance.choice(offices)
    body: object = chance.choice(
        (
            charter.KeyAdded(chance.choice(keys), chance.choice(("node", "node", "sealing", "other"))),
            charter.KeyRevoked(chance.choice(keys)),
            filled(office, chance.choice(offices), chance.choice(("", "head_of_state", "king"))),
            charter.OfficeVacated(office),
            charter.PowersIssued(office, chance.choice(keys), "TUR/0"),
            charter.PowersRevoked(),
            charter.CertificateNamed(office, der(chance.choice((1, 1, 2)))),
            charter.ChapterActivated(chance.choice(("meetings", "instruments"))),
            charter.AddressChanged("x"),
        )
    )
    kind = "".join("_" + c.lower() if c.isupper() else c for c in type(body).__name__).lstrip("_")
    answers = (chance.randrange(2, 9),) if (kind == "powers_revoked") != (chance.random() < 0.1) else ()
    who, said_in = (
        chance.choice((*offices, "root", "root", "root")),
        chance.choice((*offices, "root", "root")),
    )
    return Forged(kind, body, who, said_in, answers)


def test_no_chain_of_charter_acts_divides_the_two_verifiers():
    chance, found = random.Random(1961), {True: 0, False: 0}
    for _ in range(400):
        raw = with_acts(*(any_act(chance) for _ in range(chance.randrange(1, 4))))
        said = first(raw)
        assert said == second(raw), raw
        found[said is not None] += 1
    assert min(found.values()) > 20


@pytest.mark.parametrize(
    "time", ["2024-09-01T00:00:00+00:00", "2024-09-01T03:00:00+03:00", "2024-09-01T00:00:00z"]
)
def test_a_time_that_is_not_written_in_utc_is_no_leaf_to_either(time):
    raw = with_acts(Forged("address_changed", charter.AddressChanged("x")))
    assert raw.count(b"2024-09-01T00:00:00Z") == 1
    assert refusals(raw.replace(b"2024-09-01T00:00:00Z", time.encode())) == (Malformed, MalformedError)


@pytest.mark.parametrize("size", [-1, 2**40])
def test_evidence_of_an_impossible_size_is_no_proof_to_either(size):
    proof = canonical.decode(proofs()["two histories"].rstrip(b"\n"))
    proof["evidence"]["size"] = size
    assert refusals(canonical.encode(proof)) == (Malformed, MalformedError)


def test_in_a_docket_proof_every_line_counts_and_every_act_is_of_the_docket():
    """What a stranger would otherwise have to overlook makes the file worthless, to either verifier alike."""
    proof = canonical.decode(proofs()["docket of two logs"].rstrip(b"\n"))
    assert refusals(canonical.encode(proof)) == (None, None)

    def without(*path, value=None):
        data = canonical.decode(canonical.encode(proof))
        at = functools.reduce(lambda inner, name: inner[name], path[:-1], data)
        at[path[-1]] = value
        return canonical.encode(data)

    head = proof["heads"]["TUR"]
    author, countersignature = head.rstrip("\n").split("\n")[-2:]
    assert "/IRQ " in countersignature
    false = head.replace(countersignature, countersignature[:-8] + "AAAAAAA=")
    doubled = head + author.replace("/TUR ", "/JOR ") + "\n"
    for wrong in (false, doubled):
        assert refusals(without("heads", "TUR", value=wrong)) == (Broken, BrokenError)
    assert refusals(without("heads", "TUR", value=proof["heads"]["IRQ"])) == (Malformed, MalformedError)
    assert refusals(without("docket", value="TUR/0")) == (Malformed, MalformedError)
    assert refusals(without("acts", value=proof["acts"][::-1])) == (Malformed, MalformedError)
    assert refusals(without("acts", value=proof["acts"][:1] * 2)) == (Malformed, MalformedError)
    assert refusals(without("acts", value=proof["acts"][:1])) == (Malformed, MalformedError)
    assert refusals(without("acts", value=[])) == (Malformed, MalformedError)
    said = second(proofs()["docket of two logs"])
    assert [act["ref"] for act in said["acts"]] == ["IRQ/1", "TUR/1"]
    assert said["heads"]["TUR"]["countersigned"].keys() == {"IRQ"}


def test_in_a_docket_proof_the_lines_of_the_chains_count_as_well():
    """Of the party that has no act in it, too."""
    proof = canonical.decode(proofs()["docket TUR/0"].rstrip(b"\n"))
    assert "IRQ" not in proof["heads"]
    head = proof["chains"]["IRQ"]["head"]
    last = head.rstrip("\n").split("\n")[-1]
    proof["chains"]["IRQ"]["head"] = head.replace(last, last[:-8] + "AAAAAAA=")
    assert "/TUR " in last
    assert refusals(canonical.encode(proof)) == (Broken, BrokenError)


def test_an_answer_to_another_act_than_the_one_shown_proves_nothing():
    """A party whose own act names a leaf that is not the one in the other log; Comity's nodes find it irregular."""
    made = World.founded(CODES)
    docket = made.put("TUR", "The text")
    with mock.patch("comity.node.saying._answered", return_value=b64(bytes(32))):
        made.withdraw("TUR", docket)
    raw = prove_docket(made.nodes["TUR"], docket)
    assert refusals(raw) == (Broken, BrokenError)


# ---------------------------------------------------------------------------------------- mutations


def flipped(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) - 1)
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def shortened(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) - 1)
    return raw[:start] + raw[min(len(raw) - 1, start + chance.randrange(1, 40)) :]


def places(value, path=()):
    """Every place in JSON data, as the keys that lead to it."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inner:
        yield from places(item, (*path, name))


def changed(raw: bytes, chance: random.Random) -> bytes:
    """Another value, a lost, doubled, exchanged or added one, at some place; canonical again."""
    whole = canonical.decode(raw.rstrip(b"\n"))
    path = chance.choice([path for path in places(whole) if path])
    parent = functools.reduce(lambda value, name: value[name], path[:-1], whole)
    name, value = path[-1], parent[path[-1]]
    match chance.randrange(5):
        case 0:
            del parent[name]
        case 1 if isinstance(parent, list):
            parent.insert(name, value)
        case 2 if isinstance(parent, list):
            parent.reverse()
        case 3 if isinstance(parent, dict):
            parent["extra"] = value
        case _:
            parent[name] = another(value, chance)
    return canonical.encode(whole) + b"\n"


def another(value, chance: random.Random):
    if isinstance(value, str) and len(value) > 1:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice("AZaz019-_/ \n") + value[at + chance.randrange(2) :]
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 2**31, -(2**31)))
    return chance.choice(("", 0, -1, [], {}, None, True, "x"))


@pytest.mark.parametrize("name", proofs())
def test_no_changed_file_divides_the_two_verifiers(name):
    """At least 500 changed files in all; what is not refused by both changes nothing but what counts for nothing."""
    raw, chance = proofs()[name], random.Random(name)
    whole, refused, made = first(raw), 0, 0
    while made < MUTATIONS_OF_EACH:
        mutated = chance.choice((flipped, shortened, changed, changed))(raw, chance)
        if mutated == raw:
            continue
        made += 1
        said = first(mutated)
        assert said == second(mutated), mutated
        refused += said is None
        if said is not None:
            assert weaker(said, whole)
    assert refused > MUTATIONS_OF_EACH * 3 // 4


def weaker(said: dict, whole: dict) -> bool:
    """The same verdict, save that a countersignature fell away, an act or its content is not shown, or a chain unused
    here is gone.
    """
    if "acts" in said:
        known = {act["ref"]: act for act in whole["acts"]}
        same = {name: value for name, value in whole.items() if name not in {"acts", "heads"}}
        shown = (act | {"content": known[act["ref"]]["content"]} == known[act["ref"]] for act in said["acts"])
        return same.items() <= said.items() and all(shown) and said["heads"].items() <= whole["heads"].items()
    same = {name: value for name, value in whole.items() if name not in {"countersigned", "content"}}
    return (
        same.items() <= said.items()
        and said["countersigned"].items() <= whole["countersigned"].items()
        and said.get("content") in (None, whole.get("content"))
    )


def test_what_the_faults_here_are_made_with_is_sound():
    """The function that forges pages makes one that a node takes, where it is given the true leaves."""
    pair = Pair()
    pair.say("TUR", "address_changed", charter.AddressChanged("https://1.example"))
    page = forged(leaves_of(pair), pair.nodes["IRQ"], 1, first=1)
    page.entries[0] = pair.nodes["TUR"].store.entries("TUR", 1, 2)[
        0
    ]  # with its content, which no act goes without
    assert pair.nodes["IRQ"].receive(page) == 1
