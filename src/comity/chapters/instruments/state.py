"""One party's half of an instrument: what it alone has said, in order. Everything joint is in `matters`.

Half(versions=(Said(TUR/4, 2024-08-01, Proposed(...)),), acceptances=(Said(TUR/6, ..., Accepted(...)),))
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments import acts
from comity.core.act import Act, Ref

__all__ = ["FIELDS", "SUPPLIED", "Half", "Said", "apply"]

SUPPLIED = "instrument.paper_supplied/1"


class Said(msgspec.Struct, frozen=True):
    """One act as it is kept: where it stands, the day that it bears, what it answers, its content."""

    ref: Ref
    day: date
    body: Any
    answers: tuple[Ref, ...] = ()
    office: str = ""

    @property
    def party(self) -> str:
        """Who said it."""
        return self.ref.party


Several = tuple[Said, ...]


class Half(msgspec.Struct, frozen=True):
    """What one party has said: each field in the order of its log."""

    versions: Several = ()
    positions: Several = ()
    acceptances: Several = ()
    withdrawals: Several = ()
    declined: Several = ()
    signatures: Several = ()
    papers: Several = ()
    supplied: Several = ()
    originals: Several = ()
    notifications: Several = ()
    amendments: Several = ()
    terminations: Several = ()
    denunciations: Several = ()
    refusals: Several = ()


FIELDS: dict[type[Any], str] = {
    acts.Proposed: "versions",
    acts.Revised: "versions",
    acts.Recorded: "versions",
    acts.BracketPosition: "positions",
    acts.Accepted: "acceptances",
    acts.Affirmed: "acceptances",
    acts.Withdrawn: "withdrawals",
    acts.Declined: "declined",
    acts.Signed: "signatures",
    acts.PaperSigned: "papers",
    acts.PaperSupplied: "supplied",
    acts.OriginalRecorded: "originals",
    acts.Notified: "notifications",
    acts.AmendmentProposed: "amendments",
    acts.TerminationProposed: "terminations",
    acts.Denounced: "denunciations",
    acts.RenewalDeclined: "refusals",
}
"""Where each kind of content is kept."""


def apply(half: Half, act: Act) -> Half:
    """The half with one more act of its party."""
    destroyable = act.kind == SUPPLIED  # kept without its content, which may be gone
    field = "supplied" if destroyable else FIELDS[type(act.body)]
    body = None if destroyable else act.body
    said = Said(act.ref, act.time.date(), body, act.answers, act.office)
    return msgspec.structs.replace(half, **{field: (*getattr(half, field), said)})
