"""How a node's mechanisms meet the exchange: those that are founded while it serves too."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.node.houses import build, charter

from comity.core.errors import Refused, Unavailable
from comity.node.reaching import Stations, place


def test_a_mechanism_that_is_founded_meanwhile_is_there_at_once(tmp_path: Path) -> None:
    """Nobody starts the server again, and the same record answers pages and the other nodes."""
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    founded, stations = charter(nodes), Stations(nodes[1])
    assert list(stations) == []
    assert stations.get(founded.id) is None
    record = nodes[1].accept(founded)
    assert stations[founded.id].journal is record
    assert stations.of(founded.id) is stations[founded.id]
    assert list(stations) == [founded.id]
    assert len(stations) == 1


@pytest.mark.parametrize("asked", ["", "..", "../../keys", "x" * 43, "\0"])
def test_what_is_no_mechanism_of_ours_is_not_there(tmp_path: Path, asked: str) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    nodes[1].accept(charter(nodes))
    assert Stations(nodes[1]).get(asked) is None


def test_a_record_that_cannot_be_opened_is_not_there_and_it_is_told_why(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    founded = charter(nodes)
    (tmp_path / "TUR" / "mechanisms" / founded.id).mkdir(parents=True)
    (tmp_path / "TUR" / "mechanisms" / founded.id / "record.db").write_bytes(b"nothing" * 100)
    stations = Stations(nodes[1])
    assert stations.get(founded.id) is None
    with pytest.raises(Unavailable, match=r"record\.db"):
        stations.of(founded.id)


def test_a_party_without_an_address_is_reached_nowhere_and_a_stranger_is_none(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    record = nodes[1].accept(charter(nodes))
    assert place(record, "IRQ") is None
    with pytest.raises(Refused):
        place(record, "JOR")
