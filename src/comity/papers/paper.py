"""A paper as plain data: all that is printed, and nothing of how.

    {"data":{"standing":"adopted","text":{...}},"dated":"2024-08-15","languages":["en","ar"],"mechanism":"4f1c...",
     "names":{"en":"Türkiye–Iraq mechanism"},"parties":[{"code":"IRQ","names":{"en":"Iraq"}},...],"ref":"TUR/4",
     "sort":"instrument","version":1}

Every paper ends with a signing page, whose places are fixed: `stamp_boxes` tells them without typesetting anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from comity.core import canonical
from comity.core.act import PARTY, Names
from comity.core.errors import Malformed
from comity.node.record import Record

__all__ = [
    "Box",
    "Frame",
    "Paper",
    "Party",
    "Rect",
    "encode",
    "frame",
    "make",
    "page_size",
    "parse",
    "places",
    "stamp_boxes",
]

VERSION = 1
MOST_LANGUAGES, MOST_PARTIES = 3, 6

Sort = Literal["instrument", "minutes", "report", "certificate"]
Tag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")]
Code = Annotated[str, Meta(pattern=rf"^{PARTY}\Z")]
Rect = tuple[float, float, float, float]


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party as the paper names it. It gets a place on the signing page."""

    code: Code
    names: Names


class Frame(NamedTuple):
    """What papers of one mechanism have in common."""

    mechanism: str
    names: Names
    parties: tuple[Party, ...]


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper. `version` is the template's, `languages` are the columns, `dated` the day in the file's metadata."""

    sort: Sort
    version: Annotated[int, Meta(ge=1, le=VERSION)]
    mechanism: str
    names: Names
    ref: Annotated[str, Meta(pattern=rf"^{PARTY}/(0|[1-9][0-9]{{0,11}})\Z")]
    languages: Annotated[tuple[Tag, ...], Meta(min_length=1, max_length=MOST_LANGUAGES)]
    parties: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=MOST_PARTIES)]
    dated: date
    data: dict[str, Any]

    @property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of what the paper is about: an instrument's text as parties accept it, else
        all of its data."""
        return hashlib.sha256(
            canonical.encode(self.data.get("text") if self.sort == "instrument" else self.data)
        ).hexdigest()


def frame(record: Record, parties: Sequence[str] = ()) -> Frame:
    """The frame of a mechanism's papers; with all its parties, or with those named."""
    cards = record.charter.parties
    wanted = set(parties or (card.party for card in cards))
    return Frame(
        record.mechanism,
        dict(record.charter.names),
        tuple(Party(card.party, dict(card.names)) for card in cards if card.party in wanted),
    )


def make(
    sort: Sort, ref: str, dated: date, frame: Frame, languages: Sequence[str], data: dict[str, Any]
) -> Paper:
    """A paper of the newest version. Raises `Malformed`."""
    fields = {
        "sort": sort,
        "version": VERSION,
        "mechanism": frame.mechanism,
        "names": frame.names,
        "ref": ref,
        "languages": languages,
        "parties": frame.parties,
        "dated": dated,
        "data": data,
    }
    return parse(canonical.encode(msgspec.to_builtins(fields)))


def encode(paper: Paper) -> bytes:
    """The paper as canonical JSON."""
    return canonical.encode(msgspec.to_builtins(paper))


def parse(raw: bytes) -> Paper:
    """A paper from its canonical JSON. Raises `Malformed`."""
    value = canonical.decode(raw, "paper", fractions=False)
    try:
        paper = msgspec.convert(value, Paper)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed("paper", str(error)) from error
    for thing, found in (
        ("languages", paper.languages),
        ("parties", tuple(party.code for party in paper.parties)),
    ):
        if len(set(found)) != len(found):
            raise Malformed("paper", "something is there twice", at=thing)
    return paper


# ------------------------------------------------------------------------------------------- the signing page


class Box(NamedTuple):
    """A party's place on the signing page, in points from the page's top left: its names, and below them the stamp."""

    party: str
    x: float
    y: float
    width: float
    names_height: float
    stamp_height: float


_A4 = (595.276, 841.89)
EDGE = 56.0
GAP = 24.0


def page_size(languages: int) -> tuple[float, float]:
    """Width and height of all pages, in points: A4, upright for one or two columns, on its side for three."""
    return _A4 if languages < MOST_LANGUAGES else (_A4[1], _A4[0])


def places(paper: Paper) -> tuple[Box, ...]:
    """Each party's place on the signing page. It depends only on how many languages and parties there are."""
    width, height = page_size(len(paper.languages))
    upright = width < height
    across, top, names, stamp, between = (
        (2, 262.0, 44.0, 92.0, 18.0) if upright else (3, 262.0, 42.0, 74.0, 12.0)
    )
    each = (width - 2 * EDGE - (across - 1) * GAP) / across
    pitch = names + stamp + between
    return tuple(
        Box(
            party.code,
            round(EDGE + (number % across) * (each + GAP), 3),
            top + (number // across) * pitch,
            round(each, 3),
            names,
            stamp,
        )
        for number, party in enumerate(paper.parties)
    )


def stamp_boxes(paper: Paper) -> dict[str, tuple[int, Rect]]:
    """party -> the page and the rectangle (left, bottom, right, top, in PDF points) for its visible signature.

    The page is -1: the last one.
    """
    _, height = page_size(len(paper.languages))
    boxes = {}
    for box in places(paper):
        top = height - box.y - box.names_height
        rect = (box.x, top - box.stamp_height, box.x + box.width, top)
        boxes[box.party] = (-1, (round(rect[0], 3), round(rect[1], 3), round(rect[2], 3), round(rect[3], 3)))
    return boxes
