"""`comity status`: how each mechanism stands, what waits for whom, which bodies are silent, whose clock is wrong.

log  said  held here  held by  note
IRQ  19    19         TUR 19
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from comity.cli.session import Session
from comity.cli.show import cell, emit, line, moment, named, table
from comity.cli.spoken import DAY, Option, command
from comity.core.act import Ref
from comity.desk import wording
from comity.node import asking, bodies, showing
from comity.node.record import Record

__all__ = ["status"]

_SKEW = timedelta(minutes=10)


@command("status", Option(["--on"], type=DAY, metavar="DAY"))
def status(session: Session, on: Any) -> None:
    """How each mechanism stands."""
    day = on or session.today()
    node = session.node
    mechanisms = [session.record.mechanism] if session.mechanism else node.mechanisms()
    found = [_status(session, node.record(mechanism), day) for mechanism in mechanisms]
    if session.json:
        emit({"party": node.party, "folder": str(node.folder), "mechanisms": found})
        return
    line(f"{cell(node.party, session)}  {named(node.settings.names, session)}")
    if not found:
        line(session.say("status.no_mechanism"))
    for stands in found:
        _tell_status(session, stands)


def _status(session: Session, record: Record, day: Any) -> dict[str, Any]:
    return asking.status(record) | {
        "on": day.isoformat(),
        "waits": asking.worst_first(record, day),
        "bodies": bodies.bodies(record, day),
        "clock": _clock(session, record),
        "digest": asking.digest(record),
    }


def _clock(session: Session, record: Record) -> list[dict[str, str]]:
    """Parties whose last act lies in our future: one of the two clocks is wrong. Nothing is decided by it."""
    now, found = session.clock(), []
    for party in record.parties:
        size = record.store.size(party)
        if size:
            last = datetime.fromisoformat(showing.show(record, Ref(party, size - 1))["time"]).astimezone(UTC)
            if last > now + _SKEW:
                found.append({"party": party, "act": f"{party}/{size - 1}", "time": last.isoformat()})
    return found


def _tell_status(session: Session, stands: Mapping[str, Any]) -> None:
    line("")
    line(f"{named(stands['names'], session)}  {cell(stands['mechanism'], session)}")
    if not stands["founded"]:
        waiting = [party for party, held in stands["logs"].items() if not held["ready"]]
        line(session.say("status.not_founded", waiting=", ".join(waiting)))
    if stands["silent"]:
        line(session.say("status.silent", waiting=", ".join(stands["silent"])))
    for skewed in stands["clock"]:
        line(session.say("status.clock", act=skewed["act"], time=moment(skewed["time"])))
    rows = []
    for party, held in stands["logs"].items():
        by = [f"{other} {size}" for other, size in held["held_by"].items() if other != party]
        state = session.say("status.frozen") if held["frozen"] else ""
        figures = [cell(held[name], session) for name in ("said", "held")]
        rows.append([cell(party, session), *figures, cell(", ".join(by), session), state])
    table(
        [session.say(f"label.{name}") for name in ("log", "said", "held", "receipts", "note")], rows, session
    )
    for party, held in stands["logs"].items():
        if held["frozen"]:
            line(session.say("status.frozen.help", party=party))
    _tell_waits(session, stands["waits"])
    _tell_bodies(session, stands["bodies"])


def _tell_waits(session: Session, waits: list[dict[str, Any]]) -> None:
    if not waits:
        return
    line("")
    line(session.say("status.waits"))
    rows = [
        [cell(wait["party"], session), cell(wait.get("ref", wait["docket"]), session), named(wait["title"], session),
         cell(wording.value(session.words, wait["for"]), session), cell(str(wait.get("since", ""))[:10], session)]
        for wait in waits
    ]  # fmt: skip
    table(
        [session.say(f"label.{name}") for name in ("party", "reference", "title", "for", "since")],
        rows,
        session,
    )


def _tell_bodies(session: Session, found: list[dict[str, Any]]) -> None:
    silent = [body for body in found if body["overdue"]]
    if not silent:
        return
    line("")
    line(session.say("status.bodies_silent"))
    for body in silent:
        key = "status.body_never" if body["last"] is None else "status.body_silent"
        line("  " + session.say(
            key, body=named(body["names"], session), months=body["months"], every=body["every_months"],
            last=body["last"] or "", mandate=body["mandate"], due=body["due"],
        ))  # fmt: skip
