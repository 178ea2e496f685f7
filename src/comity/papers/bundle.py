"""The bundle in a paper's file: the paper as data, and the acts that make its text the accepted one, with their proofs.

    {"paper":{"data":{...},"ref":"TUR/4","sort":"instrument",...},"proof":{"acts":[...],"kind":"docket",...},"v":1}

Canonical JSON, stored in the PDF as it is. `made` puts it behind the typeset bytes; each signature may bring a newer
proof of its own, since a certificate or full powers may be younger than the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from comity.chapters.instruments import matters
from comity.core import canonical
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.core.proof import DocketProof
from comity.node.proving import docket_proof
from comity.node.record import Record
from comity.papers import increments, typeset
from comity.papers import paper as papers
from comity.papers.increments import BundleHeader, File
from comity.papers.paper import Paper

__all__ = [
    "Bundle",
    "encode",
    "encode_proof",
    "made",
    "made_with",
    "parse",
    "parse_proof",
    "prove_paper",
    "with_bundle",
]

LIMIT = 32 * 1024 * 1024


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper with its proof."""

    paper: Paper
    proof: DocketProof
    v: int


def encode(bundle: Bundle) -> bytes:
    """The bundle as canonical JSON."""
    return canonical.encode(bundle)


def encode_proof(proof: DocketProof) -> bytes:
    """A docket proof alone, as canonical JSON."""
    return canonical.encode(proof)


def parse(raw: bytes, thing: str = "bundle") -> Bundle:
    """Read a bundle; nothing is verified yet. Raises `Malformed`."""
    if len(raw) > LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {LIMIT}")
    bundle = canonical.parse(raw, Bundle, thing)
    if bundle.v != 1:
        raise Malformed(thing, f"is of version {bundle.v}; this program reads 1: update it")
    papers.parse(papers.encode(bundle.paper))
    return bundle


def parse_proof(raw: bytes, thing: str = "proof") -> DocketProof:
    """Read a docket proof alone; nothing is verified yet. Raises `Malformed`."""
    if len(raw) > LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {LIMIT}")
    return canonical.parse(raw, DocketProof, thing)


def made_with(paper: Paper) -> str:
    """By what the paper's bytes are made: its template and the typesetter. Raises `Unavailable`."""
    return f"comity-paper/{paper.version} typst {typeset.version()}"


# -------------------------------------------------------------------------------------- making


def made(record: Record, paper: Paper) -> File:
    """The paper's file with its bundle, ready to be signed. Raises `Refused`, `Malformed`, `Unavailable`."""
    return with_bundle(
        typeset.typeset(paper), made_with(paper), encode(Bundle(paper, prove_paper(record, paper), 1))
    )


def with_bundle(typeset_bytes: bytes, maker: str, raw: bytes) -> File:
    """The typeset bytes with a bundle behind them. The same three give the same file."""
    file = increments.opened(typeset_bytes)
    dated = _dated(parse(raw))
    return increments.append(file, BundleHeader("", maker), increments.bundle_objects(file, raw, dated))


def _dated(bundle: Bundle) -> str:
    """The last act's time in the bundle, as PDF writes it; no clock is asked."""
    times = [canonical.decode(act.leaf.encode(), "leaf") for act in bundle.proof.acts]
    last = max(str(leaf.get("time", "")) if isinstance(leaf, dict) else "" for leaf in times)
    try:
        return datetime.fromisoformat(last).strftime("D:%Y%m%d%H%M%SZ")
    except ValueError as error:
        raise Malformed("bundle", "holds an act without a time") from error


def prove_paper(record: Record, paper: Paper) -> DocketProof:
    """The proof that belongs into a paper's bundle, as this record can give it now. Raises `Refused`."""
    docket, refs = _CHOSEN[paper.sort](record, paper)
    shown = {ref for ref, with_content in refs.items() if with_content}
    return docket_proof(record, docket, list(refs), shown=shown)


Choice = tuple[Ref, Mapping[Ref, bool]]
"""The docket, and its acts that the proof needs: whether their contents are shown."""


def _instrument(record: Record, paper: Paper) -> Choice:
    """The acceptances and the signatures of the text, and the act that put it without what it says.

    A text that was recorded as in force is its recorder's yes, and shown.
    """
    docket = Ref.parse(paper.ref)
    with record.reading():
        view = record.folds.view(docket)
        bound = matters.base(view)
    if bound is None or bound.text != paper.digest:
        raise Refused("paper_no_text", ref=docket)
    yeses = {Ref(party, number): True for party, number in bound.halves.items()}
    signed = {
        said.ref: True
        for said in matters.every(view, "signatures")
        if said.body.matter == paper.ref and said.body.text == bound.text
    }
    return docket, {bound.version.ref: False} | signed | yeses


_CHOSEN: Mapping[str, Callable[[Record, Paper], Choice]] = {"instrument": _instrument}
