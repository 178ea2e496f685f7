"""What was typed is kept whole, for its author alone, without secrets, and nothing hostile gets through."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.stage import Stage

from comity.core.errors import Refused
from comity.web import keeping

TEXTS = st.dictionaries(
    st.text(min_size=1, max_size=20), st.lists(st.text(max_size=60), max_size=3), max_size=5
)


def visit(stage: Stage, name: str) -> Any:
    house = stage.house("TUR")
    return SimpleNamespace(house=house, person=house.accounts.person(name))


@given(TEXTS)
def test_what_was_typed_travels_whole(texts: dict[str, list[str]]) -> None:
    assert keeping.unpacked(keeping.packed(texts)) == keeping.keepable(texts)


@pytest.mark.parametrize(
    "name",
    [
        "_csrf",
        "_passphrase",
        "_once",
        "_do",
        "_closed.password",
        "password",
        "passphrase",
        "Password",
        "key.passphrase",
        "pin",
        "old_password",
        "_0.title",
    ],
)
def test_secrets_are_never_kept(name: str) -> None:
    assert keeping.packed({name: ["four words and a lamp"]}) == ""
    assert keeping.keepable({name: ["x"], "title.en": ["y"]}) == {"title.en": ["y"]}


def test_what_stands_beside_a_content_is_kept_with_it() -> None:
    """How a day is counted, who signs, under which provision."""
    beside = {
        "_days": ["20"],
        "_start": ["2025-03-03"],
        "_closed.IRQ": ["2025-03-16"],
        "_sign_with": ["mfa"],
        "_mandate": ["TUR/1#art-1"],
    }
    assert keeping.unpacked(keeping.packed(beside)) == beside


@pytest.mark.parametrize(
    "sent", ["", "=", "x", "e30=", base64.b64encode(b'{"texts":{"a":[1]}}').decode(), "é", "A" * 3_000_000]
)
def test_what_is_not_ours_is_nothing(sent: str) -> None:
    assert keeping.unpacked(sent) == {}


def test_a_secret_put_into_the_hidden_field_is_dropped_there_too() -> None:
    sent = base64.b64encode(b'{"texts":{"password":["x"],"place":["Ankara"]}}').decode()
    assert keeping.unpacked(sent) == {"place": ["Ankara"]}


def test_more_than_a_mebibyte_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="draft_large"):
        keeping.packed({"text": ["ş" * (1 << 19)]})


def test_a_draft_belongs_to_one_person_and_one_path(stage: Stage) -> None:
    ayla, deniz = visit(stage, "ayla"), visit(stage, "deniz")
    keeping.keep(ayla, "/m/1/say/x/y%C5%9F?docket=TUR/1", {"title.en": ["Water"], "passphrase": ["x"]})
    found = keeping.kept(ayla, "/m/1/say/x/yş")
    assert found is not None
    assert found.texts == {"title.en": ["Water"]}
    assert keeping.kept(deniz, "/m/1/say/x/yş") is None
    assert keeping.kept(ayla, "/m/1/say/x/y") is None
    keeping.drop(ayla, "/m/1/say/x/yş")
    assert keeping.kept(ayla, "/m/1/say/x/yş") is None
