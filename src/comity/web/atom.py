"""An Atom feed (RFC 4287), whose identifiers are tag URIs (RFC 4151). The same items always give the same bytes:

    <entry><id>tag:node.example,2024-09-02:comity/3f2a91c07b1e/TUR/40</id><title>Memorandum on security</title>...

Characters that XML 1.0 cannot hold are replaced, so that no title can break the feed of all others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree as ET

__all__ = ["Feed", "Item", "feed"]

_ATOM = "http://www.w3.org/2005/Atom"
_UNHEARD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Item(NamedTuple):
    """One entry. `href` is its page, `authors` who released it, `path` what tells it apart in its identifier."""

    path: str
    on: date
    title: str
    summary: str
    href: str
    authors: Sequence[str]
    category: str = ""


class Feed(NamedTuple):
    """The feed itself: its title, the host that its identifiers are named after, its own address and its page."""

    title: str
    host: str
    language: str
    itself: str
    page: str
    author: str


def feed(about: Feed, items: Sequence[Item]) -> bytes:
    """The feed as XML. An empty one was last changed when nothing had been said yet."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": about.language})
    newest = max((item.on for item in items), default=date(1970, 1, 1))
    _say(root, "id", f"tag:{about.host},2024:comity/public/{about.language}")
    _say(root, "title", about.title)
    _say(root, "updated", _moment(newest))
    _named(root, "author", about.author)
    _link(root, "self", about.itself, "application/atom+xml")
    _link(root, "alternate", about.page, "text/html")
    for item in items:
        entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
        _say(entry, "id", f"tag:{about.host},{item.on.isoformat()}:comity/{item.path}")
        _say(entry, "title", item.title)
        _say(entry, "updated", _moment(item.on))
        _say(entry, "published", _moment(item.on))
        for author in item.authors:
            _named(entry, "author", author)
        if item.category:
            ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": item.category})
        _say(entry, "summary", item.summary)
        _link(entry, "alternate", item.href, "text/html")
    raw: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return raw


def _say(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = _UNHEARD.sub("\ufffd", text)


def _named(parent: ET.Element, name: str, text: str) -> None:
    _say(ET.SubElement(parent, f"{{{_ATOM}}}{name}"), "name", text)


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "href": href, "type": media_type})


def _moment(on: date) -> str:
    return f"{on.isoformat()}T00:00:00Z"
