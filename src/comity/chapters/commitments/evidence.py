"""Whether a released file is the one that was recorded.

    found(recorded, [EvidenceReleased("minutes.pdf", salt, data)])  ->  "match"

Nothing released: *withheld*; the others see the hash, and that there is evidence. A file that is not the recorded
one: *mismatch*. What was released and destroyed since: *destroyed*. Only questions ask this, never a rule: the
answer changes when a content is destroyed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from comity.chapters.commitments.acts import EvidenceRecorded, EvidenceReleased, evidence_digest

__all__ = ["found", "matches"]


def matches(recorded: EvidenceRecorded, released: EvidenceReleased) -> bool:
    """Whether these bytes are the recorded file, in size too."""
    salt = base64.urlsafe_b64decode(released.salt + "=")
    return len(released.data) == recorded.size and evidence_digest(salt, released.data) == recorded.digest


def found(recorded: EvidenceRecorded, releases: Iterable[EvidenceReleased | None]) -> str:
    """withheld, match, mismatch or destroyed: of several releases the best counts, a destroyed one (None) least."""
    verdicts = {
        "destroyed" if one is None else "match" if matches(recorded, one) else "mismatch" for one in releases
    }
    return next((word for word in ("match", "mismatch", "destroyed") if word in verdicts), "withheld")
