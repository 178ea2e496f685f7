"""Growth as a picture: an SVG written by hand, one small panel a question, sizes along a logarithmic axis.

    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 620" role="img" ...>

Colours are those of a palette that colour-blind people can tell apart, and every line ends with its name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

__all__ = ["draw"]

_WIDTH, _HEIGHT = 440, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 66, 134, 40, 34
_FONT = 'font-family="sans-serif" font-size="11"'
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")


class _Panel(NamedTuple):
    title: str
    lines: Mapping[str, str]
    bound: float | None = None


_PANELS = (
    _Panel(
        "Acts per second",
        {
            "append_per_s": "append",
            "append_floor_per_s": "append floor",
            "replicate_per_s": "replicate",
            "replicate_floor_per_s": "replicate floor",
        },
    ),
    _Panel(
        "Acts said per second",
        {"say_64_per_s": "64 callers", "say_one_per_s": "one caller", "say_batch_per_s": "in batches"},
    ),
    _Panel("Milliseconds", {"open_docket_p99_ms": "open docket p99", "prove_p50_ms": "proof p50"}, 20),
    _Panel("Seconds", {"check_s": "check", "start_s": "start", "head_s": "sign a head"}, 120),
    _Panel("Peak memory of a node, MB", {"peak_rss_mb": "peak"}, 300),
    _Panel("As a part of the floor", {"append_ratio": "append", "replicate_ratio": "replicate"}),
)


def draw(every: Sequence[Mapping[str, Any]]) -> str:
    """The picture for figures at one or several sizes."""
    figures = [{**found, "prove_p50_ms": found["prove_p50_us"] / 1000} for found in every]
    rows = -(-len(_PANELS) // 2)
    width, height = 2 * _WIDTH, rows * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" {_FONT}>',
        "<title>Comity: the record as it grows</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for at, panel in enumerate(_PANELS):
        inside = "".join(_panel(panel, figures))
        parts.append(f'<g transform="translate({at % 2 * _WIDTH} {at // 2 * _HEIGHT})">{inside}</g>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: _Panel, figures: Sequence[Mapping[str, Any]]) -> list[str]:
    values = [float(found[key]) for found in figures for key in panel.lines]
    low, high = _decades(values)
    sizes = [found["acts"] for found in figures]
    first, last = _decades(sizes)

    def x(size: float) -> float:
        return _LEFT + (math.log10(size) - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        share = (math.log10(max(value, 1e-9)) - low) / (high - low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    found = [f'<text x="{_LEFT}" y="22" font-size="13" font-weight="bold">{escape(panel.title)}</text>']
    for power in range(low, high + 1):
        at = y(10.0**power)
        found.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        found.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_round(10.0**power)}</text>')
    for size in sizes:
        place = f'x="{x(size):.1f}" y="{_HEIGHT - _BOTTOM + 16}"'
        found.append(f'<text {place} text-anchor="middle">{size:,}</text>')
    if panel.bound is not None and low <= math.log10(panel.bound) <= high:
        path = f"M{_LEFT} {y(panel.bound):.1f}H{_WIDTH - _RIGHT}"
        found.append(f'<path d="{path}" stroke="#666" stroke-dasharray="4 3"/>')
    names = _spread([y(float(figures[-1][key])) for key in panel.lines])
    for (key, name), colour, height in zip(panel.lines.items(), _COLOURS, names, strict=False):
        points = " ".join(f"{x(of['acts']):.1f},{y(float(of[key])):.1f}" for of in figures)
        dash = ' stroke-dasharray="2 3"' if name.endswith("floor") else ""
        found.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        found += [
            f'<circle cx="{x(of["acts"]):.1f}" cy="{y(float(of[key])):.1f}" r="3" fill="{colour}"/>'
            for of in figures
        ]
        label = f"{name} {_short(float(figures[-1][key]))}"
        place = f'x="{x(sizes[-1]) + 8:.1f}" y="{height + 4:.1f}"'
        found.append(f'<text {place} fill="{colour}">{escape(label)}</text>')
    return found


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten around the values, at least one apart."""
    logs = [math.log10(max(value, 1e-9)) for value in values]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return low, max(high, low + 1)


def _spread(heights: Sequence[float]) -> list[float]:
    """The heights moved apart so that names do not cover each other."""
    moved = list(heights)
    order = sorted(range(len(moved)), key=lambda at: moved[at])
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + 13)
    return moved


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
