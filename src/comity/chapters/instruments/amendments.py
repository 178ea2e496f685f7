"""How changes to a text are announced in an amendment's file, in three languages.

## Replace art-4.2          ## Değiştir art-4.2        ## استبدال art-4.2
## Insert after art-4       ## Sonrasına ekle art-4    ## إضافة بعد art-4
## Delete art-6             ## Çıkar art-6             ## حذف art-6
"""

from __future__ import annotations

import re

from comity.chapters.instruments.numbering import fold

__all__ = ["directive"]

_WORDS = {
    "replace": ("replace", "değiştir", "استبدال"),
    "insert_after": ("insert after", "sonrasına ekle", "إضافة بعد"),
    "delete": ("delete", "çıkar", "حذف"),
}
_ID = re.compile(r"[a-z]+(?:[-.][a-z0-9]+)*", re.ASCII).fullmatch


def directive(heading: str) -> tuple[str, str] | None:
    """The change that a heading announces, and the id of its provision; None if it announces none."""
    folded = fold(heading.strip())
    for op, forms in _WORDS.items():
        for form in forms:
            start = f"{fold(form)} "
            if folded.startswith(start) and _ID(folded[len(start) :].strip()):
                return op, folded[len(start) :].strip()
    return None
