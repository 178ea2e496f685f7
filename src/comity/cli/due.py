"""The options with which terms become due after so many joint working days (`comity.desk.due` counts them).

comity commitments propose ... --terms terms.yaml --working-days 20 --from 2025-03-03 --closed IRQ=2025-03-16
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import click

from comity.cli.spoken import DAY, Option
from comity.desk.due import Period
from comity.node import workdays
from comity.node.workdays import Announced

__all__ = ["announced", "announcements", "options", "period"]


def options() -> list[click.Parameter]:
    """The options with which terms become due after so many joint working days."""
    return [
        Option(
            ["--working-days"], type=click.IntRange(1, workdays.MOST), metavar="N", key="option.workdays.days"
        ),
        Option(["--from", "counted_from"], type=DAY, metavar="DAY", key="option.workdays.from"),
        *announcements(),
    ]


def announcements() -> list[click.Parameter]:
    """The options that say what governments have announced, which no calendar knows."""
    return [
        Option([f"--{name}"], metavar="PARTY=DAY", multiple=True, key=f"option.workdays.{name}")
        for name in ("closed", "worked")
    ]


def announced(values: Mapping[str, Any], parties: Sequence[str]) -> Announced:
    """What those options say, of those whose days are counted. Raises a usage error."""
    return Announced(*(_days(name, values.get(name) or (), parties) for name in ("closed", "worked")))


def _days(name: str, given: Iterable[str], parties: Sequence[str]) -> frozenset[tuple[str, date]]:
    found = set()
    for text in given:
        party, _, day = text.partition("=")
        if party not in parties:
            raise click.BadParameter("usage.party_not_counted", param_hint=f"--{name} {text}")
        try:
            found.add((party, date.fromisoformat(day)))
        except ValueError as error:
            raise click.BadParameter("usage.party_day", param_hint=f"--{name} {text}") from error
    return frozenset(found)


def period(values: Mapping[str, Any], parties: Sequence[str]) -> Period:
    """What those options say of how a due day is counted. Raises a usage error."""
    said = announced(values, parties)
    return Period(values.get("working_days"), values.get("counted_from"), said.closed, said.worked)
