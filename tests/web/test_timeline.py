"""The drawing of a work programme: whatever the days, every bar stands inside it, and it says in words what it is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from comity.web.timeline import EDGE, WIDTH, Bar, Labels, drawn, ticks

_days = st.dates()
_bars = st.builds(
    Bar,
    ref=st.from_regex(r"\A[A-Z]{3}/[1-9]\Z"),
    title=st.text(max_size=130),
    start=_days,
    due=_days | st.none(),
    shape=st.sampled_from(["done", "late", ""]),
    mark=st.sampled_from(["settled", "open"]),
)
LABELS = Labels("Work programme", "3 commitments", "2 December 2024")


def _drawn(bars: list[Bar], today: date, *, rtl: bool = False) -> ET.Element:
    # What no XML document may hold never comes this far in acts; here it is left out of the titles.
    clean = [bar._replace(title="".join(c for c in bar.title if c.isprintable())) for bar in bars]
    return ET.fromstring(str(drawn(clean, today, LABELS, date.isoformat, rtl=rtl)))


@example([], date.min, False)
@example([Bar("TUR/1", "", date.min, date.max, "", "open")], date.max, True)
@example([Bar("TUR/1", "", date.max, date.min, "late", "open")], date(2024, 2, 29), False)
@given(st.lists(_bars, max_size=6), _days, st.booleans())
def test_every_bar_mark_and_line_is_inside_the_drawing(bars: list[Bar], today: date, rtl: bool) -> None:
    svg = _drawn(bars, today, rtl=rtl)
    _, _, width, height = (int(number) for number in svg.attrib["viewBox"].split())
    assert width == WIDTH
    shapes = svg.findall(".//rect")
    assert len(shapes) == len(bars)
    for shape in shapes:
        x, y, wide, high = (int(shape.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert wide >= 1
        assert x + wide <= width
        assert y + high <= height
    for mark in svg.findall(".//circle"):
        assert EDGE <= int(mark.attrib["cx"]) <= WIDTH - EDGE
    for line in svg.findall(".//line"):
        assert 0 <= int(line.attrib["x1"]) <= int(line.attrib["x2"]) <= width
    for words in svg.findall(".//text"):
        assert 0 <= int(words.attrib["x"]) <= width
        assert int(words.attrib["y"]) <= height


@example(date.min, date.max)
@given(_days, _days)
def test_ticks_are_few_in_order_and_within_the_time(one: date, other: date) -> None:
    first, last = sorted((one, other))
    found = ticks(first, last)
    assert len(found) <= 8
    assert found == sorted(set(found))
    assert all(first <= tick <= last and tick.day == 1 for tick in found)


def _place(bars: list[Bar], *, rtl: bool) -> list[tuple[int, int]]:
    svg = _drawn(bars, date(2024, 12, 2), rtl=rtl)
    return [(int(one.attrib["x"]), int(one.attrib["width"])) for one in svg.findall(".//rect")]


def test_time_runs_the_way_the_reader_reads() -> None:
    bars = [Bar("TUR/1", "a", date(2024, 10, 1), date(2025, 1, 1), "", "settled")]
    [(left, wide)], [(mirrored, same)] = _place(bars, rtl=False), _place(bars, rtl=True)
    assert wide == same
    assert mirrored == WIDTH - left - wide


def test_an_earlier_day_stands_before_a_later_one_and_a_longer_time_is_wider() -> None:
    day = date(2024, 10, 1)
    bars = [
        Bar("TUR/1", "a", day, date(2024, 11, 1), "", "open"),
        Bar("TUR/2", "b", date(2024, 11, 1), date(2025, 3, 1), "", "open"),
    ]
    (first, short), (second, long) = _place(bars, rtl=False)
    assert first < second
    assert short < long
    assert abs(first + short - second) <= 1


def test_it_has_a_title_a_description_and_no_style_of_its_own() -> None:
    bars = [
        Bar("TUR/1", "<script>x</script>\u202e", date(2024, 10, 1), None, "", "open"),
        Bar("TUR/2", "late", date(2024, 10, 1), date(2024, 11, 1), "late", "settled"),
    ]
    raw = str(drawn(bars, date(2024, 12, 2), LABELS, date.isoformat))
    assert "<script" not in raw
    assert "\u202e" not in raw
    assert "⟨U+202E⟩" in raw
    assert "style=" not in raw
    svg: Any = _drawn(bars, date(2024, 12, 2))
    assert svg.attrib["role"] == "img"
    assert [svg.find(f"./{name}").attrib["id"] for name in ("title", "desc")] == svg.attrib[
        "aria-labelledby"
    ].split()
    assert [one.attrib["class"] for one in svg.findall(".//rect")] == ["bar open", "bar late"]
