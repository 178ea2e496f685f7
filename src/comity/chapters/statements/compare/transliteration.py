"""Names found in an Arabic passage by the Latin text beside it. Arabic has no capitals; its consonants tell.

spelled_alike("كريم", "Karim")  ->  True      both are K R M
arabic_names("... Ambassador Karim Abbas.", "... السفير كريم عباس.")  ->  {"كريم", "عباس"}
"""

from __future__ import annotations

import re

from comity.chapters.statements.compare.forms import normal

__all__ = ["arabic_names", "spelled_alike"]

_WORD = re.compile(r"[^\W\d_]+")
_DIGRAPHS = (("sh", "S"), ("kh", "H"), ("gh", "G"), ("th", "T"), ("dh", "T"), ("ch", "S"), ("ph", "F"))
_LATIN = {
    "b": "B",
    "p": "B",
    "v": "F",
    "f": "F",
    "t": "T",
    "d": "T",
    "z": "Z",
    "s": "S",
    "ş": "S",
    "j": "J",
    "c": "J",
}
_LATIN |= {
    "ç": "S",
    "g": "J",
    "ğ": "G",
    "k": "K",
    "q": "K",
    "x": "K",
    "h": "H",
    "l": "L",
    "m": "M",
    "n": "N",
    "r": "R",
}
_ARABIC = {
    "ب": "B",
    "ف": "F",
    "ت": "T",
    "د": "T",
    "ط": "T",
    "ض": "T",
    "ث": "T",
    "ذ": "T",
    "ز": "Z",
    "ظ": "Z",
    "س": "S",
}
_ARABIC |= {
    "ص": "S",
    "ش": "S",
    "ج": "J",
    "غ": "G",
    "ك": "K",
    "ق": "K",
    "ح": "H",
    "خ": "H",
    "ه": "H",
    "ل": "L",
    "م": "M",
}
_ARABIC |= {"ن": "N", "ر": "R"}
_LOOSE = str.maketrans({"G": "J", "H": None})


def spelled_alike(arabic: str, latin: str) -> bool:
    """Whether an Arabic word (normalised, nothing joined before it) can be that Latin name."""
    mine, theirs = _skeleton(arabic, _ARABIC), _skeleton(_digraphs(latin), _LATIN)
    return len(theirs) >= 2 and (
        mine == theirs or (len(theirs) >= 3 and mine.translate(_LOOSE) == theirs.translate(_LOOSE))
    )


def arabic_names(latin: str, arabic: str) -> set[str]:
    """The words of the Arabic passage that spell a capitalised word of the Latin one, normalised and bare."""
    capitals = {word for word in _WORD.findall(latin)[:4_000] if word[0].isupper()}
    skeletons = {key for word in capitals if len(key := _skeleton(_digraphs(word), _LATIN)) >= 2}
    skeletons |= {loose for key in skeletons if len(key) >= 3 and len(loose := key.translate(_LOOSE)) >= 3}
    found = set()
    for word in _WORD.findall(arabic)[:4_000]:
        form = normal(word, "ar")
        for bare in {form, form.removeprefix("ال"), form.removeprefix("وال"), form.removeprefix("و")}:
            key = _skeleton(bare, _ARABIC)
            if len(key) >= 2 and (key in skeletons or (len(key) >= 3 and key.translate(_LOOSE) in skeletons)):
                found.add(bare)
    return found


def _digraphs(word: str) -> str:
    word = normal(word, "tr") if re.search("[ğĞşŞıİçÇ]", word) else normal(word, "en")
    for letters, sign in _DIGRAPHS:
        word = word.replace(letters, sign)
    return word


def _skeleton(word: str, table: dict[str, str]) -> str:
    """The consonants in classes that both scripts tell apart; doubled ones once, vowels not at all."""
    out, before = "", ""
    for char in word:
        sign = table.get(char, char if char in "SHGTF" else "")
        if sign and sign != before:
            out += sign
        before = sign
    return out
