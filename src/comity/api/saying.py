"""Saying an act for a program: one thread says what many have asked for, in one transaction.

    POST /api/v1/acts/meetings/accept-date       {"answers":["TUR/9"]}
    201  Location: /api/v1/acts/IRQ/6            {"ref":"IRQ/6","standing":"said", ...}

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
from datetime import date
from typing import Annotated, Any, NamedTuple

import msgspec

from comity.api.asked import Asked
from comity.core.act import Act, Ref
from comity.core.chapter import Kind
from comity.core.errors import ComityError, Malformed, Refused, Unavailable
from comity.core.keys import Signer
from comity.desk.answers import Notice
from comity.desk.drafting import Drafted, Keys, Order, Speaker, draft
from comity.desk.due import Period
from comity.desk.statuses import JSON
from comity.node import asking
from comity.node.record import Draft, Failed, Once, Record, Said
from comity.node.repeating import once

__all__ = ["DEEPEST", "LARGEST", "Order", "Request", "Sayers", "read_request"]

LARGEST = 256
DEEPEST = 64
_FILES = 64
_WITH_TERMS = ("commitment.proposed/1", "commitment.terms_proposed/1")

Text = Annotated[str, msgspec.Meta(max_length=300)]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file from which a kind reads its fields: `data` is base64."""

    name: Text
    data: bytes


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A due day that is counted: so many joint working days from a day, and what governments have announced."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3660)]
    start: date | None = None
    closed: dict[str, list[date]] = {}
    worked: dict[str, list[date]] = {}


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked to be said. What is left out is completed where only one thing can be meant.

    fields: the content. docket: what it is about, by its first act. answers: the acts that it answers. mandate: the
    provision that mandates the body. sign_with: the office or key that signs, where it is not the speaking office.
    clock_checked: a person has looked at a clock that went back. new_key: make the key that is said. period: count the
    due day. files: files from which the kind reads fields.
    """

    fields: dict[str, Any] = {}
    docket: Text = ""
    answers: Annotated[list[Text], msgspec.Meta(max_length=1000)] = []
    mandate: Text = ""
    sign_with: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    clock_checked: bool = False
    new_key: bool = False
    period: Count | None = None
    files: Annotated[list[File], msgspec.Meta(max_length=_FILES)] = []


_DECODER = msgspec.json.Decoder(Request)


def read_request(raw: bytes) -> Request:
    """The body of a request. Raises `Malformed`: `JSON` where it is no JSON at all."""
    try:
        found = _DECODER.decode(raw or b"{}")
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at ")
        raise Malformed("request", why, at=at.strip("`").removeprefix("$").removeprefix(".")) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed(JSON, "cannot be read") from error
    _require_shallow(found.fields)
    return found


def _require_shallow(fields: Any) -> None:
    """Refuse what is nested deeper than anything that is ever said."""
    level = [fields]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise Malformed("request", "is nested too deeply", at="fields")


def order_of(kind: Kind, request: Request, office: str, *, trial: bool) -> Order:
    """The order that a request gives, for one office. Raises `Malformed`."""
    if request.period is not None and kind.name not in _WITH_TERMS:
        raise Malformed("request", "is for commitments only", at="period")
    if request.new_key and not kind.name.startswith("charter."):
        raise Malformed("request", "is for keys in the charter only", at="new_key")
    if request.files and kind.read is None:
        raise Malformed("request", "this kind reads none", at="files")
    return Order(
        kind.name,
        request.fields,
        Ref.parse(request.docket) if request.docket else None,
        tuple(Ref.parse(answered) for answered in request.answers),
        request.mandate,
        office,
        request.sign_with,
        [(file.name, file.data) for file in request.files],
        _period(request.period),
        request.new_key,
        trial,
        clock_checked=request.clock_checked,
    )


def _period(count: Count | None) -> Period:
    if count is None:
        return Period()
    return Period(count.days, count.start, _days(count.closed), _days(count.worked))


def _days(by_party: dict[str, list[date]]) -> frozenset[tuple[str, date]]:
    return frozenset((party, day) for party, days in by_party.items() for day in days)


# ---------------------------------------------------------------------------------------- an officer's key


class _KeysAt:
    """The node's keys for one person and one request; what stays shut is told of as such."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def signer(self, public: str) -> Signer:
        """The signing key. Raises `Refused` where it does not open here: asking again would not help."""
        try:
            return self._keys.signer(public)
        except Unavailable as error:
            raise Refused("key_shut", key=error.thing, why=error.why) from error

    def make(self, kind: str) -> Any:
        """A fresh key."""
        return self._keys.make(kind)


# ----------------------------------------------------------------------------------------------- the queue


class Saying(NamedTuple):
    """One act to be said, for one asker."""

    asked: Asked
    kind: Kind
    request: Request
    passphrase: str
    address: str
    once: Once | None

    @property
    def slow(self) -> bool:
        """Whether to draft it takes long."""
        return bool(self.kind.signed or self.request.files)

    def drafted(self, *, trial: bool = False) -> Drafted:
        """The whole act. Raises the four errors."""
        asked = self.asked
        office = asked.token.office
        order = order_of(self.kind, self.request, office, trial=trial)
        ring = asked.house.accounts.ring(
            asked.token.person, asked.house.node.keys, self.passphrase, self.address
        )
        speaker = Speaker(_KeysAt(ring), asked.words, asked.house.today(), frozenset((office,)))
        return draft(asked.record, order, speaker)


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
            before = await run(self._drafters, _before, saying)
            if before is not None:
                return before
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
        return await asyncio.get_running_loop().run_in_executor(self._drafters, _check, saying)

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
        return _before(saying) or error
    except Exception as other:  # noqa: BLE001 -- the same
        return other


def _told(job: _Job, said: Said | Failed, size: int) -> tuple[Ref, bytes] | Exception:
    """The answer. What has a number below `size` was said before, under the same key."""
    if isinstance(said, Failed):
        if not isinstance(said.error, Exception):
            raise said.error
        return said.error
    notices = job.drafted.notices if job.drafted is not None else ()
    if said.ref.number < size:
        return said.ref, _answer(job.saying, said.ref, [])
    told = fresh(said.act, job.saying.asked.record) | {"notices": _notices(job.saying, notices)}
    return said.ref, msgspec.json.encode(told)


def fresh(act: Act, record: Record) -> dict[str, Any]:
    """An act that was said just now as `asking.show` shows it, without reading it again."""
    return {
        "ref": str(act.ref),
        "party": act.party,
        "kind": act.kind,
        "office": act.office,
        "time": act.time.isoformat().replace("+00:00", "Z"),
        "docket": str(act.docket),
        "mandate": act.mandate,
        "answers": [str(answered) for answered in act.answers],
        "seen": dict(act.seen),
        "signed": bool(act.signer),
        "standing": "said" if len(record.parties) > 1 else "received",
        "waiting": False,
        "known": True,
        "irregular": None,
        "content": msgspec.to_builtins(act.body),
    }


def _before(saying: Saying) -> tuple[Ref, bytes] | None:
    """The answer for what was said under the same key before. Raises `Refused` where it was something else."""
    if saying.once is None:
        return None
    said = saying.asked.record.said_before(saying.once)
    return None if said is None else (said.ref, _answer(saying, said.ref, []))


def _answer(saying: Saying, ref: Ref, notices: list[Notice]) -> bytes:
    return msgspec.json.encode({**asking.show(saying.asked.record, ref), "notices": notices})


def _notices(saying: Saying, notices: Sequence[Any]) -> list[Notice]:
    words = saying.asked.words
    return [
        Notice(one.key.rpartition(".")[2], dict(one.facts), words.say(one.key, "cli", **one.facts))
        for one in notices
    ]


def _check(saying: Saying) -> bytes:
    drafted = saying.drafted(trial=True)
    saying.asked.record.check_draft(drafted.draft)
    notices = _notices(saying, drafted.notices)
    return msgspec.json.encode({"allowed": True, "kind": saying.kind.name, "notices": notices})


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


def key_of(asked: Asked, header: str, raw: bytes) -> Once | None:
    """The key of an `Idempotency-Key` header: its token's own, for these bytes on this path. Raises `Malformed`."""
    if not header:
        return None
    if not 1 <= len(header) <= 200 or not header.isprintable():
        raise Malformed("Idempotency-Key", "is not 1 to 200 printable characters")
    return once(f"token {asked.token.id}", header, asked.path.encode() + b"\n" + raw)


def require_error(error: BaseException) -> ComityError | OSError:
    """One of the errors that an interface tells of; anything else is a fault of this program and goes on."""
    if isinstance(error, ComityError | OSError):
        return error
    raise error
