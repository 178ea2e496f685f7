"""What of a page is still English: its words against the catalogues', after the record's own have been taken out.

    left(text, "ar", record_strings)        [("Body", "main > h2")]

English is found in two ways: a word that the English catalogue has and the page's own language has not; and on an Arabic
page any word in Latin letters that the Arabic catalogue does not write so itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from tests.web.crawl import bits

from comity.accounts import Accounts
from comity.core.act import Ref
from comity.node import showing
from comity.node.record import Record
from comity.web.text import visible
from comity.words import Words, places

__all__ = ["left", "quoted", "strings"]

_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_REFERENCE = re.compile(
    r"\b[A-Z]{3}(/[0-9]+(#[A-Za-z0-9.-]+)?)?(?![A-Za-z])|#[A-Za-z0-9.-]+|\bv?[0-9]+(\.[0-9a-z]+)+"
)
_CODED = re.compile(r"(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_:+/=-]{12,}|\b(application|image|text)/[a-z0-9.+-]+")
_VALUES = ("value.", "language.", "nav.", "provision.", "kind.", "standing.", "docket.chapter.")
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def left(text: str, language: str, said: Iterable[str]) -> list[tuple[str, str]]:
    """Pieces of a page that hold English words, and where they stand. `said`: what is the record's or a person's own."""
    content = sorted(set(said), key=len, reverse=True)
    found = []
    for bit in bits(text):
        plain = bit.text.translate(_ISOLATES)
        if bit.foreign or bit.named or not _suspicious(plain, language):
            continue
        words = _suspicious(_without(content, plain), language)
        if words:
            found.append((f"{' '.join(words)}: {bit.text[:100]}", bit.where))
    return found


def strings(record: Record) -> frozenset[str]:
    """What somebody wrote into the record: its texts, names and identifiers, but no word that has words of its own."""
    return frozenset(one for one in _strings(record) if one not in _valued())


def quoted(accounts: Accounts) -> frozenset[str]:
    """What the audit trail quotes of what somebody typed, or a ministry's directory said; as pages show it."""
    rows = accounts.audit(limit=accounts.audit_size())
    facts = {visible(fact) for row in rows for fact in (row.address, *row.facts.values())}
    return frozenset(facts - _valued() - {""})


def _strings(record: Record) -> Iterator[str]:
    yield from record.charter.names.values()
    for party in record.parties:
        yield from record.charter.card(party).names.values()
        for number in range(record.store.size(party)):
            yield from _texts(showing.show(record, Ref(party, number))["content"])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _without(content: Sequence[str], plain: str) -> str:
    """The text without what is the record's own in it; nothing is left of a passage of one of its texts."""
    passage = plain.rstrip("… ")
    if " " in passage and any(passage in one for one in content):
        return ""
    for one in content:
        if one in plain:
            plain = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", plain)
    return plain


def _suspicious(text: str, language: str) -> list[str]:
    bare = _REFERENCE.sub(" ", _CODED.sub(" ", text))
    own = _own(language)
    if language == "ar":
        return [word for word in _LATIN.findall(bare) if word not in own]
    return [word for word in _WORD.findall(bare) if word.lower() in _english() and word.lower() not in own]


@cache
def _valued() -> frozenset[str]:
    """Words of the record that stand for something the catalogues name: `value.in_force`, `language.ar`."""
    words = Words("en")
    keys = (key for place in places() for key in words.of(place, "en"))
    return frozenset(key.rpartition(".")[2] for key in keys if key.startswith(_VALUES))


@cache
def _english() -> frozenset[str]:
    return frozenset(word.lower() for word in _vocabulary("en"))


@cache
def _own(language: str) -> frozenset[str]:
    found = _vocabulary(language)
    return found if language == "ar" else frozenset(word.lower() for word in found)


def _vocabulary(language: str) -> frozenset[str]:
    words = Words(language)
    said = (
        _PLACEHOLDER.sub(" ", entry) for place in places() for entry in words.of(place, language).values()
    )
    return frozenset(word for entry in said for word in _WORD.findall(entry))
