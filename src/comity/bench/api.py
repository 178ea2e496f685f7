"""`comity bench api`: how many acts a second programs can say over HTTP, 64 of them at once.

    run(says=20_000, clients=64)
    {"says_per_s": 1310.0, "ratio_to_alone": 0.31, "p50_ms": 45.1, "p99_ms": 92.0, "lost": 0, ...}

The node is a process of its own, the programs another, the loopback between them. Each program says one act, waits
until the answer says that it is on disk, and says the next: it calls a meeting, puts 19 items on its agenda, calls the
next. Every request has a key. The machine is shared by all of it, so two floors are measured in the same run: the
same requests and answers through the same server with nothing behind it (*echo*), and the same acts said by the record
alone, without HTTP, by one thread (*alone*), one by one and 64 at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles
from subprocess import PIPE, Popen
from typing import Any

import msgspec

from comity import __version__
from comity.accounts import MACHINE, Accounts, read_settings
from comity.api import Api
from comity.bench.pact import ONE, TWO, fill_office, talk
from comity.chapters import all_chapters
from comity.chapters.instruments.acts import Affirmed, Recorded
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text, digest
from comity.chapters.meetings.acts import AgendaItemProposed, Convened
from comity.core.act import Ref
from comity.core.charter import ROOT, parse_card
from comity.core.errors import Broken, Unavailable
from comity.core.keys import ED25519
from comity.desk.house import House
from comity.exchange.http.serving import serving
from comity.node.home import Node
from comity.node.record import Draft, Record
from comity.node.repeating import once

__all__ = ["TARGET", "run"]

TARGET = 1000
_MANDATE, _BODY, _OFFICE = "ONE/1#art-1", "joint", "secretariat"
_ITEMS = 19
_STARTS = "2024-10-01T10:00:00+03:00"
_TITLE = "Trade across the border, and what the two sides have asked each other about it"
_WORDS = """\
---
language: en
authentic: [en]
parties: [ONE, TWO]
bodies:
  - article: 1
    id: joint
    kind: committee
    names: {en: Joint Committee}
---

# Memorandum

The two sides agree as follows:

## Article 1 — Joint Committee

A Joint Committee is set up.
"""
Tell = Callable[[str], None]


def run(
    says: int = 20_000, clients: int = 64, folder: Path | None = None, json_path: Path | None = None,
    tell: Tell = print,
) -> dict[str, Any]:  # fmt: skip
    """Measure, say so, and write the figures where they were asked for. Raises `Unavailable` or `Broken`."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-", dir=folder) as made:
        figures = measure(Path(made), says, clients)
    for name, value in figures.items():
        tell(f"{name:<24}{value:>14,}" if isinstance(value, int) else f"{name:<24}{value:>14}")
    met = "met   " if figures["says_per_s"] >= TARGET else "MISSED"
    tell(f"{met}  {figures['says_per_s']} says a second by {clients} programs (at least {TARGET:,})")
    if json_path is not None:
        json_path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    return figures


def measure(folder: Path, says: int, clients: int) -> dict[str, Any]:
    """The figures of one run in a folder."""
    raw = _found(folder)
    with _process("serve", str(folder)) as (address, _):
        loaded = _load(address, raw, says, clients, "say")
    with _process("echo", str(folder)) as (address, _):
        echoed = _load(address, raw, says, clients, "echo")
    node = _open(folder)
    try:
        record = node.record()
        lost = _lost(record, loaded.pop("said"))
        one, many = _alone(record, min(says, 1000), 1), _alone(record, says // 4, clients)
    finally:
        node.close()
    return {
        "version": __version__,
        "says": says,
        "clients": clients,
        **{name: round(value, 1) for name, value in loaded.items()},
        "echo_per_s": round(echoed["says_per_s"], 1),
        "alone_one_per_s": round(one, 1),
        "alone_many_per_s": round(many, 1),
        "ratio_to_echo": round(loaded["says_per_s"] / echoed["says_per_s"], 3),
        "ratio_to_alone": round(loaded["says_per_s"] / many, 3),
        "lost": lost,
    }


def _lost(record: Record, said: Sequence[str]) -> int:
    """How many acknowledged acts are not in the log. Raises `Broken` where there is one."""
    size = record.store.size(ONE)
    numbers = {Ref.parse(ref).number for ref in said}
    lost = sum(number >= size for number in numbers) + len(said) - len(numbers)
    if lost:
        raise Broken(f"log {ONE}", f"{lost} acknowledged acts are not in it")
    return lost


# ----------------------------------------------------------------------------------- the mechanism


def _clock() -> datetime:
    return datetime.now(UTC)


def _open(folder: Path) -> Node:
    return Node(folder / "one", all_chapters(), _clock)


def _found(folder: Path) -> str:
    """Two nodes, a memorandum in force, an office, and a person's token for it."""
    chapters = all_chapters()
    nodes = [
        Node.init(folder / code.lower(), code, {"en": code}, chapters, _clock, "", [ED25519])
        for code in (ONE, TWO)
    ]
    cards = [parse_card(node.make_card(node_kinds=[ED25519])) for node in nodes]
    charter = nodes[0].propose(cards, {"en": "Bench"}, ["instruments", "meetings"])
    one, two = (node.accept(charter) for node in nodes)
    _exchange(one, two)
    text = msgspec.convert(read_text([("memorandum.en.md", _WORDS.encode())])["text"], Text)
    since = date(2024, 1, 1)
    ref = one.say(Draft("instrument.recorded/1", Recorded(text, since), ROOT)).ref
    _exchange(one, two)
    two.say(
        Draft(
            "instrument.affirmed/1", Affirmed(str(ref), digest(text), since), ROOT, docket=ref, answers=[ref]
        )
    )
    _exchange(one, two)
    fill_office(nodes[0], one, _OFFICE)
    for node in nodes:
        node.close()
    accounts = Accounts(folder / "one", _clock, read_settings(folder / "one"))
    accounts.add(MACHINE, "bench", "Bench", "en", secrets.token_urlsafe(24))
    accounts.grant(MACHINE, "bench", charter.id, _OFFICE)
    raw = accounts.make_token("bench", "bench", charter.id, _OFFICE, "bench")
    accounts.close()
    return raw


def _exchange(one: Record, two: Record) -> None:
    for _ in range(2):
        talk(one, two)
        talk(two, one)


def _alone(record: Record, count: int, together: int) -> float:
    """Acts a second said by the record alone, `together` in each transaction, keys and all."""
    dockets: list[Ref] = []
    done = 0
    began = time.perf_counter()
    while done < count:
        if done % (together * (_ITEMS + 1)) == 0:
            drafts = [_convened() for _ in range(together)]
        else:
            drafts = [_item(docket) for docket in dockets]
        said: list[Any] = record.say_each([(draft, once("a", secrets.token_hex(8), b"")) for draft in drafts])
        if drafts[0].docket is None:
            dockets = [one.ref for one in said]
        done += len(drafts)
    return done / (time.perf_counter() - began)


def _convened() -> Draft:
    body = Convened(
        _BODY, 1, datetime.fromisoformat(_STARTS), {"en": "Ankara"}, names={"en": "Joint Committee"}
    )
    return Draft("meeting.convened/1", body, _OFFICE, mandate=_MANDATE, clock_checked=True)


def _item(docket: Ref) -> Draft:
    body = AgendaItemProposed({"en": _TITLE})
    kind = "meeting.agenda_item_proposed/1"
    return Draft(kind, body, _OFFICE, docket, mandate=_MANDATE, clock_checked=True)


# ------------------------------------------------------------------------------------ the processes


@contextlib.contextmanager
def _process(role: str, *more: str) -> Iterator[tuple[str, Popen[bytes]]]:
    """A process in its role; its first line. It ends when its standard input does."""
    with Popen([sys.executable, "-m", "comity.bench.api", role, *more], stdin=PIPE, stdout=PIPE) as process:
        yield _line(process, role), process
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()


def _line(process: Popen[bytes], role: str) -> str:
    line = process.stdout.readline() if process.stdout is not None else b""
    if not line:
        raise Unavailable(f"process {role!r}", "ended without an answer; its own words are above")
    return line.decode().strip()


def _load(address: str, token: str, says: int, clients: int, how: str) -> dict[str, Any]:
    with _process("load", address, token, str(says), str(clients), how) as (line, _):
        found: dict[str, Any] = json.loads(line)
        return found


def _serve(folder: str) -> None:
    node = _open(Path(folder))
    accounts = Accounts(Path(folder) / "one", _clock, read_settings(Path(folder) / "one"))
    api = Api(House(node, accounts, _clock, UTC))
    with contextlib.closing(api), serving(api, quick=True) as address:
        print(address, flush=True)
        sys.stdin.read()
    accounts.close()
    node.close()


async def _echo(_scope: Any, receive: Any, send: Any) -> None:
    """Nothing but the server: the body is read, and an answer of the usual size is sent."""
    while (await receive()).get("more_body", False):
        pass
    body = _ANSWER
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": body})


_ANSWER = json.dumps({"ref": "ONE/1", "docket": "ONE/1", "more": "x" * 420}).encode()


def _serve_echo(_folder: str) -> None:
    with serving(_echo, quick=True) as address:
        print(address, flush=True)
        sys.stdin.read()


class _Program(asyncio.Protocol):
    """One program: it says an act, reads the whole answer, says the next, until nothing is left to say."""

    def __init__(self, load: _Load) -> None:
        self._load, self._held, self._docket, self._items = load, b"", "", _ITEMS
        self._sent = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.gone(exc)

    def _next(self) -> None:
        if not self._load.take():
            self._transport.close()
            return
        path, body = "convene", self._load.convene
        if self._items < _ITEMS:
            path, body = "propose-item", self._load.item % self._docket.encode()
        self._sent = time.perf_counter()
        self._transport.write(self._load.request(path, body))

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, rest = self._held.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(rest) < length:
            return
        self._held = b""
        self._load.times.append(time.perf_counter() - self._sent)
        if not head.startswith(b"HTTP/1.1 201"):
            self._load.failed(head, rest)
            self._transport.close()
            return
        told = msgspec.json.decode(rest, type=_Told)
        self._load.said.append(told.ref)
        if self._items == _ITEMS:
            self._docket, self._items = told.ref, 0
        else:
            self._items += 1
        self._next()


class _Told(msgspec.Struct):
    ref: str


class _Load:
    """All programs of a run."""

    def __init__(self, host: str, token: str, says: int, clients: int) -> None:
        self.times: list[float] = []
        self.said: list[str] = []
        self._left, self._open = says, clients
        self._host, self._token = host, token
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        fields = {"body": _BODY, "round": 1, "starts": _STARTS, "place": {"en": "Ankara"}}
        self.convene = json.dumps({"fields": fields, "mandate": _MANDATE}).encode()
        self.item = (
            json.dumps({"fields": {"title": {"en": _TITLE}}, "docket": "DOCKET"})
            .encode()
            .replace(b"DOCKET", b"%s")
        )

    def request(self, verb: str, body: bytes) -> bytes:
        """The bytes of a request."""
        head = (
            f"POST /api/v1/acts/meetings/{verb} HTTP/1.1\r\nhost: {self._host}\r\n"
            f"authorization: Bearer {self._token}\r\ncontent-type: application/json\r\n"
            f"idempotency-key: {secrets.token_hex(8)}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def take(self) -> bool:
        """Whether there is one more to be said."""
        self._left -= 1
        return self._left >= 0

    def gone(self, error: Exception | None) -> None:
        """A program has hung up."""
        self._open -= 1
        if error is not None and not self._done.done():
            self._done.set_exception(error)
        elif not self._open and not self._done.done():
            self._done.set_result(None)

    def failed(self, head: bytes, body: bytes) -> None:
        """An answer that is no 201 ends the run."""
        if not self._done.done():
            self._done.set_exception(Unavailable("answer", (head[:60] + body[:400]).decode(errors="replace")))

    async def finished(self) -> None:
        """Until every program has hung up."""
        await self._done


async def _programs(address: str, token: str, says: int, clients: int) -> dict[str, Any]:
    host, _, port = address.removeprefix("http://").partition(":")
    load = _Load(f"{host}:{port}", token, says, clients)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(clients):
        await loop.create_connection(lambda: _Program(load), host, int(port))
    await load.finished()
    took = time.perf_counter() - began
    cut = quantiles(load.times, n=100, method="inclusive")
    return {
        "says_per_s": says / took, "p50_ms": cut[49] * 1e3, "p95_ms": cut[94] * 1e3, "p99_ms": cut[98] * 1e3,
        "said": load.said,
    }  # fmt: skip


def _load_now(address: str, token: str, says: str, clients: str, how: str) -> None:
    found = asyncio.run(_programs(address, token, int(says), int(clients)))
    if how == "echo":
        del found["said"]
    print(json.dumps(found), flush=True)


_ROLES: Mapping[str, Callable[..., None]] = {"serve": _serve, "echo": _serve_echo, "load": _load_now}

if __name__ == "__main__":
    _ROLES[sys.argv[1]](*sys.argv[2:])
