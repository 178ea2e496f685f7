"""Which of the three languages a text is in, by its script and the commonest words of each.

language_of("The two sides agreed to set up a joint centre.")     ->  "en"
language_of("اتفق الجانبان على إنشاء مركز مشترك")                   ->  "ar"
language_of("OK")                                                  ->  ""       too short to tell
"""

from __future__ import annotations

import re
from collections import Counter

from comity.chapters.statements.compare.forms import normal
from comity.chapters.statements.compare.vocabulary import WORDED, vocabulary

__all__ = ["language_of"]

_WORDS = re.compile(r"[^\W\d_]+")
_FEWEST = 6
_SAMPLE = 4_000


def language_of(text: str) -> str:
    """`en`, `tr` or `ar`; empty where the words are too few or point to none of them."""
    found = [match[0] for match, _ in zip(_WORDS.finditer(text), range(_SAMPLE), strict=False)]
    if len(found) < _FEWEST:
        return ""
    arabic = sum("\u0600" <= word[0] <= "\u06ff" for word in found)
    if 2 * arabic > len(found):
        return "ar" if _share(found, "ar") * 30 >= len(found) else ""
    scores = Counter({language: _share(found, language) for language in WORDED if language != "ar"})
    (best, first), (_, second) = scores.most_common(2)
    return best if first * 20 >= len(found) and first > second else ""


def _share(found: list[str], language: str) -> int:
    """How many of the words are among the commonest of the language; Turkish letters count for Turkish."""
    common = {normal(word, language) for word in vocabulary(language).common}
    own = re.compile("[ğĞşŞıİ]") if language == "tr" else None
    return sum(normal(word, language) in common or bool(own and own.search(word)) for word in found)
