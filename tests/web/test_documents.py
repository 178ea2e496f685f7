"""Documents: what can be made is listed with its languages, and made; what cannot is told in words."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.core.errors import Unavailable
from comity.desk import documents
from comity.words import Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_all_have_accepted_is_listed(stage: Stage, language: str) -> None:
    root = stage.root("TUR")
    page = stage.client("TUR", "ayla", language).get(f"{root}/documents").text
    for path in ("paper/TUR/9", "paper/TUR/4", "paper/TUR/42", "pack/TUR/9"):
        assert f'href="{root}/documents/{path}"' in page
    assert "pack/TUR/4" not in page
    words = Words(language)
    for sort in ("instrument", "minutes", "report"):
        assert words.say(f"web.paper.{sort}", "web") in page


def test_the_languages_chosen_are_those_of_the_files(stage: Stage) -> None:
    root = stage.root("IRQ")
    page = stage.client("IRQ", "layla", "en").get(f"{root}/documents?in=tr&in=en&in=xx").text
    assert f'href="{root}/documents/paper/TUR/9?in=en,tr"' in page
    assert len(re.findall(r'type="checkbox"[^>]* checked', page)) == 2


@pytest.mark.parametrize("ref", ["TUR/9?in=ar,en,tr", "TUR/4", "TUR/42?in=tr"])
def test_each_paper_is_made_alike_on_both_nodes(stage: Stage, ref: str) -> None:
    files = [
        stage.client(party, name).get(f"{stage.root(party)}/documents/paper/{ref}")
        for party, name in (("TUR", "ayla"), ("IRQ", "layla"))
    ]
    assert [file.status_code for file in files] == [200, 200]
    assert files[0].content == files[1].content
    assert files[0].content.startswith(b"%PDF-")
    assert files[0].headers["content-disposition"].startswith("attachment")


def test_a_pack_for_a_register_is_a_zip_with_the_paper_in_it(stage: Stage) -> None:
    answer = stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/documents/pack/TUR/9")
    assert answer.status_code == 200
    assert {"paper.pdf", "proof.json"} <= set(ZipFile(BytesIO(answer.content)).namelist())


@pytest.mark.parametrize(
    ("path", "status"),
    [("paper/TUR/36", 409), ("paper/TUR/26", 409), ("pack/TUR/4", 409), ("paper/TUR/9999", 404), ("paper/SYR/1", 404),
     ("paper/TUR/x", 404), ("pack/%3Cb%3E/1", 404)],
)  # fmt: skip
def test_what_is_no_paper_is_refused_in_words(stage: Stage, path: str, status: int) -> None:
    answer = stage.client("TUR", "ayla", "tr").get(f"{stage.root('TUR')}/documents/{path}")
    assert answer.status_code == status
    assert "<html" in answer.text


def test_without_the_optional_part_the_page_says_what_to_install(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(documents, "import_module", missing)
    client = stage.client("TUR", "ayla", "en")
    answer = client.get(f"{stage.root('TUR')}/documents/paper/TUR/9")
    assert answer.status_code == 503
    assert "comity[papers]" in answer.text
    assert client.get(f"{stage.root('TUR')}/documents").status_code == 200
    with pytest.raises(Unavailable):
        documents._papers("pack")
