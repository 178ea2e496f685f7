"""The form in which a word is compared: without case, marks and invisible signs; digits as 0 to 9.

    normal("TOPLANTI", "tr")  ->  "toplantı"
    normal("٤٥", "ar")        ->  "45"

No locale is asked: that I is a large ı in Turkish is a rule of this module.
"""

from __future__ import annotations

import unicodedata

__all__ = ["normal"]

_IGNORED = dict.fromkeys([0x0640, 0x00AD, 0x5B, 0x5D, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0xFEFF])
_IGNORED |= dict.fromkeys(range(0x2060, 0x2070))
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": ""}
)
_ARABIC |= str.maketrans({"ک": "ك", "ی": "ي", "گ": "ك", "ڤ": "ف", "پ": "ب", "چ": "ج"})
_TURKISH = str.maketrans({"I": "ı", "İ": "i", "â": "a", "î": "i", "û": "u", "Â": "a", "Î": "i", "Û": "u"})


def normal(word: str, language: str) -> str:
    """The word without case, marks and invisible signs; digits as 0 to 9."""
    word = unicodedata.normalize("NFKC", word).translate(_IGNORED)
    if not word.isascii():
        word = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in word)
    if language == "tr":
        return unicodedata.normalize("NFC", word.translate(_TURKISH).lower()).replace("i̇", "i")
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if unicodedata.category(char) != "Mn")
    if language == "ar":
        # Composed anew, so that a hamza is a letter's form again and not a mark that was lost.
        return unicodedata.normalize("NFC", bare).translate(_ARABIC).lower()
    return bare.replace("ı", "i").lower()
