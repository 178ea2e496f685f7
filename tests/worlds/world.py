"""A world: two to five nodes with real records, a clock, a network that can do anything, machines that can die.

    world = World(("IRQ", "TUR"))
    world.found()                                   # both accept the charter and know it of each other
    pact = world.put("TUR")                         # TUR puts a pact, a docket with one subject
    world.sync("IRQ", "TUR")                        # one whole conversation
    world.agree("IRQ", pact)
    world.meet()                                    # everybody talks with everybody until nothing is new

A conversation can also be taken message by message: `open_talk`, `step`, with duplicates by `repeat`.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

from tests.worlds import pact
from tests.worlds.faulty import Crash, Faulty, copy_of

from comity.core import canonical
from comity.core.act import Cut, Ref
from comity.core.charter import ROOT, Accepted, Card, Charter
from comity.core.checkpoint import parse_note
from comity.core.entry import parse_leaf
from comity.core.errors import ComityError, Refused
from comity.core.keys import ED25519, SEALING, b64
from comity.core.log import parse_page
from comity.exchange import talk
from comity.node import standing
from comity.node.keystore import SigningKey
from comity.node.record import Draft, Record
from comity.storage.memory import MemoryStore

CODES = ("IRQ", "TUR", "JOR", "NLD", "ETH")
START = datetime(2024, 8, 15, 9, 0, tzinfo=UTC)
SINCE = START.date()
Fact = tuple[str, str, tuple[tuple[str, int], ...]]


@functools.cache
def key(party: str, use: str, kind: str = ED25519) -> SigningKey:
    """The same key for the same name in every test: making keys is slow and nothing here is secret."""
    return SigningKey.from_secret(kind, hashlib.sha256(f"{party} {use} {kind}".encode()).digest())


@functools.cache
def card(party: str, kinds: tuple[str, ...] = (ED25519,)) -> Card:
    sealing = b"".join(hashlib.sha256(f"{party} sealing {i}".encode()).digest() for i in range(38))
    node = [key(party, "node", kind).public for kind in kinds]
    return Card({"en": party}, node, party, [key(party, "root").public], f"{SEALING}:{b64(sealing)}", 1)


@functools.cache
def charter_of(
    parties: tuple[str, ...], chapters: tuple[str, ...] = ("pact",), kinds: tuple[str, ...] = (ED25519,)
) -> Charter:
    return Charter(list(chapters), {"en": "Test"}, [card(party, kinds) for party in sorted(parties)], 1)


@functools.cache
def signers() -> dict[str, SigningKey]:
    made = [
        key(party, use, kind) for party in CODES for use in ("node", "node2", "root") for kind in (ED25519,)
    ]
    return {signer.public: signer for signer in made}


class Talk:
    """One conversation under way: a request or a reply is on its way, or it is over."""

    def __init__(self, asker: str, asked: str, run: Iterator[Any]) -> None:
        self.asker, self.asked, self.run = asker, asked, run
        self.request: bytes | None = None
        self.reply: bytes | None = None
        self.report: talk.Report | None = None
        self.error: ComityError | None = None

    @property
    def over(self) -> bool:
        return self.request is None and self.reply is None


class World:
    """`store` makes each party's store; `page` is the size in bytes of the pages asked for, small to stop half way."""

    def __init__(
        self,
        parties: Sequence[str] = ("IRQ", "TUR"),
        store: Callable[[str], Any] = lambda _: MemoryStore(),
        chapters: Mapping[str, Any] | None = None,
        page: int = 1 << 20,
        kinds: tuple[str, ...] = (ED25519,),
    ) -> None:
        self.parties = tuple(sorted(parties))
        self.chapters = {"pact": pact.CHAPTER} if chapters is None else chapters
        self.charter = charter_of(self.parties, tuple(self.chapters), kinds)
        self.now, self.page = START, page
        self.stores: dict[str, Faulty] = {}
        self.nodes: dict[str, Record] = {}
        self.talks: list[Talk] = []
        self.sent: list[tuple[str, str, bytes]] = []  # (asker, asked, request) for repeats
        self.answered: list[tuple[str, bytes]] = []  # (asker, reply) for repeats
        self.published: dict[str, int] = {}  # the most of each log that a head of it was ever shown for
        self.issued: set[str] = (
            set()
        )  # heads that their author's disk was held against when they first left it
        self.cut: set[frozenset[str]] = set()
        self.acknowledged: dict[Ref, bytes] = {}
        self.signers = {
            **signers(),
            **{key(p, "node", k).public: key(p, "node", k) for p in self.parties for k in kinds},
        }
        for party in self.parties:
            self.place(party, store(party))

    # ------------------------------------------------------------------------------ machines

    def place(self, party: str, inner: Any) -> Record:
        """Start the node of a party from a store."""
        self.stores[party] = Faulty(inner)
        return self.reopen(party)

    def reopen(self, party: str) -> Record:
        """Start a node anew from what its store holds; its conversations are lost."""
        self.talks = [t for t in self.talks if t.asker != party]
        self.stores[party] = Faulty(self.stores[party].inner)
        made = Record(
            self.stores[party], self.charter, party, self.chapters, self.signers.__getitem__, self.clock
        )
        self.nodes[party] = made
        return made

    def clock(self) -> datetime:
        """One second later each time that somebody looks."""
        self.now += timedelta(seconds=1)
        return self.now

    def restore(self, party: str, backup: Any) -> Record:
        """Put an older copy of the store in place, as an operator does who knows that it is one (law 10)."""
        self.place(party, backup)
        self.nodes[party].restored()
        return self.nodes[party]

    # ------------------------------------------------------------------------------ speaking

    def say(
        self,
        party: str,
        kind: str,
        body: Any,
        docket: Ref | None = None,
        answers: Sequence[Ref] = (),
        **how: Any,
    ) -> Ref:
        """Say an act; once this returns it is acknowledged."""
        draft = Draft(kind, body, how.pop("office", ROOT), docket=docket, answers=answers, **how)
        ref = self.nodes[party].say(draft).ref
        self.acknowledged[ref] = self.leaf(party, ref)
        return ref

    def accept(self, party: str) -> Ref:
        return self.say(party, "charter.accepted/1", Accepted(self.charter), signer=key(party, "root"))

    def found(self) -> World:
        """Everybody accepts the charter, and knows that everybody has."""
        for party in self.parties:
            self.accept(party)
        return self.meet()

    @classmethod
    def founded(cls, parties: Sequence[str] = ("IRQ", "TUR"), page: int = 1 << 20) -> World:
        """A founded world over memory; founding is done once for each set of parties, and copied after that."""
        start = _founded(tuple(sorted(parties)))
        world = cls(parties, lambda party: copy_of(start.stores[party].inner), page=page)
        world.acknowledged, world.published, world.now = (
            dict(start.acknowledged),
            dict(start.published),
            start.now,
        )
        return world

    def put(self, party: str, text: str = "text", since: date | None = SINCE) -> Ref:
        """Put a pact, in force from that day on once it is agreed."""
        return self.say(party, "pact.put/1", pact.Put(text, since))

    def agree(self, party: str, docket: Ref) -> Ref:
        return self.say(party, "pact.agreed/1", pact.Agreed(), docket, [docket])

    def withdraw(self, party: str, docket: Ref) -> Ref:
        return self.say(party, "pact.withdrawn/1", pact.Withdrawn(), docket, [docket])

    def hold(self, party: str, docket: Ref) -> Ref:
        """Hold a meeting under the pact: it is its own mandate. Its verdict depends on what all parties said before."""
        return self.say(party, "pact.met/1", pact.Met(), docket, mandate=f"{docket}#art-1")

    def note(self, party: str, docket: Ref, text: str = "remark") -> Ref:
        return self.say(party, "pact.noted/1", pact.Noted(text), docket)

    def force(
        self,
        party: str,
        kind: str,
        body: Any,
        docket: Ref | None = None,
        answers: Sequence[Ref] = (),
        **how: Any,
    ) -> Ref:
        """Say an act as a hostile node would: no rule is asked."""
        with mock.patch("comity.core.fold.judge"):
            ref = self.say(party, kind, body, docket, answers, **how)
        self.nodes[party].folds.forget()
        return ref

    # ------------------------------------------------------------------------------ the network

    def open_talk(self, asker: str, asked: str) -> Talk:
        """Begin a conversation; its first request is on its way."""
        made = Talk(asker, asked, talk.converse(self.nodes[asker], asked, self.page))
        self.talks.append(made)
        self._resume(made, None)
        return made

    def step(self, one: Talk) -> None:
        """Let the message of this conversation that is on its way arrive, or get lost where the link is cut."""
        if frozenset((one.asker, one.asked)) in self.cut:
            self.lose(one)
        elif one.request is not None:
            raw, one.request = one.request, None
            self.sent.append((one.asker, one.asked, raw))
            try:
                one.reply = self._answer(one.asker, one.asked, raw)
            except Crash:
                self.lose(one)
                raise
            self.answered.append((one.asker, one.reply))
        elif one.reply is not None:
            raw, one.reply = one.reply, None
            self._resume(one, talk.decode_reply(raw))

    def lose(self, one: Talk) -> None:
        """The message on its way is lost, and so the conversation is over."""
        one.request = one.reply = None
        self._forget(one)

    def repeat(self, place: int) -> None:
        """A request that arrived before arrives once more; its reply goes nowhere."""
        asker, asked, raw = self.sent[place]
        self._answer(asker, asked, raw)

    def repeat_page(self, place: int) -> None:
        """A page that arrived before arrives once more, long after its conversation."""
        asker, raw = self.answered[place]
        reply = talk.decode_reply(raw)
        if isinstance(reply, talk.PageReply):
            with suppress(Refused):
                self.nodes[asker].receive(parse_page(reply.page))

    def _answer(self, asker: str, asked: str, raw: bytes) -> bytes:
        reply = talk.answer(self.nodes[asked], asker, talk.decode_request(raw))
        self._watch(asked, reply)
        return talk.encode(reply)

    def _watch(self, sender: str, message: Any) -> None:
        """Note the heads in a message as it leaves its sender, and hold the sender's receipts against its disk."""
        match message:
            case talk.Heads(stock=stock):
                notes = [parse_note(one.head).checkpoint for one in stock.values() if one.head]
            case talk.PageReply(page=raw) | talk.Offer(page=raw):
                notes = [parse_note(parse_page(raw).head).checkpoint]
            case _:
                notes = []
        for head in notes:
            self.published[head.party] = max(head.size, self.published.get(head.party, 0))
            if head.party == sender and head.text() not in self.issued:
                self.issued.add(head.text())
                store = self.stores[sender].inner
                assert head.size <= store.size(sender), f"{sender} signed a head beyond its own log"
                for party, size in head.receipts.items():
                    assert size <= store.size(party), (
                        f"{sender} sent a receipt for {party}/{size - 1}, which it does not hold"
                    )

    def _resume(self, one: Talk, reply: Any) -> None:
        try:
            request = one.run.send(reply)
            self._watch(one.asker, request)
            one.request = talk.encode(request)
        except StopIteration as stop:
            one.report = stop.value
            self._forget(one)
        except ComityError as error:
            one.error = error
            self._forget(one)
        except Crash:
            self._forget(one)
            raise

    def _forget(self, one: Talk) -> None:
        self.talks = [t for t in self.talks if t is not one]

    def sync(self, asker: str, asked: str) -> talk.Report:
        """A whole conversation. Raises what it ends with."""
        one = self.open_talk(asker, asked)
        while not one.over:
            self.step(one)
        if one.error is not None:
            raise one.error
        assert one.report is not None, "the link is cut"
        return one.report

    def meet(self) -> World:
        """Everybody talks with everybody until nobody learns anything."""
        for _ in range(12):
            before = self.state()
            for asker, asked in itertools.permutations(self.parties, 2):
                self.sync(asker, asked)
            if self.state() == before:
                return self
        raise AssertionError("the nodes never come to rest")

    def state(self) -> Any:
        return [
            (dict(n.ready), n.silent, {q: x.checkpoint for q, x in n.heads().items()})
            for n in self.nodes.values()
        ]

    # ------------------------------------------------------------------------------ looking

    def leaf(self, at: str, ref: Ref) -> bytes:
        return self.nodes[at].store.entries(ref.party, ref.number, ref.number + 1)[0].leaf

    def leaves(self, at: str, party: str) -> list[bytes]:
        """The leaves of a party's log, as they are stored at a node."""
        return [entry.leaf for entry in self.stores[at].inner.scan(party)]

    def sizes(self, at: str) -> dict[str, int]:
        return {party: self.stores[at].inner.size(party) for party in self.parties}

    def dockets(self, at: str) -> list[Ref]:
        """The pacts that are ready at a node."""
        node = self.nodes[at]
        return [
            ref
            for ref in node.store.opened("pact", None, 10_000)
            if ref.number < node.ready.get(ref.party, 0)
        ]

    def picture(self, at: str, docket: Ref) -> bytes:
        """All that a node shows of a docket, as bytes, without its standing."""
        node = self.nodes[at]
        fold = node.folds.fold(docket)
        view = fold.at(node.ready)
        shown = {
            "state": fold.chapter.describe(view),
            "milestones": [[m.what, m.subject, dict(m.halves)] for m in fold.chapter.milestones(view)],
            "irregular": sorted([str(fault.ref), fault.code] for fault in fold.irregular),
        }
        return canonical.encode(shown)

    def pictures(self, at: str) -> dict[Ref, bytes]:
        return {docket: self.picture(at, docket) for docket in self.dockets(at)}

    def settled(self, at: str) -> set[Fact]:
        """What a node shows as settled: (what, subject, halves)."""
        node = self.nodes[at]
        found = set()
        for docket in self.dockets(at):
            for milestone in standing.milestones(node, docket):
                if milestone["standing"] == "settled":
                    bound = tuple((p, Ref.parse(r).number) for p, r in sorted(milestone["halves"].items()))
                    found.add((milestone["what"], milestone["subject"], bound))
        return found


@functools.cache
def _founded(parties: tuple[str, ...]) -> World:
    return World(parties).found()


@contextmanager
def crashing(world: World, party: str, write: int) -> Iterator[list[bool]]:
    """Let the machine of `party` die at that write inside the block, and start it again after. Yields [died]."""
    died = [False]
    world.stores[party].die_at(write)
    try:
        yield died
    except Crash:
        died[0] = True
    if world.stores[party].dead:
        died[0] = True
        world.reopen(party)
    else:
        world.stores[party]._left = None


def seen_of(leaf: bytes) -> Cut:
    return parse_leaf(leaf).seen
