"""News for whoever listens: something was said here, or has arrived (server-sent events, HTML Living Standard 9.2).

    event: arrived
    id: IRQ:12,TUR:19;...
    data: {"state":"IRQ:12,TUR:19;..."}

One task for all listeners looks once a second, so that what another process wrote is noticed too; it runs only while
somebody listens. A comment every 15 seconds keeps a quiet connection open. Who comes back with `Last-Event-ID` is told
at once if something has happened meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import suppress

import msgspec

from comity.core.errors import ComityError, Refused
from comity.desk.house import House
from comity.node.record import Record

__all__ = ["LISTENERS", "Events"]

LISTENERS = 100
EVERY = 1.0
QUIET = 15.0


class _Listener:
    """One who listens: the record, and the newest state that was not told yet."""

    def __init__(self, record: Record, known: str) -> None:
        self.record, self.known = record, known
        self.news = asyncio.Event()
        self.state = known


class Events:
    """Everybody who listens. All of it belongs to one event loop, but for `end`."""

    def __init__(self, house: House, every: float = EVERY, quiet: float = QUIET) -> None:
        self._house, self._every, self._quiet = house, every, quiet
        self._listeners: set[_Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def listening(self) -> int:
        """How many there are."""
        return len(self._listeners)

    def end(self) -> None:
        """Let every stream end: the server stops. Called on the event loop."""
        self._ended = True
        for one in self._listeners:
            one.news.set()

    async def open(self, record: Record, last: str, run: Executor) -> Callable[[], AsyncIterator[bytes]]:
        """A stream for one who has seen `last` ("": nothing). Raises `Refused` where too many listen."""
        if len(self._listeners) >= LISTENERS:
            raise Refused("listeners_many", most=LISTENERS)
        state = await asyncio.get_running_loop().run_in_executor(run, self._house.state, record)
        listener = _Listener(record, last or state)
        listener.state = state
        if state != listener.known:
            listener.news.set()
        return lambda: self._stream(listener, run)

    async def _stream(self, listener: _Listener, run: Executor) -> AsyncIterator[bytes]:
        self._listeners.add(listener)  # here, so that who hangs up before the first word was never among them
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(run))
        try:
            yield b": listening\n\n"
            while not self._ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._quiet):
                        await listener.news.wait()
                listener.news.clear()
                if listener.state == listener.known:
                    if not self._ended:
                        yield b": still here\n\n"
                    continue
                listener.known = listener.state
                yield event(listener.state)
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _watch(self, run: Executor) -> None:
        while not self._ended:
            await asyncio.sleep(self._every)
            await self.look(run)

    async def look(self, run: Executor) -> None:
        """See what has changed in the records that somebody listens to, and tell them."""
        loop = asyncio.get_running_loop()
        for record in {id(one.record): one.record for one in self._listeners}.values():
            try:
                state = await loop.run_in_executor(run, self._house.state, record)
            except ComityError:
                continue  # a database that is busy or gone is no news; the next look may find it again
            for one in [one for one in self._listeners if one.record is record and one.state != state]:
                one.state = state
                one.news.set()


def event(state: str) -> bytes:
    """One event."""
    data = msgspec.json.encode({"state": state}).decode()
    return f"event: arrived\nid: {state}\ndata: {data}\n\n".encode()
