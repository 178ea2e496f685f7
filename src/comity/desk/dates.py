"""Days, times and numbers as people of each language write them; the Hijri day beside them where it is asked for.

    day(date(2024, 8, 15), "ar")        "15 آب 2024"          (ar_IQ: Iraq's months, not those of Egypt)
    hijri(date(2024, 8, 15), "tr")      "10 Safer 1446"

Inside, every day is Gregorian and every time has its offset. Hijri days are those of the Umm al-Qura calendar, in which
a month may begin a day before or after the one that a government announces: they are shown, and never counted with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from hijridate import Gregorian

from comity.words import isolate

__all__ = ["LOCALES", "day", "hijri", "moment", "number", "parsed"]

LOCALES: Mapping[str, str] = {"en": "en_GB", "tr": "tr_TR", "ar": "ar_IQ"}
_MONTHS = {
    "tr": ("Muharrem", "Safer", "Rebiülevvel", "Rebiülahir", "Cemaziyelevvel", "Cemaziyelahir", "Recep", "Şaban",
           "Ramazan", "Şevval", "Zilkade", "Zilhicce"),
    "ar": ("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال",
           "ذو القعدة", "ذو الحجة"),
}  # fmt: skip


# One screen of a docket names some twenty days, and whoever opens it next asks for the same ones.
@lru_cache(10_000)
def day(on: date, language: str) -> str:
    """A day in full: 15 August 2024."""
    return format_date(on, "d MMMM y", locale=_locale(language))


@lru_cache(10_000)
def moment(at: datetime, language: str, zone: tzinfo) -> str:
    """A time in that zone, with the zone's offset: 15 August 2024, 10:00 (UTC+03:00)."""
    local = at.astimezone(zone)
    offset = local.strftime("%z")
    shown = "UTC" if offset in ("+0000", "") else f"UTC{offset[:3]}:{offset[3:5]}"
    pattern = "d MMMM y، HH:mm" if language == "ar" else "d MMMM y, HH:mm"
    said = format_datetime(local, pattern, tzinfo=zone, locale=_locale(language))
    return f"{said} ({isolate(shown, language)})"


def hijri(on: date, language: str) -> str:
    """The Hijri day, or "" outside the years 1343 to 1500 of the Umm al-Qura tables."""
    try:
        found = Gregorian.fromdate(on).to_hijri()
    except OverflowError:
        return ""
    months = _MONTHS.get(language)
    name = months[found.month - 1] if months else found.month_name()
    era = {"ar": " هـ", "tr": " H."}.get(language, " AH")
    return f"{found.day} {name} {found.year}{era}"


def number(value: int, language: str) -> str:
    """A whole number with its groups of three: 10,000 or 10.000."""
    return format_decimal(value, locale=_locale(language), numbering_system="latn")


def parsed(text: str) -> datetime | date | None:
    """A day or a time as the record writes it; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, "en_GB"))
