"""Evidence by its file: recorded from a file that a browser sent, released from the one that this node keeps.

The act says the file's hash; the file itself stays in this node's folder of withheld files until it is released.
"""

from __future__ import annotations

import mimetypes
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.core.keys import b64
from comity.node import evidence
from comity.node.record import Draft, Once, Said
from comity.node.withheld import RECORDED, SALT, Kept
from comity.web.form import Sent
from comity.web.visit import Visit

__all__ = ["HIDDEN", "RECORDED", "RELEASED", "completed", "record_file", "release"]

RELEASED = evidence.RELEASED
HIDDEN: Mapping[str, tuple[str, ...]] = {RECORDED: ("digest", "size"), RELEASED: ("salt", "data")}
"""The fields of each kind that the file itself gives."""

_TYPES = mimetypes.MimeTypes(filenames=())  # the tables of Python, and not those of this machine


def completed(visit: Visit, kind: str, fields: Mapping[str, Any], answers: tuple[Ref, ...]) -> dict[str, Any]:
    """The fields with something in the place of what the file gives, so that the rest can be judged before it."""
    if kind == RECORDED:
        return {"media_type": "application/octet-stream", **fields, "digest": "0" * 64, "size": 1}
    if kind == RELEASED:
        found = evidence.evidence(visit.record, answers[0]) if answers else None
        if found is not None:
            evidence.require_ours(visit.record, found)
            evidence.require_releasable(found.said.size, str(found.ref))
        name = fields.get("name") or (_name(found) if found is not None else "x")
        return {**fields, "name": name, "salt": b64(bytes(SALT)), "data": "AA=="}
    return dict(fields)


def _name(found: evidence.Evidence) -> str:
    ending = _TYPES.guess_extension(found.said.media_type) or ""
    return f"evidence-{found.ref.party}-{found.ref.number}{ending}"


def record_file(visit: Visit, sent: Sent | None, draft: Draft, given: Mapping[str, Any], once: Once) -> Said:
    """Keep the file and say that it exists. Raises `Malformed` where none was sent, `Refused` as the record does."""
    if sent is None:
        raise Malformed(draft.kind, "is needed and was not given", at="_file")
    record, withheld = visit.record, visit.house.node.withheld(visit.record)
    body = draft.body
    if not given.get("media_type"):
        guessed = _TYPES.guess_type(sent.name)[0] or "application/octet-stream"
        body = msgspec.structs.replace(body, media_type=guessed)

    def about(kept: Kept) -> Draft:
        return msgspec.structs.replace(draft, body=msgspec.structs.replace(body, **kept._asdict()))

    with tempfile.NamedTemporaryFile(prefix="comity-") as file:
        file.write(sent.body)
        file.flush()
        try:
            return evidence.record_file(record, withheld, Path(file.name), about, once=once)
        except Refused as error:
            if "file" in error.facts:  # as its owner calls it, not the copy in a temporary folder
                error.facts["file"] = sent.name
            raise


def release(visit: Visit, draft: Draft, once: Once) -> Said:
    """Put the kept file into the record. Raises `Refused`, `Unavailable` or `Broken`."""
    record, withheld = visit.record, visit.house.node.withheld(visit.record)
    given = msgspec.structs.replace(draft, body=None)
    return evidence.release(record, withheld, draft.answers[0], draft.body.name, given, once)
