"""What one call of the program was told: whose node, which mechanism, which language, what time it is.

    comity --node tur --language tr --now 2024-08-15T10:00:00+03:00 show TUR/17

Nothing is opened before a command asks for it.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from comity.core.act import LANGUAGES
from comity.core.errors import Refused, Unavailable
from comity.words import Words

if TYPE_CHECKING:
    from comity.node.home import Node
    from comity.node.record import Record

__all__ = ["Session"]


class Session:
    """One call. Common options are set on it, wherever on the line they stand."""

    def __init__(self) -> None:
        self.node_folder = os.environ.get("COMITY_NODE", "")
        self.mechanism = ""
        self.language = os.environ.get("COMITY_LANGUAGE", "en")
        self.now: datetime | None = None
        self.passphrase_file: Path | None = None
        self.json = False
        if self.language not in LANGUAGES:
            self.language = "en"

    @property
    def words(self) -> Words:
        """The words of the chosen language."""
        if self._words.language != self.language:
            self._words = Words(self.language)
        return self._words

    @cached_property
    def _words(self) -> Words:
        return Words(self.language)

    def say(self, key: str, chapter: str = "cli", /, **facts: object) -> str:
        """The words for a key, in the chosen language."""
        return self.words.say(key, chapter, **facts)

    def clock(self) -> datetime:
        """The asserted time, or the machine's."""
        return self.now or self.machine_clock()

    def machine_clock(self) -> datetime:
        """The machine's time. What two nodes say to each other is dated by it, whatever time is asserted for acts."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day of `clock`, in UTC."""
        return self.clock().astimezone(UTC).date()

    def passphrase(self) -> str:
        """From the file that was named, or from COMITY_PASSPHRASE. Raises `Unavailable`."""
        if self.passphrase_file is None:
            return os.environ.get("COMITY_PASSPHRASE", "")
        try:
            return self.passphrase_file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(str(self.passphrase_file), f"cannot be read: {error}") from error

    @property
    def folder(self) -> Path:
        """The node's folder. Raises `Refused` where none was named."""
        if not self.node_folder:
            raise Refused("node_which")
        return Path(self.node_folder)

    @cached_property
    def node(self) -> Node:
        """The node, opened. Raises `Unavailable`."""
        from comity.chapters import all_chapters
        from comity.node.home import Node

        return Node(self.folder, all_chapters(), self.clock, self.passphrase())

    @cached_property
    def record(self) -> Record:
        """The record of the mechanism that was named, or of the only one. Raises `Refused`."""
        return self.node.record(self.mechanism)

    def close(self) -> None:
        """Close what was opened."""
        if "node" in self.__dict__:
            self.node.close()
