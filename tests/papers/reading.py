"""Where words stand on the pages of a PDF that Typst has set, so that tests can say what is beside what.

    [Piece(page=0, x=56.0, y=798.9, text="Article 3"), ...]      from the bottom left of the page, in points

One piece is what one operator shows: words of one direction in one font.
"""

from __future__ import annotations

import io
import re
from typing import Any, NamedTuple

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from tests.papers.pdfa import _each, _named, _pages, _string, operations


class Piece(NamedTuple):
    page: int
    x: float
    y: float
    text: str


def pages(raw: bytes) -> int:
    return len(list(_pages(PdfFileReader(io.BytesIO(raw)))))


def pieces(raw: bytes) -> list[Piece]:
    found: list[Piece] = []
    for number, page in enumerate(_pages(PdfFileReader(io.BytesIO(raw)))):
        fonts = {name: _unicode(font) for name, font in _named(page["/Resources"]["/Font"]).items()}
        contents = page["/Contents"]
        streams = _each(contents) if isinstance(contents, generic.ArrayObject) else [contents]
        _read(b"\n".join(stream.data for stream in streams), fonts, number, found)
    return found


def words(raw: bytes) -> str:
    """All that is shown, piece by piece."""
    return "\n".join(piece.text for piece in pieces(raw))


def _unicode(font: Any) -> dict[int, str]:
    cmap, found = font["/ToUnicode"].data, {}
    for block in re.finditer(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, said in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]*)>", block[1]):
            found[int(code, 16)] = bytes.fromhex(said.decode()).decode("utf-16-be")
    return found


def _read(data: bytes, fonts: dict[str, dict[int, str]], number: int, found: list[Piece]) -> None:
    stack: list[tuple[float, ...]] = []
    here: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
    text: tuple[float, ...] = here
    font: dict[int, str] = {}
    for operator, operands in operations(data):
        match operator:
            case b"q":
                stack.append(here)
            case b"Q":
                here = stack.pop()
            case b"cm":
                here = _times(_numbers(operands), here)
            case b"Tm":
                text = _numbers(operands)
            case b"Tf":
                font = fonts[operands[-2].decode()]
            case b"Tj" | b"TJ":
                said = b"".join(_string(one) for one in operands if one[:1] in b"(<")
                codes = [int.from_bytes(said[at : at + 2], "big") for at in range(0, len(said), 2)]
                *_, x, y = _times(text, here)
                shown = "".join(font.get(code, "") for code in codes)
                found.append(Piece(number, round(x, 1), round(y, 1), shown))
            case _:
                pass


def _numbers(operands: list[bytes]) -> tuple[float, ...]:
    return tuple(float(one) for one in operands[-6:])


def _times(first: tuple[float, ...], then: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
