"""Evidence by its file, for the terminal, the pages and programs alike: recorded, released, shown to one reader.

    given = completed(record, RECORDED, {"title": {"en": "Minutes"}}, ())    judged before the file is touched
    record_file(record, withheld, Path("minutes.pdf"), draft)                the file is kept, and the act says its hash
    with disclosure(record, withheld, Ref("TUR", 40)) as shown: ...          an open file, and nothing left of it after

The act says the file's hash; the file itself stays among this node's withheld files until it is released.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import msgspec

from comity.core.act import Ref
from comity.core.keys import b64
from comity.node import evidence
from comity.node.disclosing import disclose
from comity.node.evidence import RELEASED, Evidence
from comity.node.files import opened
from comity.node.record import Draft, Record
from comity.node.withheld import RECORDED, SALT, Kept, Withheld

__all__ = [
    "HIDDEN",
    "RECORDED",
    "RELEASED",
    "about_file",
    "completed",
    "disclosure",
    "file_name",
    "media_type",
]

HIDDEN: Mapping[str, tuple[str, ...]] = {RECORDED: ("digest", "size"), RELEASED: ("salt", "data")}
"""The fields of each kind that the file itself gives."""

_TYPES = mimetypes.MimeTypes(filenames=())  # the tables of Python, and not those of this machine


def media_type(name: str) -> str:
    """What a file of that name usually holds."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def file_name(found: Evidence) -> str:
    """What a file is called that came without a name: evidence-TUR-40.pdf."""
    ending = _TYPES.guess_extension(found.said.media_type) or ""
    return f"evidence-{found.ref.party}-{found.ref.number}{ending}"


def completed(record: Record, kind: str, fields: Mapping[str, Any], answers: Sequence[Ref]) -> dict[str, Any]:
    """The fields with something in the place of what the file gives, so that the rest can be judged before it.

    Raises `Refused` for the release of what is not evidence of ours, or too large.
    """
    if kind == RECORDED:
        return {"media_type": media_type(""), **fields, "digest": "0" * 64, "size": 1}
    if kind == RELEASED:
        found = evidence.evidence(record, answers[0]) if answers else None
        if found is not None:
            evidence.require_ours(record, found)
            evidence.require_releasable(found.said.size, str(found.ref))
        name = fields.get("name") or (file_name(found) if found is not None else "x")
        return {**fields, "name": name, "salt": b64(bytes(SALT)), "data": "AA=="}
    return dict(fields)


def about_file(draft: Draft) -> Callable[[Kept], Draft]:
    """What makes the whole act of a draft that was completed, once the file is kept."""

    def about(kept: Kept) -> Draft:
        return msgspec.structs.replace(draft, body=msgspec.structs.replace(draft.body, **kept._asdict()))

    return about


@contextmanager
def disclosure(
    record: Record, withheld: Withheld, found: Evidence, name: str = "", *, salt_only: bool = False
) -> Iterator[BinaryIO]:
    """The disclosure of a file that we keep, as an open file. Nothing is said, and no name of it is left on the disk.

    Raises `Refused`, `Unavailable`, or `Broken` where the kept file is not what was recorded.
    """
    # Beside the kept files, and not where other programs of the machine put theirs.
    with TemporaryDirectory(prefix="disclosure-", dir=withheld.folder.parent) as folder:
        output = Path(folder) / "disclosure"
        disclose(record, withheld, found.ref, name or file_name(found), output, salt_only=salt_only)
        with opened(output) as file:
            yield file
