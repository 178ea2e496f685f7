"""Evidence by its file: what was released, what one reader is shown, what a file that was sent proves.

    GET  /api/v1/evidence/TUR/40/file             the released file, held against the digest that was recorded
    GET  /api/v1/evidence/TUR/40/disclosure       for one reader, outside the record
    POST /api/v1/evidence/TUR/40/discard          {"rule":"Archive rule 7"}: the kept file is destroyed
    GET  /api/v1/uploads/9f86.../verification     what a proof, a paper, a pack or a disclosure proves

Recording and releasing are acts: `comity.api.saying`.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import msgspec

from comity.api.asked import Answer, Asked
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.core.proof import verify_proof
from comity.desk import exhibits
from comity.desk.answers import Discarded, Verified
from comity.node import evidence
from comity.node.disclosing import MAGIC, Disclosed, require_recorded, verify_disclosure

__all__ = ["WHOLE", "Discard", "discard", "disclosure", "read_upload", "released_file", "verification"]

WHOLE = 64 << 20
"""The largest file in bytes that is read whole: a paper, a pack, a proof."""
_BYTES = "application/octet-stream"
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"


class Discard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Destroy the kept file. `rule`: by which rule, such as a retention schedule."""

    rule: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


def released_file(asked: Asked) -> Answer:
    """The file that was released, once it was held against the digest that was recorded."""
    name, data = evidence.released_file(asked.record, asked.ref)
    return Answer(data, _BYTES, name=name)


def disclosure(asked: Asked) -> Answer:
    """The disclosure of a file that we keep: for one reader, outside the record. Nothing is said."""
    found = _ours(asked)
    withheld, values = asked.house.node.withheld(asked.record), asked.values
    with exhibits.disclosure(
        asked.record, withheld, found, values["name"] or "", salt_only=values["salt_only"]
    ) as file:
        own = os.fdopen(os.dup(file.fileno()), "rb")
    return Answer(b"", _BYTES, name=f"evidence-{found.ref.party}-{found.ref.number}.disclosure", file=own)


def discard(asked: Asked, given: Discard) -> Answer:
    """Destroy the kept file of evidence that we recorded. Asked again, it answers what was done."""
    found = _ours(asked)
    withheld = asked.house.node.withheld(asked.record)
    if withheld.discarded(found.said.digest) is None or withheld.path(found.said.digest).exists():
        withheld.discard(found.said.digest, given.rule, asked.house.clock())
    mark = withheld.discarded(found.said.digest)
    if mark is None:
        raise Malformed(f"mark of {found.ref}", "is not what was written")
    return Answer(msgspec.json.encode(Discarded(str(found.ref), mark.rule, mark.time)))


def _ours(asked: Asked) -> evidence.Evidence:
    """Evidence of this party, for a token whose office may speak. Raises `Refused`."""
    asked.require_office()
    found = evidence.evidence(asked.record, asked.ref)
    evidence.require_ours(asked.record, found)
    return found


# -------------------------------------------------------------------------------------------- verifying


def verification(asked: Asked) -> Answer:
    """What a file that was sent proves. Raises `Broken` or `Malformed` where it proves nothing."""
    with ExitStack() as stack:
        path = stack.enter_context(asked.uploads.opened(asked.token.id, asked.values["digest"]))
        other = asked.values["file"]
        original = stack.enter_context(asked.uploads.opened(asked.token.id, other)) if other else None
        try:
            told = _verified(asked, path, original)
        except (Malformed, Broken, Unavailable) as error:
            error.thing = error.thing.replace(str(path), "file").replace(str(original), "original file")
            raise
    return Answer(msgspec.json.encode(told))


def _verified(asked: Asked, path: Path, original: Path | None) -> Verified:
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if head == MAGIC:
        shown = verify_disclosure(path, original, None, lambda found: _require_recorded(asked, found))
        ours = shown.verdict.mechanism == asked.record.mechanism
        return Verified("disclosure", True, shown.verdict.mechanism, ours, _plain(shown.verdict), shown.name)
    if original is not None:
        raise Malformed("file", "is no disclosure: nothing is held against another file")
    raw = read_whole(path)
    if head.startswith((_PDF, _ZIP)):
        return _paper(asked, raw, pack=head.startswith(_ZIP))
    verdict = verify_proof(raw, "file")
    return Verified(
        "proof", True, verdict.mechanism, verdict.mechanism == asked.record.mechanism, _plain(verdict)
    )


def _paper(asked: Asked, raw: bytes, *, pack: bool) -> Verified:
    verdict: Any
    if pack:
        from comity.papers.pack import verify_pack  # noqa: PLC0415 -- heavy, and optional

        verdict = verify_pack(raw, "file")
        missing = verdict.paper.missing
    else:
        from comity.papers.verifying import verify_paper  # noqa: PLC0415 -- the same

        verdict = verify_paper(raw, "file")
        missing = verdict.missing
    ours = verdict.mechanism == asked.record.mechanism
    return Verified("pack" if pack else "paper", not missing, verdict.mechanism, ours, _plain(verdict))


def _require_recorded(asked: Asked, shown: Disclosed) -> None:
    """A disclosure of this mechanism must be of an act that is here. (Of another one, it proves what it proves.)"""
    if shown.verdict.mechanism == asked.record.mechanism:
        require_recorded(asked.record, shown)


def _plain(verdict: Any) -> Any:
    return msgspec.to_builtins(verdict)


def read_whole(path: Path) -> bytes:
    """The bytes of a file that was sent, if they are not too many. Raises `Refused`."""
    with path.open("rb") as file:
        raw = file.read(WHOLE + 1)
    if len(raw) > WHOLE:
        raise Refused("body_long", limit=WHOLE >> 20)
    return raw


def read_upload(asked: Asked, digest: str) -> bytes:
    """The same, by the hash under which it was sent."""
    with asked.uploads.opened(asked.token.id, digest) as path:
        return read_whole(path)
