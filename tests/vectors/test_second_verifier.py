"""`comity verify` and a verifier written from docs/reference/verify.md alone agree on every file."""

from __future__ import annotations

import functools
import hashlib
import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.vectors import second_verifier
from tests.vectors.second_verifier import BrokenError, MalformedError

from comity.core import canonical, charter, merkle
from comity.core.act import Ref
from comity.core.charter import Card, Charter
from comity.core.checkpoint import parse_note, sign
from comity.core.entry import commit, encode_leaf, parse_leaf
from comity.core.errors import Broken, ComityError
from comity.core.keys import ED25519, ML_DSA, SEALING, b64
from comity.core.log import Page, encode_page, parse_page
from comity.core.proof import verify_proof
from comity.exchange import talk
from comity.node.keystore import SigningKey
from comity.node.proving import prove, prove_fault
from comity.node.record import Draft, Record
from comity.storage.memory import MemoryStore

PARTIES = ("IRQ", "TUR")
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


@functools.cache
def proofs() -> dict[str, bytes]:
    pair = rotated()
    found = {
        f"act {ref} from {node}": prove(pair.nodes[node], ref)
        for node in PARTIES
        for ref in (Ref("TUR", 0), Ref("TUR", 4), Ref("IRQ", 1), Ref("IRQ", 2))
    }
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
    """The same verdict, save that a countersignature fell away, the content is not shown, or a chain unused here is gone."""
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
