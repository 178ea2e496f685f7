"""Running a page: every ```console block in order, in an empty folder, its output held against the page.

A line that begins with `$ ` is typed; `> ` continues it. What follows is what the page says comes out; `...` stands for
any lines. What differs from run to run (times, keys, fingerprints, ports) is masked on both sides. A fingerprint that
the page types is replaced by the one that this run's cards have, since that is what the other side would read aloud.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from comity.demo.stage import free_ports

_BLOCK = re.compile(
    r"(?:Save this as `(?P<file>[^`]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_PORT = r"(?<=[: ])84\d\d\b"
_DIGITS = r"\d{5}(?: \d{5}){5}"
_MASKS = (
    (re.compile(_DIGITS), "FINGERPRINT"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "MOMENT"),
    (re.compile(r"\b20(?!27-)\d\d-\d\d-\d\d\b"), "DAY"),
    (re.compile(r"\b(?:[0-9a-f]{64}\b|[0-9a-f]{16}…)"), "SHA-256"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "HASH"),
    (re.compile(r"(?<![\w-])(?=[\w-]*[A-Z0-9])[\w-]{22}(?![\w-])"), "KEY"),
    (re.compile(r"^[\w-]{12}(?=  KEY )"), "MECHANISM"),
    (re.compile(r"127\.0\.0\.1:\d+"), "ADDRESS"),
    (re.compile(r"[\u2066-\u2069]"), ""),
    (re.compile(r" +"), " "),
)


class Step(NamedTuple):
    """A command and the lines that the page says it writes."""

    command: str
    expected: list[str]


def steps(page: str) -> Iterator[Step | tuple[str, str]]:
    """What the page does, in order: steps, and files to save as (name, text)."""
    for block in _BLOCK.finditer(page):
        if block["file"]:
            yield block["file"], block["text"]
        elif block["kind"] == "console":
            yield from _typed(block["text"])


def _typed(text: str) -> Iterator[Step]:
    command, expected = "", []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield Step(command, expected)
            command, expected = line[2:], []
        elif line.startswith("> ") and not expected:
            command = command.removesuffix("\\") + line[2:].lstrip()
        else:
            expected.append(line)
    yield Step(command, expected)


def masked(text: str) -> str:
    for pattern, name in _MASKS:
        text = pattern.sub(name, text)
    return text.strip()


def agrees(expected: list[str], written: str) -> bool:
    """Whether the lines are those expected, `...` standing for any number of them."""
    found = "".join(f"{masked(line)}\n" for line in written.strip().splitlines())
    wanted = "\n".join(expected).strip().splitlines()
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(masked(line)) + r"\n" for line in wanted)
    return re.fullmatch(pattern, found) is not None


class Terminal:
    """Commands in one folder. What was started with `&` last is job %1; all are ended at the end."""

    def __init__(self, folder: Path, fingerprint_of: str = "{}.card") -> None:
        self.folder, self._cards = folder, fingerprint_of
        self._jobs: list[subprocess.Popen[str]] = []
        self._ports: dict[str, str] = {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        self._environment = {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "200",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for job in self._jobs:
            self._end(job)

    def run(self, command: str) -> str:
        """Type a command; what it wrote to both streams."""
        command = self.really(command)
        command = re.sub(rf'(--fingerprint )([A-Z]+)="{_DIGITS}"', self._read_aloud, command)
        command = re.sub(r"(--node (\w+) .*--key )[\w-]{22}\b", self._oldest_key, command)
        if re.fullmatch(r"kill( %\d+)+", command):
            for job in self._jobs[-command.count("%") :]:
                self._end(job)
            return ""
        if command.endswith("&"):
            job = subprocess.Popen(
                ["exec " + command[:-1]], shell=True, cwd=self.folder, env=self._environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            self._jobs.append(job)
            return job.stdout.readline()
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self._environment, text=True, check=False, executable="/bin/bash",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
        )  # fmt: skip
        return done.stdout

    def really(self, text: str) -> str:
        """A text with the ports that this run has, in place of those that the page has."""
        return re.sub(_PORT, self._port, text)

    def _end(self, job: subprocess.Popen[str]) -> None:
        if job.poll() is None:
            job.send_signal(signal.SIGINT)
            job.communicate(timeout=120)
        if job.stdout and not job.stdout.closed:
            job.stdout.close()

    def _port(self, found: re.Match[str]) -> str:
        if found[0] not in self._ports:
            [port] = free_ports(1)
            self._ports[found[0]] = str(port)
        return self._ports[found[0]]

    def _oldest_key(self, found: re.Match[str]) -> str:
        """Keys differ from run to run; where a page types one, the party's first node key is meant."""
        listed = self.run(f"comity --node {found[2]} key list").splitlines()[1]
        return found[1] + listed.split()[1]

    def _read_aloud(self, found: re.Match[str]) -> str:
        shown = self.run(f"comity card show {found[2].lower()}.card")
        return f'{found[1]}{found[2]}="{re.search(_DIGITS, shown)[0]}"'
