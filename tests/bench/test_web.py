"""`comity bench web` tells what it measured, of people who may speak, against a server of its own."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from comity.bench import web
from comity.bench.pact import ONE
from comity.core.errors import Unavailable


def test_a_short_run_tells_every_figure_that_its_table_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every page that was opened was one: anything but a page ends the run."""
    monkeypatch.setattr(web, "SECONDS", 1.0)
    monkeypatch.setattr(web, "PEOPLE", 4)
    monkeypatch.setattr(web, "PAUSE", 0.05)
    told: list[str] = []
    figures = web.run(1_000, tmp_path, tmp_path / "figures.json", told.append)
    assert figures["acts"] >= 1_000
    assert figures["clicks"] > 0
    assert 0 < figures["docket_p50_ms"] <= figures["docket_p95_ms"] <= figures["docket_p99_ms"]
    assert figures["starting_p95_ms"] > 0
    assert len(told) >= len(web._ROWS)
    assert not list(tmp_path.glob("comity-bench-*")), "the folder that was measured in is removed"


def test_the_people_who_click_may_speak(tmp_path: Path) -> None:
    """Else no page would try what may be said, which is a good part of its work."""
    web.live(tmp_path, 1_000, "100")
    dockets, mechanism = web._staffed(tmp_path)
    assert len(dockets) == 100
    cookies = web._people(tmp_path / ONE.lower(), mechanism)
    with web._serving(tmp_path / ONE.lower()) as at:

        async def page() -> bytes:
            async with web._browsers(at, cookies[:1]) as [person]:
                return (await person.get(f"/m/{mechanism[:12]}/d/{dockets[0]}"))[1]

        async def elsewhere() -> None:
            async with web._browsers(at, ["nobody"]) as [person]:
                await person.get(f"/m/{mechanism[:12]}/d/{dockets[0]}")

        assert "/say/commitments/" in gzip.decompress(asyncio.run(page())).decode()
        with pytest.raises(Unavailable, match="303"):
            asyncio.run(elsewhere())
