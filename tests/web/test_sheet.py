"""The page of a form: one for every act, with what may be chosen beside its content where that matters."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from tests.web.world import VERBS, World, act_of, hidden, seen

from comity.accounts import MACHINE
from comity.core.act import LANGUAGES

KEY = re.compile(r"\b(say|fault|docket|act|input|field|verb|value|kind|label|web)\.[a-z_]+\b")


@pytest.fixture(autouse=True)
def _root(world: World) -> None:
    """The person may speak for the charter as well."""
    world.built.accounts.grant(MACHINE, "ayla", world.built.mechanism, "root")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_every_chapter_has_a_form(world: World, language: str) -> None:
    client = world.client(language)
    for chapter, verb in VERBS:
        page = client.get(f"{world.root}/say/{chapter}/{verb}")
        assert page.status_code == 200, (chapter, verb, seen(page))
        assert KEY.findall(seen(page)) == [], (chapter, verb)
        assert 'name="_csrf"' in page.text
        assert 'name="_once"' in page.text


def _options(page: httpx.Response, name: str) -> list[str]:
    """What may be chosen in a select."""
    inside = page.text.partition(f'<select id="f-{name}"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]+)"', inside)


def test_what_may_only_be_one_of_few_is_chosen(world: World) -> None:
    """The use of a key, the capacity of an office, an office that is filled, a key that is valid."""
    client, root = world.client(), f"{world.root}/say/charter"
    assert _options(client.get(f"{root}/add-key"), "use") == ["node", "sealing"]
    capacities = ["head_of_state", "head_of_government", "foreign_minister"]
    assert _options(client.get(f"{root}/fill-office"), "ex_officio") == capacities
    for verb in ("vacate-office", "issue-powers", "name-certificate"):
        offices = _options(client.get(f"{root}/{verb}"), "office")
        assert "secretariat" in offices
        assert "root" not in offices
    card = world.record.charter.card("TUR")
    assert set(_options(client.get(f"{root}/revoke-key"), "key")) >= {*card.node, card.sealing}
    page = world.confirmed(client, "charter/add-key", {"use": "gardens", "_new_key": "yes"})
    assert page.status_code == 409, "the rules refuse another word, as they always did"
    assert "gardens" in _options(page, "use"), "what was typed stays"


def test_announced_days_are_asked_for_where_days_are_counted(world: World) -> None:
    """Folded away until something stands there; nowhere else."""
    counted = world.client().get(f"{world.root}/say/commitments/propose")
    assert 'name="_closed.IRQ"' in counted.text
    assert 'name="_worked.TUR"' in counted.text
    assert "_closed" not in world.client().get(f"{world.root}/say/meetings/convene").text
    typed = {**hidden(counted), "_closed.IRQ": "2024-09-03", "_do": "edit"}
    back = world.client()
    back.get(f"{world.root}/say/commitments/propose")
    page = back.post(f"{world.root}/say/commitments/propose", typed)
    assert re.search(r"<details open><summary>Days that governments have announced", page.text)
    assert 'value="2024-09-03"' in page.text


def test_who_signs_is_asked_where_another_office_of_the_person_has_a_key(tmp_path: Path) -> None:
    world = World(tmp_path)
    try:
        accounts, mechanism = world.built.accounts, world.built.mechanism
        path = f"{world.root}/say/charter/issue-powers"
        accounts.grant(MACHINE, "ayla", mechanism, "root")
        accounts.revoke(MACHINE, "ayla", mechanism, "secretariat")
        assert 'name="_sign_with"' not in world.client().get(path).text, "there is no other"
        filled = {
            "office": "mfa",
            "titles.en": "Minister",
            "ex_officio": "foreign_minister",
            "_new_key": "yes",
        }
        act_of(world.said("charter/fill-office", filled))
        accounts.grant(MACHINE, "ayla", mechanism, "mfa")
        page = world.client().get(path)
        assert 'name="_sign_with"' in page.text
        assert '<option value="mfa">Minister</option>' in page.text
        assert 'name="_sign_with"' not in world.client().get(f"{world.root}/say/meetings/convene").text
    finally:
        world.built.close()
