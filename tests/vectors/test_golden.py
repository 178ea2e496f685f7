"""Our own bytes, written down once: what was hashed and signed then is read, hashed and verified the same for ever.

The files are never edited. A new version of a format gets a new file; the old one stays and goes on being read.
Seen to fail: with one letter of `_DOMAIN` changed in `entry`, with the seen lines unsorted, with another key hash.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.worlds.world import card, charter_of, key

from comity.core import canonical, merkle
from comity.core.charter import card_fingerprint, make_card, parse_card, parse_charter
from comity.core.checkpoint import cosign, cosigners, parse_note, require_author, sign
from comity.core.entry import commit, encode_leaf, leaf_hash, parse_leaf, person_signed, signed_bytes
from comity.core.log import encode_page, parse_page
from comity.core.proof import verify_proof

GOLDEN = Path(__file__).parent / "golden"
DIGESTS = {
    "charter.json": "6ddd5df4ceec469418b59d35d9af230b11f60c2bc1fd1f6d80ae90c3ce8efdbc",
    "checkpoint.json": "20200d41bc4314884c050ae8dd7002c93a38d97c475b562ab63d711295106431",
    "leaf.json": "7135f7c226c695a8984482ac76ffe6a3fa578b33be498f4303ed426b73e4639b",
    "merkle.json": "3915c5179b172c3c81da615a9b4aec738d66947eba4604a6f791c7802c9453b1",
    "page.json": "358a50c137c599b9b76e1aa7a4e151d53e66bb2b7caaba90b4e4d9ee917d92a9",
    "proof.json": "71ceec26409e3a618fab62fb9be1cf6873dd75d1c6797f2326951c4d0ca75d35",
}


def golden(name: str) -> Any:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def test_golden_vectors_are_never_edited() -> None:
    """Each file is the one that was written down; a new one is entered here with its digest."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in GOLDEN.glob("*.json")}
    assert found == DIGESTS


@pytest.mark.parametrize("vector", golden("leaf.json"), ids=lambda vector: vector["what"])
def test_a_leaf_is_read_hashed_and_signed_as_ever(vector: dict[str, str]) -> None:
    """The bytes, the leaf hash, the content's salted hash, the bytes that a person signs."""
    raw = vector["leaf"].encode()
    leaf = parse_leaf(raw)
    assert encode_leaf(leaf) == raw
    assert leaf_hash(raw) == vector["leaf_hash"]
    assert leaf.time == datetime(2024, 8, 1, 9, 30, tzinfo=UTC)
    if "content" in vector:
        assert commit(bytes.fromhex(vector["content"])) == vector["commitment"] == leaf.content
    if "signed" in vector:
        assert signed_bytes(leaf, vector["mechanism"], vector["place"]).hex() == vector["signed"]
        assert person_signed(leaf, vector["mechanism"], vector["place"], vector["key"])
        assert not person_signed(leaf, vector["mechanism"], "IRQ/6", vector["key"]), (
            "bound to its place in the log"
        )
        assert not person_signed(leaf, "B" * 43, vector["place"], vector["key"]), "bound to its mechanism"


def test_a_charter_has_the_identifier_that_it_always_had() -> None:
    """The mechanism's name, the fingerprints that were read aloud, and the card as it was signed."""
    vector = golden("charter.json")
    charter = parse_charter(vector["charter"].encode())
    assert charter == charter_of(("IRQ", "TUR"), ("instruments", "meetings"))
    assert charter.id == vector["id"]
    assert canonical.encode(charter).decode() == vector["charter"]
    assert {one.party: card_fingerprint(one) for one in charter.parties} == vector["fingerprints"]
    assert parse_card(vector["card"].encode()) == card("TUR")
    assert make_card(card("TUR"), [key("TUR", "root")]).decode() == vector["card"]


def test_a_checkpoint_is_signed_and_verified_as_ever() -> None:
    """The text, both kinds of signature lines, and the cosignatures with their time."""
    vector = golden("checkpoint.json")
    note = parse_note(vector["note"].encode())
    assert note.encode().decode() == vector["note"]
    assert note.checkpoint.text() == vector["text"]
    require_author(note, vector["author"])
    assert cosigners(note, {"IRQ": vector["cosigner"]}) == {"IRQ": vector["time"]}
    for place in (0, 1):  # each of the two cosignatures holds by itself
        assert cosigners(note, {"IRQ": [vector["cosigner"][place]]}) == {"IRQ": vector["time"]}
    again = sign(note.checkpoint, [key("TUR", "node")])
    both = cosign(again, "IRQ", [key("IRQ", "node")], vector["time"])
    assert [str(line) for line in (*again.lines, *both.lines[1:])] == vector["ed25519_lines"]


def test_a_page_is_read_as_ever() -> None:
    """What travels between nodes, and lies in pouches that may be opened years later."""
    vector = golden("page.json")
    page = parse_page(bytes.fromhex(vector["page"]))
    assert encode_page(page).hex() == vector["page"]
    assert (page.log, page.start, page.since) == (vector["log"], vector["start"], vector["since"])
    assert [[leaf.decode(), (content or b"").hex()] for leaf, content in page.entries] == vector["entries"]
    assert page.head.decode() == vector["head"]
    assert [step.hex() for step in page.since_path] == vector["since_path"]
    assert [step.hex() for step in page.end_path] == vector["end_path"]


@pytest.mark.parametrize("vector", golden("proof.json"), ids=lambda vector: vector["what"])
def test_a_proof_file_shows_what_it_always_showed(vector: dict[str, Any]) -> None:
    """An act, with and without the docket it opens, and two histories of one party."""
    assert json.loads(msgspec.json.encode(verify_proof(vector["proof"].encode()))) == vector["verdict"]


def test_trees_have_the_roots_and_paths_that_they_always_had() -> None:
    """Roots of up to eleven leaves, inclusion paths, and consistency paths that begin in the old tree."""
    vector = golden("merkle.json")
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(11)]

    def read(level: int, index: int) -> bytes:
        return merkle.root_of(hashes[index << level : (index + 1) << level])

    roots = [bytes.fromhex(root) for root in vector["roots"]]
    assert roots == [merkle.root_of(hashes[:n]) for n in range(12)]
    for one in vector["prefix_proofs"]:
        path = [bytes.fromhex(step) for step in one["path"]]
        assert merkle.prefix_proof(one["old"], one["new"], read) == path
        assert merkle.prefix_roots(one["old"], one["new"], path) == (roots[one["old"]], roots[one["new"]])
    for one in vector["inclusion"]:
        path = [bytes.fromhex(step) for step in one["path"]]
        assert merkle.inclusion_proof(one["index"], one["size"], read) == path
        assert (
            merkle.root_from_inclusion(one["index"], one["size"], hashes[one["index"]], path)
            == roots[one["size"]]
        )
