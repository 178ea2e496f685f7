"""A good token is believed for its second and no longer; nothing else opens anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.accounts.house import MECHANISM, house

from comity.api import bearers
from comity.api.bearers import Bearers, require_own_origin
from comity.core.errors import Refused


def test_the_accounts_are_asked_once_a_second(tmp_path: Path) -> None:
    accounts, _ = house(tmp_path)
    header = "Bearer " + accounts.make_token("deniz", "deniz", MECHANISM, "secretariat", "letters")
    now = [5.0]
    door = Bearers(accounts, 1.0, lambda: now[0])
    assert door.remembered(header) is None
    found = door.find(header, "")
    assert (found.office, found.person.name) == ("secretariat", "deniz")
    accounts.revoke_token("deniz", found.id)
    assert door.remembered(header) == found
    assert door.find(header, "") == found
    now[0] = 6.0
    assert door.remembered(header) is None
    with pytest.raises(Refused):
        door.find(header, "")
    accounts.close()


def test_memory_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts, _ = house(tmp_path)
    monkeypatch.setattr(bearers, "_MOST", 2)
    door = Bearers(accounts)
    for title in "abcde":
        door.find("bearer " + accounts.make_token("deniz", "deniz", MECHANISM, "secretariat", title), "")
        assert len(door._good) <= 2
    accounts.close()


@pytest.mark.parametrize(
    ("host", "origin", "site", "fine"),
    [
        ("a.example", "", "", True), ("a.example", "https://a.example", "same-origin", True),
        ("a.example:8", "http://a.example:8", "", True), ("a.example", "", "none", True),
        ("a.example", "https://b.example", "", False), ("a.example", "null", "", False),
        ("", "https://", "", False), ("a.example", "", "cross-site", False), ("a.example", "", "same-site", False),
    ],
)  # fmt: skip
def test_only_our_own_pages_and_programs_may_ask(host: str, origin: str, site: str, fine: bool) -> None:
    if fine:
        require_own_origin(host, origin, site)
        return
    with pytest.raises(Refused) as caught:
        require_own_origin(host, origin, site)
    assert caught.value.code == "origin_foreign"
