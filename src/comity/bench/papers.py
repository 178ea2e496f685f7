"""`comity bench papers`: how long it takes to set an instrument of 120 pages in two languages.

run(json_path=None)
{"pages": 121, "seconds": 1.31, "floor_seconds": 0.86, "ratio": 1.52, "first_seconds": 1.62, "bytes": 1679874, ...}

The *floor* sets the same words with the same fonts and the same typesetter, one paragraph after the other in one
column: no rows, no signs, no headers, no PDF/A. Both take turns, each time with other words, so that nothing is there
already.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from comity import __version__
from comity.chapters.instruments.text import Text
from comity.core.errors import Unavailable
from comity.papers import typeset as setting
from comity.papers.instrument import instrument_paper
from comity.papers.paper import Frame, Paper, Party

__all__ = ["PAGES", "SECONDS", "measure", "run", "sample"]

PAGES, SECONDS = 120, 2.0
ROUNDS = 5
_ARTICLES = 135
_PAGE = re.compile(rb"/Type\s*/Page\b")
_LETTERS = {"en": ("aeiou", "bcdfghlmnprstvw"), "ar": ("اوي", "بتجحخدرسشصعفقكلمنه")}
_FLOOR = Path(__file__).with_suffix(".typ")
Tell = Callable[[str], None]


def run(json_path: Path | None, tell: Tell = print) -> dict[str, Any]:
    """Measure, say so, and write the figures where they were asked for. Raises `Unavailable` without Typst."""
    figures = measure()
    for name, value in figures.items():
        tell(f"{name:<16}{value:>14,}" if isinstance(value, int) else f"{name:<16}{value:>14}")
    met = "met   " if figures["seconds"] <= SECONDS else "MISSED"
    tell(f"{met}  {figures['pages']} pages in two languages: {figures['seconds']} s (at most {SECONDS:g})")
    if json_path is not None:
        json_path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    return figures


def measure(articles: int = _ARTICLES, rounds: int = ROUNDS) -> dict[str, Any]:
    """The figures: medians over the rounds, in seconds."""
    seconds, floors, raw = [], [], b""
    floor = _floor()
    began = time.perf_counter()
    setting.typeset(sample(articles, seed=0))
    first = time.perf_counter() - began
    for number in range(1, rounds + 1):
        paper = sample(articles, seed=number)
        began = time.perf_counter()
        raw = setting.typeset(paper)
        seconds.append(time.perf_counter() - began)
        words = _words(paper)
        began = time.perf_counter()
        floor(words)
        floors.append(time.perf_counter() - began)
    return {
        "version": __version__,
        "typst": setting.version(),
        "pages": len(_PAGE.findall(raw)),
        "bytes": len(raw),
        "rounds": rounds,
        "first_seconds": round(first, 3),
        "seconds": round(median(seconds), 3),
        "floor_seconds": round(median(floors), 3),
        "ratio": round(median(took / least for took, least in zip(seconds, floors, strict=True)), 3),
    }


def sample(articles: int, seed: int) -> Paper:
    """A made-up instrument in English and Arabic letters: articles of paragraphs and points, words of no meaning."""
    rng = random.Random(seed)
    known = {tag: [_word(rng, tag) for _ in range(900)] for tag in _LETTERS}

    def said(count: int, key: str = "text") -> dict[str, dict[str, str]]:
        return {tag: {key: " ".join(rng.choices(known[tag], k=count))} for tag in known}

    rows: list[dict[str, Any]] = []

    def row(id_: str, kind: str, number: object, under: str, words: dict[str, dict[str, str]]) -> None:
        rows.append({"id": id_, "kind": kind, "number": str(number), "under": under, "words": words})

    for article in range(1, articles + 1):
        top = f"art-{article}"
        row(top, "article", article, "", said(4, "heading"))
        for number in range(1, 5):
            row(f"{top}.{number}", "paragraph", number, top, said(rng.randint(20, 70)))
            for letter in "abc" if number == 2 else "":
                row(f"{top}.2.{letter}", "point", letter, f"{top}.2", said(rng.randint(6, 25)))
    title = {"en": "Benchmark", "ar": "قياس"}
    text = msgspec.convert({"title": title, "languages": list(title), "provisions": rows}, Text)
    parties = tuple(Party(code, {"en": code}) for code in ("ONE", "TWO"))
    return instrument_paper(text, "ONE/4", date(2024, 8, 15), Frame("benchmark", title, parties))


def _word(rng: random.Random, tag: str) -> str:
    vowels, consonants = _LETTERS[tag]
    return "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(rng.randint(1, 4)))


def _words(paper: Paper) -> list[str]:
    return [
        said
        for row in paper.data["text"]["provisions"]
        for words in row["words"].values()
        for said in words.values()
    ]


def _floor() -> Callable[[list[str]], bytes]:
    """The typesetter with the same fonts and a template of three lines (`papers.typ`)."""
    try:
        import typst  # noqa: PLC0415  an optional extra
    except ImportError as error:
        raise Unavailable("typst", "is not installed: pip install 'comity[papers]'") from error
    fonts = [str(setting.FONTS)]
    compiler = typst.Compiler(
        str(_FLOOR), root=str(_FLOOR.parent), font_paths=fonts, ignore_system_fonts=True
    )

    def compiled(said: list[str]) -> bytes:
        made: Any = compiler.compile(format="pdf", sys_inputs={"said": json.dumps(said)}, pdf_tags=False)
        return bytes(made)

    return compiled
