"""`comity bench commitments`: asking across the commitments of a mechanism with five committees.

run(5000, 50000, folder=None, json_path=None)
{"commitments": 5000, "acts": 50000, "overview_ms": 41.2, "overview_cold_ms": 690.0, "report_ms": 112.4, ...}

`docs/reference/bench.md` says exactly what each figure means.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from comity import __version__
from comity.bench import mechanism, node
from comity.bench.pact import ONE
from comity.bench.record import Target
from comity.core.errors import Unavailable

__all__ = ["TARGETS", "measure", "run", "table"]

Figures = dict[str, Any]
Tell = Callable[[str], None]
_COLD = 5

TARGETS = (
    Target("overview_ms", 100, False, "overview after a new act, median, milliseconds"),
    Target("overview_p95_ms", 100, False, "overview after a new act, 95th percentile, milliseconds"),
    Target("report_ms", 1_000, False, "a committee's report for a year, milliseconds"),
)

_ROWS = (
    ("commitments", "commitments"),
    ("acts", "acts"),
    ("fill_s", "said and received, s"),
    ("overview_ms", "overview p50, ms"),
    ("overview_p95_ms", "overview p95, ms"),
    ("overview_cpu_p95_ms", "  of it at work p95, ms"),
    ("overview_cold_ms", "overview, fresh process, ms"),
    ("start_ms", "  of it starting Python, ms"),
    ("overview_first_s", "overview, all folded anew, s"),
    ("report_ms", "committee's report, ms"),
    ("report_rows", "  commitments in it"),
    ("report_cut_ms", "  again, as of a cut, ms"),
    ("lineage_ms", "lineage, ms"),
    ("open_docket_p50_ms", "open a commitment p50, ms"),
    ("open_docket_p99_ms", "open a commitment p99, ms"),
    ("peak_rss_mb", "peak memory, MB"),
)


def run(
    commitments: int, acts: int, folder: Path | None, json_path: Path | None, tell: Tell = print
) -> Figures:
    """Measure, say so, and write the figures where they were asked for."""
    figures = measure(commitments, acts, folder, tell)
    for line in ("", *table(figures), "", *verdicts(figures)):
        tell(line)
    if json_path is not None:
        json_path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    return figures


def measure(commitments: int, acts: int, folder: Path | None, tell: Tell) -> Figures:
    """In a fresh folder under `folder` (or the system's temporary one) that is removed in the end. Raises `Refused`."""
    mechanism.require_enough(commitments, acts)
    with tempfile.TemporaryDirectory(prefix="comity-bench-", dir=folder, ignore_cleanup_errors=True) as name:
        return _measure(commitments, acts, Path(name), tell)


def _measure(commitments: int, acts: int, folder: Path, tell: Tell) -> Figures:
    figures: Figures = {"version": __version__}
    peaks: dict[str, float] = {}
    tell(f"{commitments} commitments, {acts} acts: say and receive ...")
    for role, more in (("live", (str(commitments),)), ("first", ()), ("across", ())):
        found = node.call(role, folder, acts, *more)
        peaks[role] = round(found.pop("peak_rss_mb"), 1)
        found.pop("until_answer_s")
        figures.update(found)
        tell("ask ...") if role == "live" else None
    figures["overview_cold_ms"] = median(_cold(folder) for _ in range(_COLD))
    figures["start_ms"] = median(_started("-c", "import comity.cli.main") for _ in range(_COLD))
    figures["peak_rss_mb"] = max(peaks.values())
    figures["peak_rss_mb_of"] = peaks
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in figures.items()}


def _cold(folder: Path) -> float:
    """`comity commitments overview` as somebody types it: milliseconds from the start of Python to its end."""
    words = (
        "--node",
        str(folder / ONE.lower()),
        "commitments",
        "overview",
        "--on",
        mechanism.ASKED.isoformat(),
    )
    return _started("-m", "comity", *words)


def _started(*arguments: str) -> float:
    began = time.perf_counter()
    came = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    if came.returncode:
        raise Unavailable(
            "comity", f"ended with {came.returncode}: {came.stderr.decode(errors='replace')[-400:]}"
        )
    return (time.perf_counter() - began) * 1e3


# --------------------------------------------------------------------------------------- in words


def table(figures: Figures) -> list[str]:
    """The figures as lines."""
    return [f"{words:<30}{_shown(figures[key]):>12}" for key, words in _ROWS]


def verdicts(figures: Figures) -> list[str]:
    """Each target, and whether it was met."""
    return [
        f"{'met   ' if figures[target.key] <= target.bound else 'MISSED'}  {target.words}: "
        f"{_shown(figures[target.key])} (at most {target.bound:,g})"
        for target in TARGETS
    ]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or isinstance(value, int) else f"{value:.4g}"
