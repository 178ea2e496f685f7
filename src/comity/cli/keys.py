"""`comity key`: keys for offices, made and kept in this node's folder."""

from __future__ import annotations

import click

from comity.cli.session import Session
from comity.cli.show import cell, emit, line, table
from comity.cli.spoken import Group, Option, command
from comity.core.keys import ED25519, ML_DSA, key_id

__all__ = ["key"]


@command(
    "make",
    Option(["--office"], metavar="OFFICE", key="option.key.office"),
    Option(["--type", "kind"], type=click.Choice([ED25519, ML_DSA]), default=ED25519, key="option.key.type"),
    key="command.key.make",
)
def _make(session: Session, office: str | None, kind: str) -> None:
    made = session.node.keys.make(kind).public
    if session.json:
        emit({"key": made, "id": key_id(made), "office": office})
        return
    line(made)
    line(session.say("done.key_made", id=key_id(made), office=office or "OFFICE"))


@command("list", key="command.key.list")
def _list(session: Session) -> None:
    """Keys of the mechanism's charter that this node holds, with what they are for."""
    rows = []
    node = session.node
    for mechanism in [session.record.mechanism] if session.mechanism else node.mechanisms():
        record = node.record(mechanism)
        with record.reading():
            half = record.folds.half(record.party, record.ready)
            offices = record.folds.offices(record.party, record.ready).values()
        uses = [(held.key, held.use, held.revoked) for held in half.keys]
        uses += [(office.key, office.name, None) for office in offices if office.key]
        for public, use, revoked in uses:
            rows.append({
                "mechanism": mechanism[:12], "id": key_id(public), "type": public.partition(":")[0], "use": use,
                "here": node.keys.has(public), "revoked": f"{record.party}/{revoked}" if revoked is not None else "",
            })  # fmt: skip
    if session.json:
        emit(rows)
        return
    headers = [
        session.say(f"label.{name}") for name in ("mechanism", "key", "type", "use", "here", "revoked")
    ]
    table(headers, [[cell(value, session) for value in row.values()] for row in rows], session)


_COMMANDS = {"make": _make, "list": _list}
key = Group("key", {name: (f"command.key.{name}", "cli") for name in _COMMANDS}, _COMMANDS.get)
