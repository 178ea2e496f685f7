"""`comity sync` and `comity pouch`: the same conversation, over HTTP or by file.

comity sync             talks with every other party that gave an address; exit 3 if one cannot be reached
comity pouch pack IRQ -o tur-to-irq.pouch
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.errors import EXIT, exit_code, tell, told
from comity.cli.session import Session
from comity.cli.show import emit, line, spans
from comity.cli.spoken import Argument, Group, Option, command
from comity.core.errors import ComityError, Refused
from comity.node.record import Record

__all__ = ["pouch", "sync"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@command("sync", Argument(["party"], required=False, metavar="PARTY"))
def sync(session: Session, party: str | None) -> int:
    """Talk once with each other party, or with one."""
    node = session.node
    mechanisms = [session.record.mechanism] if session.mechanism else node.mechanisms()
    records = [node.record(mechanism) for mechanism in mechanisms]
    if party is not None:
        records = [record for record in records if party in record.parties and party != record.party]
        if not records:
            raise Refused("not_a_party", party=party)
    codes, found = {0}, []
    for record in records:
        for other in [party] if party else [code for code in record.parties if code != record.party]:
            report = _talk(session, record, other)
            codes.add(report.pop("exit"))
            found.append(report)
    if session.json:
        emit(found)
    return max(codes)


def _talk(session: Session, record: Record, other: str) -> dict[str, Any]:
    """One conversation, told as it ends; what goes wrong with one party leaves the others alone."""
    from comity.exchange.http.client import talk_http
    from comity.node.reaching import place, station

    answer: dict[str, Any] = {"mechanism": record.mechanism, "party": other, "exit": 0}
    try:
        at = place(record, other)
        if at is None:
            raise Refused("no_address", party=other)
        carried = talk_http(station(session.node, record), other, at, session.machine_clock)
    except ComityError as error:
        if not session.json:
            tell(session, error)
        return answer | told(session, error) | {"exit": exit_code(error)}
    report, own = carried.report, record.party
    answer |= {
        "said": report.said.get(own, 0),
        "held_by_them": report.held_by_them.get(own, 0),
        "received": dict(report.received),
        "given": dict(report.given),
        "faults": dict(report.faults),
        "skew": carried.skew,
    }
    if report.faults:
        answer["exit"] = EXIT[Refused]
    if not session.json:
        _tell_talk(session, other, answer)
    return answer


def _tell_talk(session: Session, other: str, answer: dict[str, Any]) -> None:
    facts = {
        "said": answer["said"],
        "held": answer["held_by_them"],
        "received": sum(answer["received"].values()),
    }
    line(session.say("done.synced", party=other, **facts))
    for log, why in answer["faults"].items():
        line(session.say("done.fault", party=other, log=log, why=why))


@command(
    "pack",
    Argument(["party"], metavar="PARTY", key="option.pouch.for"),
    Option(["-o", "--output", "output"], type=_FILE, required=True, metavar="FILE"),
    Option(["--whole"], is_flag=True, key="option.pouch.whole"),
    key="command.pouch.pack",
)
def _pack(session: Session, party: str, output: Path, whole: bool) -> None:
    from comity.node.pouches import pack_file

    head = pack_file(session.node, session.record, party, output, whole=whole)
    if session.json:
        carries = {log: list(span) for log, span in head.carries.items()}
        emit(
            {
                "file": str(output),
                "id": head.id,
                "from": head.sender,
                "to": head.recipient,
                "carries": carries,
            }
        )
        return
    line(
        session.say(
            "done.packed",
            party=party,
            file=output,
            numbers=", ".join(spans(head.carries)) or session.say("label.receipts_only"),
        )
    )


@command(
    "open", Argument(["file"], type=_FILE, metavar="FILE", key="option.pouch.file"), key="command.pouch.open"
)
def _open(session: Session, file: Path) -> int:
    from comity.node.pouches import open_file

    brought = open_file(session.node, file)
    report = brought.report
    acts = sum(report.received.values())
    if session.json:
        emit({"mechanism": brought.record.mechanism, "from": brought.sender, "received": dict(report.received),
              "faults": dict(report.faults)})  # fmt: skip
    else:
        line(session.say("done.opened", party=brought.sender, acts=acts))
        for log, why in report.faults.items():
            line(session.say("done.fault", party=brought.sender, log=log, why=why))
    return EXIT[Refused] if report.faults else 0


_COMMANDS = {"pack": _pack, "open": _open}
pouch = Group("pouch", {name: (f"command.pouch.{name}", "cli") for name in _COMMANDS}, _COMMANDS.get)
