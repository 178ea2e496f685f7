"""How a due date is counted, and what whoever accepts it is told of it. What is typed and refused is in the stories."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.commitments import due as rules
from comity.chapters.commitments.acts import Basis, Due
from comity.core.errors import Refused
from comity.desk import due
from comity.desk.due import Notice
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
    basis = Basis(MONDAY, 20, "working_days", BOTH)
    assert due.notice(Due(date(2025, 4, 10), basis=basis)) is None
    told = due.notice(Due(date(2025, 4, 14), basis=basis))
    assert told == Notice("notice.due_counted", {"on": "2025-04-14", "counted": "2025-04-10"})
    unknown = due.notice(Due(date(2025, 4, 10), basis=Basis(MONDAY, 20, "working_days", ("TUR", "UN"))))
    assert unknown == Notice("notice.due_uncounted", {"on": "2025-04-10"})
    for other in (Due(MONDAY), Due(event={"en": "x"}), Due(MONDAY, basis=Basis(date(2025, 3, 1), 2, "days"))):
        assert due.notice(other) is None


def test_a_count_for_a_party_without_a_calendar_is_refused() -> None:
    with pytest.raises(Refused):
        due.count(Basis(MONDAY, 5, "working_days", ("UN",)))
