"""Papers made up for tests: a frame, texts of every shape, and each sort of paper."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments.text import Text
from comity.papers.certificate import certificate_paper
from comity.papers.instrument import instrument_paper
from comity.papers.paper import Frame, Paper, Party, make
from comity.papers.report import report_paper

NAMES = {
    "IRQ": {"en": "Iraq", "tr": "Irak", "ar": "العراق"},
    "TUR": {"en": "Türkiye", "tr": "Türkiye", "ar": "تركيا"},
    "JOR": {"en": "Jordan", "tr": "Ürdün", "ar": "الأردن"},
    "KWT": {"en": "Kuwait", "tr": "Kuveyt", "ar": "الكويت"},
    "SYR": {"en": "Syria", "tr": "Suriye", "ar": "سوريا"},
    "LBN": {"en": "Lebanon", "tr": "Lübnan", "ar": "لبنان"},
}
DATED = date(2024, 8, 15)
WORDS = {
    "en": [
        "the",
        "Parties",
        "shall",
        "meet",
        "every",
        "six",
        "months",
        "in",
        "each",
        "country",
        "by",
        "turns",
        "and",
        "report",
        "to",
        "the",
        "group",
    ],
    "tr": [
        "Taraflar",
        "altı",
        "ayda",
        "bir",
        "sırayla",
        "iki",
        "ülkede",
        "toplanır",
        "ve",
        "ortak",
        "gruba",
        "İğdır",
        "raporu",
        "verir",
    ],
    "ar": [
        "يجتمع",
        "الطرفان",
        "كل",
        "ستة",
        "أشهر",
        "في",
        "كل",
        "من",
        "البلدين",
        "بالتناوب",
        "ويرفعان",
        "تقريرهما",
        "إلى",
        "الفريق",
        "المشترك",
    ],
}


def frame(*codes: str) -> Frame:
    parties = tuple(Party(code, NAMES[code]) for code in sorted(codes or ("IRQ", "TUR")))
    names = {"en": "Joint mechanism", "tr": "Ortak mekanizma", "ar": "الآلية المشتركة"}
    return Frame("m" * 43, names, parties)


def text(
    words: Mapping[str, str] | str = "",
    *,
    heading: Mapping[str, str] | str = "",
    languages: Sequence[str] = ("en", "ar"),
    **more: Any,
) -> Text:
    """One article with one paragraph, which says these words, in each language or the same in all."""
    said = words if isinstance(words, Mapping) else dict.fromkeys(languages, words)
    headed = heading if isinstance(heading, Mapping) else dict.fromkeys(languages, heading)
    rows = [
        {
            "id": "art-1",
            "kind": "article",
            "number": "1",
            "words": {tag: {"heading": headed.get(tag, "")} for tag in languages},
        },
        {
            "id": "art-1.1",
            "kind": "paragraph",
            "number": "1",
            "under": "art-1",
            "words": {tag: {"text": said[tag]} for tag in said},
        },
    ]
    title = {tag: f"Memorandum ({tag})" for tag in languages}
    return msgspec.convert({"title": title, "languages": languages, "provisions": rows, **more}, Text)


def long(articles: int, languages: Sequence[str] = ("en", "ar"), seed: int = 1) -> Text:
    """A text of so many articles, each with paragraphs and points of made-up sentences."""
    rng = random.Random(seed)

    def said(count: int) -> dict[str, Any]:
        return {tag: {"text": " ".join(rng.choices(WORDS[tag], k=count))} for tag in languages}

    rows: list[dict[str, Any]] = []
    for article in range(1, articles + 1):
        top = f"art-{article}"
        headings = {tag: {"heading": " ".join(rng.choices(WORDS[tag], k=3))} for tag in languages}
        rows.append({"id": top, "kind": "article", "number": str(article), "words": headings})
        for paragraph in range(1, 4):
            under = f"{top}.{paragraph}"
            rows.append(
                {
                    "id": under,
                    "kind": "paragraph",
                    "number": str(paragraph),
                    "under": top,
                    "words": said(rng.randint(20, 90)),
                }
            )
            rows += [
                {
                    "id": f"{under}.{letter}",
                    "kind": "point",
                    "number": letter,
                    "under": under,
                    "words": said(rng.randint(5, 20)),
                }
                for letter in ("ab" if paragraph == 2 else "")
            ]
    return msgspec.convert(
        {"title": dict.fromkeys(languages, "Long"), "languages": languages, "provisions": rows}, Text
    )


def instrument(said: Text | None = None, languages: Sequence[str] = (), *codes: str, **more: Any) -> Paper:
    said = said or text("The Parties meet.")
    return instrument_paper(said, "TUR/4", DATED, frame(*codes), languages, **more)


MINUTES: dict[str, Any] = {
    "meeting": "TUR/12",
    "title": {
        "en": "Committee on Trade, meeting 4",
        "tr": "Ticaret Komitesi, 4. toplantı",
        "ar": "لجنة التجارة، الاجتماع 4",
    },
    "mandate": "TUR/4#art-3",
    "held": ["2024-08-15"],
    "starts": "2024-08-15T10:00:00+03:00",
    "place": {"en": "Ankara", "tr": "Ankara", "ar": "أنقرة"},
    "format": "hybrid",
    "agenda": [
        {
            "ref": "TUR/14",
            "title": {"en": "Customs offices", "tr": "Gümrük idareleri", "ar": "مكاتب الجمارك"},
        },
        {"ref": "IRQ/9", "title": {"en": "See TUR/17", "tr": "Bkz. TUR/17", "ar": "انظر TUR/17"}},
    ],
    "paragraphs": [
        {
            "en": "Letter 15/2024 was noted.",
            "tr": "15/2024 sayılı yazı not edildi.",
            "ar": "أحيط علمًا بالكتاب 15/2024.",
        }
    ],
    "decisions": [
        {
            "id": "D1",
            "item": "TUR/14",
            "text": {"en": "A group is set up.", "tr": "Bir grup kurulur.", "ar": "يُنشأ فريق."},
        }
    ],
    "reservations": [
        {"party": "IRQ", "decision": "D1", "text": {"en": "On the date.", "ar": "على التاريخ."}},
        {"party": "TUR", "paragraph": 1, "text": {"en": "On the letter."}},
        {"party": "TUR", "text": {"tr": "Bütününe."}},
    ],
    "approvals": [
        {"party": "IRQ", "ref": "IRQ/22", "on": "2024-08-20"},
        {"party": "TUR", "ref": "TUR/31", "on": "2024-08-19"},
    ],
}
CERTIFICATE: dict[str, Any] = {
    "title": {"en": "Memorandum", "tr": "Mutabakat zaptı", "ar": "مذكرة تفاهم"},
    "text": "a5dc2839" * 8,
    "languages": ["en", "tr", "ar"],
    "adopted": "2024-08-15",
    "in_force": "2024-10-10",
    "consent": [
        {
            "party": "TUR",
            "acts": [
                {"what": "accepted", "on": "2024-08-14", "ref": "TUR/9"},
                {
                    "what": "signed",
                    "on": "2024-08-15",
                    "ref": "TUR/12",
                    "method": "wet_ink",
                    "place": "Ankara",
                    "office": "minister",
                },
            ],
        },
        {
            "party": "IRQ",
            "acts": [{"what": "notified", "on": "2024-09-10", "ref": "IRQ/20", "method": "electronic"}],
        },
    ],
    "files": [{"name": "text.en.pdf", "sha256": "ab" * 32}],
    "certified_by": "IRQ",
    "certified_on": "2024-11-01",
}


def minutes(languages: Sequence[str] = ("en", "ar"), **more: Any) -> Paper:
    return make("minutes", "TUR/31", date(2024, 8, 20), frame(), languages, {**MINUTES, **more})


def certificate(languages: Sequence[str] = ("en", "ar"), **more: Any) -> Paper:
    return certificate_paper({**CERTIFICATE, **more}, "TUR/4", date(2024, 11, 1), frame(), languages)


def commitment(number: int, section: str, **more: Any) -> dict[str, Any]:
    titles = {
        "en": f"Set up office {number}",
        "tr": f"{number} numaralı büroyu kurmak",
        "ar": f"إنشاء المكتب {number}",
    }
    return {
        "docket": f"TUR/{number}",
        "title": titles,
        "text": titles,
        "source": "TUR/4#art-3",
        "owners": ["IRQ", "TUR"],
        "proposed_by": "TUR",
        "opened": "2024-02-01",
        "agreed": "2024-03-01",
        "terms": "agreed",
        "due": "2024-09-01",
        "event": {},
        "overdue": False,
        "days_late": 0,
        "section": section,
        "since": "2024-05-01",
        "views": [],
        "behind": {},
        "parents": [],
        "replaced_by": [],
        "evidence": {},
        "instruments": [],
        "moved": True,
        **more,
    }


def view(party: str, status: str, reason: Mapping[str, str] | None = None) -> dict[str, Any]:
    said = {"party": party, "status": status, "reason": dict(reason or {}), "as_of": None}
    return {**said, "ref": f"{party}/50", "day": "2024-05-03"}


REASON = {"en": "The budget of 2024 was late (see TUR/17).", "ar": "تأخرت موازنة 2024 (انظر TUR/17)."}
REPORT: dict[str, Any] = {
    "report": 1,
    "mechanism": "m" * 43,
    "mandate": "TUR/4#art-3",
    "body": "trade",
    "kind": "committee",
    "names": {"en": "Committee on Trade", "tr": "Ticaret Komitesi", "ar": "لجنة التجارة"},
    "provision": {"en": "Permanent committees", "tr": "Daimî komiteler", "ar": "اللجان الدائمة"},
    "parties": ["IRQ", "TUR"],
    "since": "2024-01-01",
    "until": "2024-12-31",
    "at": {"IRQ": 30, "TUR": 40},
    "meetings": [
        {"docket": "TUR/12", "round": 4, "title": MINUTES["title"], "held": ["2024-08-15", "2024-08-16"]}
    ],
    "decisions": [
        {
            "ref": "TUR/31#D1",
            "meeting": "TUR/12",
            "text": MINUTES["decisions"][0]["text"],
            "day": "2024-08-20",
            "reserved_by": ["IRQ"],
            "newest": True,
        }
    ],
    "counts": {"commitments": 9, "overdue": 1, "earlier": 2},
    "sections": {},
    "commitments": [
        commitment(30, "disputed", views=[view("IRQ", "obstructed", REASON), view("TUR", "done")]),
        commitment(
            31,
            "unanswered",
            views=[view("TUR", "started")],
            behind={"IRQ": {"ref": "TUR/50", "since": "2024-05-03"}},
        ),
        commitment(
            32,
            "obstructed",
            views=[view("IRQ", "obstructed", REASON), view("TUR", "obstructed")],
            overdue=True,
            days_late=121,
        ),
        commitment(
            33,
            "started",
            views=[view("IRQ", "started"), view("TUR", "started")],
            evidence={"TUR": {"recorded": 2, "released": 1}},
        ),
        commitment(34, "not_started", terms="proposed", parents=["TUR/20", "TUR/21"]),
        commitment(
            35,
            "silent",
            due=None,
            event={"en": "when the law is passed", "tr": "kanun çıkınca", "ar": "عند صدور القانون"},
        ),
        commitment(
            36, "done", instruments=[{"ref": "TUR/60", "by": "TUR", "instrument": "TUR/50"}], owners=["TUR"]
        ),
        commitment(37, "replaced", terms="replaced", replaced_by=["TUR/38", "TUR/39"]),
        commitment(38, "dropped", terms="crossed", due=None),
    ],
    "seats": {
        "IRQ": {
            "seats": 5,
            "vacant": 4,
            "filled": [{"seat": "IRQ-1", "role": "co_chair", "since": "2024-05-01", "until": None}],
        },
        "TUR": {"seats": None, "vacant": None, "filled": []},
    },
}


def report(languages: Sequence[str] = ("en", "ar"), *codes: str, **more: Any) -> Paper:
    return report_paper({**REPORT, **more}, "TUR/40", date(2024, 12, 31), frame(*codes), languages)
