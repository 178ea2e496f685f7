"""The mechanism that is measured: two parties, ONE and TWO, each with a real node folder, keys and database.

FOLDER/one/node.json ...   everything is said by ONE
FOLDER/two/node.json ...   TWO fetches it
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from comity.bench.chapter import CHAPTER
from comity.chapters import all_chapters
from comity.core.act import Ref
from comity.core.charter import ROOT, OfficeFilled, parse_card
from comity.core.keys import ED25519
from comity.exchange.station import Station
from comity.exchange.talk import Report, answer, converse
from comity.node import saying
from comity.node.home import Node
from comity.node.record import Draft, Record

__all__ = ["ONE", "TWO", "clock", "fill_office", "found", "open_node", "station", "talk"]

ONE, TWO = "ONE", "TWO"


def clock() -> datetime:
    """The machine's."""
    return datetime.now(UTC)


def open_node(folder: Path, party: str) -> Node:
    """One party's node, with the real chapters loaded beside the one that is measured."""
    return Node(folder / party.lower(), {**all_chapters(), CHAPTER.name: CHAPTER}, clock)


def found(folder: Path) -> None:
    """Make both nodes, found the mechanism, and let each hold the other's acceptance."""
    chapters = {CHAPTER.name: CHAPTER}
    nodes = [Node.init(folder / code.lower(), code, {"en": code}, chapters, clock) for code in (ONE, TWO)]
    cards = [parse_card(node.make_card()) for node in nodes]
    charter = nodes[0].propose(cards, {"en": "Bench"}, [CHAPTER.name])
    one, two = (node.accept(charter) for node in nodes)
    for _ in range(2):
        talk(one, two)
        talk(two, one)
    for node in nodes:
        node.close()


def fill_office(node: Node, record: Record, name: str) -> None:
    """Let the node's party fill an office of that name, under a key of its own, so that people can hold it."""
    filled = OfficeFilled(name, {"en": name.capitalize()}, "", node.keys.make(ED25519).public)
    root = node.keys.signer(node.settings.root[0])
    record.say(Draft("charter.office_filled/1", filled, ROOT, docket=Ref(record.party, 0), signer=root))


def station(record: Record) -> Station:
    """The record as the exchange sees it."""
    return Station(record.mechanism, record, record.node_keys, lambda _party: saying.signers(record))


def talk(asking: Record, asked: Record) -> Report:
    """A whole conversation within one process."""
    conversation = converse(asking, asked.party)
    request = next(conversation)
    while True:
        try:
            request = conversation.send(answer(asked, asking.party, request))
        except StopIteration as ended:
            report: Report = ended.value
            return report
