"""What every verdict on a file ends with: the heads that it rests on, and what a person compares by voice.

checkpoint        IRQ 29
countersigned by  TUR (2024-08-16 07:00 UTC)
fingerprint IRQ   56918 19055 72120 34017 92436 09906
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from comity.cli.session import Session
from comity.cli.show import cell, moment, named

__all__ = ["heads", "identity", "when"]


def heads(session: Session, found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each party's head, by its size, and who countersigned it when."""
    told = []
    for party, head in found.items():
        held = [f"{other} ({when(time)})" for other, time in head.countersigned.items()]
        told.append((session.say("label.checkpoint"), cell(f"{party} {head.size}", session)))
        told.append((session.say("label.countersigned"), cell(held, session)))
    return told


def identity(session: Session, verdict: Any) -> list[tuple[str, str]]:
    """The mechanism and the fingerprints: what a person compares with a source that they trust."""
    return [
        (
            session.say("label.mechanism"),
            f"{named(verdict.names, session)} {cell(verdict.mechanism, session)}",
        ),
        *(
            (f"{session.say('label.fingerprint')} {cell(party, session)}", cell(said, session))
            for party, said in verdict.fingerprints.items()
        ),
    ]


def when(posix: int) -> str:
    """A POSIX time as people read it."""
    return moment(datetime.fromtimestamp(posix, UTC).isoformat())
