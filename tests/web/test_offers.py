"""What is offered is what the rules would take, tried without saying it."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from tests.web.world import World, act_of

from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.errors import Refused
from comity.node import showing
from comity.web import offers
from comity.web.offers import Offers, Unsigned, UnsignedKeys, say_path
from comity.words import Words


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


def test_what_is_not_tried_would_not_be_offered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With proposals that are open in several chapters. Seen to fail where no yes and no no was tried."""
    sent = {"sort": "communique", "title.en": "Water", "passages.0.en": "They met."}
    stated = act_of(world.said("statements/propose", sent))
    taken_back = act_of(world.said("statements/propose", sent))
    act_of(world.said(f"statements/withdraw-acceptance/{taken_back}?answers={taken_back}"))
    convened = world.convene(9)
    record = world.record
    visit: Any = SimpleNamespace(
        record=record, house=world.built.house, words=Words("en"), root="/m/x",
        offices=frozenset(record.folds.offices(record.party, record.ready)),
    )  # fmt: skip
    tried = 0

    def offered(ref: Ref) -> Offers:
        said = showing.Conversation(record, ref)
        newest = [said.show(one) for one in said.order]
        return offers._Trial(visit, record.folds.fold(ref).chapter, ref, newest).offers()

    def can_answer(_self: object, kind: Kind, _ref: Ref) -> bool:
        nonlocal tried
        tried += kind.answers[1] > 0
        return kind.answers[1] > 0

    with record.reading():
        dockets = [ref for noun in record.folds.nouns() for ref in record.store.opened(noun, None, 1_000)]
        told = {ref: offered(ref) for ref in dockets}
        monkeypatch.setattr(offers._Trial, "_can_answer", can_answer)
        assert told == {ref: offered(ref) for ref in dockets}
    assert tried > 40
    verbs = {
        ref: {offer.verb for found in one.answering.values() for offer in found} for ref, one in told.items()
    }
    assert "withdraw-acceptance" in verbs[stated]
    assert "accept" in verbs[taken_back]
    assert verbs[convened]


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
