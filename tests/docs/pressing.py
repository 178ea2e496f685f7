"""Playing what a page of the documentation tells a reader to do in a browser, sentence by sentence.

    *In Ankara*, open `http://127.0.0.1:8451`. Type `ayla` into **Name of your account**. Press **Sign in**.
    You see **At a glance**.

`moves` finds these sentences; `Browsing` does what they say, with what a person would look for: the words on a button, a
link, a label. Every other sentence is for the reader alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["Browsing", "Move", "moves", "named"]

TRIES = 600
"""Reloads, half a second apart, until something has arrived: only what never comes fails."""
_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_BOLD = r"\*\*(?P<{}>[^*]+)\*\*"
_CODE = r"`(?P<{}>[^`]+)`"
_SENTENCES = (
    ("at", r"\*In (?P<place>Ankara|Baghdad|a third browser)\*"),
    ("open", rf"\b[Oo]pen {_CODE.format('text')}"),
    ("keep", rf"\b[Pp]ress {_BOLD.format('name')} and keep the file as {_CODE.format('text')}"),
    ("press", rf"\b[Pp]ress {_BOLD.format('name')}(?: beside {_BOLD.format('beside')})?"),
    (
        "type",
        rf"\b[Tt]ype {_CODE.format('text')} into {_BOLD.format('name')}(?: of {_BOLD.format('group')})?",
    ),
    ("say", r"\b[Rr]ead the digits aloud"),
    ("hear", rf"\b[Tt]ype what (?P<place>Ankara|Baghdad) reads aloud into {_BOLD.format('name')}"),
    ("today", rf"\b[Tt]ype today's date into {_BOLD.format('name')}"),
    ("files", rf"\b[Cc]hoose the files (?P<text>`[^`]+`(?: and `[^`]+`)*) under {_BOLD.format('name')}"),
    ("choose", rf"\b[Cc]hoose {_BOLD.format('text')} under {_BOLD.format('name')}"),
    ("tick", rf"\b[Tt]ick {_BOLD.format('name')}"),
    ("wait", rf"\b[Rr]eload until you see {_BOLD.format('name')}"),
    ("see", rf"\b[Yy]ou see {_BOLD.format('name')}"),
)
_MOVE = re.compile("|".join(f"(?P<{what}>{re.sub(r'[?]P<[a-z]+>', '', like)})" for what, like in _SENTENCES))
_LIKE = {what: re.compile(like) for what, like in _SENTENCES}
_LATER = r"(?: \(may be left empty\))?"


class Move(NamedTuple):
    """One thing to do: what, and the words by which it is found."""

    what: str
    words: dict[str, str]


def moves(text: str) -> Iterator[Move]:
    """What a text tells its reader to do in a browser, in order; what stands in code blocks is not read."""
    flat = re.sub(r"\s+", " ", _BLOCK.sub("", text))
    for found in _MOVE.finditer(flat):
        what = str(found.lastgroup)
        whole = _LIKE[what].fullmatch(found[0])
        assert whole is not None, found[0]
        yield Move(what, {name: said for name, said in whole.groupdict().items() if said})


def named(text: str) -> list[str]:
    """Every word of a page that the text names in bold."""
    return re.findall(r"\*\*([^*]+)\*\*", re.sub(r"\s+", " ", _BLOCK.sub("", text)))


class Browsing:
    """A browser for each place. `make` opens a fresh page; `address` says where a written address really is."""

    def __init__(self, make: Callable[[], Page], address: Callable[[str], str], folder: Path) -> None:
        self._make, self._address, self._folder = make, address, folder
        self._pages: dict[str, Page] = {}
        self._page: Any = None
        self._place = ""
        self._said: dict[str, str] = {}

    def do(self, move: Move) -> None:
        """Do it, or fail with what the page shows instead."""
        try:
            getattr(self, f"_{move.what}")(**move.words)
        except Exception as error:
            shown = self._page.locator("main").inner_text()[:4000] if self._page else ""
            raise AssertionError(
                f"{move}: {str(error)[:400]}\n{self._page and self._page.url}\n{shown}"
            ) from error

    def _at(self, place: str) -> None:
        if place not in self._pages:
            self._pages[place] = self._make()
        self._page, self._place = self._pages[place], place

    def _open(self, text: str) -> None:
        self._page.goto(self._address(text))

    def _press(self, name: str, beside: str = "") -> None:
        found = self._one(name, beside)
        if found.evaluate("one => one.tagName") == "SUMMARY":
            found.click()
            return
        with self._page.expect_navigation(wait_until="domcontentloaded"):
            found.click()

    def _one(self, name: str, beside: str) -> Locator:
        """What is pressed: a button or a link of exactly these words, where it can be seen; or what unfolds."""
        page = self._page
        within = page.locator("article, li, tr, section").filter(has_text=beside).last if beside else page
        whole = re.compile(rf"^\s*{re.escape(name)}\s*$")
        ways = (
            within.locator("button:visible:not([aria-hidden])").filter(has_text=whole),
            within.locator("a:visible").filter(has_text=whole),
            within.locator("summary:visible").filter(
                has_text=re.compile(rf"^\s*{re.escape(name)}{_LATER}\s*$")
            ),
            within.locator("a:visible, button:visible:not([aria-hidden])").filter(has_text=name),
        )
        page.locator("main").wait_for()
        return next((found.first for found in ways if found.count()), ways[0].first)

    def _keep(self, name: str, text: str) -> None:
        with self._page.expect_download() as awaited:
            self._one(name, "").click()
        awaited.value.save_as(self._folder / text)

    def _labelled(self, name: str, group: str = "") -> Locator:
        page = self._page
        within = page.get_by_role("group", name=re.compile(rf"^{re.escape(group)}")).first if group else page
        found: Locator = within.get_by_label(re.compile(rf"^\s*{re.escape(name)}{_LATER}\s*$")).first
        return found

    def _type(self, text: str, name: str, group: str = "") -> None:
        self._labelled(name, group).fill(self._address(text))

    def _say(self) -> None:
        """The fingerprint that stands on the page, for whoever hears it elsewhere."""
        self._said[self._place] = self._page.locator(".fingerprint").first.inner_text().strip()

    def _hear(self, place: str, name: str) -> None:
        self._labelled(name).fill(self._said[place])

    def _today(self, name: str) -> None:
        self._labelled(name).fill(datetime.now(UTC).date().isoformat())

    def _choose(self, text: str, name: str) -> None:
        self._labelled(name).select_option(label=text)

    def _files(self, text: str, name: str) -> None:
        self._labelled(name).set_input_files([self._folder / one for one in re.findall("`([^`]+)`", text)])

    def _tick(self, name: str) -> None:
        self._labelled(name).check()

    def _see(self, name: str) -> None:
        self._page.get_by_text(name).first.wait_for()

    def _wait(self, name: str) -> None:
        """The nodes talk every few seconds: nothing else moves on, however slow the machine."""
        for _ in range(TRIES):
            if self._page.get_by_text(name).count():
                return
            self._page.wait_for_timeout(500)
            self._page.reload(wait_until="domcontentloaded")
        raise AssertionError(f"{name} never came")
