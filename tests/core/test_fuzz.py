"""10,000 inputs to every parser of the core: no exception but `Malformed` (and `Broken` where signatures are checked).

Seen to fail: with `ValueError`, `RecursionError` or `UnicodeError` taken out of the handlers of each parser. Every parser is held besides to reading back what it accepted as the very same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.core.fuzz import inputs

from comity.core import canonical, charter, checkpoint, entry, keys, log, proof
from comity.core.act import Ref
from comity.core.errors import Broken, Malformed
from comity.core.log import Evidence
from comity.exchange import talk

COUNT = 10_000
GOLDEN = Path(__file__).parents[1] / "vectors" / "golden"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


LEAVES = [vector["leaf"].encode() for vector in golden("leaf")]
NOTE = golden("checkpoint")["note"].encode()
PAGE = bytes.fromhex(golden("page")["page"])
PROOFS = [vector["proof"].encode() for vector in golden("proof")]
CHARTER, CARD = golden("charter")["charter"].encode(), golden("charter")["card"].encode()
EVIDENCE = canonical.encode(json.loads(PROOFS[-1])["evidence"])
KEYS = [golden("charter")["id"].encode(), *(key.encode() for key in golden("checkpoint")["author"])]


def text(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda raw: parse(raw.decode("utf-8", "surrogateescape"))


def notes_and_checks(raw: bytes) -> Any:
    note = checkpoint.parse_note(raw)
    checkpoint.require_author(note, golden("checkpoint")["author"])
    checkpoint.cosigners(note, {"IRQ": golden("checkpoint")["cosigner"]})
    return note


PARSERS: dict[str, tuple[Callable[[bytes], Any], list[bytes], Callable[[Any], bytes] | None]] = {
    "leaf": (entry.parse_leaf, LEAVES, entry.encode_leaf),
    "note": (checkpoint.parse_note, [NOTE], lambda note: note.encode()),
    "note with its signatures": (notes_and_checks, [NOTE], lambda note: note.encode()),
    "page": (log.parse_page, [PAGE], None),
    "card": (charter.parse_card, [CARD, CARD + b"\n"], None),
    "charter": (charter.parse_charter, [CHARTER], None),
    "canonical JSON": (
        canonical.decode,
        [*LEAVES, CHARTER, *(one.strip() for one in PROOFS)],
        canonical.encode,
    ),
    "evidence": (lambda raw: canonical.parse(raw, Evidence, "evidence"), [EVIDENCE], canonical.encode),
    "proof": (proof.verify_proof, PROOFS, None),
    "reference": (text(Ref.parse), [b"TUR/17", b"IRQ/0"], lambda ref: str(ref).encode()),
    "key": (text(keys.raw_key), KEYS[1:], None),
    "base64url": (text(lambda s: keys.unb64(s, 32, "hash")), KEYS[:1], lambda raw: keys.b64(raw).encode()),
    "request": (
        talk.decode_request,
        [talk.encode(talk.AskPage("TUR", 3, 2)), talk.encode(talk.Offer(PAGE))],
        None,
    ),
    "reply": (
        talk.decode_reply,
        [talk.encode(talk.Taken(4)), talk.encode(talk.Heads({"TUR": talk.Stock(1, NOTE)}))],
        None,
    ),
}


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_raises_nothing_but_malformed(name: str) -> None:
    """10,000 inputs, from noise to what is off by one; what is accepted is written again as the same bytes."""
    parse, valid, write = PARSERS[name]
    for raw in valid:
        parse(raw)
    accepted = unnamed = 0
    for raw in inputs(valid, COUNT, seed=sum(name.encode())):
        try:
            value = parse(raw)
        except Malformed as error:
            unnamed += not (error.thing and error.why)
        except Broken:
            assert name in {"proof", "card", "note with its signatures"}
        else:
            accepted += 1
            if write is not None:
                assert write(value) == raw, f"{name}: {raw!r} was accepted, and is written as something else"
    assert accepted < COUNT * 3 // 4, "these inputs try nothing"
    assert not unnamed, "an error that does not say of what, or why"


def test_evidence_never_blames_an_honest_party() -> None:
    """10,000 changes to a fault proof: none of them makes it show a fault of somebody else, or in another way."""
    blamed = set()
    for raw in inputs(PROOFS[-1:], COUNT, seed=7):
        try:
            verdict = proof.verify_proof(raw)
        except (Malformed, Broken):
            continue
        blamed.add((verdict.party, verdict.fault, verdict.mechanism))
    true = proof.verify_proof(PROOFS[-1])
    assert blamed <= {(true.party, true.fault, true.mechanism)}


def test_a_struct_and_rfc_8785_agree_on_every_accepted_content() -> None:
    """`parse` and `decode` accept the same bytes: integers beyond 53 bits and keys outside ASCII included."""

    class Body(msgspec.Struct, forbid_unknown_fields=True):
        a: int
        b: dict[str, int | str]

    bodies = [
        b'{"a":9007199254740991,"b":{}}',
        b'{"a":9007199254740992,"b":{}}',
        b'{"a":-9007199254740993,"b":{}}',
        b'{"a":1152921504606846976,"b":{}}',
        '{"a":1,"b":{"\ue000":1,"\U0001f600":2}}'.encode(),
        '{"a":1,"b":{"\U0001f600":2,"\ue000":1}}'.encode(),
        b'{"a":1,"b":{"\x7f":"\\u001f"}}',
        b'{"a":1,"b":{"x":1.5}}',
        b'{"a":1,"b":{"x":1e21}}',
        '{"a":1,"b":{"ı":"İstanbul","ع":"العراق"}}'.encode(),
    ]
    for raw in [*bodies, *inputs(bodies, COUNT, seed=3)]:
        results = []
        for read in (lambda raw: canonical.parse(raw, Body, "body"), canonical.decode):
            try:
                read(raw)
                results.append(True)
            except Malformed:
                results.append(False)
        assert results[0] <= results[1], f"{raw!r} is a content that a proof of it cannot show"
