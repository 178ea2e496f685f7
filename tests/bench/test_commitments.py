"""`comity bench commitments`: every figure of the contract is there, whatever the machine. Nothing here is timed."""

import json

import pytest

from comity.bench import commitments
from comity.core.errors import Refused, Unavailable

CONTRACT = (
    "overview_ms",
    "overview_p95_ms",
    "overview_cold_ms",
    "overview_first_s",
    "report_ms",
    "report_cut_ms",
    "lineage_ms",
    "open_docket_p99_ms",
    "commitments",
    "acts",
    "peak_rss_mb",
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """One run at the smallest size, with what it wrote and what it told."""
    folder = tmp_path_factory.mktemp("bench")
    told = []
    figures = commitments.run(100, 1100, folder, folder / "figures.json", told.append)
    return figures, folder, "\n".join(told)


def test_the_contract(measured):
    """A run writes every promised figure, positive, into the JSON file; it says as many acts as were asked for."""
    figures, folder, _ = measured
    written = json.loads((folder / "figures.json").read_text("utf-8"))
    assert written == figures
    assert all(written[key] > 0 for key in CONTRACT)
    assert (written["commitments"], written["acts"]) == (100, 1100)
    assert 10 <= written["report_rows"] <= 100


def test_every_process_is_counted(measured):
    figures, *_ = measured
    assert figures["peak_rss_mb"] == max(figures["peak_rss_mb_of"].values())
    assert set(figures["peak_rss_mb_of"]) == {"live", "first", "across"}


def test_what_is_told(measured):
    """The table names each figure, and each target has its verdict."""
    figures, _, told = measured
    assert all(f"{target.words}: " in told for target in commitments.TARGETS)
    assert "peak memory" in told
    late = commitments.verdicts({**figures, "overview_ms": 100.1, "report_ms": 1000})
    assert [line.startswith("MISSED") for line in late if "median" in line or "report" in line] == [
        True,
        False,
    ]


def test_nothing_is_left(measured):
    """The nodes' folders are removed when the run ends."""
    _, folder, _ = measured
    assert [path.name for path in folder.iterdir()] == ["figures.json"]


@pytest.mark.parametrize(("count", "acts"), [(99, 10_000), (200, 1999)])
def test_too_few(count, acts):
    """A size at which not enough happens is refused."""
    with pytest.raises(Refused) as refused:
        commitments.measure(count, acts, None, print)
    assert refused.value.code == "bench_too_few"


def test_a_process_that_fails_is_told(tmp_path):
    """And what it complained of."""
    with pytest.raises(Unavailable) as error:
        commitments._cold(tmp_path)
    assert "ended with" in error.value.why
