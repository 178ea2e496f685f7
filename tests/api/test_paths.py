"""The table of paths is whole: every path says what it takes and answers, and has words in every language."""

from __future__ import annotations

import re

import pytest

from comity.api.deeds import DEEDS, Deed
from comity.api.paths import PATHS, Path, pattern
from comity.core.act import LANGUAGES
from comity.words import Words


@pytest.mark.parametrize("path", [*PATHS, *DEEDS], ids=lambda path: path.name)
def test_a_path_has_words_and_its_values_have_too(path: Path | Deed) -> None:
    assert {param.name for param in path.within} == set(re.findall(r"\{(\w+)\}", path.path))
    for language in LANGUAGES:
        own = Words(language).of("api", language)
        keys = {
            f"path.{path.name}",
            *(f"param.{param.name}" for param in (*path.within, *getattr(path, "query", ()))),
        }
        assert keys <= set(own)


def test_no_two_paths_are_one() -> None:
    assert len({path.path for path in PATHS}) == len({path.name for path in PATHS}) == len(PATHS)


def test_the_router_gets_strings() -> None:
    assert pattern("/acts/{party}/{number}") == "/acts/{party:str}/{number:str}"
