"""A feed that every reader of feeds can parse, whatever is in a title.

Seen to fail: with characters that XML cannot hold left in.
"""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from comity.web.atom import Feed, Item, feed

ABOUT = Feed("Public", "node.example", "ar", "https://node.example/f", "https://node.example/", "Türkiye")
ATOM = "{http://www.w3.org/2005/Atom}"


def item(title: str, path: str = "3f2a/TUR/40", on: date = date(2024, 9, 2)) -> Item:
    return Item(path, on, title, "Instruments", "https://node.example/x", ["Iraq", "Türkiye"], "instruments")


def test_the_bytes_of_an_entry_are_these() -> None:
    raw = feed(ABOUT, [item("A & <b>")]).decode()
    assert raw.startswith(
        "<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"ar\">"
    )
    assert "<id>tag:node.example,2024-09-02:comity/3f2a/TUR/40</id><title>A &amp; &lt;b&gt;</title>" in raw
    assert "<updated>2024-09-02T00:00:00Z</updated><published>2024-09-02T00:00:00Z</published>" in raw
    assert '<category term="instruments" />' in raw


def test_an_empty_feed_is_one() -> None:
    root = ET.fromstring(feed(ABOUT, []))
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert root.findall(f"{ATOM}entry") == []


def test_the_feed_was_updated_with_its_newest_entry() -> None:
    root = ET.fromstring(feed(ABOUT, [item("a"), item("b", "3f2a/IRQ/7", date(2025, 1, 1))]))
    assert root.findtext(f"{ATOM}updated") == "2025-01-01T00:00:00Z"


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_any_title_can_be_read_back(title: str, author: str) -> None:
    one = item(title)._replace(authors=[author])
    root = ET.fromstring(feed(ABOUT, [one, item("plain")]))
    assert [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")][1] == "plain"
