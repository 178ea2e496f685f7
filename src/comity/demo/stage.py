"""The stage: two nodes with their folders, two `comity serve` processes on the loopback, and what they are told.

    stage.tell("TUR", "2024-08-01T09:00:00Z", "meetings", "convene", ...)     ->  the act, as `comity --json` gives it

Every command is the one that a person would type; it runs in this process, while the two servers do the HTTP.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from comity.cli.main import run
from comity.cli.session import Session
from comity.core.errors import Unavailable
from comity.node.record import Record

__all__ = ["PARTIES", "Failed", "Stage", "free_ports"]

PARTIES = ("TUR", "IRQ")
_PATIENCE = 60
_PORTS = range(20_000, 32_000)
_HOSTS = {"TUR": "127.0.0.1", "IRQ": "localhost"}
_ZONES = {"TUR": "Europe/Istanbul", "IRQ": "Asia/Baghdad"}


class Failed(Exception):
    """A command of the story did not end as it should."""


class Stage:
    """Two nodes under one folder. `linked` says whether their servers run."""

    def __init__(
        self, folder: Path, language: str, ports: Mapping[str, tuple[int, int]] | None = None
    ) -> None:
        self.folder, self.linked = folder, False
        self._servers: dict[str, subprocess.Popen[str]] = {}
        self._sessions: dict[str, Session] = {}
        free = free_ports(2 * len(PARTIES)) if ports is None else ()
        chosen = ports or {party: (free[2 * at], free[2 * at + 1]) for at, party in enumerate(PARTIES)}
        self.ports = {party: of_node for party, (of_node, _) in chosen.items()}
        self.page_ports = {party: of_pages for party, (_, of_pages) in chosen.items()}
        for party in PARTIES:
            session = self._sessions[party] = Session()
            session.node_folder, session.language, session.json = str(self.node(party)), language, True

    def node(self, party: str) -> Path:
        """The folder of a party's node."""
        return self.folder / party.lower()

    def address(self, party: str) -> str:
        """Where a party's server answers."""
        return f"http://127.0.0.1:{self.ports[party]}"

    def page_address(self, party: str) -> str:
        """Where a party's pages are: each under a name of its own, since a browser's cookies do not look at ports."""
        return f"http://{_HOSTS[party]}:{self.page_ports[party]}"

    def record(self, party: str) -> Record:
        """A party's record, as its own node holds it."""
        return self._sessions[party].record

    def tell(self, party: str, when: str, *arguments: str) -> Any:
        """Run a command at a party's node, at an asserted time if there is one; its JSON. Raises `Failed`."""
        code, told = self.ask(party, when, *arguments)
        if code:
            raise Failed(f"comity --node {self.node(party)} {' '.join(arguments)}: exit {code}\n{told}")
        return told

    def ask(self, party: str, when: str, *arguments: str) -> tuple[int, Any]:
        """Run a command that may fail; its exit code, and its JSON or what it complained of."""
        session = self._sessions[party]
        session.now = None
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([*(("--now", when) if when else ()), *arguments], session)
        text = out.getvalue()
        return code, json.loads(text) if text.strip() else err.getvalue().strip()

    def link(self) -> None:
        """Start both servers. Raises `Failed`."""
        self._start({party: ["--every", "0"] for party in PARTIES})

    def open(self) -> None:
        """Start both servers with their pages; they fetch from each other as they would in two ministries."""
        self._start(
            {
                party: [
                    "--every",
                    "1",
                    "--zone",
                    _ZONES[party],
                    "--pages",
                    f"127.0.0.1:{self.page_ports[party]}",
                ]
                for party in PARTIES
            }
        )

    def _start(self, more: Mapping[str, Sequence[str]]) -> None:
        for party in PARTIES:
            self._servers[party] = self._serve(party, more[party])
        for party, server in self._servers.items():
            if server.stdout is None or not server.stdout.readline():
                server.wait(_PATIENCE)
                raise Failed((self.folder / f"{party.lower()}.log").read_text("utf-8"))
        self.linked = True

    def _serve(self, party: str, more: Sequence[str]) -> subprocess.Popen[str]:
        port = str(self.ports[party])
        arguments = ["--node", str(self.node(party)), "--json", "serve", "--port", port, *more]
        with (self.folder / f"{party.lower()}.log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "comity", *arguments], stdout=subprocess.PIPE, stderr=log, text=True
            )

    def cut(self) -> None:
        """Stop both servers, and wait for them."""
        for server in self._servers.values():
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
        for server in self._servers.values():
            try:
                server.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            if server.stdout is not None:
                server.stdout.close()
        self._servers.clear()
        self.linked = False

    def exchange(self, first: str) -> None:
        """Let the node of `first` bring what it said, then the other one what it has to say to that."""
        second = next(party for party in PARTIES if party != first)
        self.tell(first, "", "sync", second)
        self.tell(second, "", "sync", first)

    def close(self) -> None:
        """Stop what was started."""
        self.cut()
        for session in self._sessions.values():
            session.close()


def verify_elsewhere(proof: Path) -> tuple[bool, str]:
    """What a stranger sees: another process, an empty folder, no node, nothing but the file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    with tempfile.TemporaryDirectory(prefix="stranger-") as empty:
        done = subprocess.run(
            [sys.executable, "-m", "comity", "--json", "verify", str(proof.resolve())],
            cwd=empty, env=kept, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    return done.returncode == 0, done.stdout or done.stderr


def free_ports(count: int) -> list[int]:
    """Ports of the loopback on which nothing listens now. Raises `Unavailable`.

    Of those that no system gives to a client by itself (from 32768 on Linux): one of these is still free when it is
    listened on, some time later.
    """
    found = list[int]()
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise Unavailable("loopback", "has no free port")
