"""Who appears, and what they say in words. Every person is invented; the places and days are the reported ones.

Facts: `docs/tutorial` and the public reports of August 2024. Texts: `texts/`, written for this project, saying so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = [
    "AGENDA",
    "DELEGATIONS",
    "MECHANISM",
    "MINUTES",
    "NAMES",
    "OFFICES",
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
    "D1 ({item}): The first meetings of the five permanent committees take place before the end of the year.\n",
    "tr": "İki taraf Ankara'da toplandı. (Bu proje için yazılmış örnek tutanak.)\n\n"
    "D1 ({item}): Beş daimi komitenin ilk toplantıları yıl sonundan önce yapılır.\n",
    "ar": "اجتمع الجانبان في أنقرة. (محضر توضيحي كُتب لهذا المشروع.)\n\n"
    "D1 ({item}): تُعقد الاجتماعات الأولى للجان الدائمة الخمس قبل نهاية العام.\n",
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


def tagged(option: str, names: Names) -> Iterator[str]:
    """A name in every language, as options: --title en=... --title tr=..."""
    for tag, name in names.items():
        yield option
        yield f"{tag}={name}"
