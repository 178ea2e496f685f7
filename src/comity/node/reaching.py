"""How a node's mechanisms meet the exchange: what it signs with, whom it believes, where the others are.

station(node, record)  ->  Station("kZTS...7dw", record, keys, signers)
place(record, "IRQ")   ->  Place("https://mfa.example.iq", tls="...")   or None where it gave no address
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from comity.core.errors import ComityError, Refused
from comity.core.keys import Signer
from comity.exchange.http.client import Place
from comity.exchange.station import Station
from comity.node import standing
from comity.node.home import Node
from comity.node.record import Record

__all__ = ["Stations", "place", "sealing_key", "station"]


def station(node: Node, record: Record) -> Station:
    """The mechanism as the exchange sees it."""

    def keys(party: str) -> Sequence[str]:
        with record.reading():
            return record.node_keys(party)

    def signers(party: str) -> Sequence[Signer]:
        """First what that party knows us by and we still use; then what it knew us by, and what is new.

        Its receipt says how much of our log it had, and so which of our keys; it may have learned more since.
        """
        with record.reading():
            held = standing.receipts(record).get(party, {}).get(record.party, 0)
            known = record.node_keys(record.party, held or None)
            now = record.node_keys(record.party)
        ours = dict.fromkeys([*(key for key in known if key in now), *known, *now])
        return [node.keys.signer(key) for key in ours if node.keys.has(key)]

    return Station(record.mechanism, record, keys, signers)


class Stations(Mapping[str, Station]):
    """Every mechanism of a node as the exchange sees it; one that is founded meanwhile is there at once.

    A record that cannot be opened is not there for whoever asks; `of` raises why.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._made: dict[str, Station] = {}

    def of(self, mechanism: str) -> Station:
        """The station of a mechanism that is there. Raises `Refused`, `Unavailable`, `Malformed`."""
        found = self._made.get(mechanism)
        return found or self._made.setdefault(mechanism, station(self._node, self._node.record(mechanism)))

    def __getitem__(self, mechanism: str) -> Station:
        """Raises `KeyError`."""
        try:
            if mechanism in self._made or mechanism in self._node.mechanisms():
                return self.of(mechanism)
        except ComityError as error:
            raise KeyError(mechanism) from error
        raise KeyError(mechanism)

    def __iter__(self) -> Iterator[str]:
        return iter(self._node.mechanisms())

    def __len__(self) -> int:
        return len(self._node.mechanisms())


def place(record: Record, party: str) -> Place | None:
    """Where a party's node is reached: by its last word, or by its card. Raises `Refused` for a stranger."""
    card = record.charter.card(party)
    with record.reading():
        half = record.folds.half(party, record.ready)
    address, tls = half.address if half.card is not None else (card.address, card.tls)
    return Place(address, tls) if address else None


def sealing_key(record: Record, party: str) -> str:
    """The key that pouches for a party are sealed to: the last one in force. Raises `Refused` if there is none."""
    card = record.charter.card(party)
    with record.reading():
        half = record.folds.half(party, record.ready)
    held = half.valid("sealing") if half.card is not None else [card.sealing]
    if not held:
        raise Refused("no_sealing_key", party=party)
    return held[-1]
