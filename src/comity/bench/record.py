"""The run: two nodes are founded, one is filled, and everything is measured, each step in a process of its own.

run([100_000], folder=None, json_path=None, chart=None)
{"acts": 100000, "append_per_s": 95210.3, "append_floor_per_s": 187520.1, "append_ratio": 0.51, ...}
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from comity import __version__
from comity.bench import node, pact
from comity.bench.chart import draw
from comity.core.errors import Refused

__all__ = ["FEWEST", "GROWTH", "TARGETS", "Target", "measure", "run", "table", "verdicts"]

FEWEST = 1000
GROWTH = (1_000, 10_000, 100_000, 1_000_000)
Figures = dict[str, Any]
Tell = Callable[[str], None]


class Target(NamedTuple):
    """What a figure should be: at least or at most a bound. `least` is how many acts it speaks of."""

    key: str
    bound: float
    at_least: bool
    words: str
    least: int = FEWEST


TARGETS = (
    Target("append_ratio", 0.5, True, "durable append, as a part of its floor"),
    Target("replicate_ratio", 0.4, True, "verified replication, as a part of its floor"),
    Target("replicate_per_s", 15_000, True, "verified replication, acts a second"),
    Target("callers_ratio", 10, True, "64 callers, as a multiple of one"),
    Target("prove_p50_us", 1_000, False, "inclusion proof, median, microseconds"),
    Target("open_docket_p99_ms", 20, False, "opening a docket of 20 acts, 99th percentile, milliseconds"),
    Target("peak_rss_mb", 300, False, "peak memory of either node, megabytes"),
    Target("start_s", 2, False, "start of a node to its first answer, seconds"),
    Target("check_s", 120, False, "check of the whole record, seconds"),
)


def run(
    sizes: Sequence[int], folder: Path | None, json_path: Path | None, chart: Path | None, tell: Tell = print
) -> Figures:
    """Measure at each size, say so, write what was asked for. Returns the figures at the last size.

    Where there are several, all of them are under `growth`. `docs/reference/bench.md` names them.
    """
    every = [measure(acts, folder, tell) for acts in sizes]
    figures = every[-1] | ({"growth": every} if len(every) > 1 else {})
    for line in ("", *table(every), "", *verdicts(figures)):
        tell(line)
    if json_path is not None:
        json_path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    if chart is not None:
        chart.write_text(draw(every), "utf-8")
    return figures


def measure(acts: int, folder: Path | None, tell: Tell) -> Figures:
    """One size, in a fresh folder under `folder` (or the system's temporary one) that is removed in the end."""
    if acts < FEWEST:
        raise Refused("bench_too_few", acts=acts, fewest=FEWEST)
    with tempfile.TemporaryDirectory(prefix="comity-bench-", dir=folder, ignore_cleanup_errors=True) as name:
        return _measure(acts, Path(name), tell)


def _measure(acts: int, folder: Path, tell: Tell) -> Figures:
    pact.found(folder)
    figures: Figures = {"acts": acts, "version": __version__}
    peaks: dict[str, float] = {}

    def take(role: str, found: Figures) -> None:
        peaks[role] = round(found.pop("peak_rss_mb"), 1)
        found.pop("until_answer_s", None)
        figures.update(found)

    tell(f"{acts} acts: append ...")
    take("fill", node.call("fill", folder, acts))
    tell(f"{acts} acts: callers ...")
    take("say", node.call("say", folder, acts))
    tell(f"{acts} acts: replicate ...")
    served: Figures = {}
    with node.serving(folder, acts, served) as address:
        take("fetch", node.call("fetch", folder, acts, address))
    take("serve", served)
    tell(f"{acts} acts: start, ask, check ...")
    starts = [node.call("status", folder, acts) for _ in range(5)]
    figures["start_s"] = median(start["until_answer_s"] for start in starts)
    take("status", starts[-1])
    take("ask", node.call("ask", folder, acts))
    take("check", node.call("check", folder, acts))
    figures["peak_rss_mb"] = max(peaks.values())
    figures["peak_rss_mb_of"] = peaks
    figures["append_ratio"] = figures["append_per_s"] / figures["append_floor_per_s"]
    figures["replicate_ratio"] = figures["replicate_per_s"] / figures["replicate_floor_per_s"]
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}


# --------------------------------------------------------------------------------------- in words

_ROWS = (
    ("append_per_s", "append, acts/s"),
    ("append_floor_per_s", "  its floor"),
    ("append_ratio", "  ratio"),
    ("replicate_per_s", "replicate, acts/s"),
    ("replicate_floor_per_s", "  its floor"),
    ("replicate_ratio", "  ratio"),
    ("say_batch_per_s", "say in batches, acts/s"),
    ("say_one_per_s", "say, one caller, acts/s"),
    ("say_64_per_s", "say, 64 callers, acts/s"),
    ("callers_ratio", "  ratio"),
    ("commit_floor_us", "bare commit of a row, us"),
    ("prove_p50_us", "inclusion proof p50, us"),
    ("prove_file_p50_us", "proof file p50, us"),
    ("open_docket_p50_ms", "open docket p50, ms"),
    ("open_docket_p99_ms", "open docket p99, ms"),
    ("head_s", "sign a head over all, s"),
    ("start_s", "start to first answer, s"),
    ("check_s", "check, s"),
    ("peak_rss_mb", "peak memory, MB"),
)


def table(every: Sequence[Figures]) -> list[str]:
    """The figures as lines, one column a size."""
    lines = [f"{'acts':<26}" + "".join(f"{figures['acts']:>14,}" for figures in every)]
    for key, words in _ROWS:
        lines.append(f"{words:<26}" + "".join(f"{_shown(figures[key]):>14}" for figures in every))
    return lines


def verdicts(figures: Figures) -> list[str]:
    """Each target, and whether it was met, in plain words."""
    lines = []
    for target in TARGETS:
        value = figures[target.key]
        met = value >= target.bound if target.at_least else value <= target.bound
        wanted = f"{'at least' if target.at_least else 'at most'} {target.bound:,g}"
        lines.append(f"{'met   ' if met else 'MISSED'}  {target.words}: {_shown(value)} ({wanted})")
    return lines


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"
