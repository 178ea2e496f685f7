"""The page that asks for the last word shows what would be said, and carries all that the last button needs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.web.world import MEETING, PAYLOAD, World, act_of, errors, hidden, seen

from comity.accounts import MACHINE
from comity.core.act import LANGUAGES, Ref
from comity.core.keys import key_id


@pytest.fixture(autouse=True)
def _root(world: World) -> None:
    """The person may speak for the charter as well."""
    world.built.accounts.grant(MACHINE, "ayla", world.built.mechanism, "root")


def test_what_will_be_said_shows_controls_of_direction(world: World) -> None:
    page = world.confirmed(
        world.client(), f"meetings/propose-item/{world.convene(52)}", {"title.en": f"Water {PAYLOAD}"}
    )
    assert page.status_code == 200
    assert '<span class="control">⟨U+202E⟩</span>' in page.text
    assert "&lt;script&gt;" in page.text


def test_a_fresh_key_is_made_when_the_act_is_said_and_once(world: World) -> None:
    keys = world.built.nodes["TUR"].folder / "keys"
    before = len(list(keys.glob("*.key")))
    typed = {"office": "registry", "titles.en": "Registry", "_new_key": "yes"}
    client = world.client()
    page = world.confirmed(client, "charter/fill-office", typed)
    assert page.status_code == 200, seen(page)
    assert len(list(keys.glob("*.key"))) == before
    path = f"{world.root}/say/charter/fill-office"
    first = client.post(path, {**hidden(page), "_do": "say"})
    assert act_of(first) == act_of(client.post(path, {**hidden(page), "_do": "say"}))
    assert len(list(keys.glob("*.key"))) == before + 1


def test_another_office_signs_with_its_own_key(tmp_path: Path) -> None:
    """The page names who signs, and asks for the passphrase of that key."""
    world = World(tmp_path)
    try:
        accounts, mechanism, node = world.built.accounts, world.built.mechanism, world.built.nodes["TUR"]
        accounts.grant(MACHINE, "ayla", mechanism, "root")
        filled = {
            "office": "mfa",
            "titles.en": "Minister",
            "ex_officio": "foreign_minister",
            "_new_key": "yes",
        }
        act_of(world.said("charter/fill-office", filled))
        accounts.grant(MACHINE, "ayla", mechanism, "mfa")
        with world.record.reading():
            key = world.record.folds.offices("TUR", world.record.ready)["mfa"].key
        node.keys.reseal(key, "", "the minister's own")
        typed = {"office": "secretariat", "key": key, "instrument": "TUR/1", "_sign_with": "mfa"}
        client = world.client()
        page = world.confirmed(client, "charter/issue-powers", typed)
        assert page.status_code == 200, seen(page)
        assert "Who signs Minister" in seen(page)
        assert 'type="password"' in page.text
        sent = {**hidden(page), "_do": "say"}
        assert "_passphrase" in errors(client.post(f"{world.root}/say/charter/issue-powers", sent))
        done = client.post(
            f"{world.root}/say/charter/issue-powers", {**sent, "_passphrase": "the minister's own"}
        )
        act_of(done)
        with world.record.reading():
            assert world.record.folds.view(Ref("TUR", 0)).acts[-1].signer == key_id(key)
        stranger = world.confirmed(client, "charter/issue-powers", {**typed, "_sign_with": "registry"})
        assert stranger.status_code == 409
    finally:
        world.built.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clock_that_went_back_is_looked_at_by_a_person(tmp_path: Path, language: str) -> None:
    """The form comes back with the refusal and a box to tick, on whichever page it was noticed; then it is said."""
    world = World(tmp_path)
    try:
        client, path = world.client(language), f"{world.root}/say/meetings/convene"
        assert 'name="_clock_checked"' not in client.get(path).text
        early = world.confirmed(client, "meetings/convene", MEETING)
        world.built.clock.now -= timedelta(hours=2)
        again = world.confirmed(client, "meetings/convene", MEETING)
        last = client.post(path, {**hidden(early), "_do": "say"})
        for page in (again, last):
            assert page.status_code == 409
            assert "_clock_checked" in errors(page)
            assert 'type="checkbox" id="f-_clock_checked"' in page.text
            assert "_clock_checked" not in hidden(page)
        ticked = world.confirmed(client, "meetings/convene", {**MEETING, "_clock_checked": "yes"})
        assert ticked.status_code == 200
        assert act_of(client.post(path, {**hidden(ticked), "_do": "say"}))
        world.built.clock.now -= timedelta(hours=2)
        ref = act_of(
            client.post(
                path, {**hidden(last), "round": "8", "_once": "other", "_clock_checked": "yes", "_do": "say"}
            )
        )
        assert ref.party == "TUR"
    finally:
        world.built.close()
