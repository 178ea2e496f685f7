"""The record browser: each log with its signed head, receipts and countersignatures; a log's acts, newest first.

GET /m/3f2a91c07b1e/record                       all logs
GET /m/3f2a91c07b1e/record/TUR?from=400          acts 399, 398, ... of Türkiye's log, 50 a page
GET /m/3f2a91c07b1e/record/TUR/checkpoint        the newest signed head, as it is checked by whoever wants to
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from comity.core.act import Ref
from comity.core.checkpoint import Note, cosigners
from comity.core.errors import Refused
from comity.desk import wording
from comity.node import asking, showing
from comity.node.record import Record
from comity.web.page import Page
from comity.web.text import visible
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "PER_PAGE"]

PER_PAGE = 50
_LONGEST = 12  # digits of a number in an address


def records(visit: Visit) -> Answer:
    """All logs of the mechanism."""
    record = visit.record
    with record.reading():
        status = asking.status(record)
        logs = [_log(visit, record, party, status["logs"][party]) for party in record.parties]
    return visit.page("records.html", logs=logs, identifier=record.mechanism, frozen=status["logs"])


def _log(visit: Visit, record: Record, party: str, told: Mapping[str, Any]) -> dict[str, Any]:
    head = record.logs[party].head
    return {
        "party": party,
        "name": visit.party(party),
        "ours": party == record.party,
        **told,
        "said": visit.number(told["said"]),
        "held": visit.number(told["held"]),
        "lacks": visit.number(told["said"] - told["held"]) if told["said"] > told["held"] else "",
        "unread": visit.number(told["held"] - told["ready"]) if told["held"] > told["ready"] else "",
        "href": f"{visit.root}/record/{party}",
        "head": _head(visit, record, head) if head is not None else None,
    }


def _head(visit: Visit, record: Record, head: Note) -> dict[str, Any]:
    """The newest signed head: its size and root, what its author had of the other logs, who countersigned it when."""
    point = head.checkpoint
    keys = {party: record.every_node_key(party) for party in record.parties if party != point.party}
    return {
        "size": visit.number(point.size),
        "root": base64.b64encode(point.root).decode(),
        "seen": [
            (other, visit.party(other), visit.number(seen.size)) for other, seen in sorted(point.seen.items())
        ],
        "by": [_countersigned(visit, party, time) for party, time in sorted(cosigners(head, keys).items())],
        "signatures": len(head.lines),
        "href": f"{visit.root}/record/{point.party}/checkpoint",
    }


def _countersigned(visit: Visit, party: str, seconds: int) -> dict[str, str]:
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):  # a time that no calendar has
        return {"name": visit.party(party), "party": party, "iso": "", "shown": str(seconds), "hijri": ""}
    shown, hijri = visit.moment(time), visit.hijri(time)
    return {
        "name": visit.party(party),
        "party": party,
        "iso": time.isoformat(),
        "shown": shown,
        "hijri": hijri,
    }


def log(visit: Visit) -> Answer:
    """One log's acts, newest first."""
    record, party = visit.record, _party(visit)
    with record.reading():
        size = record.store.size(party)
        stop = _from(visit, size)
        start = max(0, stop - PER_PAGE)
        acts = [showing.show(record, Ref(party, number)) for number in reversed(range(start, stop))]
        offices = record.folds.offices(party, record.ready)
    titles = {name: visit.titled(name, one.titles) for name, one in offices.items()}
    here = f"{visit.root}/record/{party}"
    return visit.page(
        "log.html",
        party=visit.house.party(visit.words),
        log=party,
        name=visit.party(party),
        size=visit.number(size),
        acts=[_line(visit, record, titles, act) for act in acts],
        previous=f"{here}?from={min(size, stop + PER_PAGE)}" if stop < size else "",
        next=f"{here}?from={start}" if start else "",
        has_head=record.logs[party].head is not None,
    )


def _line(visit: Visit, record: Record, titles: Mapping[str, str], act: Mapping[str, Any]) -> dict[str, Any]:
    word = wording.standing_of(act)
    return {
        "ref": act["ref"],
        "href": visit.act_at(act["ref"]),
        "what": wording.what(visit.words, record, act["kind"]),
        "docket": act["docket"],
        "docket_href": visit.docket_at(act["docket"]),
        "office": titles.get(act["office"], act["office"]),
        "time": act["time"],
        "shown": visit.moment(act["time"]),
        "hijri": visit.hijri(act["time"]),
        "standing": word,
        "label": wording.standing(visit.words, word),
    }


def checkpoint(visit: Visit) -> Answer:
    """The newest signed head of a log, byte for byte."""
    record, party = visit.record, _party(visit)
    with record.reading():
        head = record.logs[party].head
    if head is None:
        raise Refused("head_unknown", party=party)
    name = f"{party}-{head.checkpoint.size}.checkpoint"
    return visit.download(head.encode(), name, "text/plain; charset=utf-8")


def _party(visit: Visit) -> str:
    """The party in the path. Raises `Refused`."""
    asked = str(visit.path["party"])
    if asked not in visit.record.parties:
        raise Refused("party_unknown", party=visible(asked[:40]), known=", ".join(visit.record.parties))
    return asked


def _from(visit: Visit, size: int) -> int:
    """The number below which the page begins: all, unless the address says otherwise."""
    asked = visit.query("from")
    if asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST:
        return min(size, int(asked))
    return size


PAGES = (
    Page("/m/{mechanism:str}/record", records),
    Page("/m/{mechanism:str}/record/{party:str}", log),
    Page("/m/{mechanism:str}/record/{party:str}/checkpoint", checkpoint),
)
