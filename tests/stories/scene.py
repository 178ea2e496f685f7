"""Nodes in a folder, and the commands that people type at them. Shared by the stories.

world.ok("TUR", "instruments", "accept", "--docket", "TUR/4", "--office", "mfa")    ->  its JSON
world.fails("TUR", 1, "show", "TUR/99")                                               ->  what it complained of
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import comity
from comity.cli.main import run

TEXTS = Path(comity.__file__).parent / "demo" / "texts"
LANGUAGES = ("en", "tr", "ar")


class Came(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


def call(*arguments: object) -> Came:
    """One command, as if typed; nothing but its exit code leaves it."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    assert "Traceback" not in err.getvalue()
    return Came(code, out.getvalue(), err.getvalue())


class World:
    """Several nodes under one folder, founded as one mechanism."""

    def __init__(self, folder: Path, parties: Iterable[str] = ("TUR", "IRQ")) -> None:
        self.folder, self.parties = folder, tuple(parties)
        self.prints: dict[str, str] = {}
        self.mechanism = ""

    def node(self, party: str) -> Path:
        return self.folder / party.lower()

    def call(self, party: str, *arguments: object) -> Came:
        return call("--node", self.node(party), *arguments)

    def ok(self, party: str, *arguments: object) -> Any:
        came = self.call(party, "--json", *arguments)
        assert came.code == 0, came
        return json.loads(came.out) if came.out.strip() else None

    def fails(self, party: str, code: int, *arguments: object) -> str:
        came = self.call(party, *arguments)
        assert came.code == code, came
        assert came.err.strip(), "an error says what happened"
        return came.err

    def cards(self) -> list[Path]:
        for party in self.parties:
            self.ok(party, "init", "--party", party, "--name", f"en=State {party}", "--classic-keys")
            card = self.folder / f"{party}.card"
            made = self.ok(party, "card", "make", "-o", card, "--classic-keys")
            self.prints[party] = made["fingerprint"]
        return [self.folder / f"{party}.card" for party in self.parties]

    def heard(self, party: str) -> list[str]:
        """The other parties' fingerprints, as `party` heard them."""
        pairs = [
            ("--fingerprint", f"{other}={self.prints[other]}") for other in self.parties if other != party
        ]
        return [word for pair in pairs for word in pair]

    def found(self, now: str = "2024-08-01T09:00:00Z") -> World:
        cards, charter = self.cards(), self.folder / "charter"
        first = self.parties[0]
        self.ok(
            first,
            "--now",
            now,
            "found",
            "propose",
            *cards,
            "--name",
            "en=A mechanism",
            *self.heard(first),
            "-o",
            charter,
        )
        for party in self.parties[1:]:
            self.mechanism = self.ok(party, "--now", now, "found", "accept", charter, *self.heard(party))[
                "mechanism"
            ]
        for party in self.parties:
            self.say(party, now, "charter", "fill-office", "--office", "mfa", "--titles", "en=Minister", "--new-key",
                     "--ex-officio", "foreign_minister")  # fmt: skip
        self.exchange()
        return self

    def say(self, party: str, now: str, *arguments: object) -> str:
        ref: str = self.ok(party, "--now", now, *arguments)["ref"]
        return ref

    def exchange(self, rounds: int = 2) -> None:
        """Everything to everybody, by pouches: no sockets."""
        for _ in range(rounds):
            for sender in self.parties:
                for recipient in self.parties:
                    if sender != recipient:
                        self.carry(sender, recipient)

    def carry(self, sender: str, recipient: str) -> Path:
        file = self.folder / f"{sender}-{recipient}.pouch"
        self.ok(sender, "pouch", "pack", recipient, "-o", file)
        self.ok(recipient, "pouch", "open", file)
        return file

    def memorandum(self, name: str = "memorandum") -> list[Path]:
        """The illustrative text, one file a language."""
        return [TEXTS / f"{name}.{tag}.md" for tag in LANGUAGES]

    def sizes(self) -> dict[str, dict[str, int]]:
        """How much of each log each node holds: for seeing that nothing was stored."""
        return {
            party: {
                log: held["held"] for log, held in self.ok(party, "status")["mechanisms"][0]["logs"].items()
            }
            for party in self.parties
        }
