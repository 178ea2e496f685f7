"""How a due date is counted, and what whoever accepts it is told of it. What is typed and refused is in the stories."""

from __future__ import annotations

from datetime import date

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.commitments import due as rules
from comity.chapters.commitments.acts import Basis, Due
from comity.cli import due
from comity.cli.session import Session
from comity.core.errors import Refused
from comity.node import workdays

BOTH = ("IRQ", "TUR")
MONDAY = date(2025, 3, 3)
BASES = st.builds(
    Basis,
    st.dates(date(2019, 1, 1), date(2030, 12, 31)),
    st.integers(1, 120),
    st.sampled_from(["days", "working_days", "months"]),
    st.sampled_from([("IRQ",), ("TUR",), BOTH]),
)


@given(BASES)
def test_what_is_counted_here_is_what_the_rules_of_the_chapter_allow(basis: Basis) -> None:
    """They refuse a day before the first that the count can end on, and count again what needs no calendar."""
    on = due.count(basis).on
    assert on >= rules.earliest(basis)
    assert workdays.is_working(on, basis.calendars)
    bare = Basis(basis.start, basis.count, "months")
    assert due.count(bare).on == rules.counted(bare)


def test_a_notice_is_given_where_the_calendars_here_count_otherwise_and_only_there() -> None:
    session = Session()
    session.language = "en"
    basis = Basis(MONDAY, 20, "working_days", BOTH)
    assert due.notice(session, Due(date(2025, 4, 10), basis=basis)) == ""
    told = due.notice(session, Due(date(2025, 4, 14), basis=basis))
    assert "2025-04-10" in told
    assert "2025-04-14" in told
    unknown = due.notice(
        session, Due(date(2025, 4, 10), basis=Basis(MONDAY, 20, "working_days", ("TUR", "UN")))
    )
    assert "2025-04-10" in unknown
    for other in (Due(MONDAY), Due(event={"en": "x"}), Due(MONDAY, basis=Basis(date(2025, 3, 1), 2, "days"))):
        assert due.notice(session, other) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "IRQ",
        "=2025-03-16",
        "IRQ=",
        "IRQ=yesterday",
        "IRQ=2025-02-30",
        "IRQ=2025-3-16",
        "irq=2025-03-16",
        "JOR=2025-03-16",
    ],
)
def test_an_announced_day_is_a_party_whose_days_are_counted_and_a_day(text: str) -> None:
    """A party that was misspelt is told, and never passed over."""
    for name in ("closed", "worked"):
        with pytest.raises(click.BadParameter):
            due.announced({name: [text]}, BOTH)


def test_announced_days_are_read() -> None:
    told = due.announced({"closed": ["IRQ=2025-03-16"], "worked": ["TUR=2025-03-15", "TUR=2025-03-16"]}, BOTH)
    assert told.closed == {("IRQ", date(2025, 3, 16))}
    assert len(told.worked) == 2
    assert due.announced({}, BOTH) == workdays.NONE


def test_a_count_for_a_party_without_a_calendar_is_refused() -> None:
    with pytest.raises(Refused):
        due.count(Basis(MONDAY, 5, "working_days", ("UN",)))
