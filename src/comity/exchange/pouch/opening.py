"""Opening: the whole outside first, then the sender's signature, then page by page through the one strict receiver.

    with path.open("rb") as stream:
        open_pouch(stream, station, sealing_key)      ->  Opened(id="7wZk...", report=Report(...))

Nothing is stored before the outside is whole and signed. Opening it again brings nothing and harms nothing. A fault in
one log ends that log and no other, as in a conversation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import BinaryIO, NamedTuple

import msgspec

from comity.core.checkpoint import Note, parse_note
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.core.keys import key_id
from comity.core.log import Page, parse_page
from comity.exchange.pouch.bridge import bridge
from comity.exchange.pouch.outside import Inside, Outside, frame_info, inspect, require_sender
from comity.exchange.sealing import Opener
from comity.exchange.station import Station
from comity.exchange.talk import Report

__all__ = ["Opened", "open_pouch"]

_inside = msgspec.msgpack.Decoder(Inside).decode


class Opened(NamedTuple):
    """A pouch's id, which our next pouch back `answers`, and what it brought."""

    id: str
    report: Report


def open_pouch(
    stream: BinaryIO, station: Station, key: Opener, *, asked: Collection[str] = (), thing: str = "pouch"
) -> Opened:
    """Take in a pouch. Raises `Malformed`, `Refused` or `Broken` with nothing stored; faults within are reported.

    asked: ids of pouches that this node has sent since it was restored. One that answers such a pouch was packed after
    we asked, so it tells what its sender holds of our log now (law 10); any other may be old and says nothing of that.
    """
    outside = inspect(stream, thing)
    head = outside.head
    if head.recipient != station.own:
        raise Refused("pouch_for_another", recipient=head.recipient)
    if head.sealed_to != key_id(key.public):
        raise Refused("pouch_sealed_to_another", key=head.sealed_to)
    require_sender(outside, station.keys(station.other(head.sender)), thing)
    sealed = _Sealed(stream, outside, key, thing)
    inside = sealed.inside()
    if inside.mechanism != station.mechanism:
        raise Refused("pouch_of_another_mechanism")
    if (inside.sender, inside.recipient) != (head.sender, head.recipient):
        raise Malformed(thing, "says another sender or recipient inside than outside")
    return Opened(head.id, _Opening(sealed, station, inside, answered=inside.answers in asked).run())


class _Sealed:
    """The frames of a pouch, opened one at a time."""

    def __init__(self, stream: BinaryIO, outside: Outside, key: Opener, thing: str) -> None:
        self._stream, self.outside, self._key, self.thing = stream, outside, key, thing

    def inside(self) -> Inside:
        """Frame 0."""
        try:
            return _inside(self._frame(0))
        except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
            raise Malformed(self.thing, f"its first frame: {error}", at="frame 0") from error

    def pages(self, start: int = 1) -> Iterator[tuple[int, Page]]:
        """Number and page of each further frame."""
        for index in range(start, len(self.outside.frames)):
            yield index, parse_page(self._frame(index), f"{self.thing}: frame {index}")

    def _frame(self, index: int) -> bytes:
        offset, length = self.outside.frames[index]
        try:
            self._stream.seek(offset)
            sealed = self._stream.read(length)
        except OSError as error:
            raise Unavailable(self.thing, f"cannot be read: {error.strerror or error}") from error
        last = index == len(self.outside.frames) - 1
        try:
            return self._key.open(sealed, frame_info(self.outside.head, index, last=last))
        except Malformed as error:
            raise Malformed(self.thing, error.why, at=f"frame {index}") from error


class _Opening:
    """One pouch on its way into one record."""

    def __init__(self, sealed: _Sealed, station: Station, inside: Inside, *, answered: bool) -> None:
        self._sealed, self._journal, self._station = sealed, station.journal, station
        self._sender, self._answered = inside.sender, answered
        self._report = Report(inside.sender, {}, {}, {}, dict(inside.held), {})
        self._group = ("", 0, 0)
        self._next = {party: first for party, (first, _) in sealed.outside.head.carries.items()}

    def run(self) -> Report:
        """Every page in its turn."""
        report, journal = self._report, self._journal
        if self._answered and journal.party not in report.held_by_them:
            journal.told(self._sender, None)
        for index, page in self._sealed.pages():
            self._announced(page, index)
            if page.log not in report.faults:
                try:
                    report.received[page.log] = report.received.get(page.log, 0) + self._take(index, page)
                except (Malformed, Refused, Broken) as error:
                    report.faults[page.log] = str(error)
        report.said = {party: journal.held(party)[0] for party in journal.parties}
        return report

    def _announced(self, page: Page, index: int) -> None:
        """The outside must have told the truth about the numbers."""
        carried = self._sealed.outside.head.carries.get(page.log)
        end = page.start + len(page.entries)
        if page.entries and (carried is None or page.start != self._next[page.log] or end - 1 > carried[1]):
            raise Malformed(
                self._sealed.thing, "carries other acts than its outside says", at=f"frame {index}"
            )
        if page.entries:
            self._next[page.log] = end

    def _take(self, index: int, page: Page) -> int:
        journal, log = self._journal, page.log
        if log not in journal.parties:
            raise Refused("not_a_party", party=log)
        note = parse_note(page.head, f"head of {log}")
        size = note.checkpoint.size
        if self._group[:2] != (log, size):
            self._group = (log, size, index)
        held, known = journal.held(log)
        if log == journal.party:
            self._about_us(note, held)
        end = page.start + len(page.entries)
        if size < known or (end <= held and end < size):
            return 0
        if known and size == known:
            page = _under(page, known, [note.checkpoint.root])
        elif known and page.since != known:
            page = _under(page, known, bridge(self._under_one_head(), known, size))
        return journal.receive(page)

    def _about_us(self, note: Note, held: int) -> None:
        """Law 10: who holds more of our log than we do tells us always; who holds no more only if we had asked."""
        size = note.checkpoint.size
        if size > held or (self._answered and size >= self._report.held_by_them.get(self._journal.party, 0)):
            self._journal.told(self._sender, note)

    def _under_one_head(self) -> Iterator[Page]:
        """The pages of this log under a head of this size, from the first: that one proves it from where it starts."""
        log, size, first = self._group

        def same(page: Page) -> bool:
            return page.log == log and parse_note(page.head).checkpoint.size == size

        return takewhile(same, (page for _, page in self._sealed.pages(first)))


def _under(page: Page, since: int, path: list[bytes]) -> Page:
    """The page with another proof of its head."""
    return msgspec.structs.replace(page, since=since, since_path=path)
