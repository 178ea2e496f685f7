"""Who may read and speak: what offices a person holds decides it, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.accounts import MACHINE, Accounts, Settings
from comity.chapters import all_chapters
from comity.core.charter import ROOT, parse_card
from comity.core.errors import Refused
from comity.desk.drafting import Order, draft
from comity.desk.house import House
from comity.node.home import Node
from comity.words import Words

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
QUICK = Settings(argon_iterations=1, argon_memory_kib=8, argon_lanes=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    nodes = [
        Node.init(tmp_path / code, code, {"en": code}, all_chapters(), lambda: NOW) for code in ("ONE", "TWO")
    ]
    charter = nodes[0].propose(
        [parse_card(node.make_card()) for node in nodes], {"en": "Trial"}, ["meetings"]
    )
    nodes[0].accept(charter)
    accounts = Accounts(tmp_path / "ONE", lambda: NOW, QUICK)
    found = House(nodes[0], accounts, lambda: NOW, UTC)
    for name in ("root", "auditor", "admin", "other"):
        accounts.add(MACHINE, name, name, "en", "four words and a lamp", admin=name == "admin")
    accounts.grant(MACHINE, "root", charter.id, ROOT)
    accounts.grant(MACHINE, "auditor", charter.id, "auditor")
    return found


def test_an_office_lets_read_and_to_administer_does_not(house: House) -> None:
    told = {
        name: len(house.open_to(house.accounts.person(name)))
        for name in ("root", "auditor", "admin", "other")
    }
    assert told == {"root": 1, "auditor": 1, "admin": 0, "other": 0}


@pytest.mark.parametrize("name", ["auditor", "admin", "other"])
def test_who_does_not_hold_an_office_speaks_for_none(house: House, name: str) -> None:
    record = house.mechanisms()[0]
    speaker = house.speaker(house.accounts.person(name), record, Words("en"))
    for order in (
        Order("charter.office_filled/1", {"office": "mfa", "titles": {"en": "Minister"}}),
        Order("charter.office_filled/1", {"office": "mfa", "titles": {"en": "Minister"}}, office=ROOT),
        Order(
            "charter.office_filled/1",
            {"office": "mfa", "titles": {"en": "x"}},
            office="auditor",
            sign_with=ROOT,
        ),
    ):
        with pytest.raises(Refused) as caught:
            record.say(draft(record, order, speaker).draft)
        assert caught.value.code in ("office_not_yours", "office_not_held")
    assert record.store.size("ONE") == 1


def test_who_holds_an_office_speaks_for_it(house: House) -> None:
    record = house.mechanisms()[0]
    speaker = house.speaker(house.accounts.person("root"), record, Words("en"))
    order = Order("charter.office_filled/1", {"office": "mfa", "titles": {"en": "Minister"}})
    before = house.state(record), house.tag(record)
    said = record.say(draft(record, order, speaker).draft)
    assert (said.ref.number, said.act.office) == (1, ROOT)
    assert house.state(record) != before[0]
    assert house.tag(record) != before[1]
    assert house.tag(record) == house.tag(record)
    assert house.tag(record, "tr") != house.tag(record, "ar")
