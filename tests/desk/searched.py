"""A record to search in, for tests: a memorandum in three languages, and a commitment that comes of it."""

from __future__ import annotations

import msgspec
import pytest
from tests.node.committees import Room

from comity.chapters.instruments.acts import Proposed
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text
from comity.desk.search import Found
from comity.node.record import Record

__all__ = ["memorandum", "refs", "room", "text_of"]


_HEAD = """---
language: {tag}
authentic: [en, tr, ar]
parties: [IRQ, TUR]
---

# {title}

"""


_TEXTS = {
    "en": (
        "Memorandum on the two centres",
        "## Article 1 — Centres\n\nA joint coordination centre is set up in Baghdad. See 15/2024.\n",
    ),
    "tr": (
        "İki merkez hakkında mutabakat zaptı",
        "## Madde 1 — Merkezler\n\nBağdat'ta ortak bir merkez kurulur; çağrı İstanbul'dan ısrarla yapılır.\n",
    ),
    "ar": (
        "مذكرة تفاهم بشأن المركزين",
        "## المادة 1 — المركزان\n\nيُنشأ مركز تنسيق مشترك في بغداد للأمن والمسؤولية، سنة ٢٠٢٤.\n",
    ),
}


def memorandum() -> Text:
    """Its text."""
    files = [
        (f"m.{tag}.md", (_HEAD.format(tag=tag, title=title) + body).encode())
        for tag, (title, body) in _TEXTS.items()
    ]
    return msgspec.convert(read_text(files)["text"], Text)


@pytest.fixture(scope="module")
def room() -> Room:
    """Both parties' nodes, with it."""
    made = Room()
    made.say("TUR", "instrument.proposed/1", Proposed(memorandum()))
    made.agreed(title="Committee on water", source="TUR/1#art-3")
    return made.meet()


def refs(found: Found) -> list[str]:
    """The acts that were found, in order."""
    return [hit.ref for hit in found.hits]


def text_of(record: Record) -> str:
    """The memorandum's reference there."""
    return str(next(ref for ref in record.store.opened("instrument", None, 10) if ref.number > 1))
