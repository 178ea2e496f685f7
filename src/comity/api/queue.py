"""The queue of what is to be said: one thread says what many have asked for, in one transaction.

    await sayers.say(saying)        (IRQ/6, b'{"ref":"IRQ/6", ...}') once it is on disk; or one of the four errors

Requests are read on the event loop and put into a queue. A worker takes all that wait, makes their drafts, has them
said together (`Record.say_each`), and gives each its own answer: 64 programs share one wait for the disk. What takes
long to draft (a key under a passphrase, files) is drafted beforehand, so that it holds nobody up.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from comity.api.saying import Saying
from comity.core.act import Ref
from comity.core.errors import Unavailable
from comity.desk.drafting import Drafted
from comity.node.record import Draft, Failed, Once, Record, Said

__all__ = ["LARGEST", "Sayers"]

LARGEST = 256


class _Job:
    """What waits: the saying, the whole act if it was made already, and where the answer goes."""

    __slots__ = ("answer", "drafted", "loop", "result", "saying")

    def __init__(self, saying: Saying, drafted: Drafted | None) -> None:
        self.saying, self.drafted = saying, drafted
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[tuple[Ref, bytes]] = self.loop.create_future()
        self.result: tuple[Ref, bytes] | Exception | None = None


class Sayers:
    """The queue and its one worker, which runs only while something waits."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "comity-saying")
        self._drafters = ThreadPoolExecutor(2, "comity-drafting")
        self._waiting: deque[_Job] = deque()
        self._turn = threading.Lock()
        self._busy = False

    def close(self) -> None:
        """Say what waits, then let the threads go."""
        self._drafters.shutdown()
        self._worker.shutdown()

    async def say(self, saying: Saying) -> tuple[Ref, bytes]:
        """Say it: its reference and the answer's body. Raises the four errors."""
        drafted = None
        if saying.slow:
            run = asyncio.get_running_loop().run_in_executor
            before = await run(self._drafters, saying.before)
            if before is not None:
                return before
            if saying.by_file:
                return await run(self._drafters, saying.said_with_file)
            drafted = await run(self._drafters, saying.drafted)
        job = _Job(saying, drafted)
        with self._turn:
            self._waiting.append(job)
            starts, self._busy = not self._busy, True
        if starts:
            self._worker.submit(self._drain)
        return await job.answer

    async def check(self, saying: Saying) -> bytes:
        """What a dry run answers. Raises the four errors."""
        return await asyncio.get_running_loop().run_in_executor(self._drafters, saying.check)

    def _drain(self) -> None:
        while True:
            with self._turn:
                jobs = [self._waiting.popleft() for _ in range(min(LARGEST, len(self._waiting)))]
                self._busy = bool(jobs)
            if not jobs:
                return
            jobs, again = _apart(jobs)
            for record, several in _by_record(jobs):
                _say_all(record, several)
            _deliver(jobs)
            with self._turn:
                self._waiting.extendleft(reversed(again))


def _apart(jobs: Sequence[_Job]) -> tuple[list[_Job], list[_Job]]:
    """Those that can be said together, and those whose key is in there already: they get what the first one gets."""
    keys: set[tuple[str, str]] = set()
    first: list[_Job] = []
    again: list[_Job] = []
    for job in jobs:
        key = job.saying.once
        named = (job.saying.asked.record.mechanism, key.key if key else "")
        (again if key and named in keys else first).append(job)
        keys.add(named)
    return first, again


def _by_record(jobs: Iterable[_Job]) -> list[tuple[Record, list[_Job]]]:
    found: dict[str, tuple[Record, list[_Job]]] = {}
    for job in jobs:
        record = job.saying.asked.record
        found.setdefault(record.mechanism, (record, []))[1].append(job)
    return list(found.values())


def _say_all(record: Record, jobs: Sequence[_Job]) -> None:
    ready: list[_Job] = []
    try:
        with record.reading():  # of one moment; whatever writes while it drafts (`slow`) was drafted before
            size = record.ready[record.party]
            ready = [job for job in jobs if _drafts(job)]
        drafts: list[tuple[Draft, Once | None]] = [
            (job.drafted.draft, job.saying.once) for job in ready if job.drafted is not None
        ]
        done = record.say_each(drafts)
        with record.reading():
            for job, said in zip(ready, done, strict=True):
                job.result = _told(job, said, size)
    except Exception as error:  # noqa: BLE001 -- nobody's own error: all who have no answer hear of it
        for job in jobs:
            job.result = job.result or error


def _drafts(job: _Job) -> bool:
    """Whether there is something to be said now: it was not before, and it could be drafted."""
    try:
        job.drafted = job.drafted or job.saying.drafted()
    except Exception as error:  # noqa: BLE001 -- each asker hears of their own error, and no other of it
        job.result = _again(job.saying, error)
    return job.result is None


def _again(saying: Saying, error: Exception) -> tuple[Ref, bytes] | Exception:
    """What could not be drafted may have been said before: then that is the answer."""
    try:
        return saying.before() or error
    except Exception as other:  # noqa: BLE001 -- the same
        return other


def _told(job: _Job, said: Said | Failed, size: int) -> tuple[Ref, bytes] | Exception:
    if isinstance(said, Failed):
        if not isinstance(said.error, Exception):
            raise said.error
        return said.error
    return job.saying.told(said, size, job.drafted.notices if job.drafted is not None else ())


def _deliver(jobs: Sequence[_Job]) -> None:
    """Give each its answer, by one call for each event loop. Whose loop is gone is nobody's loss: it was said."""
    for loop in {id(job.loop): job.loop for job in jobs}.values():
        mine = [job for job in jobs if job.loop is loop]
        try:
            loop.call_soon_threadsafe(_settle, mine)
        except RuntimeError:
            continue


def _settle(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if job.answer.done():  # nobody waits for it any more
            continue
        match job.result:
            case tuple():
                job.answer.set_result(job.result)
            case Exception():
                job.answer.set_exception(job.result)
            case None:
                job.answer.set_exception(Unavailable("node", "gave no answer"))
