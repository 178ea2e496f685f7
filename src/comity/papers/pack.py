"""A registration pack: one zip with everything about an instrument in force that a register or a depositary asks for.

    manifest.json        what is in it, each file by SHA-256
    text.json            the accepted text in all its languages, as it was hashed
    text-en.md ...       the same for people, one file a language; text-en.akn.xml where Akoma Ntoso is installed
    paper.pdf            the paper, with the signatures that it has
    dates.json           dates and method of consent of each party, entry into force and by which clause
    statement.pdf        the certified statement: the same for people
    proof.json           the acts from which all this follows, with their proofs

The bytes follow from the record and the day: files in order, no times, nothing compressed. `verify_pack` needs nothing
but the zip: it makes every file again from the proof and compares. The negotiation is not in it.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from typing import Annotated, Any

import msgspec

from comity.chapters.instruments import CHAPTER, matters, originals
from comity.chapters.instruments import acts as instrument
from comity.chapters.instruments.akn import to_akn
from comity.chapters.instruments.text import Text, digest
from comity.chapters.instruments.writer import to_markdown
from comity.core import canonical
from comity.core.act import Body, Names, Ref
from comity.core.chapter import View
from comity.core.errors import Broken, Malformed, Refused
from comity.core.proof import DocketProof, Head, ProvedDocket, open_docket
from comity.node.proving import docket_proof
from comity.node.record import Record
from comity.papers import assembling, typeset
from comity.papers.certificate import certificate_paper
from comity.papers.dates import dates
from comity.papers.grounds import frame_of
from comity.papers.paper import MOST_LANGUAGES, Frame
from comity.papers.refolding import refold
from comity.papers.verifying import PaperVerdict, verify_paper

__all__ = ["PackVerdict", "pack", "verify_pack"]

LIMIT = 256 * 1024 * 1024
_HASH = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_NAME = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-zA-Z0-9.-]{0,59}\Z")]
_MANIFEST = "manifest.json"
_PUTS = (instrument.Proposed, instrument.Revised)
_FOLLOWING = (
    "instrument.signed/1", "instrument.notified/1", "instrument.paper_signed/1", "instrument.original_recorded/1",
    "instrument.amendment_proposed/1", "instrument.termination_proposed/1", "instrument.denounced/1",
    "instrument.renewal_declined/1",
)  # fmt: skip


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a pack says of itself: of which instrument, on which day, by whom, and its files by SHA-256."""

    by: str
    docket: str
    files: Annotated[dict[_NAME, _HASH], msgspec.Meta(max_length=100)]
    mechanism: str
    on: date
    v: int


class PackVerdict(msgspec.Struct, frozen=True):
    """What a pack shows. `dates` is the content of dates.json, which follows from the proof; `paper` of paper.pdf.

    `unchecked` are files that could not be made again here, because what makes them is not installed.
    """

    mechanism: str
    names: Mapping[str, str]
    fingerprints: Mapping[str, str]
    docket: str
    title: Names
    text: str
    on: date
    by: str
    files: Mapping[str, str]
    dates: Mapping[str, Any]
    paper: PaperVerdict
    unchecked: tuple[str, ...]
    heads: Mapping[str, Head]


# -------------------------------------------------------------------------------------- making


def pack(record: Record, docket: Ref, on: date) -> bytes:
    """The pack of an instrument in force on that day. Raises `Refused` where it is not, `Unavailable` without Typst."""
    with record.reading():
        fold = record.folds.fold(docket)
        if fold.chapter.name != "instruments":
            raise Refused("paper_no_text", ref=docket)
        view = record.folds.view(docket)
        told = dates(view, on)
        text, refs = matters.base_text(view), _chosen(view)
        columns = _columns(view, docket)
    if text is None:
        raise Refused("paper_no_text", ref=docket)
    proof = docket_proof(record, docket, list(refs), shown={ref for ref, shown in refs.items() if shown})
    paper = assembling.assemble(record, docket, columns)
    frame = frame_of(record.charter)
    files = dict(_files(text, told, frame, record.party))
    files |= {"paper.pdf": paper, "proof.json": canonical.encode(proof) + b"\n"}
    files["statement.pdf"] = _statement(text, told, frame, record.party, files)
    listed = {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(files.items())}
    manifest = Manifest(record.party, str(docket), listed, record.mechanism, on, 1)
    return _zipped({_MANIFEST: canonical.encode(manifest) + b"\n", **files})


def _columns(view: View, docket: Ref) -> tuple[str, ...]:
    """The languages of the paper that most have signed; none named where nobody has."""
    found = next(iter(originals.files(view, str(docket))), None)
    return tuple(found.acts[0].body.languages) if found else ()


def _chosen(view: View) -> dict[Ref, bool]:
    """The acts that the dates follow from, and whether their contents are shown: not those that put the text."""
    bound = matters.base(view)
    if bound is None:
        return {}
    recorded = isinstance(bound.version.body, instrument.Recorded)
    chosen = {view.docket: recorded, bound.version.ref: recorded}
    chosen |= {Ref(party, number): True for party, number in bound.halves.items()}
    later = {str(said.ref) for field in ("amendments", "terminations") for said in matters.every(view, field)}
    for act in view.acts:
        accepts = isinstance(act.body, instrument.Accepted) and act.body.version in later
        if act.kind in _FOLLOWING or accepts:
            chosen[act.ref] = True
    return chosen


def _files(text: Text, told: Mapping[str, Any], frame: Frame, by: str) -> Iterator[tuple[str, bytes]]:
    """What follows from the text and the dates alone."""
    del frame, by
    yield "text.json", canonical.encode(text) + b"\n"
    yield "dates.json", canonical.encode(dict(told)) + b"\n"
    for tag in text.languages:
        yield f"text-{tag}.md", to_markdown(text, tag).encode()
        if _akn_installed():
            number = str(told["docket"]).lower().replace("/", "-")
            day = date.fromisoformat(told["adopted"])
            yield f"text-{tag}.akn.xml", to_akn(text, tag, day=day, number=number)


def _akn_installed() -> bool:
    return find_spec("bluebell") is not None and find_spec("cobalt") is not None


def _statement(
    text: Text, told: Mapping[str, Any], frame: Frame, by: str, files: Mapping[str, bytes]
) -> bytes:
    """The certified statement, typeset; it lists the other files."""
    consent = [
        {"party": party, "acts": [{k: v for k, v in act.items() if k != "original"} for act in acts]}
        for party, acts in told["parties"].items()
    ]
    data = {
        "title": dict(text.title),
        "text": told["text"],
        "languages": list(text.authentic or text.languages),
        "in_force": told["entry_into_force"]["on"],
        "adopted": told["adopted"],
        "consent": consent,
        "files": [
            {"name": name, "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in sorted(files.items())
        ],
        "certified_on": told["on"],
        "certified_by": by,
    }
    named = tuple(tag for tag in (text.authentic or text.languages) if tag in text.title)[:MOST_LANGUAGES]
    whose = frame._replace(parties=tuple(party for party in frame.parties if party.code == by))
    paper = certificate_paper(data, told["docket"], date.fromisoformat(told["on"]), whose, named)
    return typeset.typeset(paper)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip in which nothing can differ: stored, in order, all of 1 January 1980."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as zipped:
        for name, raw in sorted(files.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            zipped.writestr(info, raw)
    return made.getvalue()


# -------------------------------------------------------------------------------------- verifying


def verify_pack(raw: bytes, thing: str = "pack") -> PackVerdict:
    """Check a pack with nothing but the zip. Raises `Malformed`, `Broken` or `Unavailable`."""
    files = _unzipped(raw, thing)
    manifest = canonical.parse(files.pop(_MANIFEST, b"").rstrip(b"\n"), Manifest, f"{thing}: {_MANIFEST}")
    if manifest.v != 1:
        raise Malformed(thing, f"is of version {manifest.v}; this program reads 1: update it")
    _as_listed(files, manifest, thing)
    text = canonical.parse(files["text.json"].rstrip(b"\n"), Text, f"{thing}: text.json")
    proof = canonical.parse(files["proof.json"].rstrip(b"\n"), DocketProof, f"{thing}: proof.json")
    proved = open_docket(proof, f"{thing}: proof.json")
    view = _view(proved, text, thing)
    if (manifest.mechanism, manifest.docket) != (proved.verdict.mechanism, proved.verdict.docket):
        raise Broken(thing, "its manifest names another mechanism or docket than its proof")
    try:
        told = dates(view, manifest.on)
    except Refused as refusal:
        raise Broken(
            thing, f"by its proof, the instrument is not in force on {manifest.on}: {refusal}"
        ) from refusal
    paper = verify_paper(files["paper.pdf"], f"{thing}: paper.pdf")
    same = (manifest.mechanism, manifest.docket, digest(text), "instrument")
    if (paper.mechanism, paper.ref, paper.text, paper.sort) != same:
        raise Broken(thing, "its paper.pdf is the paper of another text")
    unchecked = _made_again(files, text, told, proved, manifest, thing)
    verdict = proved.verdict
    return PackVerdict(
        verdict.mechanism, verdict.names, verdict.fingerprints, manifest.docket, dict(text.title), digest(text),
        manifest.on, manifest.by, dict(manifest.files), told, paper, unchecked, verdict.heads,
    )  # fmt: skip


def _unzipped(raw: bytes, thing: str) -> dict[str, bytes]:
    """The files of a pack; anything in the zip that `_zipped` would not write is refused."""
    if len(raw) > LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {LIMIT}")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as zipped:
            infos = zipped.infolist()
            if any(info.compress_type != zipfile.ZIP_STORED or info.file_size > len(raw) for info in infos):
                raise Malformed(thing, "holds a file that is compressed, or longer than the pack itself")
            if sum(info.file_size for info in infos) > len(raw):
                raise Malformed(thing, "holds files that lie over each other")
            files = {info.filename: zipped.read(info) for info in infos}
        again = _zipped(files)
    except Malformed:
        raise
    except Exception as error:  # the library raises whatever its reading runs into
        raise Malformed(thing, f"is not a zip that can be read: {error}") from error
    if again != raw:
        raise Broken(thing, "is not a zip as Comity writes it: something was added to it or changed")
    return files


def _as_listed(files: Mapping[str, bytes], manifest: Manifest, thing: str) -> None:
    for name, said in manifest.files.items():
        if name not in files:
            raise Broken(thing, f"lacks {name}, which its manifest lists")
        if hashlib.sha256(files[name]).hexdigest() != said:
            raise Broken(f"{thing}: {name}", "was changed: it has not the hash that the manifest says")
    extra = [name for name in files if name not in manifest.files]
    needed = [name for name in ("text.json", "proof.json", "paper.pdf", "dates.json") if name not in files]
    if extra or needed:
        raise Broken(
            thing, f"holds {', '.join(extra) or 'less than it must'}: {', '.join(needed) or 'not listed'}"
        )


def _view(proved: ProvedDocket, text: Text, thing: str) -> View:
    """The docket as the proof shows it, with the text that the acceptances name by its hash."""
    docket = Ref.parse(proved.verdict.docket)
    known: dict[Ref, Body] = {}
    for ref, act in proved.acts.items():
        if act.leaf.kind == "instrument.proposed/1":
            known[ref] = instrument.Proposed(text)
        elif act.leaf.kind == "instrument.revised/1":
            known[ref] = instrument.Revised(str(docket), text)
    trusted = (*_PUTS, instrument.Accepted, instrument.Affirmed, instrument.Recorded)
    view = refold(proved, CHAPTER, known, trusted, thing)
    bound = matters.base(view)
    if bound is None or bound.text != digest(text):
        raise Broken(thing, "its proof does not show that all parties accepted the text in it")
    return view


def _made_again(
    files: Mapping[str, bytes],
    text: Text,
    told: Mapping[str, Any],
    proved: ProvedDocket,
    manifest: Manifest,
    thing: str,
) -> tuple[str, ...]:
    """Every other file, made again and compared; the names of those that cannot be made here."""
    frame = frame_of(proved.keys.charter)
    if manifest.by not in {party.code for party in frame.parties}:
        raise Broken(thing, f"is certified by {manifest.by[:8]!r}, which is no party")
    rest = {name: raw for name, raw in files.items() if name != "statement.pdf"}
    expected = dict(_files(text, told, frame, manifest.by))
    expected["statement.pdf"] = _statement(text, told, frame, manifest.by, rest)
    unchecked = []
    for name, raw in files.items():
        if name in ("paper.pdf", "proof.json"):
            continue
        if name.endswith(".akn.xml") and not _akn_installed():
            unchecked.append(name)
        elif expected.get(name) != raw:
            raise Broken(f"{thing}: {name}", "is not what follows from the proof")
    missing = [name for name in expected if name not in files and not name.endswith(".akn.xml")]
    if missing:
        raise Broken(thing, f"lacks {', '.join(missing)}")
    return tuple(unchecked)
