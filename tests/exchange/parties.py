"""Two or three founded parties with real records, ready to talk over the loopback or by file.

parties = Parties("IRQ", "TUR")
with parties.listening("IRQ") as place:
    parties.talk("TUR", "IRQ", place).report.received
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.worlds.world import World, key

from comity.core.act import Ref
from comity.core.charter import KeyAdded, KeyRevoked
from comity.core.keys import ED25519, ML_DSA, Signer
from comity.exchange.http.client import Carried, HttpPeer, Place, talk_http
from comity.exchange.http.server import Endpoint
from comity.exchange.http.serving import serving
from comity.exchange.sealing import SealingKey
from comity.exchange.station import Station
from comity.node.keystore import SigningKey


class Clock:
    """A clock that can be set: `ahead` seconds before the real one."""

    def __init__(self, ahead: float = 0) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)


@functools.cache
def sealing(party: str) -> SealingKey:
    return SealingKey.generate()


class Parties:
    """A world and, for each party, its station, its own clock and its sealing key."""

    def __init__(
        self, *codes: str, kinds: tuple[str, ...] = (ED25519,), page: int = 1 << 20, **world: Any
    ) -> None:
        self.world = World(codes or ("IRQ", "TUR"), kinds=kinds, page=page, **world)
        self.codes = self.world.parties
        self.clocks = {code: Clock() for code in self.codes}
        self.rings = {
            code: {key(code, "node", kind).public: key(code, "node", kind) for kind in kinds}
            for code in self.codes
        }
        self.stations = {code: self._station(code) for code in self.codes}

    @property
    def mechanism(self) -> str:
        return self.world.charter.id

    def found(self) -> Parties:
        self.world.found()
        return self

    def _station(self, code: str) -> Station:
        return Station(self.world.charter.id, _Live(self.world, code), self._keys(code), self._signers(code))

    def _keys(self, code: str):
        def keys(party: str) -> Sequence[str]:
            return self.world.nodes[code].node_keys(party)

        return keys

    def _signers(self, code: str):
        def signers(party: str) -> Sequence[Signer]:
            node = self.world.nodes[code]
            head = node.heads().get(party)
            known = node.node_keys(code, head.checkpoint.receipts.get(code, 0) if head is not None else 0)
            keys = dict.fromkeys([*known, *node.node_keys(code)])
            return [
                self.rings[code][one]
                for one in keys
                if one.startswith(f"{ED25519}:") and one in self.rings[code]
            ]

        return signers

    def rotate(self, code: str) -> SigningKey:
        """A new node key for a party, and its first one revoked; returns the old one."""
        old, new = key(code, "node"), key(code, "node2")
        self.world.signers[new.public] = self.rings[code][new.public] = new
        charter, root = Ref(code, 0), key(code, "root")
        self.world.say(code, "charter.key_added/1", KeyAdded(new.public, "node"), charter, signer=root)
        self.world.nodes[code].head()
        self.world.say(code, "charter.key_revoked/1", KeyRevoked(old.public), charter, signer=root)
        return old

    @contextmanager
    def listening(self, code: str, **how: Any) -> Iterator[Place]:
        """The node of a party, answering on the loopback."""
        tls = {name: how.pop(name) for name in ("tls_cert", "tls_key", "head_seconds", "port") if name in how}
        pin = how.pop("pin", "")
        app = Endpoint(how.pop("stations", {self.mechanism: self.stations[code]}), self.clocks[code], **how)
        try:
            with serving(app, **tls) as address:
                yield Place(address, pin)
        finally:
            app.close()

    def peer(self, asker: str, asked: str, place: Place, **how: Any) -> HttpPeer:
        return HttpPeer(self.stations[asker], asked, place, self.clocks[asker], **how)

    def talk(self, asker: str, asked: str, place: Place, **how: Any) -> Carried:
        return talk_http(self.stations[asker], asked, place, self.clocks[asker], limit=self.world.page, **how)

    def sizes(self, code: str) -> dict[str, int]:
        return self.world.sizes(code)


class _Live:
    """The record of a party as it is now, also after the world has started it anew."""

    def __init__(self, world: World, code: str) -> None:
        self._world, self._code = world, code

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.nodes[self._code], name)


BOTH = (ED25519, ML_DSA)
