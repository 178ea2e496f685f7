"""Numbers and days read from words: the same value in whatever language and spelling it is written.

    "thirty-five"  "otuz beş"  "خمسة وثلاثون"  "35"                     ->  #35
    "3 and 4 February 2026"  "3-4 Şubat 2026"  "3 و4 شباط/فبراير 2026"   ->  @2026-2-3, @2026-2-4

What a date leaves out is left open: `@-9-1` (1 September) agrees with `@2024-9-1`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from comity.chapters.statements.compare.vocabulary import Vocabulary
from comity.chapters.statements.compare.words import Word

__all__ = ["Fact", "Facts", "agree"]

_DIGITS = re.compile(r"\d+(?:[.,/:٫٬]\d+)*")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?")
_WRITTEN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,٬]\d{3})+")
_AND = {"and", "to", "until", "ve", "ile", "ila", "و", "الى", "of", "the", "-"}
_ABOUT_YEAR = {"عام", "سنه", "لعام", "لسنه", "year"}
_AMBIGUOUS = {"may", "march", "mar", "sun", "sat", "اب", "ocak", "ekim", "mart", "second", "aralık", "pazar"}
_CAPITAL = {"may", "march", "mar", "dec"}  # a month in English only where it is written large
_MONTH_OF = ("ayı", "ayla")  # ekim ayında: what stands before it is a month
_ONE = {"one", "bir", "واحد", "واحده"}
_ONCE = {"kez", "kere", "defa", "time", "times"}


class Fact(NamedTuple):
    """What stands at a place of the sentence: its key, how many words it takes, and `number` or `date`."""

    key: str
    size: int
    sort: str
    skip: int = 0


class Facts:
    """Reads numbers and dates by one language's vocabulary."""

    def __init__(self, known: Vocabulary) -> None:
        self._known = known
        self._months = {form: place for place, forms in enumerate(known.months, 1) for form in forms}
        self._months |= {form.replace("-ال", "-"): place for form, place in self._months.items()}
        self._weekdays = {form: place for place, forms in enumerate(known.weekdays, 1) for form in forms}
        openers = {form.partition("-")[0] for form in self._months}
        self._openers = openers | set(self._weekdays) | set(known.numbers) | _ABOUT_YEAR

    def read(self, row: Sequence[Word], at: int) -> list[Fact]:
        """The facts that begin at that word, in order (several days of one month are several); none: empty."""
        word = row[at]
        if not word.form[0].isdigit() and not {word.form, word.base, word.bare} & self._openers:
            return []
        if written := _WRITTEN.fullmatch(word.base):
            return [Fact(_day(written[3], written[2], written[1]), 1, "date")]
        if iso := _ISO.fullmatch(word.form):
            return [Fact(_day(iso[1], iso[2], iso[3]), 1, "date")]
        return (
            self._days(row, at) or self._month_first(row, at) or self._year(row, at) or self._number(row, at)
        )

    def _month(self, row: Sequence[Word], at: int) -> tuple[int, int]:
        """(month, words it takes), or (0, 0). A second name of the same month behind it belongs to it."""
        if at >= len(row) or (row[at].form in _CAPITAL and not row[at].upper):
            return 0, 0
        two = f"{row[at].bare}-{row[at + 1].bare}" if at + 1 < len(row) else ""
        found, size = self._months.get(two, 0), 2
        if not found:
            found, size = self._months.get(row[at].bare, 0), 1
        if found and at + size < len(row):
            again, more = self._month_once(row, at + size)
            size += more if again == found else 0
        return (found, size) if found else (0, 0)

    def _month_once(self, row: Sequence[Word], at: int) -> tuple[int, int]:
        two = f"{row[at].bare}-{row[at + 1].bare}" if at + 1 < len(row) else ""
        return (self._months[two], 2) if two in self._months else (self._months.get(row[at].bare, 0), 1)

    def _days(self, row: Sequence[Word], at: int) -> list[Fact]:
        """12 May 2025; 3 and 4 February; 9-11 June 2025."""
        days: list[tuple[int, str]] = []
        here = at
        while here < len(row) and len(days) < 8:
            day = _day_number(row[here]) or self._spelled_day(row, here)
            if not day:
                break
            days.append((here, day))
            here += 1
            while here < len(row) and row[here].form in _AND | {"من"}:
                here += 1
        month, size = self._month(row, here) if days else (0, 0)
        if not month:
            return []
        year, more = self._year_at(row, here + size)
        return [
            Fact(
                _day(year, month, day),
                (days[n + 1][0] if n + 1 < len(days) else here + size + more) - place,
                "date",
            )
            for n, (place, day) in enumerate(days)
        ]

    def _spelled_day(self, row: Sequence[Word], at: int) -> str:
        """the first of September, الأول من أيلول: one word for a day that `of` follows."""
        if at + 1 < len(row) and row[at + 1].form in {"of", "من"}:
            value = self._known.numbers.get(row[at].form, self._known.numbers.get(row[at].bare, 0))
            return str(value) if 1 <= value <= 31 else ""
        return ""

    def _month_first(self, row: Sequence[Word], at: int) -> list[Fact]:
        """September 1, 2024; September 2024; September."""
        month, size = self._month(row, at)
        if not month:
            return []
        here = at + size
        day = _day_number(row[here]) if here < len(row) else ""
        if day and row[here].upper is False:
            year, more = self._year_at(row, here + 1)
            return [Fact(_day(year, month, day), size + 1 + more, "date")]
        year, more = self._year_at(row, here)
        named = here < len(row) and row[here].form.startswith(_MONTH_OF)
        if not year and size == 1 and not named and (row[at].bare in _AMBIGUOUS or not _capital(row[at])):
            return []
        return [Fact(f"@{year}-{month}", size + more, "date")]

    def _year(self, row: Sequence[Word], at: int) -> list[Fact]:
        year, size = self._year_at(row, at)
        if year:
            return [Fact(f"@{year}", size, "date")]
        day = self._weekdays.get(row[at].bare, 0)
        if day and (row[at].upper or not row[at].form.isascii()) and row[at].bare not in _AMBIGUOUS:
            return [Fact(f"@w{day}", 1, "date")]
        return []

    def _year_at(self, row: Sequence[Word], at: int) -> tuple[str, int]:
        here = at
        if here < len(row) and row[here].bare in _ABOUT_YEAR:
            here += 1
        if here < len(row) and re.fullmatch(r"(?:19|20)\d\d", row[here].base):
            return row[here].base, here + 1 - at
        return "", 0

    def _number(self, row: Sequence[Word], at: int) -> list[Fact]:
        word = row[at]
        if word.form[0].isdigit():
            value, size = _value(word.base), 1
        else:
            count, size = self._spelled(row, at)
            value = str(count)
            if not size or (word.base in _ONE and size == 1 and not self._counts(row, at)):
                return []
        scale, more = self._scale(row, at + size)
        if more:
            value, size = _scaled(value, scale), size + more
        return [Fact(f"#{value}", size, "number")]

    def _counts(self, row: Sequence[Word], at: int) -> bool:
        """Whether a `one` counts something: a unit of time or measure stands beside it."""
        beside = [row[place] for place in (at - 1, at + 1) if 0 <= place < len(row)]
        near = {form for word in beside for form in (word.bare, word.stem)}
        return bool(near & (self._known.units | _ONCE)) and not (
            self._known.numbers.get(row[at].form) and at + 1 < len(row) and row[at + 1].upper
        )

    def _scale(self, row: Sequence[Word], at: int) -> tuple[int, int]:
        scale = self._known.numbers.get(row[at].bare, 0) if at < len(row) else 0
        return (scale, 1) if scale in {1000, 1_000_000, 1_000_000_000} else (0, 0)

    def _spelled(self, row: Sequence[Word], at: int) -> tuple[int, int]:
        """A number in words: its value and how many words it takes; (0, 0) where none stands."""
        total, last, here = 0, 0, at
        while here < len(row) and here - at < 12:
            value, size = self._unit(row, here, begun=here > at)
            if not size or (here > at and not _adds(total, last, value)):
                break
            if value in {100, 1000, 1_000_000, 1_000_000_000} and 0 < total < value:
                total *= value
            else:
                total += value
            last, here = value, here + size
        return total, here - at

    def _unit(self, row: Sequence[Word], at: int, *, begun: bool) -> tuple[int, int]:
        """One number word, with the `and` before it where a number has begun."""
        numbers, joined = self._known.numbers, 0
        if begun and row[at].form == "and" and at + 1 < len(row):
            at, joined = at + 1, 1
        form = row[at].form
        for spelled in (form, row[at].base, row[at].bare):
            if spelled in numbers:
                return numbers[spelled], 1 + joined
        if form.startswith("و") and form[1:] in numbers and begun:
            return numbers[form[1:]], 1
        return 0, 0


def agree(one: str, other: str) -> bool:
    """Whether two facts can be the same: equal, or dates of which one leaves out what the other says."""
    if one == other:
        return True
    if not (one.startswith("@") and other.startswith("@")) or "w" in one + other:
        return False
    mine, theirs = (f"{key[1:]}--".split("-")[:3] for key in (one, other))
    return bool(mine[1] and theirs[1]) and all(
        a == b or not a or not b for a, b in zip(mine, theirs, strict=True)
    )


def _adds(total: int, last: int, value: int) -> bool:
    """Whether a number word goes on the number so far: twenty | one, five | hundred, but not four | five."""
    if value in {100, 1000, 1_000_000, 1_000_000_000}:
        return total < value or total % 1000 < value
    if last < 10 and value == 10:
        return True  # خمسة عشر: five ten
    return value < 10 <= last or (last >= 100 and value < last) or (0 < last < 10 and 20 <= value <= 90)


def _scaled(value: str, scale: int) -> str:
    whole, _, part = value.partition(".")
    zeros = len(str(scale)) - 1
    return (whole + part[:zeros].ljust(zeros, "0")).lstrip("0") or "0"


def _value(digits: str) -> str:
    """Digits without what divides thousands, with a point before a fraction."""
    found = _DIGITS.match(digits)
    said = found[0] if found else digits
    if _THOUSANDS.fullmatch(said):
        said = re.sub("[.,٬]", "", said)
    return re.sub("[,٫]", ".", said).lstrip("0") or "0"


def _day_number(word: Word) -> str:
    if len(word.base) > 4 or not _ORDINAL.fullmatch(word.base):
        return ""
    value = word.base.rstrip("stndrh").lstrip("0")
    return value if value and len(value) <= 2 and int(value) <= 31 else ""


def _day(year: object, month: object, day: object) -> str:
    return f"@{year}-{str(month).lstrip('0')}-{str(day).lstrip('0')}"


def _capital(word: Word) -> bool:
    return word.upper or "\u0600" <= word.form[:1] <= "\u06ff"
