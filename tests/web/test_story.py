"""The whole story by hand: what the demonstration tells on the command line, said in browsers on both nodes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web.browser import Fresh
from tests.web.hand import Hand

from comity.core.act import Ref
from comity.demo.scenes import Play
from comity.demo.stage import PARTIES
from comity.demo.telling import Teller
from comity.node import asking, showing

RUNS = [
    pytest.param("en", True, 1280, id="en"),
    pytest.param("tr", False, 768, id="tr-without-a-script"),
    pytest.param("ar", True, 360, id="ar-at-360"),
]


@pytest.mark.parametrize(("language", "js", "width"), RUNS)
def test_the_whole_story_can_be_told_by_hand(
    tmp_path: Path,
    fresh: Fresh,
    language: str,
    js: bool,
    width: int,
) -> None:
    """In each language; once with scripts off, once on a telephone. Both nodes end with the same settled state."""
    hand = Hand(tmp_path, language, fresh, js=js, width=width)
    play = Play(hand, Teller(language), language)
    try:
        play.run()
        records = [hand.record(party) for party in PARTIES]
        assert asking.digest(records[0]) == asking.digest(records[1])
        assert hand.said > 60
        assert play.verification
        for record in records:
            for number in range(record.store.size(record.party)):
                found = showing.show(record, Ref(record.party, number))
                assert not found["irregular"], found
    finally:
        hand.close()
