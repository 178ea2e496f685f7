"""Proof files: what a stranger concludes from them, and every way in which one can fail to prove.

Seen to fail: with the content's hash not compared, the path not led to the head's root, the author's signature not
required, charter acts believed without the charter's rules, and a later key believed for an earlier head.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.worlds import pact
from tests.worlds.faulty import copy_of
from tests.worlds.world import World, key

from comity.core import canonical
from comity.core.act import Ref
from comity.core.charter import ROOT, KeyAdded, KeyRevoked, OfficeFilled
from comity.core.checkpoint import cosign, parse_note, sign
from comity.core.errors import Broken, Malformed
from comity.core.keys import b64
from comity.core.proof import verify_proof
from comity.node.proving import prove, prove_fault


def world() -> tuple[World, Ref]:
    made = World.founded()
    docket = made.put("TUR", "The text")
    for _ in range(3):
        made.note("TUR", docket, "a remark")
    made.meet()
    return made, docket


def proof(made: World, ref: Ref, at: str = "IRQ", **how: Any) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(prove(made.nodes[at], ref, **how))
    return raw


def verdict(data: Any) -> Any:
    return verify_proof(canonical.encode(data))


def changed(data: Any, value: Any, *path: Any) -> Any:
    """The proof with another value at a place."""
    data = json.loads(json.dumps(data))
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data


def test_a_proof_shows_who_said_what_when_and_who_had_seen_it() -> None:
    """With the content, and the countersignature of the other party."""
    made, docket = world()
    shown = verdict(proof(made, docket))
    assert (shown.ref, shown.party, shown.kind, shown.office, shown.docket) == (
        "TUR/1",
        "TUR",
        "pact.put/1",
        ROOT,
        "TUR/1",
    )
    assert shown.content["text"] == "The text"
    assert shown.mechanism == made.charter.id
    assert set(shown.countersigned) == {"IRQ"}
    assert set(shown.fingerprints) == {"IRQ", "TUR"}
    assert not shown.fault
    assert shown.time.tzinfo is not None


def test_a_content_that_may_name_people_is_shown_only_when_asked_for() -> None:
    """The leaf alone proves that something was said; the content follows where its holder gives it."""
    made, _ = world()
    assert verdict(proof(made, Ref("TUR", 2))).content is None
    assert verdict(proof(made, Ref("TUR", 2), with_content=True)).content == {"text": "a remark"}


def test_a_proof_of_something_else_is_broken() -> None:
    """Another number, another log, another leaf, content, path, head, charter: told, never believed."""
    made, docket = world()
    good, other = proof(made, docket), proof(made, Ref("IRQ", 0))
    assert verdict(good)
    note = made.nodes["IRQ"].logs["TUR"].head
    assert note is not None
    forged = (
        note._replace(checkpoint=note.checkpoint._replace(size=note.checkpoint.size + 1)).encode().decode()
    )
    unsigned = (
        note._replace(lines=tuple(line for line in note.lines if not line.name.endswith("/TUR")))
        .encode()
        .decode()
    )
    names = changed(good["charter"], "Other", "names", "en")
    cases = [
        changed(good, "TUR/2", "act", "ref"), changed(good, "IRQ/1", "act", "ref"), changed(good, "TUR/999", "act", "ref"),
        changed(good, other["act"]["leaf"], "act", "leaf"), changed(good, other["act"]["content"], "act", "content"),
        changed(good, b64(bytes(32) + b'{"text":"Another text"}'), "act", "content"), changed(good, b64(b"short"), "act", "content"),
        changed(good, good["act"]["path"][:-1], "act", "path"), changed(good, good["act"]["path"] * 2, "act", "path"),
        changed(good, good["act"]["path"][::-1], "act", "path"), changed(good, other["head"], "head"), changed(good, forged, "head"),
        changed(good, unsigned, "head"), changed(good, names, "charter"), changed(good, "fault", "kind"), changed(good, 2, "v"),
        changed(good, {"IRQ": {"head": other["head"], "acts": [other["act"]]}}, "chains"),
        changed(good, {"XXX": {"head": other["head"], "acts": []}}, "chains"),
        changed(good, {"TUR": {"head": other["head"], "acts": []}}, "chains"),
    ]  # fmt: skip
    for number, case in enumerate(cases):
        with pytest.raises((Broken, Malformed)):
            pytest.fail(f"case {number} proves {verdict(case)}")


def test_a_countersignature_that_does_not_verify_is_not_shown() -> None:
    """The act is proved without it; a stranger's name beside it would be a lie."""
    made, docket = world()
    good = proof(made, docket)
    note = parse_note(good["head"].encode())
    plain = note._replace(lines=tuple(line for line in note.lines if line.name.endswith("/TUR")))
    false = cosign(plain, "IRQ", [key("JOR", "node")], 100)
    assert verdict(changed(good, false.encode().decode(), "head")).countersigned == {}


# ------------------------------------------------------------------------------------- keys that change


def with_new_key(revoke: bool = True) -> tuple[World, Ref, Ref]:
    """A world in which TUR's node key was changed: an act before, and one after that."""
    made, docket = world()
    root = key("TUR", "root")
    made.say(
        "TUR", "charter.key_added/1", KeyAdded(key("TUR", "node2").public, "node"), Ref("TUR", 0), signer=root
    )
    made.meet()
    if revoke:
        made.say(
            "TUR", "charter.key_revoked/1", KeyRevoked(key("TUR", "node").public), Ref("TUR", 0), signer=root
        )
        made.meet()
    after = made.note("TUR", docket, "after")
    made.meet()
    return made, docket, after


def test_a_proof_follows_the_keys_through_their_acts() -> None:
    """Heads by the new key are believed because the root key said so, in acts that lie in the log themselves."""
    made, docket, after = with_new_key()
    for ref in (docket, after):
        data = proof(made, ref)
        assert verdict(data).ref == str(ref)
        lines = [line.name for line in parse_note(data["head"].encode()).lines]
        assert any(name.endswith("/TUR") for name in lines)
    with pytest.raises(Broken):
        verdict(changed(proof(made, after), {}, "chains"))


def test_a_head_is_believed_by_the_keys_that_were_in_force_at_its_size() -> None:
    """An old head stays proved after its key was revoked; a later key signs no earlier head."""
    made, docket = world()
    early = proof(made, docket)
    root = key("TUR", "root")
    made.say(
        "TUR", "charter.key_added/1", KeyAdded(key("TUR", "node2").public, "node"), Ref("TUR", 0), signer=root
    )
    made.say(
        "TUR", "charter.key_revoked/1", KeyRevoked(key("TUR", "node").public), Ref("TUR", 0), signer=root
    )
    made.meet()
    both = changed(early, proof(made, docket)["chains"], "chains")
    assert verdict(both).size == verdict(early).size == 5
    later = sign(parse_note(early["head"].encode()).checkpoint, [key("TUR", "node2")])
    with pytest.raises(Broken):
        verdict(changed(both, later.encode().decode(), "head"))


def test_a_chain_that_leaves_out_or_reorders_acts_proves_nothing_more() -> None:
    """An act of another party, out of order, without content, or not allowed by the charter's rules."""
    made, _, after = with_new_key()
    good = proof(made, after)
    acts = good["chains"]["TUR"]["acts"]
    assert [act["ref"] for act in acts] == ["TUR/5", "TUR/6"]
    for wrong in (
        acts[::-1],
        [acts[0], acts[0]],
        acts[1:],
        [],
        [{**acts[0], "content": ""}, acts[1]],
        [{**acts[0], "ref": "TUR/4"}, acts[1]],
    ):
        with pytest.raises((Broken, Malformed)):
            pytest.fail(str(verdict(changed(good, wrong, "chains", "TUR", "acts"))))


def test_an_act_in_a_chain_that_the_root_did_not_sign_is_broken() -> None:
    """A hostile node can put any act into its log; a stranger holds it against the charter's rules all the same."""
    made, docket, _ = with_new_key(revoke=False)
    thief = KeyAdded(key("JOR", "node").public, "node")
    made.force("TUR", "charter.key_added/1", thief, Ref("TUR", 0))
    made.force("TUR", "charter.key_added/1", thief, Ref("TUR", 0), signer=key("TUR", "node"))
    made.meet()
    data = proof(made, docket)
    assert verdict(data).ref == str(docket), "an irregular act must not spoil the proofs of others"
    refs = [act["ref"] for act in data["chains"]["TUR"]["acts"]]
    assert refs == ["TUR/5"]


def test_a_head_signed_by_a_revoked_key_proves_nothing() -> None:
    """The old key may sign heads up to its revocation, and not beyond."""
    made, _, after = with_new_key()
    good = proof(made, after)
    note = parse_note(good["head"].encode())
    forged = sign(note.checkpoint, [key("TUR", "node")])
    with pytest.raises(Broken):
        verdict(changed(good, forged.encode().decode(), "head"))


def test_a_persons_signature_is_shown_with_the_office_that_it_belonged_to() -> None:
    """By the holder of an office as the charter acts fill it; a signature that fits no office is broken."""
    made, docket = world()
    officer = key("JOR", "root")
    filled = OfficeFilled("mfa", {"en": "MFA"}, key=officer.public)
    made.say("TUR", "charter.office_filled/1", filled, Ref("TUR", 0), signer=key("TUR", "root"))
    said = made.say("TUR", "pact.noted/1", pact.Noted("signed"), docket, office="mfa", signer=officer)
    made.meet()
    good = proof(made, said)
    assert verdict(good).person == "mfa"
    with pytest.raises(Broken):
        verdict(changed(good, {}, "chains"))


# ------------------------------------------------------------------------------------------------ faults


def test_a_fork_under_changed_keys_is_proved_too() -> None:
    """The two heads may be signed by keys that came later: the fault proof carries the acts that say so."""
    made, docket, _ = with_new_key()
    other = World(made.parties, lambda party: copy_of(made.stores[party].inner))
    other.now = made.now
    made.note("TUR", docket, "one")
    other.note("TUR", docket, "two")
    made.sync("IRQ", "TUR")
    made.nodes["TUR"], made.stores["TUR"] = other.nodes["TUR"], other.stores["TUR"]
    made.sync("IRQ", "TUR")
    shown = verify_proof(prove_fault(made.nodes["IRQ"], "TUR"))
    assert shown.party == "TUR"
    assert "two histories" in shown.fault


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"null", b"[]", b'{"kind":"act"}', b'{"kind":"other","v":1}', b"x" * 100]
)
def test_what_is_no_proof_is_malformed(raw: bytes) -> None:
    """Nothing, other JSON, an unknown kind."""
    with pytest.raises(Malformed):
        verify_proof(raw)
