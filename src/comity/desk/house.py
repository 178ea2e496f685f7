"""A running node as pages and programs see it: its mechanisms, its people, what has arrived.

    house = House(node, accounts, clock, ZoneInfo("Asia/Baghdad"))
    house.record("3f2a")                       the record whose identifier begins so
    house.state(record)                        "IRQ:12,TUR:19": what is shown is a function of this, and of the day

One house serves many threads; what it gives is guarded by the record itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, tzinfo

from comity.accounts import Accounts, Person
from comity.core.act import Names
from comity.desk.drafting import Keys, Speaker
from comity.desk.search import Search
from comity.desk.turns import Turns
from comity.node.home import Node
from comity.node.record import Record
from comity.words import Words

__all__ = ["House"]


class House:
    """The node, its accounts and its clock. `zone` is the zone in which times are shown, and in which a day begins."""

    def __init__(self, node: Node, accounts: Accounts, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self.node, self.accounts, self.clock, self.zone = node, accounts, clock, zone
        self.turns = Turns()

    def today(self) -> date:
        """The day that it is where this node's people are."""
        return self.clock().astimezone(self.zone).date()

    def mechanisms(self) -> list[Record]:
        """The records of all mechanisms that this node takes part in."""
        return [self.node.record(mechanism) for mechanism in self.node.mechanisms()]

    def record(self, mechanism: str) -> Record:
        """The record whose identifier begins so. Raises `Refused`."""
        return self.node.record(mechanism)

    def search(self, record: Record) -> Search:
        """The index of a record's titles and texts."""
        return Search(self.node.folder / "mechanisms" / record.mechanism / "search.db")

    def open_to(self, person: Person) -> list[Record]:
        """The mechanisms that a person may read."""
        return [one for one in self.mechanisms() if self.may_read(person, one)]

    def may_read(self, person: Person, record: Record) -> bool:
        """Whether a person may see a record: whoever holds an office in it, and nobody else.

        An office that no charter fills (`auditor`) lets its holder read and say nothing. To administer is no office.
        """
        return bool(person.offices(record.mechanism))

    def party(self, words: Words) -> str:
        """The name of the node's party, in a language."""
        names: Names = self.node.settings.names
        return names.get(words.language) or names.get("en") or self.node.party

    def speaker(self, person: Person, record: Record, words: Words, keys: Keys | None = None) -> Speaker:
        """The person as one who speaks: for the offices that they hold in this mechanism, and for no other."""
        return Speaker(keys or self.node.keys, words, self.today(), person.offices(record.mechanism))

    def state(self, record: Record) -> str:
        """How much of each log is shown, as one word; it changes with everything that is said or arrives."""
        with record.reading():
            sizes = ",".join(f"{party}:{size}" for party, size in sorted(record.ready.items()))
            held = ",".join(f"{party}:{log.size}" for party, log in sorted(record.logs.items()))
            heads = ",".join(
                str(log.head.checkpoint.progress) if log.head is not None else "0"
                for log in record.logs.values()
            )
        return f"{sizes};{held};{heads}"

    def tag(self, record: Record, *more: object) -> str:
        """An entity tag (RFC 9110 section 8.8.3) for what is shown of a record today, with whatever else decides it."""
        said = "\n".join([record.mechanism, self.state(record), self.today().isoformat(), *map(str, more)])
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
