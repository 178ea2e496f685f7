"""From a paper to its file: PDF/A-2b by Typst, with the shipped fonts and no others.

    typeset(paper)[:8]  ->  b"%PDF-1.7"

A pure function of the paper, the installed version of Typst and the files of this package: no clock, no system fonts,
no locale, no network. Typst is the optional extra `comity[papers]`, imported when the first paper is made.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from types import ModuleType
from typing import Any

from comity.core.errors import Malformed, Unavailable
from comity.papers import certificate, instrument, minutes, report
from comity.papers.glyphs import FONTS
from comity.papers.paper import Paper

__all__ = ["FONTS", "TEMPLATES", "typeset", "version"]

TEMPLATES = Path(__file__).resolve().parent / "templates"
_KEPT, _AGE = 600_000, 12  # bytes of sheets; compilations after which Typst lets go of what none has used
_LAYOUTS: Mapping[str, Callable[[Paper], dict[str, Any]]] = {
    "instrument": instrument.lay_out,
    "minutes": minutes.lay_out,
    "report": report.lay_out,
    "certificate": certificate.lay_out,
}
_MISSING = "is not installed: pip install 'comity[papers]'"


def typeset(paper: Paper) -> bytes:
    """The paper as PDF/A-2b: the same bytes for the same paper, on every machine.

    Raises `Malformed` for a paper that cannot be printed as it is, `Unavailable` without Typst.
    """
    typst = _typst()
    sheet = json.dumps(_LAYOUTS[paper.sort](paper), ensure_ascii=False, separators=(",", ":"))
    try:
        return _press().print(sheet)
    except typst.TypstError as error:
        raise Malformed("paper", f"cannot be set: {error.message}") from error


def version() -> str:
    """The version of Typst's package, on which the bytes depend. Raises `Unavailable`."""
    try:
        return version_of("typst")
    except PackageNotFoundError as error:
        raise Unavailable("typst", _MISSING) from error


def _typst() -> ModuleType:
    try:
        return import_module("typst")
    except ImportError as error:
        raise Unavailable("typst", _MISSING) from error


@cache
def _press() -> Press:
    return Press()


class Press:
    """One compiler for the process: it keeps the fonts it has read, and what it can use again between papers.

    Typst keeps what it has laid out until ten papers later, 200 bytes for each byte of a sheet: a gigabyte after some
    long instruments. So when much has been set, papers without words are set until it has let go.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = 0
        self._compiler = _typst().Compiler(
            str(TEMPLATES / "paper.typ"),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
        )

    def print(self, sheet: str) -> bytes:
        """The sheet as PDF/A-2b, one after the other if several ask at once. Raises `typst.TypstError`."""
        with self._lock:
            made: bytes = self._compiler.compile(
                str(TEMPLATES / "paper.typ"),
                format="pdf",
                pdf_standards=["a-2b"],
                sys_inputs={"sheet": sheet},
            )
            self._kept += len(sheet)
            if self._kept > _KEPT:
                self._forget()
            return made

    def _forget(self) -> None:
        for _ in range(_AGE):
            self._compiler.compile(str(TEMPLATES / "nothing.typ"), format="pdf")
        self._kept = 0
