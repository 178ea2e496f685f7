"""`comity bench web`: how long a page takes while fifty people click, in a mechanism of many acts.

{"acts": 100000, "docket_p50_ms": 11.2, "docket_p95_ms": 24.8, "static_p95_ms": 3.1, "clicks": 1487, ...}

One node serves its pages from a process of its own, over HTTP on the loopback. Fifty people are signed in, who hold an
office, so that each page tries what they may say; each opens a docket, reads for a second or so (drawn from a seeded
generator), and opens the next. They do so twice: from a server that has just begun and has everything to prepare
(`comity.desk.preparing`), and from one that has prepared it. Beside it, in the same run and from the same server: the
stylesheet, which is read from memory, as the floor; and the same dockets with no pause at all between two clicks of
eight people, which tells how many pages a second there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from subprocess import PIPE, Popen
from typing import Any

from comity import __version__
from comity.accounts import MACHINE, Accounts, Settings
from comity.bench import mechanism
from comity.bench.pact import ONE, fill_office
from comity.bench.programme import live
from comity.core.errors import Unavailable
from comity.desk.house import House
from comity.desk.preparing import prepare

__all__ = ["measure", "run", "table"]

PEOPLE = 50
PAUSE = 1.0
"""Seconds that somebody reads a page, on average."""
SECONDS = 20.0
RUSH = 8
_OFFICE = "secretariat"
_PASSWORD = "a lamp beside the river"  # noqa: S105 -- of people who are made for one run
_QUICK = Settings(argon_iterations=1, argon_memory_kib=8, argon_lanes=1, address_burst=100_000)
_TARGET_MS = 60
_TARGET_KB = 100

_ROWS = (
    ("acts", "acts"),
    ("commitments", "dockets of commitments"),
    ("fill_s", "said and received, s"),
    ("clicks", "pages that fifty people opened"),
    ("starting_p95_ms", "a docket's page p95 while preparing, ms"),
    ("docket_p50_ms", "a docket's page p50, ms"),
    ("docket_p95_ms", "a docket's page p95, ms"),
    ("docket_p99_ms", "a docket's page p99, ms"),
    ("static_p95_ms", "floor: the stylesheet p95, ms"),
    ("rush_per_s", "pages a second, without a pause"),
    ("page_kb", "a docket's page, compressed, kB"),
    ("first_load_kb", "first load with all it asks for, kB"),
)

Figures = dict[str, Any]
Tell = Callable[[str], None]


def run(acts: int, folder: Path | None, json_path: Path | None, tell: Tell = print) -> Figures:
    """Measure, say so, and write the figures where they were asked for."""
    figures = measure(acts, folder, tell)
    for line in ("", *table(figures)):
        tell(line)
    if json_path is not None:
        json_path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    return figures


def table(figures: Figures) -> list[str]:
    """The figures as lines, and whether each target was met."""
    rows = [f"{words:<40}{figures[key]:>12,}" for key, words in _ROWS]
    checks = (("docket_p95_ms", _TARGET_MS, "a docket's page, p95, milliseconds"),
              ("first_load_kb", _TARGET_KB, "first load, kilobytes"))  # fmt: skip
    return [*rows, "", *(
        f"{'met   ' if figures[key] <= most else 'MISSED'}  {words}: {figures[key]:,} (at most {most})"
        for key, most, words in checks
    )]  # fmt: skip


def measure(acts: int, folder: Path | None, tell: Tell) -> Figures:
    """In a fresh folder under `folder` (or the system's temporary one) that is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-", dir=folder, ignore_cleanup_errors=True) as name:
        where = Path(name)
        tell(f"{acts} acts: say and receive ...")
        figures: Figures = {"version": __version__, **live(where, acts, str(max(100, acts // 10)))}
        node = where / ONE.lower()
        dockets, mechanism_id = _staffed(where)
        cookies = _people(node, mechanism_id)
        paths = [f"/m/{mechanism_id[:12]}/d/{docket}" for docket in dockets]
        tell(f"{PEOPLE} people click while the server prepares {len(dockets)} dockets ...")
        with _serving(node) as at:
            figures |= asyncio.run(_click_first(at, paths, cookies))
        _prepare(where)
        tell(f"{PEOPLE} people click ...")
        with _serving(node) as at:
            figures |= asyncio.run(_click(at, paths, cookies))
        return {key: round(value, 2) if isinstance(value, float) else value for key, value in figures.items()}


def _staffed(folder: Path) -> tuple[list[str], str]:
    """An office for people to hold; every docket, and the mechanism."""
    node = mechanism.open_node(folder, ONE, lambda: datetime.now(UTC))
    try:
        record = node.record()
        fill_office(node, record, _OFFICE)
        found = [str(ref) for ref in record.store.opened("commitment", None, 1_000_000)]
        return found, record.mechanism
    finally:
        node.close()


def _prepare(folder: Path) -> None:
    """What a server does beside its pages, to the end."""
    node = mechanism.open_node(folder, ONE, lambda: datetime.now(UTC))
    accounts = Accounts(node.folder, lambda: datetime.now(UTC), _QUICK)
    try:
        prepare(House(node, accounts, lambda: datetime.now(UTC), UTC), threading.Event())
    finally:
        accounts.close()
        node.close()


def _people(folder: Path, mechanism_id: str) -> list[str]:
    """Fifty people who are signed in and hold an office, so that each page tries what they may say; their cookies."""
    accounts, cookies = Accounts(folder, lambda: datetime.now(UTC), _QUICK), []
    for number in range(PEOPLE):
        name = f"reader-{number}"
        accounts.add(MACHINE, name, f"Reader {number}", ("en", "tr", "ar")[number % 3], _PASSWORD)
        accounts.grant(MACHINE, name, mechanism_id, _OFFICE)
        session = accounts.sign_in(name, _PASSWORD, f"127.0.0.{number + 1}").session
        if session is None:
            raise Unavailable("bench account", "could not sign in")
        cookies.append(session.token)
    return cookies


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, int]]:
    """The pages of that node, from a process of their own; their host and port."""
    arguments = [sys.executable, "-m", "comity", "--node", str(folder), "--json", "serve", "--port", "0",
                 "--every", "0", "--pages", "127.0.0.1:0"]  # fmt: skip
    with Popen(arguments, stdout=PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 -- it is a pipe
            line = process.stdout.readline()
            if not line:
                raise Unavailable("node process", "ended without an answer; its own words are above")
            host, _, port = json.loads(line)["pages"].removeprefix("http://").rpartition(":")
            yield host, int(port)
        finally:
            process.terminate()


# ------------------------------------------------------------------------------------------- clicking


class _Browser:
    """One connection that is kept open, and the time each answer takes."""

    def __init__(self, at: tuple[str, int], cookie: str) -> None:
        self._at, self._cookie = at, cookie
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[float, bytes]:
        """Seconds, and the body. Raises `Unavailable` for anything but a page."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._at)
        reader, writer = self._streams
        began = time.perf_counter()
        writer.write(
            f"GET {path} HTTP/1.1\r\nhost: {self._at[0]}\r\ncookie: comity={self._cookie}\r\n"
            "accept-encoding: gzip\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if " 200 " not in head.partition("\r\n")[0]:
            raise Unavailable(path, f"answered {head.partition(chr(13))[0]}")
        length = re.search(r"\ncontent-length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else await _chunked(reader)
        return time.perf_counter() - began, body

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            with contextlib.suppress(OSError):
                await self._streams[1].wait_closed()


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


async def _click_first(at: tuple[str, int], paths: Sequence[str], cookies: Sequence[str]) -> Figures:
    async with _browsers(at, cookies) as people:
        return {"starting_p95_ms": _cuts(await _all_read(people, paths, SECONDS))[94]}


async def _click(at: tuple[str, int], paths: Sequence[str], cookies: Sequence[str]) -> Figures:
    async with _browsers(at, cookies) as people:
        _, page = await people[0].get(paths[0])
        html = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
        asked = sorted(set(re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', html)))
        style = next(path.decode() for path in asked if path.endswith(b".css"))
        first = len(page) + sum([len((await people[0].get(path.decode()))[1]) for path in asked])
        fonts = await _fonts(people[0], style)
        times = await _all_read(people, paths, SECONDS)
        bare = await _all_read(people, [style], SECONDS / 4)
        rush = await _rush(people[:RUSH], paths)
    cuts = _cuts(times)
    return {
        "clicks": len(times),
        "docket_p50_ms": median(times),
        "docket_p95_ms": cuts[94],
        "docket_p99_ms": cuts[98],
        "static_p95_ms": _cuts(bare)[94],
        "rush_per_s": rush,
        "page_kb": len(page) / 1000,
        "first_load_kb": (first + fonts) / 1000,
    }


@contextlib.asynccontextmanager
async def _browsers(at: tuple[str, int], cookies: Sequence[str]) -> AsyncIterator[list[_Browser]]:
    people = [_Browser(at, cookie) for cookie in cookies]
    try:
        yield people
    finally:
        for person in people:
            await person.close()


def _cuts(times: Sequence[float]) -> list[float]:
    return quantiles(times, n=100, method="inclusive")


async def _fonts(person: _Browser, style: str) -> int:
    """The bytes of every face that the stylesheet names: more than any one page fetches."""
    _, raw = await person.get(style)
    css = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    names = {found.decode() for found in re.findall(rb"url\(\"?([^\")]+\.woff2)", css)}
    base = style.rpartition("/")[0]
    return sum([len((await person.get(f"{base}/{name}"))[1]) for name in sorted(names)])


async def _all_read(people: Sequence[_Browser], paths: Sequence[str], seconds: float) -> list[float]:
    """All of them click until the time is up; how long each page took, in milliseconds."""
    each = await asyncio.gather(*(
        _reads(person, random.Random(at), paths, seconds) for at, person in enumerate(people)
    ))  # fmt: skip
    return [1e3 * taken for one in each for taken in one]


async def _reads(
    person: _Browser, chance: random.Random, paths: Sequence[str], seconds: float
) -> list[float]:
    """What somebody opens until the time is up."""
    ends, times = time.perf_counter() + seconds, []
    await asyncio.sleep(chance.random() * PAUSE)
    while time.perf_counter() < ends:
        times.append((await person.get(chance.choice(paths)))[0])
        await asyncio.sleep(chance.expovariate(1 / PAUSE))
    return times


async def _rush(people: Sequence[_Browser], paths: Sequence[str]) -> float:
    """Pages a second while a few people click without a pause, for a few seconds."""
    ends, began = time.perf_counter() + SECONDS / 4, time.perf_counter()

    async def hurry(person: _Browser, chance: random.Random) -> int:
        done = 0
        while time.perf_counter() < ends:
            await person.get(chance.choice(paths))
            done += 1
        return done

    done = await asyncio.gather(*(hurry(person, random.Random(at)) for at, person in enumerate(people)))
    return sum(done) / (time.perf_counter() - began)
