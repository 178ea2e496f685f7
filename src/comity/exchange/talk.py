"""The conversation between two nodes, without sockets: requests out, replies in.

    us                                          them
    AskHeads()                        ->
                                      <-        Heads({"IRQ": Held(size=12, head=b"comity/.../IRQ\\n12\\n...")})
    AskPage("IRQ", start=9, since=9)  ->
                                      <-        a page (`comity.core.log`), proved and stored before the next request
    Offer(page)                       ->        what they lack, their receipt for it follows
                                      <-        Taken(size=31)

The side that asks drives `converse`, a generator that yields requests and is sent replies; the side that is asked
calls `answer`. Both resume where they stopped, since every request says how much its sender holds. A fault in one
log ends the talk about that log and no other.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from comity.core.checkpoint import Note, parse_note
from comity.core.errors import Broken, ComityError, Malformed, Refused
from comity.core.log import Page, encode_page, parse_page

__all__ = [
    "AskHeads",
    "AskPage",
    "Heads",
    "Journal",
    "Offer",
    "Refusal",
    "Reply",
    "Report",
    "Request",
    "Stock",
    "Taken",
    "answer",
    "converse",
    "decode_reply",
    "decode_request",
    "encode",
]

REQUEST_LIMIT = 72 * 1024 * 1024
_Party = Annotated[str, Meta(max_length=8)]
_Size = Annotated[int, Meta(ge=0, lt=2**40)]


class Stock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a log a node holds, and the newest signed head that it has for it."""

    size: _Size
    head: bytes


class AskHeads(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="ask-heads"):
    """What do you hold of each log? `limit` is the page size, in bytes, that the asker takes."""


class AskPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="ask-page"):
    """What follows act `start` of a log? The asker holds its signed head of size `since`."""

    log: _Party
    start: _Size
    since: _Size
    limit: Annotated[int, Meta(ge=1, le=64 * 1024 * 1024)] = 1 << 20


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="offer"):
    """A page that the other side seems to lack."""

    page: bytes


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="heads"):
    """What is held of each log."""

    stock: Annotated[dict[_Party, Stock], Meta(max_length=64)]


class PageReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="page"):
    """A page, in its own bytes; where it ends, and the size of its head.

    If it ends below, the asker's next request is for act `end` on: who carries the talk may ask that at once, while
    the page is being proved and stored. Nothing else rests on these two numbers.
    """

    page: bytes
    end: _Size = 0
    size: _Size = 0


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="taken"):
    """How much of the offered log is held now, on disk."""

    size: _Size


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="refusal"):
    """Why the request was not done: the error's class and, for `Refused`, its code."""

    error: Annotated[str, Meta(max_length=20)]
    code: Annotated[str, Meta(max_length=4000)]


Request = AskHeads | AskPage | Offer
Reply = Heads | PageReply | Taken | Refusal
encode = msgspec.msgpack.Encoder().encode
_request = msgspec.msgpack.Decoder(Request).decode
_reply = msgspec.msgpack.Decoder(Reply).decode


def decode_request(raw: bytes) -> Request:
    """Raises `Malformed`."""
    return _decode(raw, _request, "request")  # type: ignore[return-value]


def decode_reply(raw: bytes) -> Reply:
    """Raises `Malformed`."""
    return _decode(raw, _reply, "reply")  # type: ignore[return-value]


def _decode(raw: bytes, decoder: object, thing: str) -> object:
    if len(raw) > REQUEST_LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {REQUEST_LIMIT}")
    try:
        return decoder(raw)  # type: ignore[operator]
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        raise Malformed(thing, str(error)) from error


class Journal(Protocol):
    """What the conversation needs of a node's record of one mechanism."""

    party: str
    parties: tuple[str, ...]

    def heads(self) -> Mapping[str, Note]:
        """The newest signed head of every log that is held; our own is signed now if need be."""

    def held(self, party: str) -> tuple[int, int]:
        """How many acts of a log are stored, and the size of the newest signed head for it."""

    def page(self, party: str, start: int, since: int, limit: int) -> Page:
        """What follows. Raises `Refused` with code `nothing_newer`."""

    def receive(self, page: Page) -> int:
        """Prove and store a page; how many acts were new."""

    def told(self, party: str, note: Note | None) -> int:
        """What the other party holds of our own log; the size to fetch back, or 0."""


class Report(msgspec.Struct):
    """What a conversation came to: acts received and given for each log, what each side holds now, and faults."""

    peer: str
    received: dict[str, int]
    given: dict[str, int]
    said: dict[str, int]
    held_by_them: dict[str, int]
    faults: dict[str, str]


def answer(journal: Journal, peer: str, request: Request) -> Reply:
    """What a node replies to a request of party `peer`. Raises nothing that a request can cause."""
    try:
        match request:
            case AskHeads():
                notes = journal.heads()
                return Heads({p: Stock(journal.held(p)[0], note.encode()) for p, note in notes.items()})
            case AskPage(log=log, start=start, since=since, limit=limit):
                page = journal.page(log, start, since, limit)
                size = parse_note(page.head).checkpoint.size
                return PageReply(encode_page(page), page.start + len(page.entries), size)
            case Offer(page=raw):
                page = parse_page(raw)
                if page.log == journal.party:
                    note = parse_note(page.head)
                    # Who holds more of our log than we do always tells us. An offer that does not may have been
                    # under way since before we were restored: only a reply to our own question ends a silence.
                    if note.checkpoint.size > journal.held(page.log)[0]:
                        journal.told(peer, note)
                journal.receive(page)
                return Taken(journal.held(page.log)[0])
    except ComityError as error:
        return Refusal(type(error).__name__, error.code if isinstance(error, Refused) else str(error)[:4000])


def converse(journal: Journal, peer: str, limit: int = 1 << 20) -> Generator[Request, Reply, Report]:
    """Fetch what the other side has, then offer what it lacks. Returns a report; raises what its replies deserve."""
    own = journal.party
    report = Report(peer, {}, {}, {}, {}, {})
    theirs = _heads((yield AskHeads()))
    report.held_by_them = {party: stock.size for party, stock in theirs.items() if party in journal.parties}
    _first_of_all(journal, peer, theirs)
    # Our own log first: other logs may have seen acts of ours that a restored node has yet to fetch back.
    for party, stock in sorted(theirs.items(), key=lambda item: item[0] != own):
        if party != own or stock.size > journal.held(own)[0]:
            report.received[party] = yield from _fetch(journal, party, stock, limit, report)
    if own in theirs and theirs[own].size <= journal.held(own)[0]:
        journal.told(peer, parse_note(theirs[own].head, f"head of {own}"))
    for party, note in journal.heads().items():
        stock = theirs.get(party, Stock(0, b""))
        if note.encode() != stock.head:
            report.given[party] = yield from _give(journal, party, stock, limit, report)
    if any(report.given.values()):
        # Their receipt for what they were given, so that one conversation is enough.
        again = _heads((yield AskHeads())).get(peer)
        if again is not None and peer not in report.faults:
            report.received.setdefault(peer, 0)
            report.received[peer] += yield from _fetch(journal, peer, again, limit, report)
    for party in journal.parties:
        report.said[party] = journal.held(party)[0]
    return report


def _heads(reply: Reply) -> dict[str, Stock]:
    if isinstance(reply, Refusal):
        raise Refused("peer_refused", reason=reply.code)
    if not isinstance(reply, Heads):
        raise Malformed("reply", "is not what was asked for: heads")
    return reply.stock


def _first_of_all(journal: Journal, peer: str, theirs: Mapping[str, Stock]) -> None:
    """Law 10 comes before everything: what do they hold of our own log?"""
    stock = theirs.get(journal.party)
    journal.told(peer, parse_note(stock.head, f"head of {journal.party}") if stock else None)


def _fetch(
    journal: Journal, party: str, stock: Stock, limit: int, report: Report
) -> Generator[Request, Reply, int]:
    """Pages of one log until all that they hold is stored; a page that brings nothing new ends it."""
    brought = 0
    report.held_by_them[party] = stock.size
    if party not in journal.parties:
        report.faults[party] = "not a party"
        return 0
    first = True
    while first or journal.held(party)[0] < stock.size:
        start, since = journal.held(party)
        reply = yield AskPage(party, start, since, limit)
        if isinstance(reply, Refusal):
            if reply.code != "nothing_newer":
                report.faults[party] = reply.code
            break
        if not isinstance(reply, PageReply):
            raise Malformed("reply", "is not what was asked for: a page")
        try:
            page = parse_page(reply.page)
            if page.log != party:
                raise Malformed("reply", f"is a page of {page.log[:8]}, not of {party}")
            new = journal.receive(page)
        except (Malformed, Refused, Broken) as error:
            report.faults[party] = str(error)
            break
        brought += new
        if not new and not first:
            break
        first = False
    return brought


def _give(
    journal: Journal, party: str, stock: Stock, limit: int, report: Report
) -> Generator[Request, Reply, int]:
    """Pages of one log until they hold what we hold; an empty page brings a newer head or its cosignatures."""
    given, start = 0, stock.size
    since = parse_note(stock.head, f"their head of {party}").checkpoint.size if stock.head else 0
    while True:
        try:
            page = journal.page(party, start, since, limit)
        except Refused as refusal:
            if refusal.code != "nothing_newer":
                report.faults[party] = str(refusal)
            return given
        reply = yield Offer(encode_page(page))
        if not isinstance(reply, Taken):
            report.faults.setdefault(party, reply.code if isinstance(reply, Refusal) else "unexpected reply")
            return given
        given += max(0, reply.size - start)
        report.held_by_them[party] = reply.size
        size = parse_note(page.head).checkpoint.size
        # A first head may be the last one under an old key: go on until they have all that we hold.
        ours, newest = journal.held(party)
        whole = reply.size >= ours and size >= newest
        if whole or (reply.size <= start and size <= since):
            return given
        start, since = reply.size, size
