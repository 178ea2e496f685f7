"""Papers that were made stay what they are: a template of one version and one Typst always give the same bytes.

A signed paper names both, and whoever verifies makes it again. So a template that has been used is never edited: add
another version of it. A new version of Typst adds its own bytes here, and takes none away.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.chapters.instruments.drafts import text as memorandum
from tests.papers import made

from comity.papers.typeset import typeset, version

GOLDEN = Path(__file__).parent / "golden.json"
LANGUAGES = ("en", "tr", "ar")


def test_a_paper_of_each_sort_has_the_bytes_that_it_always_had() -> None:
    known = json.loads(GOLDEN.read_text("utf-8"))
    papers = (
        made.instrument(memorandum(), LANGUAGES),
        made.minutes(LANGUAGES),
        made.report(LANGUAGES),
        made.certificate(LANGUAGES),
    )
    found = {f"{paper.sort}/{paper.version}": hashlib.sha256(typeset(paper)).hexdigest() for paper in papers}
    assert version() in known, f"Typst {version()} is new here: add what it makes: {json.dumps(found)}"
    assert known[version()] == found
