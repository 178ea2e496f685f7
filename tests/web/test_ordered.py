"""What a form orders: its content as data, a day that is counted, and all that is wrong with it."""

from __future__ import annotations

import pytest
from tests.web.world import World, act_of, errors, hidden, seen

from comity.core.act import LANGUAGES


def test_terms_open_as_they_stand_and_a_day_is_counted_before_it_is_said(world: World) -> None:
    ref = world.commitment()
    page = world.client().get(f"{world.root}/say/commitments/propose-terms/{ref}")
    assert 'value="2024-12-01"' in page.text
    counted = world.confirmed(
        world.client(), f"commitments/propose-terms/{ref}", {"_days": "20", "_start": "2024-09-02"}
    )
    assert counted.status_code == 200, seen(counted)
    assert "Counted in" in seen(counted)
    moved = world.confirmed(
        world.client(), f"commitments/propose-terms/{ref}", {**hidden(counted), "terms.due.on": "2025-01-15"}
    )
    assert moved.status_code == 200, seen(moved)
    assert "15 January 2025" in seen(moved)
    assert "Counted in" not in seen(moved), "a day that was typed was not counted"


def test_a_day_that_a_government_announced_moves_the_day_that_is_counted(world: World) -> None:
    """The last page shows it, and what is said is what it shows."""
    ref, client = world.commitment(), world.client()
    place = f"commitments/propose-terms/{ref}"
    plain = world.confirmed(client, place, {"_days": "1", "_start": "2024-09-02"})
    assert "3 September 2024" in seen(plain)
    closed = {"_days": "2", "_start": "2024-09-02", "_closed.IRQ": "2024-09-03 2024-09-04", "_closed.TUR": ""}
    page = world.confirmed(client, place, closed)
    assert page.status_code == 200, seen(page)
    assert "9 September 2024" in seen(page), (
        "Thursday the 5th, and then Monday: Friday to Sunday one of both rests"
    )
    assert hidden(page)["_closed.IRQ"] == ["2024-09-03 2024-09-04"]
    said = act_of(client.post(f"{world.root}/say/{place}", {**hidden(page), "_do": "say"}))
    assert "9 September 2024" in seen(client.get(f"{world.root}/a/{said}"))
    worked = {"_days": "1", "_start": "2024-09-05", "_worked.IRQ": "2024-09-06"}
    assert "6 September 2024" in seen(world.confirmed(client, place, worked))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_counted_is_told_beside_its_field(world: World, language: str) -> None:
    page = world.confirmed(
        world.client(language), f"commitments/propose-terms/{world.commitment()}",
        {"_days": "1001", "_start": "2024-09-02", "_closed.IRQ": "soon", "_worked.TUR": "2024-09-31"},
    )  # fmt: skip
    assert page.status_code == 422
    assert {"_days", "_closed.IRQ", "_worked.TUR"} <= set(errors(page))
    assert 'value="soon"' in page.text
