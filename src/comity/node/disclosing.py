"""A disclosure: one file by which its author shows a withheld file to somebody, outside the record.

    comity disclosure v1
    {"name":"minutes.pdf","salt":"mZ4x...43 characters"}
    {"act":{...},"chains":{},"charter":{...},"head":"...","kind":"act","v":1}
    ...the file's bytes, to the end; none where the file is handed over by itself...

The third line is the proof of the act that recorded the evidence, as `comity prove` writes it. Anybody can check that
the file is the one whose digest that act gave, with no node and no network: SHA-256 over the salt and the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple

import msgspec
from msgspec import Meta

from comity.chapters.commitments.acts import EvidenceRecorded, FileName
from comity.core import canonical
from comity.core.act import Ref
from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.keys import b64, unb64
from comity.core.proof import LIMIT, Verdict, verify_proof
from comity.node.evidence import Evidence, evidence, require_ours
from comity.node.files import opened, pieces, written
from comity.node.proving import prove
from comity.node.record import Record
from comity.node.withheld import RECORDED, SALT, Withheld

__all__ = ["MAGIC", "Disclosed", "disclose", "require_recorded", "verify_disclosure"]

MAGIC = b"comity disclosure v1\n"
LABEL_LIMIT = 4096


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second line: what the file is called, and the salt that its digest needs."""

    name: FileName
    salt: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]


class Disclosed(NamedTuple):
    """What a disclosure shows: the proof's verdict, what the act says of the file, and what the file is called."""

    verdict: Verdict
    said: EvidenceRecorded
    name: str


def disclose(
    record: Record, withheld: Withheld, ref: Ref, name: str, output: Path, *, salt_only: bool = False
) -> Evidence:
    """Write the disclosure of a file that we keep, whole or not at all. Nothing is said about it in the record.

    Raises `Refused`, `Unavailable`, or `Broken` where the kept file is not what was recorded.
    """
    found = evidence(record, ref)
    require_ours(record, found)
    proof = prove(record, found.ref, with_content=True)
    with withheld.read(found.said.digest, str(found.ref)) as (salt, file), written(output) as out:
        label = canonical.encode(Label(name, b64(salt)))
        canonical.parse(label, Label, "disclosure")
        out.write(b"%s%s\n%s" % (MAGIC, label, proof))
        for piece in () if salt_only else pieces(file, str(found.ref)):
            out.write(piece)
    return found


def verify_disclosure(
    path: Path,
    original: Path | None = None,
    output: Path | None = None,
    also: Callable[[Disclosed], object] = lambda _: None,
) -> Disclosed:
    """Check a disclosure to the last byte; `original` is the file where that was handed over by itself.

    output: where to write the file, once all of it was found right. also: what else is to be found right before that.
    Raises `Malformed` (no disclosure), `Broken` (not the file, or a proof of nothing) or `Unavailable`; then nothing
    was written.
    """
    with opened(path) as disclosure:
        label, verdict = _read_head(disclosure, str(path))
        disclosed = Disclosed(verdict, _said(verdict, str(path)), label.name)
        also(disclosed)
        begun = disclosure.peek(1)
        if original is not None and begun:
            raise Malformed(str(path), "holds the file itself: check it without another one beside it")
        if original is None and not begun:
            raise Malformed(str(path), "holds the salt, and not the file: give that too, with --file")
        if original is None:
            _check_file(disclosure, label, disclosed, str(path), output)
        else:
            with opened(original) as file:
                _check_file(file, label, disclosed, str(original), output)
    return disclosed


def require_recorded(record: Record, disclosed: Disclosed) -> Evidence:
    """The evidence of our own record that a disclosure belongs to. Raises `Refused`, or `Broken` if it is another."""
    if disclosed.verdict.mechanism != record.mechanism:
        raise Broken("disclosure", "belongs to another mechanism than this record")
    found = evidence(record, Ref.parse(disclosed.verdict.ref))
    if found.said != disclosed.said:
        raise Broken("disclosure", f"proves another act than the {found.ref} that this node holds")
    return found


def _read_head(file: BinaryIO, thing: str) -> tuple[Label, Verdict]:
    try:
        magic = file.readline(len(MAGIC))
        label, proof = file.readline(LABEL_LIMIT), file.readline(LIMIT + 1)
    except OSError as error:
        raise Unavailable(thing, f"cannot be read: {error.strerror}") from error
    if magic != MAGIC:
        raise Malformed(thing, "is no disclosure that this program reads: it begins otherwise")
    if not label.endswith(b"\n") or not proof.endswith(b"\n"):
        raise Malformed(thing, "ends before its file begins, or has a line that is too long")
    read = canonical.parse(label[:-1], Label, f"{thing}: second line")
    verdict = verify_proof(proof, f"{thing}: proof")
    if not isinstance(verdict, Verdict) or verdict.kind != RECORDED:
        raise Malformed(thing, "proves no act that records evidence")
    return read, verdict


def _said(verdict: Verdict, thing: str) -> EvidenceRecorded:
    if verdict.content is None:
        raise Malformed(thing, "does not show what its act says: nothing to hold the file against")
    try:
        return msgspec.convert(verdict.content, EvidenceRecorded)
    except msgspec.ValidationError as error:
        raise Malformed(f"{thing}: content of {verdict.ref}", str(error)) from error


def _check_file(file: BinaryIO, label: Label, disclosed: Disclosed, thing: str, output: Path | None) -> None:
    """Hold a file against its digest, and write it out on the way; it gets its name only if all is well."""
    total, size = hashlib.sha256(unb64(label.salt, SALT, "salt")), 0

    def read() -> Iterator[bytes]:
        nonlocal size
        for piece in pieces(file, thing):
            total.update(piece)
            size += len(piece)
            yield piece
        if (total.hexdigest(), size) != (disclosed.said.digest, disclosed.said.size):
            raise Broken(thing, f"is not the file that {disclosed.verdict.ref} recorded")

    if output is None:
        for _ in read():
            pass
        return
    with written(output) as out:
        for piece in read():
            out.write(piece)
