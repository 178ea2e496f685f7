"""Evidence by its file: recorded from a file that a browser sent, released from the one that this node keeps.

The act says the file's hash; the file itself stays in this node's folder of withheld files until it is released.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.desk import exhibits
from comity.desk.exhibits import HIDDEN, RECORDED, RELEASED
from comity.node import evidence
from comity.node.record import Draft, Once, Said
from comity.web.form import Sent
from comity.web.visit import Visit

__all__ = ["HIDDEN", "RECORDED", "RELEASED", "completed", "record_file", "release"]


def completed(visit: Visit, kind: str, fields: Mapping[str, Any], answers: tuple[Ref, ...]) -> dict[str, Any]:
    """The fields with something in the place of what the file gives; see `comity.desk.exhibits`."""
    return exhibits.completed(visit.record, kind, fields, answers)


def record_file(visit: Visit, sent: Sent | None, draft: Draft, given: Mapping[str, Any], once: Once) -> Said:
    """Keep the file and say that it exists. Raises `Malformed` where none was sent, `Refused` as the record does."""
    if sent is None:
        raise Malformed(draft.kind, "is needed and was not given", at="_file")
    record, withheld = visit.record, visit.house.node.withheld(visit.record)
    if not given.get("media_type"):
        body = msgspec.structs.replace(draft.body, media_type=exhibits.media_type(sent.name))
        draft = msgspec.structs.replace(draft, body=body)
    with tempfile.NamedTemporaryFile(prefix="comity-") as file:
        file.write(sent.body)
        file.flush()
        try:
            return evidence.record_file(
                record, withheld, Path(file.name), exhibits.about_file(draft), once=once
            )
        except Refused as error:
            if "file" in error.facts:  # as its owner calls it, not the copy in a temporary folder
                error.facts["file"] = sent.name
            raise


def release(visit: Visit, draft: Draft, once: Once) -> Said:
    """Put the kept file into the record. Raises `Refused`, `Unavailable` or `Broken`."""
    record, withheld = visit.record, visit.house.node.withheld(visit.record)
    given = msgspec.structs.replace(draft, body=None)
    return evidence.release(record, withheld, draft.answers[0], draft.body.name, given, once)
