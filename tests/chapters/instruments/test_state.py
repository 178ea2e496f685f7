"""A half keeps what one party said, in the order of its log, and nothing else."""

from __future__ import annotations

from datetime import date

import msgspec
from tests.chapters.instruments.scenarios import lived

from comity.chapters.instruments import CHAPTER
from comity.chapters.instruments.state import FIELDS, Half, apply


def test_every_kind_has_its_place_in_the_half() -> None:
    assert {kind.body for kind in CHAPTER.kinds} == set(FIELDS)
    assert set(FIELDS.values()) == set(Half.__struct_fields__)


def test_one_more_act_adds_one_and_changes_no_earlier_half() -> None:
    half = Half()
    for act in (act for act in lived().acts if act.party == "IRQ"):
        before = msgspec.structs.asdict(half)
        new = apply(half, act)
        assert msgspec.structs.asdict(half) == before
        field = FIELDS[type(act.body)]
        *earlier, last = getattr(new, field)
        assert tuple(earlier) == getattr(half, field)
        assert (last.ref, last.party, last.day) == (act.ref, "IRQ", act.time.date())
        half = new
    assert half.denunciations[0].day == date(2026, 1, 2)
