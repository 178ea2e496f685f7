"""Who appears, and what they say in words. Every person is invented; the places and days are the reported ones.

Facts: `docs/tutorial` and the public reports of August 2024. Texts: `texts/`, written for this project, saying so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = [
    "AGENDA",
    "ASSERTIONS",
    "CHAIRS",
    "COMMITMENTS",
    "DELEGATIONS",
    "EVIDENCE",
    "EVIDENCE_TITLE",
    "MECHANISM",
    "MINUTES",
    "NAMES",
    "OFFICES",
    "PRESS",
    "REASONS",
    "RESERVATION",
    "TEXTS",
    "tagged",
]

TEXTS = Path(__file__).parent / "texts"

Names = Mapping[str, str]

NAMES: Mapping[str, Names] = {
    "TUR": {"en": "Türkiye", "tr": "Türkiye", "ar": "تركيا"},
    "IRQ": {"en": "Iraq", "tr": "Irak", "ar": "العراق"},
}
MECHANISM: Names = {
    "en": "Türkiye–Iraq mechanism",
    "tr": "Türkiye–Irak mekanizması",
    "ar": "الآلية بين تركيا والعراق",
}
_MINISTER = {"en": "Minister of Foreign Affairs", "tr": "Dışişleri Bakanı", "ar": "وزير الخارجية"}
_DEFENCE = {"en": "Minister of National Defence", "tr": "Millî Savunma Bakanı", "ar": "وزير الدفاع الوطني"}
_DEFENCE_IRQ = {"en": "Minister of Defence", "tr": "Savunma Bakanı", "ar": "وزير الدفاع"}
OFFICES: Mapping[str, tuple[tuple[str, Names, str, str], ...]] = {
    "TUR": (
        ("mfa", _MINISTER, "Deniz Aksoylu (invented)", "foreign_minister"),
        ("defence", _DEFENCE, "Kerem Yalınay (invented)", ""),
    ),
    "IRQ": (
        ("mfa", _MINISTER, "Nadim al-Rafidi (invented)", "foreign_minister"),
        ("defence", _DEFENCE_IRQ, "Salim al-Basrawi (invented)", ""),
    ),
}
"""Office, its titles, who holds it, in which capacity."""

DELEGATIONS: Mapping[str, str] = {
    "TUR": json.dumps({"name": "Deniz Aksoylu (invented)", "capacity": _MINISTER}),
    "IRQ": json.dumps({"name": "Nadim al-Rafidi (invented)", "capacity": _MINISTER}),
}
AGENDA: Mapping[str, Names] = {
    "TUR": {
        "en": "The memorandum: text, signature, first steps",
        "tr": "Muhtıra: metin, imza, ilk adımlar",
        "ar": "المذكرة: النص والتوقيع والخطوات الأولى",
    },
    "IRQ": {
        "en": "Numbers and working methods of the two centres",
        "tr": "İki merkezin personel sayısı ve çalışma usulleri",
        "ar": "أعداد العاملين في المركزين وأساليب عملهما",
    },
}
MINUTES: Names = {
    "en": "The two sides met in Ankara. (Illustrative minutes, written for this project.)\n\n"
    "D1 ({item}): The first meetings of the five permanent committees take place before the end of the year.\n\n"
    "D2 ({item}): The exemption from visas for citizens of Iraq under 15 and over 50 begins on 1 September 2024.\n\n"
    "D3 ({item}): The political and technical talks go on.\n",
    "tr": "İki taraf Ankara'da toplandı. (Bu proje için yazılmış örnek tutanak.)\n\n"
    "D1 ({item}): Beş daimi komitenin ilk toplantıları yıl sonundan önce yapılır.\n\n"
    "D2 ({item}): 15 yaşından küçük ve 50 yaşından büyük Iraklılar için vize muafiyeti 1 Eylül 2024'te başlar.\n\n"
    "D3 ({item}): Siyasi ve teknik görüşmeler sürer.\n",
    "ar": "اجتمع الجانبان في أنقرة. (محضر توضيحي كُتب لهذا المشروع.)\n\n"
    "D1 ({item}): تُعقد الاجتماعات الأولى للجان الدائمة الخمس قبل نهاية العام.\n\n"
    "D2 ({item}): يبدأ إعفاء مواطني العراق دون سن 15 وفوق سن 50 من التأشيرة في 1 أيلول 2024.\n\n"
    "D3 ({item}): تستمر المحادثات السياسية والفنية.\n",
}
RESERVATION = json.dumps(
    {
        "decision": "D1",
        "text": {
            "en": "The committee on water may need until January.",
            "tr": "Su komitesi için ocak ayına kadar süre gerekebilir.",
            "ar": "قد تحتاج لجنة المياه إلى مهلة حتى كانون الثاني.",
        },
    }
)


def _commitment(owners: tuple[str, ...], due: Mapping[str, Any], **title: str) -> Mapping[str, Any]:
    return {"title": title, "text": title, "owners": owners, "due": due}


COMMITMENTS: Mapping[str, Mapping[str, Any]] = {
    "centres": _commitment(
        ("TUR", "IRQ"),
        {"on": "2024-12-24"},
        en="Set up the two centres",
        tr="İki merkezin kurulması",
        ar="إنشاء المركزين",
    ),
    "committees": _commitment(
        ("TUR", "IRQ"),
        {"on": "2024-12-31"},
        en="Form the five permanent committees",
        tr="Beş daimi komitenin oluşturulması",
        ar="تشكيل اللجان الدائمة الخمس",
    ),
    "exemption": _commitment(
        ("TUR",),
        {"on": "2024-09-01"},
        en="Begin the exemption from visas on 1 September",
        tr="Vize muafiyetinin 1 Eylül'de başlatılması",
        ar="بدء الإعفاء من التأشيرة في 1 أيلول",
    ),
    "talks": _commitment(
        ("TUR", "IRQ"),
        {"event": {"en": "the next meeting", "tr": "bir sonraki toplantı", "ar": "الاجتماع القادم"}},
        en="Keep the political and technical talks going",
        tr="Siyasi ve teknik görüşmelerin sürdürülmesi",
        ar="مواصلة المحادثات السياسية والفنية",
    ),
    "baghdad": _commitment(
        ("TUR", "IRQ"),
        {"on": "2024-12-24"},
        en="Set up the centre in Baghdad",
        tr="Bağdat'taki merkezin kurulması",
        ar="إنشاء المركز في بغداد",
    ),
    "bashika": _commitment(
        ("TUR", "IRQ"),
        {"on": "2025-03-31"},
        en="Set up the centre in Bashika",
        tr="Başika'daki merkezin kurulması",
        ar="إنشاء المركز في بعشيقة",
    ),
}
"""The terms of each commitment, without their source."""

ASSERTIONS = (
    ("exemption done", "TUR", "2024-10-03T09", "exemption", "done"),
    ("exemption seen", "IRQ", "2024-10-03T10", "exemption", "done"),
    ("committees done", "TUR", "2024-10-03T11", "committees", "done"),
    ("committees begun", "IRQ", "2024-10-03T12", "committees", "started"),
    ("talks begun", "TUR", "2024-10-03T13", "talks", "started"),
)
"""Name, who says it, when, of which commitment, and how far it is."""

REASONS: Mapping[str, Names] = {
    "closing": {
        "en": "Each centre is followed by itself.",
        "tr": "Her merkez ayrı izlenir.",
        "ar": "يُتابع كل مركز على حدة.",
    },
    "committees begun": {
        "en": "Two committees have no members yet.",
        "tr": "İki komitenin henüz üyesi yok.",
        "ar": "لا أعضاء بعد في لجنتين.",
    },
}
EVIDENCE = "Attendance list of five constituent meetings (invented for this demonstration).\n"
EVIDENCE_TITLE: Names = {
    "en": "Attendance lists",
    "tr": "Katılım listeleri",
    "ar": "قوائم الحضور",
}
CHAIRS: Mapping[str, str] = {"TUR": "Selin Karaca (invented)", "IRQ": "Huda al-Karkhi (invented)"}
PRESS: Mapping[str, str] = {"press-one": "First Herald (invented)", "press-two": "Second Herald (invented)"}
"""Reports of the joint statement, written for this project: file and outlet."""


def tagged(option: str, names: Names) -> Iterator[str]:
    """A name in every language, as options: --title en=... --title tr=..."""
    for tag, name in names.items():
        yield option
        yield f"{tag}={name}"
