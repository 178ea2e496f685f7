"""Which characters the shipped fonts have, so that a missing one is named and never printed as an empty box.

    lacking("a\\U0001f600b")  ->  "\\U0001f600"

Read from the fonts' own character maps (OpenType `cmap`, formats 4 and 12).
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

__all__ = ["FAMILIES", "FONTS", "characters", "lacking"]

FONTS = Path(__file__).resolve().parent / "fonts"
FAMILIES = {"Gentium Book Plus": "GentiumBookPlus", "Amiri": "Amiri"}
"""The families, as the templates call them, and how their files' names begin."""

# No glyph is drawn for these: line ends, and what joins or parts letters.
_UNDRAWN = frozenset("\n\u200b\u200c\u200d\u00ad\u2060")
_WINDOWS = 3


@cache
def characters() -> frozenset[str]:
    """Every character that can be printed in both weights, in one family or the other."""
    found = set(_UNDRAWN)
    for name in FAMILIES.values():
        regular, bold = (
            _mapped((FONTS / f"{name}-{weight}.ttf").read_bytes()) for weight in ("Regular", "Bold")
        )
        found |= {chr(code) for code in regular & bold}
    return frozenset(found)


def lacking(text: str) -> str:
    """The first character of a text that no font has, or an empty string."""
    if text.isascii() and text.isprintable():
        return ""
    missing = set(text) - characters()
    return min(missing, key=text.index) if missing else ""


def _mapped(font: bytes) -> set[int]:
    """The code points of a font that lead to a glyph other than 0 (which is the empty box)."""
    tables: int = struct.unpack_from(">H", font, 4)[0]
    records = [struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables)]
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * number)
        if platform == _WINDOWS:
            form = struct.unpack_from(">H", font, start + offset)[0]
            found |= {4: _segments, 12: _groups}[form](font[start + offset :])
    return found


def _segments(table: bytes) -> set[int]:
    """Format 4: segments of the basic plane, each with a difference, or with a place in a list of glyphs."""
    count: int = struct.unpack_from(">H", table, 6)[0] // 2
    columns = [
        struct.unpack_from(f">{count}H", table, 14 + 2 * count * column + 2 * (column > 0))
        for column in range(4)
    ]
    found = set()
    for number, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
        listed = 16 + 6 * count + 2 * number + offset
        for code in range(first, last + 1):
            glyph = struct.unpack_from(">H", table, listed + 2 * (code - first))[0] if offset else code
            if (glyph + delta if glyph or not offset else 0) % 65536:
                found.add(code)
    return found - {0xFFFF}


def _groups(table: bytes) -> set[int]:
    """Format 12: runs of code points, of all planes."""
    count: int = struct.unpack_from(">I", table, 12)[0]
    found: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * count]):
        found.update(range(first + (glyph == 0), last + 1))
    return found
