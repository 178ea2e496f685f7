"""What is offered is what the rules would take, tried without saying it."""

from __future__ import annotations

import re

import pytest
from tests.web.world import World, act_of

from comity.core.errors import Refused
from comity.web.offers import Unsigned, UnsignedKeys, say_path


def _offered(world: World, docket: object) -> set[str]:
    page = world.client().get(f"{world.root}/d/{docket}")
    return set(re.findall(r'/say/[a-z]+/([a-z-]+)[?"]', page.text))


def test_what_changes_what_may_be_said_changes_what_is_offered(world: World) -> None:
    sent = {"sort": "communique", "title.en": "Water", "passages.0.en": "They met."}
    ref = act_of(world.said("statements/propose", sent))
    before = world.record.store.size("TUR")
    assert {"withdraw-acceptance", "record-publication"} <= _offered(world, ref)
    assert "accept" not in _offered(world, ref)
    assert world.record.store.size("TUR") == before, "nothing was said by trying"
    act_of(world.said(f"statements/withdraw-acceptance/{ref}?answers={ref}"))
    assert "withdraw-acceptance" not in _offered(world, ref)
    assert "accept" in _offered(world, ref)


def test_a_path_of_a_form_says_what_it_is_about() -> None:
    assert say_path("/m/x", "meetings", "convene") == "/m/x/say/meetings/convene"
    assert say_path("/m/x", "meetings", "accept-date", docket="TUR/4", answers="IRQ/4").endswith(
        "=TUR%2F4&answers=IRQ%2F4"
    )


def test_nobody_signs_and_no_key_is_made_by_trying() -> None:
    assert UnsignedKeys().signer("ed25519:x") == Unsigned("ed25519:x")
    assert set(Unsigned("ed25519:x").sign(b"whatever")) == {0}
    with pytest.raises(Refused, match="key_which"):
        UnsignedKeys().make("ed25519")
