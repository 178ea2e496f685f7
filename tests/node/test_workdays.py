"""Joint working days: both calendars over 2019 to 2030 against a key written out here, and every count against a

day-by-day model.

The key. Türkiye: Law 2429 of 1981 (with 1 May since 2009, 15 July since 2017), its feasts as the Directorate of Religious
Affairs computes and publishes them years ahead. Iraq: Law 110 of 1972 without the days abolished in 2003, and from
2024 on Law 12 of 2024; its feasts by the arithmetic calendar (a year of 12 months of 30 and 29 days, 11 leap years
in 30), from which an announced date may differ by one day.

What the key leaves out, as the calendar does: days that Iraq's Council of Ministers announces one by one (3 October, 10
December and 25 December in several of these years, and others), and bridge days that Türkiye gives its officials. They
cannot be known from a law; `Announced` says them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Refused
from comity.node import workdays
from comity.node.workdays import Announced, calendar, closed, deadline, is_working

BOTH = ("IRQ", "TUR")
YEARS = range(2019, 2031)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
DAY = timedelta(days=1)

RAMADAN_FEAST = {  # Türkiye: its first day
    2019: (6, 4), 2020: (5, 24), 2021: (5, 13), 2022: (5, 2), 2023: (4, 21), 2024: (4, 10),
    2025: (3, 30), 2026: (3, 20), 2027: (3, 9), 2028: (2, 26), 2029: (2, 14), 2030: (2, 4),
}  # fmt: skip
SACRIFICE_FEAST = {  # Türkiye: its first day
    2019: (8, 11), 2020: (7, 31), 2021: (7, 20), 2022: (7, 9), 2023: (6, 28), 2024: (6, 16),
    2025: (6, 6), 2026: (5, 27), 2027: (5, 16), 2028: (5, 5), 2029: (4, 24), 2030: (4, 13),
}  # fmt: skip


def turkish(year: int) -> tuple[set[date], set[date]]:
    """The days off and the half days of a year in Türkiye."""
    fixed = [(1, 1), (4, 23), (5, 1), (5, 19), (7, 15), (8, 30), (10, 29)]
    ramadan, sacrifice = date(year, *RAMADAN_FEAST[year]), date(year, *SACRIFICE_FEAST[year])
    whole = {date(year, month, day) for month, day in fixed}
    whole |= {ramadan + DAY * by for by in range(3)} | {sacrifice + DAY * by for by in range(4)}
    return whole, {date(year, 10, 28), ramadan - DAY, sacrifice - DAY} - whole


def iraqi_fixed(year: int) -> set[date]:
    """The days off that do not move, of a year in Iraq."""
    found = [(1, 1), (1, 6), (3, 21), (5, 1)]
    found += [(7, 14)] if year <= 2023 else []  # the law of 2024 names it no more
    found += [(3, 16)] if year >= 2025 else []  # it came into force in June 2024
    return {date(year, month, day) for month, day in found}


IRAQI_FEASTS = {  # name: (month and day of the year of the moon, how many days, since which year)
    "Eid al-Fitr": (10, 1, 3, 2019),
    "Day of Arafah": (12, 9, 1, 2019),
    "Eid al-Adha": (12, 10, 3, 2019),
    "Islamic New Year": (1, 1, 1, 2019),
    "Ashura": (1, 10, 1, 2019),
    "Prophet's Birthday": (3, 12, 1, 2019),
    "Eid al-Ghadir": (12, 18, 1, 2024),
}


def arithmetic(year: int, month: int, day: int) -> date:
    """The day of the arithmetic (civil) calendar of the moon, whose year 1 began on 19 July 622 (Gregorian)."""
    leaps = sum(1 for earlier in range(1, year) if (11 * earlier + 14) % 30 < 11)
    passed = (year - 1) * 354 + leaps + sum(30 if m % 2 else 29 for m in range(1, month)) + day - 1
    return date(622, 7, 19) + DAY * passed


def expected_feasts(year: int) -> Iterator[tuple[str, date]]:
    """Each feast of a year in Iraq with its first day by arithmetic; two days' grace at the ends of the year."""
    for name, (month, day, _, since) in IRAQI_FEASTS.items():
        for moons in range(1440, 1455):
            on = arithmetic(moons, month, day)
            if year >= since and on.year == year:
                yield name, on


@pytest.mark.parametrize("year", YEARS)
def test_turkiye_is_closed_on_the_days_of_its_law_and_no_others(year: int) -> None:
    """To the day, feasts too; it rests on Saturday and Sunday. Half days are the eves and 28 October."""
    told = calendar("TUR", year)
    whole, halves = turkish(year)
    assert told.weekend == (SAT, SUN)
    assert {holiday.on for holiday in told.holidays if not holiday.half} == whole
    assert {holiday.on for holiday in told.holidays if holiday.half} == halves
    assert not any(holiday.estimated for holiday in told.holidays), "published ahead, so confirmed"


@pytest.mark.parametrize("year", YEARS)
def test_iraq_is_closed_on_the_days_of_its_law_and_no_others(year: int) -> None:
    """Fixed days to the day, feasts within one day of the arithmetic; it rests on Friday and Saturday; no half days."""
    told = calendar("IRQ", year)
    moving = {name: list[date]() for name in IRAQI_FEASTS}
    for holiday in told.holidays:
        for name in holiday.names["en"].split("; "):
            if name in moving:
                moving[name].append(holiday.on)
    fixed = iraqi_fixed(year)
    assert told.weekend == (FRI, SAT)
    assert {h.on for h in told.holidays} == fixed | {day for days in moving.values() for day in days}
    assert not any(holiday.half for holiday in told.holidays)
    for name, (*_, length, since) in IRAQI_FEASTS.items():
        due = [on for found, on in expected_feasts(year) if found == name]
        assert len(moving[name]) == len(due) * length
        starts = moving[name][::length]
        assert all(abs(on - by_law) <= DAY for on, by_law in zip(starts, due, strict=True)), name
        assert year >= since or not moving[name]


@pytest.mark.parametrize("year", YEARS)
def test_moving_holidays_are_estimates_until_they_are_confirmed(year: int) -> None:
    """Iraq's from 2026 on: each is announced by sight of the moon, and the package has confirmed those up to 2025.

    What a fixed holiday falls on too is a day off in any case.
    """
    moving = set(IRAQI_FEASTS)
    for holiday in calendar("IRQ", year).holidays:
        names = set(holiday.names["en"].split("; "))
        assert holiday.moving == (bool(names & moving) and year >= 2026)
        assert holiday.estimated == (holiday.moving and names <= moving)


def test_turkiye_s_feasts_are_estimates_where_nobody_has_computed_them_yet() -> None:
    told = calendar("TUR", 2035)
    assert {h.names["en"] for h in told.holidays if h.estimated and not h.half} == {
        "Eid al-Fitr",
        "Eid al-Adha",
    }
    assert all(h.estimated == (h.on != date(2035, 10, 28)) for h in told.holidays if h.half)


def test_days_abolished_in_2003_are_no_holidays_and_were_before() -> None:
    """The package keeps them until the law was replaced in 2024."""
    assert closed(date(2022, 2, 8), "IRQ") is None
    assert closed(date(2023, 7, 17), "IRQ") is None
    assert closed(date(2001, 7, 17), "IRQ") is not None
    told = [h.names["en"] for year in range(2004, 2031) for h in calendar("IRQ", year).holidays]
    assert not any("July 17" in name or "February 8" in name for name in told)


@pytest.mark.parametrize("year", YEARS)
def test_the_two_work_together_from_monday_to_thursday_at_most(year: int) -> None:
    joint = workdays.joint_working_days(date(year, 1, 1), date(year, 12, 31), BOTH)
    assert {day.weekday() for day in joint} == {MON, TUE, WED, THU}
    shut = {h.on for party in BOTH for h in calendar(party, year).holidays}
    every = [date(year, 1, 1) + DAY * count for count in range(366)]
    assert joint == [day for day in every if day.year == year and day.weekday() <= THU and day not in shut]


def test_holidays_have_their_names_in_our_languages() -> None:
    """English, and the country's own; estimates are marked as such and not in the name."""
    (feast,) = [h for h in calendar("IRQ", 2027).holidays if h.on == date(2027, 3, 9)]
    assert feast.names == {"en": "Eid al-Fitr", "ar": "عيد الفطر"}
    (republic,) = [h for h in calendar("TUR", 2027).holidays if h.on == date(2027, 10, 29)]
    assert republic.names == {"en": "Republic Day", "tr": "Cumhuriyet Bayramı"}


def test_a_half_day_is_no_whole_working_day() -> None:
    """On 28 October an office in Türkiye closes at one o'clock."""
    on = date(2027, 10, 28)
    shut = closed(on, "TUR")
    assert shut is not None
    assert shut.why == "half_day"
    assert not is_working(on, ["TUR"])
    assert is_working(on, ["IRQ"])


# ------------------------------------------------------------------------------------------ counting


def naive(start: date, days: int, parties: tuple[str, ...], off: Mapping[str, set[date]]) -> date:
    """Day by day, with nothing but weekends and sets of days."""
    rests = {"IRQ": {FRI, SAT}, "TUR": {SAT, SUN}}
    on = start
    while days:
        on += DAY
        if all(on.weekday() not in rests[party] and on not in off[party] for party in parties):
            days -= 1
    return on


def days_off(first: int = 2018, last: int = 2036) -> dict[str, set[date]]:
    return {
        party: {h.on for year in range(first, last) for h in calendar(party, year).holidays} for party in BOTH
    }


DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(1, 260)
SIDES = st.sampled_from([("IRQ",), ("TUR",), BOTH, ("TUR", "IRQ")])


@given(DAYS, COUNTS, SIDES)
def test_a_deadline_is_what_counting_day_by_day_gives(
    start: date, days: int, parties: tuple[str, ...]
) -> None:
    """And every day on the way either counted or is told as skipped, with each party that was closed."""
    told = deadline(start, days, parties)
    assert told.on == naive(start, days, parties, days_off())
    way = [start + DAY * count for count in range(1, (told.on - start).days + 1)]
    skipped = {(shut.on, shut.party) for shut in told.skipped}
    assert skipped == {(on, party) for on in way for party in parties if closed(on, party) is not None}
    assert len(way) - len({on for on, _ in skipped}) == days


@given(DAYS, COUNTS, COUNTS, SIDES)
def test_counts_add_up(start: date, first: int, more: int, parties: tuple[str, ...]) -> None:
    """So many days, and so many more from there, are all of them; the order of the parties does not matter."""
    between = deadline(start, first, parties)
    whole = deadline(start, first + more, parties)
    assert deadline(between.on, more, parties).on == whole.on
    assert deadline(start, first + more, parties[::-1]).on == whole.on
    assert whole.on >= max(deadline(start, first + more, [party]).on for party in parties)
    assert workdays.next_joint_working_day(whole.on, parties) == whole.on


@given(DAYS, st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_deadline_that_the_moon_can_move_is_flagged(start: date, days: int, chance: random.Random) -> None:
    """Every estimated feast is moved by a day one way or the other: a deadline not flagged stays where it was.

    Seen to fail when only the days of a feast itself counted as doubtful, and not the one after it.
    """
    told = deadline(start, days, BOTH)
    moved = {party: set[date]() for party in BOTH}
    for party in BOTH:
        every = [h for year in range(start.year, start.year + 2) for h in calendar(party, year).holidays]
        by, last = 0, date.min
        for holiday in every:
            if not holiday.estimated:
                moved[party].add(holiday.on)
            if holiday.moving:
                by = by if holiday.on == last + DAY else chance.choice((-1, 0, 1))
                moved[party].add(holiday.on + DAY * by)
                last = holiday.on
    if not told.estimated:
        assert naive(start, days, BOTH, moved) == told.on


def test_a_deadline_across_a_confirmed_feast_is_no_estimate_and_across_an_estimated_one_is() -> None:
    assert not deadline(date(2025, 6, 1), 10, BOTH).estimated
    told = deadline(date(2027, 6, 1), 10, BOTH)  # the Islamic New Year and Ashura lie in it
    assert told.estimated
    assert [(str(s.on), s.party) for s in told.skipped if s.estimated] == [
        ("2027-06-06", "IRQ"),
        ("2027-06-15", "IRQ"),
    ]
    assert not deadline(date(2027, 6, 20), 10, BOTH).estimated


def test_a_deadline_right_after_an_estimated_feast_is_an_estimate() -> None:
    """The feast may come a day later, and the deadline then falls on it."""
    assert closed(date(2030, 5, 12), "IRQ") is not None  # Ashura, a Sunday
    assert deadline(date(2030, 5, 12), 1, BOTH).on == date(2030, 5, 13)
    assert deadline(date(2030, 5, 12), 1, BOTH).estimated
    assert not deadline(date(2030, 5, 13), 1, BOTH).estimated


@given(DAYS, st.integers(1, 40), st.lists(st.tuples(st.sampled_from(BOTH), st.integers(1, 60)), max_size=8))
def test_announced_days_go_before_the_calendar(
    start: date, days: int, announced: list[tuple[str, int]]
) -> None:
    """Closed by announcement: skipped, and said so. Open by announcement: counted, even a Saturday or a feast."""
    pairs = frozenset((party, start + DAY * by) for party, by in announced)
    later = deadline(start, days, BOTH, Announced(closed=pairs))
    off = days_off()
    for party, on in pairs:
        off[party].add(on)
    assert later.on == naive(start, days, BOTH, off)
    for party, on in pairs:
        shut = closed(on, party, Announced(closed=pairs))
        assert shut is not None
        assert shut.why == "announced"
        assert closed(on, party, Announced(closed=pairs, worked=pairs)) is None
    assert deadline(start, days, BOTH, Announced(worked=pairs)).on <= deadline(start, days, BOTH).on


def test_the_next_joint_working_day_is_the_day_itself_or_the_first_after_it() -> None:
    assert workdays.next_joint_working_day(date(2027, 1, 4), BOTH) == date(2027, 1, 4)
    assert workdays.next_joint_working_day(date(2027, 1, 7), BOTH) == date(2027, 1, 7)
    assert workdays.next_joint_working_day(date(2027, 1, 8), BOTH) == date(2027, 1, 11)
    assert workdays.next_joint_working_day(date(2027, 1, 6), BOTH) == date(2027, 1, 7)  # Army Day


def test_the_days_on_the_way_to_the_next_joint_working_day_are_told() -> None:
    told = workdays.following(date(2027, 1, 8), BOTH)
    assert told.on == date(2027, 1, 11)
    assert [(str(shut.on), shut.party) for shut in told.skipped] == [
        ("2027-01-08", "IRQ"), ("2027-01-09", "IRQ"), ("2027-01-09", "TUR"), ("2027-01-10", "TUR"),
    ]  # fmt: skip
    assert not told.estimated
    assert workdays.following(date(2027, 6, 14), BOTH).estimated  # Ashura is on the 15th, or a day before
    assert workdays.following(date(2027, 6, 15), BOTH).estimated


# ------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("party", ["UN", "EU", "ZZZ", "TR", "NATO", "ICRC", "HEAD", ""])
def test_a_party_that_is_no_country_has_no_calendar(party: str) -> None:
    """Never "no holidays, so every day is one": not for the party, not among others, and not for nobody at all."""
    for asked in (
        lambda: calendar(party, 2027),
        lambda: deadline(date(2027, 1, 1), 5, ["TUR", party]),
        lambda: workdays.joint_working_days(date(2027, 1, 1), date(2027, 1, 2), ["TUR", party]),
        lambda: deadline(date(2027, 1, 1), 5, []),
        lambda: workdays.next_joint_working_day(date(2027, 1, 1), []),
    ):
        with pytest.raises(Refused) as refused:
            asked()
        assert refused.value.code == "calendar_none"


@pytest.mark.parametrize("start", [date.min, date(1989, 12, 31), date(2077, 1, 1), date.max])
def test_a_year_without_tables_is_refused(start: date) -> None:
    """Before and after them every day without a holiday would look like a working day."""
    for asked in (
        lambda: deadline(start, 1, BOTH),
        lambda: is_working(start, BOTH),
        lambda: workdays.next_joint_working_day(start, BOTH),
        lambda: workdays.joint_working_days(start, start, BOTH),
    ):
        with pytest.raises(Refused) as refused:
            asked()
        assert refused.value.code == "calendar_year"


def test_a_count_that_runs_beyond_the_tables_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        deadline(date(2076, 12, 20), 30, BOTH)
    assert refused.value.code == "calendar_year"


@pytest.mark.parametrize("days", [-1, 0, workdays.MOST + 1, 10**9])
def test_a_count_of_none_or_too_many_is_refused(days: int) -> None:
    with pytest.raises(Refused) as refused:
        deadline(date(2027, 1, 1), days, BOTH)
    assert refused.value.code == "workdays_count"


def test_countries_beside_these_two_have_calendars_too() -> None:
    """Any state can be a party."""
    for party in ("JOR", "NLD", "ETH", "USA"):
        assert calendar(party, 2027).holidays
        assert all(holiday.names for holiday in calendar(party, 2027).holidays)
