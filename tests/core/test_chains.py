"""The parties' keys as a proof's chains give them: each charter act in its log, and allowed by the charter's rules.

Seen to fail: with the chain's head not required to be signed, and with the acts' numbers not required to grow.
"""

from __future__ import annotations

import msgspec
import pytest
from tests.worlds.world import World, key

from comity.core import canonical
from comity.core.act import Ref
from comity.core.chains import Chain, Keys, read_content, unb64_any
from comity.core.charter import KeyAdded, OfficeFilled
from comity.core.checkpoint import parse_note
from comity.core.errors import Broken, Malformed
from comity.core.proof import DocketProof
from comity.node.proving import docket_proof

replace = msgspec.structs.replace


def made() -> tuple[World, DocketProof]:
    """A mechanism in which TUR added a key, filled an office, and then put a pact."""
    world = World.founded()
    root = key("TUR", "root")
    world.say(
        "TUR", "charter.key_added/1", KeyAdded(key("TUR", "node2").public, "node"), Ref("TUR", 0), signer=root
    )
    filled = OfficeFilled("mfa", {"en": "MFA"}, key=key("JOR", "root").public)
    world.say("TUR", "charter.office_filled/1", filled, Ref("TUR", 0), signer=root)
    docket = world.put("TUR", "text")
    world.meet()
    return world, docket_proof(world.nodes["IRQ"], docket, [docket])


def keys(proof: DocketProof, chain: Chain | None = None) -> Keys:
    return Keys(proof.charter, proof.chains if chain is None else {"TUR": chain}, "test")


def test_offices_and_keys_stand_as_the_chain_leaves_them() -> None:
    """At every number of the log, as the acts below it say."""
    _, proof = made()
    known = keys(proof)
    assert [set(known.offices("TUR", below)) for below in (0, 2, 3)] == [{"root"}, {"root"}, {"root", "mfa"}]
    assert known.half("TUR", 1).valid("node") == [key("TUR", "node").public]
    assert known.half("TUR").valid("node") == [key("TUR", "node").public, key("TUR", "node2").public]
    assert known.half("IRQ").valid("node") == [key("IRQ", "node").public]


def test_a_chain_that_is_not_the_partys_own_log_in_order_is_refused() -> None:
    """Doubled, reversed, under another party's head, under a head that nobody signed."""
    world, proof = made()
    chain = proof.chains["TUR"]
    assert keys(proof, chain)
    irq = world.nodes["TUR"].logs["IRQ"].head
    assert irq is not None
    for wrong in (
        replace(chain, acts=[*chain.acts, chain.acts[-1]]),
        replace(chain, acts=chain.acts[::-1]),
        replace(chain, head=irq.encode().decode()),
    ):
        with pytest.raises(Malformed):
            keys(proof, wrong)
    note = parse_note(chain.head.encode())
    unsigned = note._replace(lines=tuple(line for line in note.lines if line.name.endswith("IRQ")))
    with pytest.raises(Broken):
        keys(proof, replace(chain, head=unsigned.encode().decode()))


def test_only_lines_that_verify_are_believed() -> None:
    """A stranger's line, and a false one, fall away; the author's and the other party's stay."""
    _, proof = made()
    known, note = keys(proof), parse_note(proof.heads["TUR"].encode())
    assert known.believed(note) == note
    assert set(known.countersigned(note)) == {"IRQ"}
    stranger = note.lines[0]._replace(name="somebody")
    false = note.lines[1]._replace(blob=note.lines[1].blob[:-1] + bytes([note.lines[1].blob[-1] ^ 1]))
    assert known.believed(note._replace(lines=(*note.lines, stranger, false))) == note


def test_a_content_is_read_with_its_salt_and_in_its_one_form() -> None:
    """Too short, another field, or bytes after it: malformed."""
    body = KeyAdded("k", "node")
    raw = bytes(32) + canonical.encode(body)
    assert read_content(raw, KeyAdded, "TUR/1") == (bytes(32), body)
    for wrong in (raw[:33], raw + b" ", bytes(32) + b'{"key":"k"}'):
        with pytest.raises(Malformed):
            read_content(wrong, KeyAdded, "TUR/1")
    assert unb64_any("YQ", "x") == b"a"
    with pytest.raises(Malformed):
        unb64_any("YR", "x")
