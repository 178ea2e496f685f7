"""The record browser: every act of every log can be reached, and a log's signed head is given as it is stored."""

from __future__ import annotations

import re

import pytest
from tests.web.stage import Stage

from comity.core.checkpoint import parse_note
from comity.web import records


def test_each_log_is_there_with_its_head_and_whoever_countersigned_it(stage: Stage) -> None:
    page = stage.client("TUR", "ayla", "en").get(f"{stage.root('TUR')}/record").text
    record = stage.house("TUR").mechanisms()[0]
    for party in record.parties:
        head = record.logs[party].head
        assert head is not None
        assert head.checkpoint.text().split("\n")[2] in page
        assert f'href="{stage.root("TUR")}/record/{party}"' in page
    assert record.mechanism in page


def test_every_act_of_a_log_is_on_one_of_its_pages_newest_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PER_PAGE", 20)
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    seen: list[int] = []
    href = f"{root}/record/TUR"
    while href:
        page = client.get(href).text
        told = re.findall(
            rf'<td[^>]*data-label="act"[^>]*><div><a class="ref" href="{root}/a/TUR/([0-9]+)"', page
        )
        seen += [int(number) for number in told]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        href = found[1].replace("&amp;", "&") if found else ""
    size = stage.house("TUR").mechanisms()[0].store.size("TUR")
    assert seen == list(reversed(range(size)))


@pytest.mark.parametrize("start", ["-1", "x", "9" * 30, "٣", "1e3", "%00", "<script>"])
def test_a_page_that_nobody_can_mean_is_the_newest_one(stage: Stage, start: str) -> None:
    client = stage.client("IRQ", "layla", "en")
    asked = client.get(f"{stage.root('IRQ')}/record/TUR?from={start}")
    assert asked.status_code == 200
    assert f'href="{stage.root("IRQ")}/a/TUR/45"' in asked.text


def test_a_log_that_is_none_is_not_here(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    for party in ("SYR", "tur", "%3Cb%3E", "TUR%2F1"):
        assert client.get(f"{root}/record/{party}").status_code == 404
        assert client.get(f"{root}/record/{party}/checkpoint").status_code == 404


def test_a_signed_head_is_given_byte_for_byte(stage: Stage) -> None:
    answer = stage.client("TUR", "ayla").get(f"{stage.root('TUR')}/record/IRQ/checkpoint")
    head = stage.house("TUR").mechanisms()[0].logs["IRQ"].head
    assert head is not None
    assert parse_note(answer.content) == head
    assert answer.headers["content-disposition"].startswith("attachment")
