"""`comity bench record`: every figure of the contract is there, whatever the machine. Nothing here is timed."""

import json
from xml.etree import ElementTree as ET

import pytest

from comity.bench import record
from comity.bench.fill import DOCKET, openers, prepare
from comity.core.entry import commit, parse_leaf
from comity.core.errors import Refused

CONTRACT = (
    "append_per_s",
    "append_floor_per_s",
    "replicate_per_s",
    "replicate_floor_per_s",
    "prove_p50_us",
    "open_docket_p99_ms",
    "peak_rss_mb",
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """One run at the smallest size, with what it wrote and what it told."""
    folder = tmp_path_factory.mktemp("bench")
    told = []
    figures = record.run([1000], folder, folder / "figures.json", folder / "chart.svg", told.append)
    return figures, folder, "\n".join(told)


def test_the_contract(measured):
    """A run writes every promised figure, positive, into the JSON file."""
    figures, folder, _ = measured
    written = json.loads((folder / "figures.json").read_text("utf-8"))
    assert written == figures
    keys = (*CONTRACT, "commit_floor_us", "head_s", *(target.key for target in record.TARGETS))
    assert all(written[key] > 0 for key in keys)
    assert written["acts"] == 1000
    assert written["replicated"] >= 1000


def test_every_process_is_counted(measured):
    """The peak memory is the largest of all node processes', each of which is named."""
    figures, *_ = measured
    assert figures["peak_rss_mb"] == max(figures["peak_rss_mb_of"].values())
    assert set(figures["peak_rss_mb_of"]) >= {"fill", "say", "serve", "fetch", "ask", "check", "status"}


def test_what_is_told(measured):
    """The table names each figure, and each target has its verdict."""
    figures, _, told = measured
    assert all(f"{target.words}: " in told for target in record.TARGETS)
    assert f"{figures['append_floor_per_s']:,.0f}" in told
    assert "peak memory" in told


def test_the_chart(measured):
    """The picture is well-formed SVG."""
    _, folder, _ = measured
    root = ET.parse(folder / "chart.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(root.findall(".//{http://www.w3.org/2000/svg}polyline")) > len(CONTRACT)


def test_nothing_is_left(measured):
    """The nodes' folders are removed when the run ends."""
    _, folder, _ = measured
    assert sorted(path.name for path in folder.iterdir()) == ["chart.svg", "figures.json"]


def test_too_few():
    """A size at which nothing can be measured is refused."""
    with pytest.raises(Refused) as refused:
        record.measure(10, None, print)
    assert refused.value.code == "bench_too_few"


def test_a_target_that_was_missed_says_so(measured):
    """A verdict says MISSED where a figure is on the wrong side of its bound, and met where it is on it."""
    figures, *_ = measured
    lines = record.verdicts(figures | {"append_ratio": 0.499, "start_s": 2})
    assert [line.startswith("MISSED") for line in lines if "append, as" in line or "start of" in line] == [
        True,
        False,
    ]


def test_prepared_acts_are_what_the_definitions_say():
    """Leaves are valid, about 300 bytes with their content; a docket has 20 acts scattered among 1,000."""
    made = prepare(1, 1001, 1, {"TWO": 1})
    sizes = [len(row.entry.leaf) + len(row.entry.content) for row, _ in made]
    assert 290 < sum(sizes) / len(sizes) < 310
    for number, ((entry, docket, noun), named) in enumerate(made, 1):
        leaf = parse_leaf(entry.leaf)
        assert leaf.content == named == commit(entry.content)
        assert (leaf.docket or f"ONE/{number}") == str(docket)
        assert bool(noun) == (leaf.docket == "")
    found = openers(1, 1000)
    assert len(found) == 50
    assert all(sum(row.docket == ref for row, _ in made) == DOCKET for ref in found)


def test_acts_are_the_same_in_every_run():
    """The same numbers give the same bytes, so that two runs measure the same."""
    assert prepare(1, 50, 1, {"TWO": 1}) == prepare(1, 50, 1, {"TWO": 1})
