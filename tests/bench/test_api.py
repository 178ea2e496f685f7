"""`comity bench api`: every figure is there and every acknowledged act is in the log. Nothing here is timed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity.bench import api
from comity.core.errors import Broken, Unavailable

KEYS = {
    "version", "says", "clients", "says_per_s", "p50_ms", "p95_ms", "p99_ms", "echo_per_s", "alone_one_per_s",
    "alone_many_per_s", "ratio_to_echo", "ratio_to_alone", "lost",
}  # fmt: skip


def test_every_figure_is_told_and_written_and_nothing_is_lost(tmp_path: Path) -> None:
    told: list[str] = []
    figures = api.run(120, 4, tmp_path, tmp_path / "figures.json", told.append)
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == figures
    assert set(figures) == KEYS
    assert all(any(line.startswith(key) for line in told) for key in KEYS)
    assert (figures["says"], figures["clients"], figures["lost"]) == (120, 4, 0)


def test_an_acknowledged_act_that_is_not_in_the_log_ends_the_run() -> None:
    class Store:
        def size(self, _party: str) -> int:
            return 3

    class Record:
        store = Store()

    record: Any = Record()
    assert api._lost(record, ["ONE/1", "ONE/2"]) == 0
    for said in (["ONE/3"], ["ONE/1", "ONE/1"]):
        with pytest.raises(Broken):
            api._lost(record, said)


def test_a_process_that_dies_is_named() -> None:
    with pytest.raises(Unavailable, match="'serve'"), api._process("serve", "/nowhere"):
        pass
