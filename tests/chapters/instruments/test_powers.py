"""Who may sign: the same rule for a signature in the record and one on paper. Its refusals are in test_rules."""

from __future__ import annotations

from datetime import date

import pytest

from comity.chapters.instruments.powers import EX_OFFICIO, check_powers
from comity.core.act import Ref
from comity.core.chapter import Office, Powers
from comity.core.errors import Refused

DAY = date(2024, 8, 15)
HOLDER = Office("defence", {"en": "x"}, "", "key", "", Ref("TUR", 1))


def powers(**how: object) -> Powers:
    given: dict[str, object] = {
        "office": "defence",
        "key": "key",
        "instrument": "TUR/4",
        "until": None,
        **how,
    }
    return Powers(Ref("TUR", 2), **given)  # type: ignore[arg-type]


def test_an_office_of_article_7_2_needs_none() -> None:
    for capacity in EX_OFFICIO:
        check_powers(Office("x", {"en": "x"}, "", "key", capacity, Ref("TUR", 1)), [], "TUR/4", DAY)


def test_full_powers_cover_their_last_day_and_one_good_paper_is_enough() -> None:
    check_powers(HOLDER, [powers(until=DAY)], "TUR/4", DAY)
    check_powers(HOLDER, [powers(), powers(revoked=True), powers(instrument="TUR/9")], "TUR/4", DAY)


@pytest.mark.parametrize(
    ("issued", "code"),
    [
        ([], "powers_missing"),
        ([powers(office="mfa")], "powers_missing"),
        ([powers(instrument="TUR/9")], "powers_other"),
        ([powers(revoked=True)], "powers_revoked"),
        ([powers(key="other")], "powers_key"),
        ([powers(until=date(2024, 8, 14))], "powers_expired"),
    ],
)
def test_everything_else_is_refused_by_its_reason(issued: list[Powers], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_powers(HOLDER, issued, "TUR/4", DAY)
    assert refused.value.code == code
