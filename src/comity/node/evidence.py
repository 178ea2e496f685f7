"""Evidence from act to file and back: recorded, released, saved, each time held against the digest in its act.

    TUR/40  commitment.evidence_recorded/1   {"digest":"9f86...","media_type":"application/pdf","size":81234,...}
    TUR/44  commitment.evidence_released/1   answers TUR/40   {"data":"JVBE...","name":"minutes.pdf","salt":"mZ4x..."}

The digest is SHA-256 over the salt and the file's bytes. Where the file is kept until then: `withheld`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from comity.chapters.commitments.acts import EVIDENCE_LIMIT, EvidenceRecorded, EvidenceReleased
from comity.chapters.commitments.evidence import matches
from comity.core.act import Act, Ref
from comity.core.entry import parse_leaf
from comity.core.errors import Broken, Refused
from comity.core.keys import b64
from comity.node.record import Draft, Once, Record, Said
from comity.node.withheld import LIMIT, RECORDED, Kept, Withheld, file_named
from comity.storage.port import entry_at

__all__ = [
    "RELEASED",
    "Evidence",
    "evidence",
    "record_file",
    "release",
    "released_file",
    "require_ours",
    "require_releasable",
    "try_file",
    "try_release",
]

RELEASED = "commitment.evidence_released/1"


class Evidence(NamedTuple):
    """A piece of evidence: the act that recorded it, what that says, and the acts that released it, in order."""

    ref: Ref
    docket: Ref
    said: EvidenceRecorded
    releases: Sequence[Act]


def evidence(record: Record, ref: Ref) -> Evidence:
    """The evidence that an act recorded or released. Raises `Refused`, also where that act has no effect."""
    with record.reading():
        acts = _docket_of(record, ref)
        found = next((act for act in acts if act.ref == ref), None)
        if found is not None and found.kind == RELEASED:
            found = next((act for act in acts if act.ref == found.answers[0]), None)
        if found is None or not isinstance(found.body, EvidenceRecorded):
            raise Refused("evidence_unknown", act=ref)
        releases = [act for act in acts if act.kind == RELEASED and act.answers == (found.ref,)]
        return Evidence(found.ref, found.docket, found.body, releases)


def _docket_of(record: Record, ref: Ref) -> Sequence[Act]:
    """The acts, all of them regular, of the docket that an act belongs to."""
    if ref.number >= record.ready.get(ref.party, 0):
        raise Refused("act_unknown", act=ref)
    docket = parse_leaf(entry_at(record.store, ref).leaf, str(ref)).docket
    return record.folds.view(Ref.parse(docket) if docket else ref).acts


# ----------------------------------------------------------------------------------------------- saying


def record_file(
    record: Record,
    withheld: Withheld,
    source: Path,
    draft: Callable[[Kept], Draft],
    limit: int = LIMIT,
    once: Once | None = None,
) -> Said:
    """Keep a file, then say that it exists; nothing is kept of what is refused, or was said `once` before.

    `draft` makes the act from the digest and the size. Raises `Refused`, `Malformed` or `Unavailable`.
    """
    with record.reading():
        before = record.store.size(record.party)
    with withheld.keeping(source, lambda kept: _unsaid(record, before, kept), limit) as kept:
        if once is None:
            return record.say(draft(kept))
        said = record.say(draft(kept), once)
        if said.act.body is not None and said.act.body.digest != kept.digest:
            withheld.path(kept.digest).unlink(missing_ok=True)  # the act of another try names that one's copy
        return said


def try_file(
    record: Record, withheld: Withheld, source: Path, draft: Callable[[Kept], Draft], limit: int = LIMIT
) -> None:
    """Whether `record_file` would succeed now: raises what it would, keeps and says nothing."""
    with withheld.keeping(source, lambda _: True, limit) as kept:
        try:
            record.check_draft(draft(kept))
        finally:
            withheld.path(kept.digest).unlink(missing_ok=True)


def _unsaid(record: Record, before: int, kept: Kept) -> bool:
    """Whether none of our acts from `before` on names the file: its saying failed, and certainly so."""
    with record.reading():
        size = record.store.size(record.party)
        for number, entry in enumerate(record.store.entries(record.party, before, size), before):
            ref = f"{record.party}/{number}"
            if parse_leaf(entry.leaf, ref).kind == RECORDED and file_named(entry.content or b"", ref) == kept:
                return False
    return True


def release(
    record: Record, withheld: Withheld, ref: Ref, name: str, draft: Draft, once: Once | None = None
) -> Said:
    """Put a kept file into the record, for every party. `draft` is the act but for its content.

    Raises `Refused`, `Unavailable` where the kept file is not here, `Broken` where it is not what was recorded.
    """
    whole = _with_file(record, withheld, ref, name, draft)
    return record.say(whole) if once is None else record.say(whole, once)


def try_release(record: Record, withheld: Withheld, ref: Ref, name: str, draft: Draft) -> None:
    """Whether `release` would succeed now: raises what it would, says nothing."""
    record.check_draft(_with_file(record, withheld, ref, name, draft))


def _with_file(record: Record, withheld: Withheld, ref: Ref, name: str, draft: Draft) -> Draft:
    found = evidence(record, ref)
    require_ours(record, found)
    # The rules allow a second release, for where the first was destroyed or was another file.
    held = _held(found)
    if held is not None:
        raise Refused("evidence_already_released", evidence=found.ref, released=held.ref)
    require_releasable(found.said.size, str(found.ref))
    with withheld.read(found.said.digest, str(found.ref)) as (salt, file):
        body = EvidenceReleased(name, b64(salt), file.read())
    return msgspec.structs.replace(draft, kind=RELEASED, body=body, docket=found.docket, answers=[found.ref])


def require_releasable(size: int, evidence: str) -> None:
    """Raise `Refused` for a file that is too large for the record."""
    if size > EVIDENCE_LIMIT:
        raise Refused("evidence_too_large_to_release", evidence=evidence, limit=EVIDENCE_LIMIT >> 20)


def _held(found: Evidence) -> Act | None:
    """The act that released the very file that was recorded, if its content is still here."""
    right = [act for act in found.releases if act.body is not None and matches(found.said, act.body)]
    return right[-1] if right else None


def require_ours(record: Record, found: Evidence) -> None:
    """Raise `Refused` unless we recorded the evidence: another party's file is not ours to give."""
    if found.ref.party != record.party:
        raise Refused("evidence_not_ours", evidence=found.ref, party=found.ref.party)


# ---------------------------------------------------------------------------------------------- reading


def released_file(record: Record, ref: Ref) -> tuple[str, bytes]:
    """The name and the bytes of a released file, held against the digest that was recorded.

    Raises `Refused` where it was not released or its content was destroyed, `Broken` where it is another file.
    """
    found = evidence(record, ref)
    if not found.releases:
        raise Refused("evidence_withheld", evidence=found.ref, party=found.ref.party)
    held = _held(found)
    if held is not None:
        return held.body.name, held.body.data
    wrong = [act for act in found.releases if act.body is not None]
    if not wrong:
        raise Refused("evidence_destroyed", evidence=found.ref, released=found.releases[-1].ref)
    why = f"is not the file that was recorded by {found.ref}: nothing was saved"
    raise Broken(f"file released by {wrong[-1].ref}", why)
