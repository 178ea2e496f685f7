"""A work programme as a drawing: one bar for each commitment, from the day it was put to the day it is due.

    drawn([Bar("TUR/27", "Form the committees", date(2024, 10, 1), date(2024, 12, 31), "late", "settled")],
          date(2024, 12, 2), words, str, rtl=False)
    ->  <svg viewBox="0 0 960 118" role="img" ...><title>...</title><desc>...</desc>...</svg>

The drawing brings no style of its own: its classes are in comity.css, so it follows the scheme of the page, and paper.
Time runs the way the reader reads. What it shows stands in the table beside it as words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from markupsafe import Markup

from comity.web.text import html, visible

__all__ = ["Bar", "Labels", "drawn", "ticks"]

WIDTH, EDGE = 960, 12
_ROW, _BAR, _TOP, _FOOT = 46, 14, 22, 44
_LONGEST = 100
_MOST_TICKS = 7
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)


class Bar(NamedTuple):
    """A commitment: its reference, title, first day and due day (None: it awaits an event).

    shape: done, late, or "" for what is under way. mark: settled where the terms are agreed, else open.
    """

    ref: str
    title: str
    start: date
    due: date | None
    shape: Literal["done", "late", ""]
    mark: Literal["settled", "open"]


class Labels(NamedTuple):
    """The words of a drawing: its title, what it shows, and what the day asked is called."""

    title: str
    description: str
    today: str


class _Scale(NamedTuple):
    first: int
    last: int
    rtl: bool

    def at(self, day: date) -> int:
        """Where a day stands, within the drawing."""
        share = (day.toordinal() - self.first) / (self.last - self.first)
        along = EDGE + round(min(1.0, max(0.0, share)) * (WIDTH - 2 * EDGE))
        return WIDTH - along if self.rtl else along


def drawn(
    bars: Sequence[Bar], today: date, labels: Labels, day: Callable[[date], str], *, rtl: bool = False
) -> Markup:
    """The drawing. `day` writes a day for the reader; `rtl`: time runs from right to left."""
    scale = _scale(bars, today, rtl=rtl)
    bottom = _TOP + len(bars) * _ROW
    parts = [
        html(
            '<svg viewBox="0 0 {} {}" role="img" direction="{}" aria-labelledby="t-title t-desc">',
            WIDTH,
            bottom + _FOOT,
            "rtl" if rtl else "ltr",
        ),
        html('<title id="t-title">{}</title><desc id="t-desc">{}</desc>', labels.title, labels.description),
        *_axis(scale, bottom, day),
        _today(scale, today, bottom, labels.today),
        *(_bar(scale, bar, at) for at, bar in enumerate(bars)),
        Markup("</svg>"),
    ]
    return Markup("\n").join(parts)


def _scale(bars: Sequence[Bar], today: date, *, rtl: bool) -> _Scale:
    """From the first day to the last one, and at least a month."""
    days = [today.toordinal()]
    days += [bar.start.toordinal() for bar in bars]
    days += [bar.due.toordinal() for bar in bars if bar.due is not None]
    first, last = min(days), max(days)
    pad = max(7, (last - first) // 30)
    return _Scale(max(1, first - pad), min(date.max.toordinal(), max(last + pad, first - pad + 30)), rtl)


def ticks(first: date, last: date) -> list[date]:
    """First days of months between two days, few enough to be written side by side."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in _STEPS if months // step < _MOST_TICKS), _STEPS[-1])
    at = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // step) * step
    found = []
    while at // 12 <= date.max.year and at <= last.year * 12 + last.month - 1:
        if at // 12 >= 1:
            found.append(date(at // 12, at % 12 + 1, 1))
        at += step
    return found


def _axis(scale: _Scale, bottom: int, day: Callable[[date], str]) -> Iterator[Markup]:
    yield html('<line class="axis" x1="0" y1="{0}" x2="{1}" y2="{0}"/>', bottom, WIDTH)
    for tick in ticks(date.fromordinal(scale.first), date.fromordinal(scale.last)):
        x = scale.at(tick)
        yield html('<line class="axis" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', x, _TOP, bottom + 5)
        yield _words("axis", min(max(x, 60), WIDTH - 60), bottom + 20, day(tick), "middle", 12)


def _today(scale: _Scale, today: date, bottom: int, words: str) -> Markup:
    x = scale.at(today)
    line = html('<line class="today" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', x, _TOP - 4, bottom + 5)
    label = _words("today", min(max(x, 90), WIDTH - 90), bottom + 38, words, "middle", 12)
    return Markup("").join((line, label))


def _bar(scale: _Scale, bar: Bar, at: int) -> Markup:
    top = _TOP + at * _ROW
    begin = scale.at(bar.start)
    end = scale.at(bar.due) if bar.due is not None else scale.at(date.fromordinal(scale.last))
    left, wide = min(begin, end), max(2, abs(end - begin))
    left = min(left, WIDTH - wide)
    shape = "bar open" if bar.due is None else f"bar {bar.shape}".strip()
    middle = top + _ROW - _BAR // 2 - 8
    title = bar.title if len(bar.title) <= _LONGEST else bar.title[: _LONGEST - 1] + "…"
    parts = [
        _words("", WIDTH - EDGE if scale.rtl else EDGE, top + 15, title, "start", 14),
        html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
            shape,
            left,
            middle - _BAR // 2,
            wide,
            _BAR,
        ),
    ]
    if bar.due is not None:
        mark = "mark settled" if bar.mark == "settled" else "mark"
        parts.append(html('<circle class="{}" cx="{}" cy="{}" r="5"/>', mark, end, middle))
    return html("<g>{}</g>", Markup("").join(parts))


def _words(name: str, x: int, y: int, words: str, anchor: str, size: int) -> Markup:
    shape = html(' class="{}"', name) if name else Markup("")
    return html(
        '<text{} x="{}" y="{}" text-anchor="{}" font-size="{}">{}</text>',
        shape,
        x,
        y,
        anchor,
        size,
        visible(words),
    )
