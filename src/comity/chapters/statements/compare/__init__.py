"""A published text compared with the statement that both sides accepted: what is the same, changed, missing, added.

    compare([{"en": "The two sides agreed to meet twice a year."}], "The two sides agreed to meet once a year.", "en")
    ->  one finding, changed: number, twice / once

Pure functions; no act and no state of the chapter is known here. How it works and where it fails is told in
`docs/explanation/comparing-statements.md`.
"""

from __future__ import annotations

from comity.chapters.statements.compare.comparing import LIMIT, compare, compare_texts
from comity.chapters.statements.compare.shapes import Aside, Comparison, Difference, Finding, Span

__all__ = ["LIMIT", "Aside", "Comparison", "Difference", "Finding", "Span", "compare", "compare_texts"]
