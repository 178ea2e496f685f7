"""Every page that can be reached: followed from link to link, a few of each kind.

    found = crawl(client, ["/"])
    found["/m/{mechanism}/record"][0].path      "/m/3f2a91c07b1e/record"

A page's kind is its route in `PAGES`, with the chapter it belongs to. So a page that is new, or a chapter's, is found as
soon as something leads to it; a route that nothing leads to is told by `unreached`.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.web.stage import Client

from comity.web.pages import PAGES

__all__ = ["Bit", "Seen", "bits", "crawl", "here", "kind_of", "unreached"]

_EACH = 3
_PLACE = re.compile(r"\{([a-z_]+):str\}")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_TOLD = ("title", "alt", "aria-label", "placeholder", "data-label", "data-arrived")


class Seen(NamedTuple):
    """A page as it was answered. `weight`: its bytes on the wire."""

    path: str
    kind: str
    status: int
    media_type: str
    weight: int
    text: str
    leads: str = ""


class Bit(NamedTuple):
    """A piece of a page's text as a reader meets it. `foreign`: it stands in another language than the page, and says so.

    `named`: it stands for itself, as names and references do. `where`: the elements around it.
    """

    text: str
    foreign: bool
    named: bool
    where: str


def kind_of(path: str) -> str:
    """The route of a path, its chapter and verb filled in; "" for what is no page."""
    asked = urlsplit(path).path
    fitting = [page.path for page in PAGES if "GET" in page.methods and _pattern(page.path).fullmatch(asked)]
    if not fitting:
        return ""
    route = max(fitting, key=lambda one: [part.startswith("{") for part in one.split("/")].count(False))
    found = _pattern(route).fullmatch(asked)
    assert found is not None
    filled = {name: value for name, value in found.groupdict().items() if name in ("chapter", "verb")}
    return _PLACE.sub(lambda place: filled.get(place[1], f"{{{place[1]}}}"), route)


def crawl(client: Client, start: Iterable[str]) -> Mapping[str, Sequence[Seen]]:
    """What can be reached from `start`, at most three pages of each kind; in the order in which they were met."""
    found: dict[str, list[Seen]] = defaultdict(list)
    ahead, met = deque(start), set(start)
    asked: dict[str, int] = defaultdict(int)
    while ahead:
        path = ahead.popleft()
        kind = kind_of(path)
        if asked[_counted(kind, path)] >= _EACH:
            continue
        asked[_counted(kind, path)] += 1
        seen = _seen(client, path, kind)
        found[seen.kind].append(seen)
        for link in [seen.leads, *_links(path, seen.text)] if seen.leads else _links(path, seen.text):
            if link not in met:
                met.add(link)
                ahead.append(link)
    return found


def here(text: str) -> str:
    """The last part of the path that a page's own navigation marks as the current one."""
    nav = text.partition('<nav class="nav"')[2].partition("</nav>")[0]
    found = re.search(r'href="([^"]*)" aria-current="page"', nav)
    return found[1].rpartition("/")[2] if found else ""


def unreached(found: Iterable[str]) -> set[str]:
    """Routes of pages that nobody came to."""
    reached = {_route(kind) for kind in found}
    return {
        _PLACE.sub(r"{\1}", page.path)
        for page in PAGES
        if "GET" in page.methods and _PLACE.sub(r"{\1}", page.path) not in reached
    }


def bits(text: str) -> Iterator[Bit]:
    """Everything that a reader sees of a page, or hears of it."""
    reader = _Reader()
    reader.feed(text)
    yield from reader.bits


def _route(kind: str) -> str:
    route = kind.partition(" ")[0]
    route = re.sub(r"/say/[a-z]+/[a-z-]+", "/say/{chapter}/{verb}", route)
    if any(_PLACE.sub(r"{\1}", page.path) == route for page in PAGES):
        return route
    return re.sub(r"^/m/\{mechanism\}/[a-z]+$", "/m/{mechanism}/{chapter}", route)


def _counted(kind: str, path: str) -> str:
    """Kinds whose pages differ by what they are about are asked more often: by what leads to them."""
    asked = urlsplit(path)
    several = kind.endswith(("/d/{party}/{number}", "/a/{party}/{number}"))
    about = asked.path.rpartition("/")[2][-1:] if several else ""
    return f"{kind} {about} {sorted({name for name, _ in parse_qsl(asked.query)})}"


def _seen(client: Client, path: str, kind: str) -> Seen:
    answer = client.get(path)
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    text = answer.text if media_type == "text/html" else ""
    if kind.endswith(("/d/{party}/{number}", "/a/{party}/{number}")):
        kind = f"{kind} {here(text)}"
    weight = int(answer.headers.get("content-length", len(answer.content)))
    return Seen(path, kind, answer.status_code, media_type, weight, text, answer.headers.get("location", ""))


def _links(path: str, text: str) -> Iterator[str]:
    for found in re.finditer(r'<a\b[^>]*?\shref="([^"]*)"', text):
        href = found[1].replace("&amp;", "&").partition("#")[0]
        if href.startswith("?"):
            href = urlsplit(path).path + href
        kept = not re.search(r"[?&](lang|hijri)=", href)
        if kept and href.startswith("/") and not href.startswith(("//", "/static/")):
            yield href


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>[^/]+)", route))


class _Reader(HTMLParser):
    """Keeps the elements that are open, and the language that holds inside them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bits: list[Bit] = []
        self._open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        held = {name: value or "" for name, value in attrs}
        self._open.append((tag, held))
        for name in _TOLD:
            if held.get(name, "").strip():
                self._add(held[name])
        if tag in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._add(data)

    def _add(self, text: str) -> None:
        tags = [tag for tag, _ in self._open]
        if {"script", "style", "pre", "textarea"} & set(tags):
            return
        spoken = [held["lang"] for _, held in self._open if "lang" in held]
        where = " > ".join(
            f"{tag}.{held['class'].replace(' ', '.')}" if held.get("class") else tag
            for tag, held in self._open[-4:]
        )
        foreign = len(set(spoken[:1] + spoken[-1:])) > 1
        ltr = any(tag in ("bdi", "code") and held.get("dir") == "ltr" for tag, held in self._open)
        self.bits.append(Bit(" ".join(text.split()), foreign, ltr or "code" in tags, where))
