"""`comity demo` and `comity bench`: only their options; what they do is in `comity.demo` and `comity.bench`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from comity.cli.session import Session
from comity.cli.spoken import Argument, Option, command

__all__ = ["bench", "demo"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    "demo",
    Option(["--once"], is_flag=True),
    Option(["--json", "file"], type=_FILE, metavar="FILE", key="option.demo.json"),
    Option(["--dir", "folder"], type=click.Path(path_type=Path, file_okay=False), metavar="DIR"),
)
def demo(session: Session, once: bool, file: Path | None, folder: Path | None) -> int:
    """Two nodes and one memorandum."""
    from comity.demo import story

    return story.run(session.language, once=once, file=file, folder=folder)


@command(
    "bench",
    Argument(["what"], type=click.Choice(["record", "commitments", "papers", "api", "web"])),
    Option(["--acts"], type=click.IntRange(1000), metavar="N"),
    Option(["--commitments"], type=click.IntRange(100), default=5000, metavar="N", key="option.bench.commitments"),
    Option(["--says"], type=click.IntRange(100), default=20_000, metavar="N", key="option.bench.says"),
    Option(["--clients"], type=click.IntRange(1, 200), default=64, metavar="N", key="option.bench.clients"),
    Option(["--growth"], is_flag=True),
    Option(["--json", "file"], type=_FILE, metavar="FILE", key="option.bench.json"),
    Option(["--chart"], type=_FILE, metavar="FILE"),
    Option(["--dir", "folder"], type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR",
           key="option.bench.dir"),
)  # fmt: skip
def bench(
    session: Session,
    what: str,
    acts: int | None,
    commitments: int,
    says: int,
    clients: int,
    growth: bool,
    file: Path | None,
    chart: Path | None,
    folder: Path | None,
) -> int:
    """Measure on this machine."""
    del session
    measured = import_module(f"comity.bench.{what}")
    if what == "papers":  # no acts and no node are in it
        measured.run(file)
    elif what == "web":
        measured.run(acts or 100_000, folder, file)
    elif what == "api":
        measured.run(says, clients, folder, file)
    elif what == "commitments":
        measured.run(commitments, acts or 10 * commitments, folder, file)
    else:
        measured.run(measured.GROWTH if growth else (acts or 100_000,), folder, file, chart)
    return 0
