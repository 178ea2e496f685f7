"""The bundle in a paper's file: the paper as data, and the acts that make its text the accepted one, with their proofs.

    {"made_with":"comity-paper/1 typst 0.15.2","paper":{"data":{...},"ref":"TUR/4","sort":"instrument",...},
     "proof":{"acts":[...],"kind":"docket",...},"v":1}

Canonical JSON, stored in the PDF as it is. `made` puts it behind the typeset bytes; each signature may bring a newer
proof of its own, since a certificate or full powers may be younger than the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from comity.chapters.committees import CHAPTER as COMMITTEES
from comity.chapters.instruments import matters
from comity.chapters.meetings import account
from comity.core import canonical
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.core.proof import DocketProof
from comity.node import showing
from comity.node.proving import docket_proof
from comity.node.record import Record
from comity.papers import increments, minutes, typeset
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
    """A paper with its proof, and by what it was typeset."""

    made_with: str
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


def made(record: Record, paper: Paper, typeset_bytes: bytes = b"") -> File:
    """The paper's file with its bundle, ready to be signed. Raises `Refused`, `Malformed`, `Unavailable`.

    `typeset_bytes` are the paper's, if it was typeset already.
    """
    bundle = Bundle(made_with(paper), paper, prove_paper(record, paper), 1)
    return with_bundle(typeset_bytes or typeset.typeset(paper), encode(bundle))


def with_bundle(typeset_bytes: bytes, raw: bytes) -> File:
    """The typeset bytes with a bundle behind them. The same two give the same file."""
    file, bundle = increments.opened(typeset_bytes), parse(raw)
    header = BundleHeader("", bundle.made_with)
    return increments.append(file, header, increments.bundle_objects(file, raw, _dated(bundle)))


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
    if paper.sort not in _CHOSEN:
        raise Refused("paper_of_what", docket=paper.ref, chapter=paper.sort)
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


def _minutes(record: Record, paper: Paper) -> Choice:
    """The minutes and their approvals, the agreed agenda and hour, the days that all stated, and the convening."""
    ref = Ref.parse(paper.ref)
    docket = showing.act_of(record, ref).docket
    with record.reading():
        view = record.folds.view(docket)
    told, put = account.describe(view), minutes.approved(view)
    if put["ref"] != paper.ref:
        raise Refused("paper_no_minutes", ref=docket, found=0)
    items = [item for item in told["agenda"] if item["standing"] == "agreed"]
    hours = [when for when in told["arrangements"] if when["newest"] and when["standing"] == "agreed"]
    refs = {docket}
    for found in (put, *items, *hours):
        refs |= {Ref.parse(found["ref"]), *(Ref(party, number) for party, number in found["yes"].items())}
    for day in told["held"]["agreed"]:
        match = view.agreed(f"held:{day}", told["parties"]) or {}
        refs |= {Ref(party, number) for party, number in match.items()}
    return docket, dict.fromkeys(refs, True)


def _report(record: Record, paper: Paper) -> Choice:
    """The act that proposed the report by its hash, and the acceptances."""
    ref = Ref.parse(paper.ref)
    docket = showing.act_of(record, ref).docket
    with record.reading():
        told = COMMITTEES.summary(record.folds.view(docket)) if COMMITTEES.summary else {}
    found = next((one for one in told.get("reports", []) if one["ref"] == paper.ref and one["agreed"]), None)
    if found is None or found["digest"] != paper.digest:
        raise Refused("paper_no_report", ref=ref)
    return docket, dict.fromkeys((Ref.parse(yes) for yes in found["yes"].values()), True)


_CHOSEN: Mapping[str, Callable[[Record, Paper], Choice]] = {
    "instrument": _instrument,
    "minutes": _minutes,
    "report": _report,
}
