"""What chapters are made of: what acts say on subjects, views, mandates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.core.author import NOON
from tests.worlds import pact

from comity.core.act import Act, Ref
from comity.core.chapter import Mandate, View, no, own, yes
from comity.core.halves import Voice


def act(*answers: Ref) -> Act:
    return Act(Ref("TUR", 5), "x.y/1", Ref("TUR", 1), NOON, "root", "", answers, {}, "", None)


def test_an_act_says_yes_to_itself_or_to_the_first_act_that_it_answers() -> None:
    """An answer to nothing says nothing."""
    assert own(act()) == (("TUR/5", True),)
    assert yes(act(Ref("IRQ", 3), Ref("IRQ", 4))) == (("IRQ/3", True),)
    assert no(act(Ref("IRQ", 3))) == (("IRQ/3", False),)
    assert yes(act()) == no(act()) == ()


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [(None, None, []), (0, None, [0, 1, 2]), (1, None, [1, 2]), (0, 2, [0, 1]), (1, 1, []), (None, 2, [])],
)
def test_a_mandate_is_in_force_from_its_day_until_before_its_end(
    since: int | None, until: int | None, days: list[int]
) -> None:
    """Never before it has a day to begin with."""
    first = date(2024, 8, 15)

    def day(n: int | None) -> date | None:
        return None if n is None else first + timedelta(days=n)

    mandate = Mandate("TUR/1#art-1", {"en": "x"}, ("IRQ", "TUR"), (), day(since), day(until))
    assert [n for n in range(3) if mandate.in_force(first + timedelta(days=n))] == days


def view(cut: dict[str, int]) -> View:
    voices = {
        "TUR/1": {"TUR": [Voice(1, True, {}), Voice(4, False, {})], "IRQ": [Voice(2, True, {"TUR": 2})]}
    }
    return View(Ref("TUR", 1), ("IRQ", "TUR"), {}, voices, list, cut)


def test_a_view_hears_only_what_lies_below_its_cut() -> None:
    """Also where the fold behind it has gone on since."""
    assert view({"TUR": 2}).agreed("TUR/1") is None
    assert view({"TUR": 2, "IRQ": 3}).agreed("TUR/1") == {"IRQ": 2, "TUR": 1}
    assert view({"TUR": 5, "IRQ": 3}).agreed("TUR/1") == {"IRQ": 2, "TUR": 1}
    assert view({"TUR": 5}).agreed("TUR/1", ["TUR"]) == {"TUR": 1}
    assert view({"TUR": 5}).agreed("TUR/9") is None
    assert set(view({"TUR": 2}).voices("TUR/1")) == {"TUR"}
    assert view({"TUR": 4}).stands("TUR/1", "TUR")
    assert not view({"TUR": 5}).stands("TUR/1", "TUR")
    assert not view({"TUR": 5}).stands("TUR/1", "IRQ")


def test_a_chapter_knows_its_kinds_by_name_and_version() -> None:
    """A later version of an act is another kind."""
    assert pact.CHAPTER.kind("pact.put/1") is pact.CHAPTER.kinds[0]
    assert pact.CHAPTER.kind("pact.put/2") is None
