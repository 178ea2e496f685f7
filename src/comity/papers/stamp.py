"""The visible part of a signature: whose it is, when it was put, with which certificate, in the paper's languages.

    stamp(paper, Seal("TUR", {"en": "Minister of Defence"}, "2024-08-15T10:00:00Z", "Baghdad", "9f86d081..."))

Typst sets it as one page of the place's size, with the papers' own fonts, and PDF/A-2b: what is put into the paper
keeps it so.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple

from comity.chapters.instruments.text import choose
from comity.core.act import Names
from comity.core.errors import Malformed, Unavailable
from comity.papers.paper import Paper, Rect, stamp_boxes
from comity.papers.sheet import fit, is_rtl
from comity.papers.typeset import FONTS, TEMPLATES
from comity.words import Words

__all__ = ["Seal", "box_of", "stamp"]

_MOST = 70


class Seal(NamedTuple):
    """What a stamp says: party, the office's titles, the time in UTC, the place, the certificate's SHA-256."""

    party: str
    titles: Names
    time: str
    place: str
    certificate: str


def box_of(paper: Paper, party: str) -> Rect:
    """The party's place on the signing page. Raises `Malformed` where the paper has none for it."""
    found = stamp_boxes(paper).get(party)
    if found is None:
        raise Malformed("paper", f"has no place for a signature of {party}")
    return found[1]


def stamp(paper: Paper, seal: Seal) -> bytes:
    """The stamp as a PDF of one page. Raises `Malformed` (a character that no font has), `Unavailable`."""
    box = box_of(paper, seal.party)
    names = next(party.names for party in paper.parties if party.code == seal.party)
    data = {
        "width": round(box[2] - box[0], 3),
        "height": round(box[3] - box[1], 3),
        "parts": [_part(tag, names, seal) for tag in paper.languages],
        "line": f"{seal.time[:10]} {seal.time[11:19]} UTC · {seal.certificate[:16]}…",
    }
    try:
        compiler, error = _compiler()
    except ImportError as missing:
        raise Unavailable("typst", "is not installed: pip install 'comity[papers]'") from missing
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    try:
        made: bytes = compiler.compile(format="pdf", pdf_standards=["a-2b"], sys_inputs={"stamp": said})
    except error as failed:
        raise Malformed("stamp", f"cannot be set: {failed}") from failed
    return made


def _part(tag: str, names: Names, seal: Seal) -> dict[str, Any]:
    """The lines of one language."""
    party, office = (fit(_cut(choose(said, tag)), tag, "stamp") for said in (names, seal.titles))
    key = "stamp.signed_at" if seal.place else "stamp.signed"
    said = Words(tag).say(key, "papers", party=party, place=fit(_cut(seal.place), tag, "place"))
    rtl = is_rtl(tag)
    script = "arabic" if rtl else "latin"
    return {"lang": tag.partition("-")[0], "rtl": rtl, "script": script, "office": office, "signed": said}


def _cut(words: str) -> str:
    return words if len(words) <= _MOST else f"{words[: _MOST - 1]}…"


@cache
def _compiler() -> tuple[Any, type[Exception]]:
    """One compiler for the process, and the error that it raises."""
    import typst  # noqa: PLC0415 -- an optional extra, loaded when the first stamp is made

    made = typst.Compiler(
        str(TEMPLATES / "stamp.typ"), root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True
    )
    return made, typst.TypstError
