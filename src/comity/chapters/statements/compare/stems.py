"""Words brought to the form in which they are compared: case, marks and endings looked through.

    Stems("tr").stem("kurulacaktır")        ->  "kur"
    Stems("tr").mood("sunabilecektir")      ->  Mood(level=1, negated=False)        may submit
    Stems("ar").stem("والاتفاقيات")         ->  "تفق"

English goes by the Snowball stemmer. Turkish verbs are peeled here (voice, ability, negation, tense), its nouns go by
Snowball. Arabic is peeled lightly, and long vowels are looked through where three letters are left: so a verb, its
noun and a broken plural mostly meet. No locale is asked: the dotless i is a rule of this module.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]
from snowballstemmer.turkish_stemmer import TurkishStemmer  # type: ignore[import-untyped]

from comity.chapters.statements.compare.vocabulary import vocabulary

__all__ = ["Mood", "Stems"]

_APOSTROPHE = re.compile("['’ʼ‘`].*$")
_POSSESSIVE = re.compile("(?:['’ʼ‘`]s?)$")

_CASE = r"(?:l[ae]r)?(?:s?[ıiuü]n?)?(?:[ae]|[dt][ae]n?|n[ıiuü]n|y[ıiuü]|y[ae]|yl[ae]|n[ıiuü]|n[ae])?"
_TAIL = r"(?:[dt][ıiuü]r)?(?:l[ae]r)?(?:[dt][ıiuü]r)?"
_VOICE = r"(?:[ıiuü]?l|[ıiuü]?n){0,2}?"
_TENSE = (
    rf"(?:(?P<future>y?(?:aca[kğ]|ece[kğ]){_CASE})|(?P<must>mal[ıi]|meli)|(?:m[ıiuü]ş|[ıiuü]yor)|(?P<aorist>[ıiuü]r|[ae]n)|y[ae]n"
    rf"|m[ae]kt[ae]|(?P<noun>m[ae]k?{_CASE})|[dt][ıiuü][ğk]{_CASE}|y?[ae]r[ae]k)"
)
_ROOT = "(?:aç|al|at|aş|ed|et|iç|it|ol|uy|.{3,}?)"
_VERB = re.compile(
    rf"^(?P<root>{_ROOT})(?P<voice>{_VOICE})(?P<able>y?[ae]bil)?(?P<neg>m[ae](?!k?$))?{_TENSE}{_TAIL}$"
)
_PAST = re.compile(rf"^(?P<root>{_ROOT}){_VOICE}(?P<neg>m[ae])?[dt][ıiuü](?:l[ae]r)?$")
_ABLE_END = re.compile(r"[ae]bil(?:ir|di|ecek|ece[kğ].*|mek.*|mesi.*|en|miş.*|iyor.*)(?:[dt][ıiuü]r)?$")
_NEGATIVE = re.compile(
    r"^.{2,}m[ae](?:yaca[kğ]|yece[kğ]|m[ıi]ş|m[ae]kt[ae]|y[ae]n|m[ae]s[ıi]|m[ae]k|ks[ıi]z[ıi]n|z$|z(?:dır|dir|lar|ler)).*$"
)
_UNABLE = re.compile(rf"^(?P<root>{_ROOT}){_VOICE}y?[ae]m[ae](?:z|yaca[kğ]|yece[kğ]).*$")
_WITHOUT = re.compile(r"^(?:ol|et|yap|al|ver|bulun|ed|sağla|göster)m[ae]d[ae]n$")
_VOWEL = re.compile("[aeıioöuü]")

_PREFIXES = ("وبال", "وال", "بال", "كال", "فال", "ولل", "ال", "لل")
_SUFFIXES = (
    "هما",
    "اتها",
    "يون",
    "يين",
    "تها",
    "ها",
    "هم",
    "ات",
    "ان",
    "ين",
    "ون",
    "يه",
    "تي",
    "نا",
    "ه",
    "ي",
    "ت",
    "ا",
)
_LONG = str.maketrans("", "", "اوي")
_KEEP_WAW = (  # here the waw is a letter of the root
    "وزير",
    "وزار",
    "وزرا",
    "وزع",
    "وزن",
    "وكيل",
    "وكال",
    "وكلا",
    "وفد",
    "وفود",
    "وفق",
    "وفاه",
    "وفر",
    "وسيط",
    "وسيل",
    "وسط",
    "وساي",
    "وسع",
    "وثيق",
    "وثاي",
    "وضع",
    "وضوح",
    "وحد",
    "وحيد",
    "وطن",
    "وقت",
    "وقوع",
    "وقع",
    "وقف",
    "وقوف",
    "وقاي",
    "وقود",
    "واجب",
    "واحد",
    "وارد",
    "واسع",
    "واضح",
    "واقع",
    "وافق",
    "واصل",
    "والد",
    "وادي",
    "واجه",
    "واشنط",
    "ورد",
    "ورق",
    "وراث",
    "وصل",
    "وصف",
    "وصول",
    "وصاي",
    "ولاي",
    "ولد",
    "وجه",
    "وجود",
    "وجد",
    "وجب",
    "ودي",
    "وداع",
    "وعد",
    "وعي",
    "وعود",
    "وظيف",
    "وظاي",
    "وقاء",
)
_KEEP_SIN = (  # and here the sin
    "سياد",
    "سياح",
    "سياس",
    "سيار",
    "سياق",
    "سيده",
    "سيدا",
    "سيره",
    "سينا",
    "سيطر",
    "ستين",
    "ستون",
    "سته",
    "ستار",
    "سنه",
    "سنو",
    "سند",
    "سنار",
)


class Mood(NamedTuple):
    """What a word's form says beside its meaning: how binding it is (-1: nothing), and whether it denies."""

    level: int = -1
    negated: bool = False


class Stems:
    """The stemmer of one comparison in one language. It remembers words; nothing else shares it, nor a thread."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._english, self._turkish = EnglishStemmer(), TurkishStemmer()
        self._irregular = vocabulary(language).irregular
        self._known: dict[tuple[str, bool], tuple[str, Mood]] = {}

    def stem(self, form: str, *, final: bool = False) -> str:
        """The stem of a normalised form. `final`: it ends a clause, where a Turkish verb may stand in the past."""
        return self._read(form, final)[0]

    def mood(self, form: str, *, final: bool = False) -> Mood:
        """What the form itself says of obligation and denial (Turkish endings, the Arabic future)."""
        return self._read(form, final)[1]

    def _read(self, form: str, final: bool) -> tuple[str, Mood]:
        form = self._irregular.get(form, form)[
            :64
        ]  # no word is longer; a run of one letter must not be worked through
        if (form, final) not in self._known:
            match self.language:
                case "tr":
                    found = self._turkish_word(_APOSTROPHE.sub("", form) or form, final)
                case "ar":
                    found = _arabic(form)
                case "en":
                    found = self._english_word(form), Mood()
                case _:
                    found = _APOSTROPHE.sub("", form) or form, Mood()
            self._known[form, final] = found
        return self._known[form, final]

    def _english_word(self, form: str) -> str:
        bare = _POSSESSIVE.sub("", form) or form
        bare = re.sub(r"is(ation|e|ed|es|ing)s?$", r"iz\1", bare) if len(bare) > 6 else bare
        return str(self._english.stemWord(bare))

    def _turkish_word(self, word: str, final: bool) -> tuple[str, Mood]:
        found = _VERB.match(word)
        if unable := _UNABLE.match(word):
            return _hard(unable["root"]), Mood(1, negated=True)
        negated = bool(_NEGATIVE.match(word) or _WITHOUT.match(word))
        if (
            found
            and _VOWEL.search(found["root"])
            and not (found["aorist"] and not found["voice"] and not found["able"])
        ):
            level = (
                1
                if found["able"] or _ABLE_END.search(word)
                else 2
                if found["must"]
                else 4
                if found["future"]
                else -1
            )
            return _hard(found["root"]), Mood(level, negated or bool(found["neg"] and not found["noun"]))
        past = _PAST.match(word) if final else None
        if past and _VOWEL.search(past["root"]):
            return _hard(past["root"]), Mood(-1, bool(past["neg"]))
        stem = _hard(str(self._turkish.stemWord(word)) or word)
        if len(stem) > 4 and stem[-1] == "s" and _VOWEL.match(stem[-2]):
            stem = stem[:-1]  # the possessive of a vowel's end: kapı-s-ı
        return stem[:7], Mood(-1, negated)


def _hard(root: str) -> str:
    """A softened end made hard again: ed- and et- are one verb."""
    return (
        root[:-1] + {"d": "t", "ğ": "k", "b": "p", "c": "ç"}[root[-1]]
        if root[-1:] in {"d", "ğ", "b", "c"} and len(root) > 1
        else root
    )


def _arabic(word: str) -> tuple[str, Mood]:
    bare, level = _unjoined(word), -1
    if bare[:2] in {"سي", "ست", "سن", "سا"} and len(bare) >= 5 and not bare.startswith(_KEEP_SIN):
        bare, level = bare[1:], 4
    if bare.startswith("ي") and len(bare) >= 4 and not bare.startswith("يوم"):
        bare = bare[1:]
    for suffix in _SUFFIXES:
        if bare.endswith(suffix) and len(bare) - len(suffix) >= 3:
            bare = bare[: -len(suffix)]
            break
    if bare.endswith("ا") and len(bare) > 3:
        bare = bare[:-1]
    skeleton = bare.translate(_LONG)
    return (skeleton if len(skeleton) >= 3 else bare), Mood(level)


def _unjoined(word: str) -> str:
    """The word without what is written together with it: and, with, for, the."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            return word[len(prefix) :]
    future = len(word) >= 6 and word[:2] == "وس" and word[2] in "يتن"
    if word.startswith("و") and len(word) >= 4 and (future or not word.startswith(_KEEP_WAW)):
        return _unjoined(word[1:])
    if word[:1] in {"ل", "ب", "ف"} and len(word) >= (6 if word[1:2] == "ا" else 5) and word[1] != "و":
        return word[1:]
    return word
