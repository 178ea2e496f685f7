"""One node in a process of its own, so that its memory is its own: `python -m comity.bench.node ROLE FOLDER ACTS ...`.

It does what its role says and prints one line of JSON, its own peak memory in it:

    {"append_per_s":91000.5, ..., "peak_rss_mb":61.3}

`serve` prints its address first, and answers until its standard input ends.
"""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import msgspec

from comity.bench import answers, callers, fill, pact, programme, replicate
from comity.core.errors import Unavailable
from comity.exchange.http.client import HttpPeer, Place
from comity.exchange.http.server import Endpoint
from comity.exchange.http.serving import serving as listening
from comity.node.asking import status
from comity.node.record import Record

__all__ = ["call", "serving"]

_FIRST = 1  # the number of the first act of the filling: act 0 accepts the charter


def call(role: str, folder: Path, acts: int, *more: str) -> dict[str, Any]:
    """Run a role in a fresh process and return what it printed, with the seconds until it had. Raises `Unavailable`."""
    began = time.perf_counter()
    with _start(role, folder, acts, *more) as process:
        return _line(process, role) | {"until_answer_s": time.perf_counter() - began}


@contextlib.contextmanager
def serving(folder: Path, acts: int, into: dict[str, Any]) -> Iterator[str]:
    """ONE's node, answering over HTTP; yields its address. Its figures go `into` at the end."""
    with _start("serve", folder, acts) as process:
        yield _line(process, "serve")["address"]
        assert process.stdin is not None  # noqa: S101 -- it is a pipe
        process.stdin.close()
        into.update(_line(process, "serve"))


def _start(role: str, folder: Path, acts: int, *more: str) -> Popen[bytes]:
    arguments = [sys.executable, "-m", "comity.bench.node", role, str(folder), str(acts), *more]
    return Popen(arguments, stdin=PIPE, stdout=PIPE)


def _line(process: Popen[bytes], role: str) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101 -- it is a pipe
    line = process.stdout.readline()
    if not line:
        raise Unavailable(f"node process {role!r}", "ended without an answer; its own words are above")
    return msgspec.json.decode(line, type=dict[str, Any])


# ------------------------------------------------------------------------------- inside the process


def _fill(folder: Path, acts: int) -> dict[str, Any]:
    with _record(folder, pact.ONE) as record:
        return fill.append(record, acts, folder / "floor-append.db")


def _say(folder: Path, acts: int) -> dict[str, Any]:
    with _record(folder, pact.ONE) as record:
        rounds, each = (3, 16) if acts < 10_000 else (7, 64)
        return callers.callers(record, rounds, each, folder / "floor-say.db")


def _serve(folder: Path, _acts: int) -> dict[str, Any]:
    with _record(folder, pact.ONE) as record:
        began = time.perf_counter()
        record.heads()
        found = {"head_s": time.perf_counter() - began}
        endpoint = Endpoint({record.mechanism: pact.station(record)}, pact.clock)
        with contextlib.closing(endpoint), listening(endpoint) as address:
            _print({"address": address})
            sys.stdin.read()
        return found


def _fetch(folder: Path, _acts: int, address: str) -> dict[str, Any]:
    with _record(folder, pact.TWO) as record:
        station = pact.station(record)
        with HttpPeer(station, pact.ONE, Place(address), pact.clock) as peer:
            return replicate.fetch(record, peer.ask, folder / "floor-replicate.db")


def _ask(folder: Path, acts: int) -> dict[str, Any]:
    with _record(folder, pact.ONE) as record:
        opened = answers.dockets(record, _FIRST, acts, 500)
        return opened | answers.proofs(record, _FIRST, acts, min(2000, acts))


def _check(folder: Path, _acts: int) -> dict[str, Any]:
    with _record(folder, pact.TWO) as record:
        return answers.check(record)


def _status(folder: Path, _acts: int) -> dict[str, Any]:
    with _record(folder, pact.ONE) as record:
        return {"held": status(record)["logs"][pact.ONE]["held"]}


_ROLES: Mapping[str, Callable[..., dict[str, Any]]] = {
    "fill": _fill,
    "say": _say,
    "serve": _serve,
    "fetch": _fetch,
    "ask": _ask,
    "check": _check,
    "status": _status,
    "live": programme.live,
    "first": programme.first,
    "across": programme.across,
}


@contextlib.contextmanager
def _record(folder: Path, party: str) -> Iterator[Record]:
    node = pact.open_node(folder, party)
    try:
        yield node.record()
    finally:
        node.close()


def _peak_mb() -> float:
    """The most memory that this process has had (VmHWM), in units of 2**20 bytes."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print(found: dict[str, Any]) -> None:
    print(msgspec.json.encode(found).decode(), flush=True)


def _main(role: str, folder: str, acts: str, *more: str) -> None:
    found = _ROLES[role](Path(folder), int(acts), *more)
    _print(found | {"peak_rss_mb": _peak_mb()})


if __name__ == "__main__":
    _main(*sys.argv[1:])
