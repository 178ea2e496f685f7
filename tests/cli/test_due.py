"""What governments have announced, as it is typed. How a due date is counted is in tests/desk."""

from __future__ import annotations

from datetime import date

import click
import pytest

from comity.cli import due
from comity.node import workdays

BOTH = ("IRQ", "TUR")


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
