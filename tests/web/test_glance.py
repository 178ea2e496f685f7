"""The first page of a mechanism: what waits for us and for them, what comes, who holds what, and whether we may speak."""

from __future__ import annotations

import pytest
from tests.web.stage import Stage

from comity.core.act import LANGUAGES
from comity.words import Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_waits_for_each_side_is_told_apart(stage: Stage, language: str) -> None:
    page = stage.client("TUR", "ayla", language).get(stage.root("TUR")).text
    words = Words(language)
    for key in ("web.glance.ours.none", "web.glance.coming.none"):
        assert words.say(key, "web") not in page
    for key in ("web.glance.coming", "web.glance.bodies", "web.glance.logs"):
        assert f"<h2>{words.say(key, 'web')}</h2>" in page
    assert f'href="{stage.root("TUR")}/d/TUR/36"' in page
    assert f'href="{stage.root("TUR")}/record/IRQ"' in page
    assert words.say("web.glance.may_speak", "web") in page
    assert "web." not in page.replace("/static/", "")


def test_hijri_days_are_shown_on_request_and_remembered(stage: Stage) -> None:
    client = stage.client("TUR", "ayla", "en")
    assert 'class="hijri"' not in client.get(stage.root("TUR")).text
    assert 'class="hijri"' in client.get(f"{stage.root('TUR')}?hijri=1").text
    assert 'class="hijri"' in client.get(stage.root("TUR")).text
    assert 'class="hijri"' not in client.get(f"{stage.root('TUR')}?hijri=0").text


def test_a_node_that_must_be_silent_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restore; and a log that is frozen, by name."""
    record = stage.house("TUR").mechanisms()[0]
    monkeypatch.setattr(record, "silent", ["IRQ"])
    monkeypatch.setattr(record, "frozen", {"IRQ": b"proof"})
    page = stage.client("TUR", "ayla", "en").get(stage.root("TUR")).text
    assert "was restored from a backup" in page
    assert "has shown two histories" in page
    assert Words("en").say("web.glance.may_speak", "web") not in page


def test_the_state_is_one_short_line_of_this_mechanism(stage: Stage) -> None:
    client = stage.client("IRQ", "layla")
    answer = client.get(f"{stage.root('IRQ')}/state")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == stage.house("IRQ").state(stage.house("IRQ").mechanisms()[0])
    assert stage.client("IRQ").get(f"{stage.root('IRQ')}/state").status_code == 303
    assert client.get("/m/000000000000/state").status_code == 404
