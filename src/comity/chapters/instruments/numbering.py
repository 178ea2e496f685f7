"""How provisions are numbered and headed in each language, as people type them.

    heading("Article 4 — Joint planning group")   ->  Heading("article", "4", "Joint planning group")
    heading("المادة الرابعة: فريق التخطيط")          ->  Heading("article", "4", "فريق التخطيط")
    mark("(b) exchange of experience")            ->  Mark("point", "b", "exchange of experience")

Numbers come out the same in all languages: ٤, الرابعة and 4 are 4; the second point of a list is b, be it
typed b) or ب).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from comity.chapters.instruments.text import Provision, ProvisionKind

__all__ = [
    "Heading",
    "Mark",
    "closes",
    "fold",
    "heading",
    "is_roman",
    "label",
    "lettered",
    "mark",
    "opened",
    "roman",
    "romans",
    "spelled",
]


class Heading(NamedTuple):
    """What a heading announces."""

    kind: ProvisionKind
    number: str
    title: str


class Mark(NamedTuple):
    """How a passage begins: its kind, its number or letter as typed, and the words after it."""

    kind: ProvisionKind
    number: str
    words: str


_NAMES: dict[ProvisionKind, tuple[str, ...]] = {
    "article": ("article", "art.", "madde", "المادة", "مادة", "artikel", "bend"),
    "chapter": (
        "chapter",
        "part",
        "section",
        "title",
        "bölüm",
        "kısım",
        "الفصل",
        "الباب",
        "القسم",
        "hoofdstuk",
        "titel",
    ),
    "annex": ("annex", "appendix", "ek", "الملحق", "ملحق", "المرفق", "bijlage"),
    "preamble": ("preamble", "başlangıç", "önsöz", "giriş", "الديباجة", "ديباجة", "dîbaçe", "preambule"),
    "closing": ("testimonium", "closing", "signatures", "imza", "kapanış", "الخاتمة", "خاتمة", "التوقيع"),
}
_PRINTED: dict[ProvisionKind, dict[str, str]] = {
    "article": {"en": "Article", "tr": "Madde", "ar": "المادة", "nl": "Artikel", "kmr": "Bend"},
    "chapter": {"en": "Chapter", "tr": "Bölüm", "ar": "الفصل", "nl": "Hoofdstuk"},
    "annex": {"en": "Annex", "tr": "Ek", "ar": "الملحق", "nl": "Bijlage"},
    "preamble": {"en": "Preamble", "tr": "Başlangıç", "ar": "الديباجة"},
    "closing": {"en": "Closing", "tr": "Kapanış", "ar": "الخاتمة"},
}
_CLOSINGS = (
    "in witness whereof",
    "done at",
    "done in",
    "bunun kanıtı olarak",
    "yukarıdakilerin",
    "işbu mutabakat zaptı, ",
    "وإثباتا لذلك",
    "وإثباتاً لذلك",
    "إثباتاً لما تقدم",
    "حرر في",
    "ten blijke waarvan",
    "gedaan te",
)
_TURKISH_ORDINALS = (
    "birinci",
    "ikinci",
    "üçüncü",
    "dördüncü",
    "beşinci",
    "altıncı",
    "yedinci",
    "sekizinci",
    "dokuzuncu",
    "onuncu",
)
_ARABIC_ORDINALS = (
    ("الأولى", "الأول"),
    ("الثانية", "الثاني"),
    ("الثالثة", "الثالث"),
    ("الرابعة", "الرابع"),
    ("الخامسة", "الخامس"),
    ("السادسة", "السادس"),
    ("السابعة", "السابع"),
    ("الثامنة", "الثامن"),
    ("التاسعة", "التاسع"),
    ("العاشرة", "العاشر"),
    ("الحادية عشرة", "الحادي عشر"),
    ("الثانية عشرة", "الثاني عشر"),
    ("الثالثة عشرة", "الثالث عشر"),
    ("الرابعة عشرة", "الرابع عشر"),
    ("الخامسة عشرة", "الخامس عشر"),
    ("السادسة عشرة", "السادس عشر"),
    ("السابعة عشرة", "السابع عشر"),
    ("الثامنة عشرة", "الثامن عشر"),
    ("التاسعة عشرة", "التاسع عشر"),
    ("العشرون", "العشرين"),
)
# The order in which Arabic texts letter their points (abjad), and Turkish ones that use their own letters.
_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_TURKISH = "abcçdefgğhıijklmnoöprsştuüvyz"
_LATIN = "abcdefghijklmnopqrstuvwxyz"

_ROMAN = re.compile(r"(?=.)(X{0,3})(IX|IV|V?I{0,3})", re.ASCII).fullmatch
_NUMBER = re.compile(r"\(?(\d{1,4}(?:\s?(?:bis|ter|quater)\b|[a-z]\b)?|[IVX]+\b|[A-Z]\b)\)?", re.ASCII)
_SEPARATOR = re.compile(r"\s*[—–:.\-]*\s*")
_PARAGRAPH = re.compile(r"(?:\((\d{1,3})\)|(\d{1,3})(?:\)\.|[.)\-–]))\s+(?=\S)", re.ASCII)
_POINT = re.compile(
    r"(?:\(([a-zçğıöşü]|[\u0621-\u064a]\u0640?)\)|([a-zçğıöşü]|[\u0621-\u064a]\u0640?)\s?[.)\-–])\s+(?=\S)"
)
_SUBPOINT = re.compile(r"(?:\(([ivx]{1,6})\)|([ivx]{1,6})[.)])\s+(?=\S)", re.ASCII)
_SMALL_ROMAN = re.compile(r"[ivx]{1,6}", re.ASCII).fullmatch
_FOLLOWING = {("h", "i"), ("ı", "i"), ("u", "v"), ("ü", "v"), ("w", "x")}
_ITEM = re.compile(r"[-–—•*]\s+(?=\S)")


def fold(text: str) -> str:
    """Lower case that does not depend on a locale, with Turkish dotted and dotless i taken as one."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


def western(text: str) -> str:
    """The text with digits of every script as 0-9."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def heading(text: str) -> Heading | None:
    """What a heading line (without its # signs) announces, or None if it names no kind of provision."""
    text = western(text.strip())
    folded = fold(text)
    for kind, names in _NAMES.items():
        for name in names:
            if folded == fold(name) or (
                folded.startswith(fold(name)) and not text[len(name) : len(name) + 1].isalnum()
            ):
                return _numbered(kind, text[len(name) :].lstrip())
    for number, ordinal in enumerate(_TURKISH_ORDINALS, 1):
        for name in ("bölüm", "kısım"):
            start = f"{fold(ordinal)} {fold(name)}"
            if folded == start or folded.startswith(f"{start} "):
                return Heading(
                    "chapter", str(number), _SEPARATOR.sub("", text[len(start) :], count=1).strip()
                )
    return None


def _numbered(kind: ProvisionKind, rest: str) -> Heading:
    """The number and the title behind the name of a provision."""
    for ordinal, forms in reversed([*enumerate(_ARABIC_ORDINALS, 1)]):
        for form in forms:
            if rest == form or (rest.startswith(form) and not rest[len(form) : len(form) + 1].isalnum()):
                return Heading(kind, str(ordinal), _SEPARATOR.sub("", rest[len(form) :], count=1).strip())
    found = _NUMBER.match(rest) if kind in ("article", "chapter", "annex") else None
    number = re.sub(r"\s", "", found[1]) if found else ""
    rest = rest[found.end() :] if found else rest
    return Heading(kind, number, _SEPARATOR.sub("", rest, count=1).strip())


def mark(text: str) -> Mark | None:
    """How a passage begins, or None for plain words."""
    western_text = western(text[:8]) + text[8:]
    if found := _PARAGRAPH.match(western_text):
        return Mark("paragraph", str(int(found[1] or found[2])), text[found.end() :])
    if found := _POINT.match(text) or _SUBPOINT.match(text):
        return Mark("point", (found[1] or found[2]).rstrip("\u0640"), text[found.end() :])
    if found := _ITEM.match(text):
        return Mark("item", "", text[found.end() :])
    return None


def is_roman(number: str, before: str) -> bool:
    """Whether a point is numbered i, ii, iii: not where it goes on a list of letters, as i after h does."""
    return _SMALL_ROMAN(number) is not None and (before, number) not in _FOLLOWING


def spelled(letter: str, before: str) -> str:
    """A letter as the Latin one at its place in its own alphabet: ب is b; after ç, d is the fifth letter, e.

    `before` holds the letters of the same list before it.
    """
    alphabet = _LATIN
    if letter in _ABJAD or letter == "ا":
        alphabet, letter = _ABJAD, "أ" if letter == "ا" else letter
    elif any(char in "çğıöşü" for char in before + letter):
        alphabet = _TURKISH
    place = alphabet.find(letter) if len(letter) == 1 else -1
    return letter if place < 0 else _LATIN[place] if place < 26 else f"z{_LATIN[place - 26]}"


def romans(rows: Iterable[Provision]) -> set[str]:
    """The ids of points that are numbered i, ii, iii: those within points, and lists that begin with i."""
    points: set[str] = set()
    first: dict[str, str] = {}
    found = set()
    for row in rows:
        if row.kind == "point":
            points.add(row.id)
            start = first.setdefault(row.under, row.number)
            if _SMALL_ROMAN(row.number) and (row.under in points or start == "i"):
                found.add(row.id)
    return found


def lettered(number: str, language: str) -> str:
    """A point's letter as that language prints it: b is ب. Roman numerals are printed as they are."""
    if language != "ar":
        return number
    place = (
        _LATIN.find(number)
        if len(number) == 1
        else 26 + "ab".find(number[1:])
        if number in ("za", "zb")
        else -1
    )
    return _ABJAD[place] if place >= 0 else number


def roman(number: str) -> str:
    """I, II, III ... as 1, 2, 3 ...; anything else as it is. C, D, L and M stay letters, as in Annex C."""
    found = _ROMAN(number)
    if not found or not number:
        return number
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return str(10 * len(found[1]) + units.index(found[2]))


def label(kind: ProvisionKind, language: str) -> str:
    """The word for a kind of provision at the head of it."""
    return _PRINTED[kind].get(language) or _PRINTED[kind]["en"]


def closes(text: str) -> bool:
    """Whether a passage opens the closing words (testimonium) of an instrument."""
    return fold(text).startswith(tuple(fold(words) for words in _CLOSINGS))


def opened(text: str) -> bool:
    """Whether a passage of plain words would be read as something else, unless a backslash stands before
    it."""
    return text.startswith(("#", "---", "```")) or mark(text) is not None or closes(text)
