"""One act as the record holds it: what the page shows is what was hashed, and its proof holds for a stranger."""

from __future__ import annotations

import html
import re

import pytest
from tests.web.stage import Stage
from tests.web.world import seen

from comity.core.act import LANGUAGES, Ref
from comity.core.entry import commit, leaf_hash, parse_leaf
from comity.core.proof import Verdict, verify_proof
from comity.storage.port import entry_at


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_of_the_story_has_a_page_with_its_bytes(stage: Stage, language: str) -> None:
    client, root = stage.client("TUR", "ayla", language), stage.root("TUR")
    record = stage.house("TUR").mechanisms()[0]
    for number in range(0, record.store.size("TUR"), 1 if language == "en" else 7):
        ref = Ref("TUR", number)
        page = client.get(f"{root}/a/{ref}")
        assert page.status_code == 200
        entry = entry_at(record.store, ref)
        assert entry.leaf.decode() in html.unescape(page.text)
        assert leaf_hash(entry.leaf) in page.text


def test_what_is_downloaded_is_what_was_hashed(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla"), stage.root("TUR")
    leaf = client.get(f"{root}/a/IRQ/4/leaf")
    content = client.get(f"{root}/a/IRQ/4/content")
    assert commit(content.content) == parse_leaf(leaf.content, "leaf").content
    assert "attachment" in leaf.headers["content-disposition"]
    assert leaf_hash(leaf.content) in client.get(f"{root}/a/IRQ/4").text


def test_the_proof_holds_for_a_stranger(stage: Stage) -> None:
    raw = stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/a/IRQ/14/proof")
    assert raw.status_code == 200
    verdict = verify_proof(raw.content)
    assert isinstance(verdict, Verdict)
    assert str(verdict.ref) == "IRQ/14"


@pytest.mark.parametrize(
    "tail", ["TUR/99999", "XXX/1", "TUR/x", "TUR/-1", "TUR/99999/proof", "TUR/x/leaf", "TUR/99999/content"]
)
def test_what_is_not_here_is_404(stage: Stage, tail: str) -> None:
    assert stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/a/{tail}").status_code == 404


def test_acts_are_linked_before_and_after(stage: Stage) -> None:
    page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/a/TUR/4")
    assert re.search(r'rel="prev" href="[^"]*/a/TUR/3"', page.text)
    assert re.search(r'rel="next" href="[^"]*/a/TUR/5"', page.text)
    assert "meeting.convened/1" in seen(page)
    first = stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/a/TUR/0")
    assert 'rel="prev"' not in first.text
