"""The side that asks: one connection to another party's node, and a whole conversation over it.

    with HttpPeer(station, "IRQ", Place("https://mfa.example.iq"), clock) as peer:
        peer.ask(AskHeads())                          ->  Heads(...)
    talk_http(station, "IRQ", place, clock)           ->  Carried(report=Report(...), skew=-3)

A reply is believed only under that party's signature. If it says that our time or word is not its own, the request is
signed once more with its time and word; our own clock is not touched, and `skew` tells the difference in seconds.

| status of the reply      | error                                                                |
|--------------------------|----------------------------------------------------------------------|
| 400, 413                 | `Malformed`: the other side cannot read what we sent                  |
| 401                      | `Unavailable`: our clocks do not come together                        |
| 403                      | `Refused("request_refused")`: it does not know us, or not this mechanism |
| another, or none         | `Unavailable`                                                         |
| 200 without a good signature | `Broken`                                                          |
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.core.keys import Signer, b64, key_id
from comity.exchange import talk
from comity.exchange.http import profile
from comity.exchange.http.profile import NO_WORD, Request
from comity.exchange.http.wire import SLOWEST, Address, Closed, Received, Wire
from comity.exchange.station import Station, newest

__all__ = ["MAX_SKEW", "Carried", "HttpPeer", "Place", "talk_http"]

MAX_SKEW = 48 * 3600


class Place(NamedTuple):
    """Where a node is reached. `tls` pins its certificate: SHA-256 of the DER in base64url, as in the party card."""

    address: str
    tls: str = ""


class Carried(NamedTuple):
    """A conversation's report, and by how many seconds the other clock is ahead of ours."""

    report: talk.Report
    skew: int


def talk_http(
    station: Station,
    peer: str,
    place: Place,
    clock: Callable[[], datetime],
    *,
    limit: int = 1 << 20,
    timeout: float = 30.0,
) -> Carried:
    """One whole conversation. What was received before an error stays; the next one goes on from there.

    Raises what `comity.exchange.talk.converse` raises, and `Unavailable` where the other side cannot be reached.
    """
    with HttpPeer(station, peer, place, clock, timeout=timeout) as link:
        conversation = talk.converse(station.journal, peer, limit)
        try:
            request = next(conversation)
            while True:
                request = conversation.send(link.ask(request))
        except StopIteration as ended:
            return Carried(ended.value, link.skew)
        finally:
            conversation.close()


class HttpPeer(AbstractContextManager["HttpPeer"]):
    """Another party's node. Not for several threads at once.

    timeout: seconds for one request, and one more for each `SLOWEST` bytes of it. limit: the longest reply, in bytes.
    """

    def __init__(
        self,
        station: Station,
        peer: str,
        place: Place,
        clock: Callable[[], datetime],
        *,
        timeout: float = 30.0,
        limit: int = talk.REQUEST_LIMIT,
    ) -> None:
        self._station, self._peer, self._clock = station, station.other(peer), clock
        self._at = Address(peer, *place)
        self._timeout, self._limit = timeout, limit
        self._wire: Wire | None = None
        self._word, self._ahead = NO_WORD, 0
        self._early: tuple[talk.AskPage, Request] | None = None  # sent, and its reply not read yet
        self.skew = 0

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.close()
            self._wire = self._early = None

    def ask(self, request: talk.Request) -> talk.Reply:
        """Ask, verify the reply, read it. Raises any of the four errors; after `Unavailable` one may ask again."""
        reply = self._claimed(request) or self._asked(request)
        if reply.status != 200:
            raise self._deserved(reply.status)
        answer = talk.decode_reply(reply.body)
        if (
            isinstance(request, talk.AskPage)
            and isinstance(answer, talk.PageReply)
            and answer.end < answer.size
        ):
            self._ask_early(talk.AskPage(request.log, answer.end, answer.size, request.limit))
        return answer

    def _asked(self, request: talk.Request) -> Received:
        body = talk.encode(request)
        signers = self._station.signers(self._peer)
        if not signers:
            raise Unavailable("node key", "is not in this node's folder: without it no request can be signed")
        for signer in signers:
            reply = self._ask(body, signer)
            if reply.status != 403:  # else they may not know this key of ours yet, or that we still use it
                break
        return reply

    def _ask_early(self, request: talk.AskPage) -> None:
        """Send the request that will follow, so that its reply is on its way while the last one is worked on."""
        wire, signers = self._wire, self._station.signers(self._peer)
        if wire is None or not signers:
            return
        body = talk.encode(request)
        head = self._sign(body, signers[0])
        try:
            wire.send(f"/v1/{head.mechanism}", self._headers(head), body, self._deadline(body))
        except (ComityError, Closed):
            self.close()
        else:
            self._early = request, head

    def _claimed(self, request: talk.Request) -> Received | None:
        """The reply to this request, if it was the one sent early and all went well with it."""
        if self._early is None or self._wire is None:
            return None
        early, head = self._early
        self._early = None
        try:
            reply = self._wire.read(self._deadline(b""), self._limit)
        except (ComityError, Closed):
            self.close()
            return None
        if not self._wire.open:
            self.close()
        if early != request:
            return None
        self._hear(head, reply)
        return reply if reply.status == 200 else None

    def _ask(self, body: bytes, signer: Signer) -> Received:
        """Ask; once more if the other side tells its time or its word."""
        head, reply = self._carry(body, signer)
        self._hear(head, reply)
        if reply.status == 401:
            head, reply = self._carry(body, signer)
            self._hear(head, reply)
        return reply

    def _carry(self, body: bytes, signer: Signer) -> tuple[Request, Received]:
        """Over the open connection; over a fresh one if there is none, or if the other side had closed it.

        An idle connection is closed after a while, and every request may be repeated, but under a new nonce.
        """
        deadline = self._deadline(body)
        if self._wire is not None:
            try:
                return self._over(self._wire, body, signer, deadline)
            except Closed:
                self.close()
        self._wire = self._at.connect(deadline)
        try:
            return self._over(self._wire, body, signer, deadline)
        except Closed as error:
            self.close()
            raise Unavailable(
                self._at.text, "closed the connection without an answer: try again later"
            ) from error

    def _over(self, wire: Wire, body: bytes, signer: Signer, deadline: float) -> tuple[Request, Received]:
        head = self._sign(body, signer)
        try:
            reply = wire.post(f"/v1/{head.mechanism}", self._headers(head), body, deadline, self._limit)
        except Malformed as error:
            self.close()
            raise Malformed(f"reply of {self._at.text}", error.why) from error
        except Unavailable as error:
            self.close()
            raise Unavailable(self._at.text, f"its reply {error.why}") from error
        if not wire.open:
            self.close()
        return head, reply

    def _headers(self, head: Request) -> list[tuple[bytes, bytes]]:
        return [(b"host", self._at.authority.encode()), *head.headers()]

    def _deadline(self, body: bytes) -> float:
        return time.monotonic() + self._timeout + len(body) / SLOWEST

    def _sign(self, body: bytes, signer: Signer) -> Request:
        station = self._station
        known = key_id(newest(station.keys(self._peer)))
        nonce = self._word + b64(secrets.token_bytes(16))
        created = int(self._clock().timestamp()) + self._ahead
        parties = (station.own, self._peer)
        return profile.sign_request(station.mechanism, parties, known, body, signer, created, nonce)

    def _hear(self, head: Request, reply: Received) -> None:
        """Take the peer's time and word from a reply that it signed. Raises `Broken`, `Malformed` or `Unavailable`."""
        signed = any(name == b"signature" for name, _ in reply.headers)
        if not signed and reply.status != 200:
            return
        thing = f"reply of {self._at.text}"
        if not signed:
            raise Broken(thing, f"is not signed by {self._peer}: something else answers at that address")
        try:
            keys = self._station.keys(self._peer)
            heard = profile.read_reply(reply.status, reply.headers, reply.body, head.signature, keys)
        except (Malformed, Broken) as error:
            raise type(error)(thing, error.why) from error
        self._word, self.skew = heard.word, heard.time - int(self._clock().timestamp())
        if abs(self.skew) > MAX_SKEW:
            hours = abs(self.skew) // 3600
            raise Unavailable(
                self._at.text, f"its clock and ours differ by {hours} hours: set the one that is wrong"
            )
        if reply.status == 401:
            self._ahead = self.skew

    def _deserved(self, status: int) -> ComityError:
        """The table of statuses."""
        where = self._at.text
        if status in {400, 413}:
            return Malformed(
                f"request to {where}", f"could not be read there (status {status}): update the older node"
            )
        if status == 403:
            return Refused("request_refused", party=self._peer, address=where)
        if status == 401:
            return Unavailable(where, "its clock and ours do not come together: set the one that is wrong")
        if status == 404:
            return Unavailable(where, "no Comity node answers there: check the address")
        return Unavailable(where, f"answered with status {status}: try again later")
