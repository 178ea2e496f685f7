"""One word for one thing: what the central terms are called in Turkish and in Arabic, in every catalogue.

    python -m tests.words.glossary        writes the table of docs/reference/glossary.md anew between its marks

Where an English sentence has the term, the Turkish and the Arabic have theirs; the few that say it otherwise are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from comity.words import Words, places

PAGE = Path(__file__).parents[2] / "docs/reference/glossary.md"
MARKS = "<!-- terms -->", "<!-- end of terms -->"


class Term(NamedTuple):
    """A term: in English as a pattern, and in the others as the word, its stems, and what it is never called there."""

    english: str
    means: str
    pattern: str
    turkish: str
    tr: str
    arabic: str
    ar: str
    never_tr: str = "(?!)"
    never_ar: str = "(?!)"
    free: tuple[str, ...] = ()


TERMS = (
    Term(
        "docket, matter", "what the acts about one thing make", r"\b(dockets?|matters?)\b(?<!no longer matters)",
        "dosya", "dosya", "ملف", "ملف", r"\bkonu(?!ş)", "مسأل|موضوع",
    ),
    Term("mechanism", "parties with their keys and offices", r"\bmechanisms?\b", "mekanizma", "mekanizma", "آلية", "آلي"),
    Term(
        "party", "a state", r"\bpart(y|ies)\b", "taraf", "taraf", "طرف", "طرف|أطراف",
        free=("refused.not_released", "refused.not_originator"),
    ),
    Term(
        "act", "what a party says", r"\bacts?\b(?! in it| under)", "beyan", "beyan", "بيان", "بيان",
        r"\bişlem(?!in yapıl)", "الفعل|الإجراء|الأعمال التي", free=("value.not_open", "verb.accept"),
    ),
    Term("log", "the acts of one party, in order", r"\blogs?\b(?! says)", "defter", "defter", "سجل", "سجل",
         free=("problem.failed.detail",)),
    Term("chapter", "a kind of business", r"\bchapters?\b", "bölüm", "bölüm", "باب", "باب|أبواب",
         free=("value.chapter", "provision.chapter")),
    Term("charter", "who the parties are", r"\bcharters?\b", "kurucu belge", "kurucu belge|kuruluş", "ميثاق", "ميثاق|مواثيق"),
    Term("node", "the program that one party runs", r"\bnodes?\b(?! or sealing)", "düğüm", "düğüm", "عقدة", "عقد"),
    Term("office", "who speaks for a party", r"\boffices?\b(?! laptop| closed| open though)", "makam", "makam", "منصب",
         "منصب|مناصب", never_ar="الجهة"),
    Term("instrument", "a text that parties agree on", r"\binstruments?\b(?<!such as instruments)", "belge", "belge", "صك", "صك|صكوك"),
    Term("provision", "a numbered part of an instrument", r"\bprovisions?\b", "hüküm", "hüküm|hükm", "حكم", "حكم|أحكام"),
    Term("paper", "a typeset text to sign", r"\bpapers?\b(?<!on paper)", "belge", "belge", "وثيقة", "وثيق|وثائق", "evrak", r"الورقة|الأوراق",
         free=("verb.record-original", "field.kept_at", "web.documents.signed")),
    Term("commitment", "what somebody is to do by a day", r"\bcommitments?\b", "taahhüt", "taahhü[td]", "التزام", "التزام"),
    Term("evidence", "a file that shows how far a commitment is", r"\bevidence\b", "delil", "delil", "دليل", "دليل|أدلة",
         r"\bkanıt (kaydet|yok)"),
    Term("disclosure", "a withheld file for one reader", r"\bdisclosures?\b", "elden verme dosyası", "elden ver", "ملف إطلاع", "إطلاع",
         "açıklama dosya", "إفصاح"),
    Term("proof", "a file that a stranger can check", r"\bproofs?\b(?!”)", "kanıt", "kanıt", "إثبات", "إثبات"),
    Term("statement", "a text that parties publish together", r"\bstatements?\b", "bildiri", "bildiri", "بيان مشترك", "مشترك",
         "açıklama", free=("refused.as_of_future",)),
    Term("release", "showing a docket to everybody", r"\breleases?\b(?! (it|of it|or|evidence|the evidence))", "kamuya açma", "kamuya aç|açılan|açılacak|açıklı", "نشر", "نشر|منشور", "yayım"),
    Term("minutes", "what a meeting came to", r"\bminutes\b", "tutanak", "tutana", "محضر", "محضر|محاضر", free=()),
    Term("committee", "a body of both parties", r"\bcommittees?\b", "komite", "komite", "لجنة", "لجن|لجان"),
    Term("pouch", "a sealed file between nodes", r"\bpouch(es)?\b", "kurye paketi", "kurye paket", "حقيبة", "حقيب|حقائب"),
    Term("hash", "what a text or file is known by", r"\bhash(es)?\b", "özet", "özet|özü", "بصمة", "بصم"),
    Term("one-time code", "six digits of an authenticator", r"\bone-time codes?\b", "tek kullanımlık kod", "tek kullanımlık",
         "رمز لمرة واحدة", "لمرة واحدة"),
    Term("recovery code", "a code for who lost the authenticator", r"\brecovery codes?\b", "kurtarma kodu", "kurtarma", "رمز استرداد",
         "استرداد"),
    Term("passkey", "a key on one's own device", r"\bpasskeys?\b", "geçiş anahtarı", "geçiş anahtar", "مفتاح مرور", "مفتاح المرور|مفتاح مرور|مفاتيح المرور|مفاتيح مرور"),
    Term("said", "standing: on its author's node", r"^said$", "beyan edildi", "beyan|söylen", "قيل", "قيل"),
    Term("received", "standing: the other party confirmed it", r"^received$", "alındı", "alındı", "استُلم", "استُلم|مستلم|وصل"),
    Term("settled", "standing: it can no longer change", r"\bsettled\b", "kesinleşti", "kesinleş", "استقر", "استقر|مستقر"),
)  # fmt: skip
_NOT_WORDS = re.compile(r"`[^`]*`|--[\w-]+|\{\w+\}|comity( [a-z-]+){1,2}|/mechanism|[\"“][^\"”]*[\"”]")


class Sentence(NamedTuple):
    """One entry of the catalogues, without names of commands and facts to be filled in."""

    place: str
    key: str
    english: str
    turkish: str
    arabic: str


def sentences() -> Iterator[Sentence]:
    """Every entry of every catalogue but that of papers: a signed paper is made again with its words, to be verified."""
    words = {language: Words(language) for language in ("en", "tr", "ar")}
    for place in ("", *sorted(set(places()) - {"papers"})):
        of = {language: found.of(place, language) for language, found in words.items()}
        for key, english in of["en"].items():
            told = (
                _NOT_WORDS.sub(" ", text) for text in (english, of["tr"].get(key, ""), of["ar"].get(key, ""))
            )
            yield Sentence(place, key, *told)


def astray(term: Term, sentence: Sentence) -> list[str]:
    """What is wrong with a sentence: a term that has another word there, or a word that it never has."""
    if not re.search(term.pattern, sentence.english, re.IGNORECASE):
        return []
    found = []
    for told, stems, never in (
        (sentence.turkish, term.tr, term.never_tr), (sentence.arabic, term.ar, term.never_ar)
    ):  # fmt: skip
        lower = told.replace("İ", "i").lower()
        if lost := re.search(never, lower):
            found.append(f"{sentence.place} {sentence.key}: {term.english} is never {lost[0]}: {told}")
        elif sentence.key not in term.free and not re.search(stems, lower):
            found.append(f"{sentence.place} {sentence.key}: {term.english} is {stems}: {told}")
    return found


def table() -> str:
    """The table of the page."""
    rows = [f"| {term.english} | {term.turkish} | {term.arabic} | {term.means} |" for term in TERMS]
    return "\n".join(["| English | Turkish | Arabic | is |", "|---|---|---|---|", *rows])


def page(text: str) -> str:
    """The page with its table as it should be."""
    before, _, rest = text.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n\n{table()}\n\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
