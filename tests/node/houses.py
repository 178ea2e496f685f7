"""Real node folders on a disk, founded and talking: `houses(tmp_path, "IRQ", "TUR")`.

Keys are Ed25519 alone, which is quick to make; what ML-DSA adds is tested with the checkpoints.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.worlds import pact

from comity.core.act import Ref
from comity.core.charter import ROOT, Charter, parse_card
from comity.core.keys import ED25519
from comity.exchange.talk import Report, answer, converse
from comity.node.home import Node
from comity.node.record import Draft, Record

CHAPTERS = {"pact": pact.CHAPTER}
START = datetime(2024, 8, 15, 9, 0, 0, tzinfo=UTC)


class Clock:
    """One second later each time that somebody looks."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


CLOCK = Clock()


def build(folder: Path, code: str, passphrase: str = "") -> Node:
    return Node.init(folder, code, {"en": code}, CHAPTERS, CLOCK, passphrase, [ED25519])


def reopen(node: Node) -> Node:
    """The folder opened again, as another process would after this one ended."""
    node.close()
    return Node(node.folder, CHAPTERS, CLOCK)


def charter(nodes: Iterable[Node], names: str = "Test") -> Charter:
    """Everybody's fresh card in one charter, proposed by the first."""
    several = list(nodes)
    cards = [parse_card(node.make_card(node_kinds=[ED25519])) for node in several]
    return several[0].propose(cards, {"en": names}, ["pact"])


def converse_once(asker: Record, asked: Record) -> Report:
    """One whole conversation. Raises what it ends with."""
    run = converse(asker, asked.party)
    request = next(run)
    try:
        while True:
            request = run.send(answer(asked, asker.party, request))
    except StopIteration as end:
        report: Report = end.value
        return report


def meet(records: Sequence[Record]) -> None:
    """Everybody talks with everybody, often enough for all news and receipts to come round."""
    for _ in range(3):
        for asker, asked in itertools.permutations(records, 2):
            converse_once(asker, asked)


def houses(folder: Path, *codes: str) -> tuple[dict[str, Node], dict[str, Record]]:
    """Nodes in folders of their own, and their records of one mechanism that all have founded."""
    nodes = {code: build(folder / code, code) for code in codes}
    founded = charter(nodes.values())
    records = {code: node.accept(founded) for code, node in nodes.items()}
    meet(list(records.values()))
    return nodes, records


def put(record: Record, text: str = "text") -> Ref:
    return record.say(Draft("pact.put/1", pact.Put(text), ROOT)).ref


def note(record: Record, docket: Ref, text: str = "remark") -> Ref:
    return record.say(Draft("pact.noted/1", pact.Noted(text), ROOT, docket=docket)).ref


def agree(record: Record, docket: Ref) -> Ref:
    draft: Any = Draft("pact.agreed/1", pact.Agreed(), ROOT, docket=docket, answers=[docket])
    return record.say(draft).ref
