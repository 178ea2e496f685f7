"""One request: who asks, in which language, about which mechanism; and no answer leads away from this node."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.web.stage import Stage

from comity.core.errors import Refused
from comity.web.drawing import Drawing
from comity.web.form import Form
from comity.web.visit import HIJRI, LANGUAGE, SESSION, Visit, reference

DRAWING = Drawing()


def visit(
    stage: Stage, name: str = "", path: Any = (), query: Any = (), cookies: Any = (), accept: str = ""
) -> Visit:
    """A request to Türkiye's node, by whom that is; nobody: `name` is ""."""
    known = {SESSION: stage.cookie("TUR", name)} if name else {}
    request = SimpleNamespace(
        path_params=dict(path), query_params=dict(query), cookies=known | dict(cookies),
        headers={"accept-language": accept}, client=None,
        url=SimpleNamespace(path="/account", query="on=2024-12-02", scheme="https"),
    )  # fmt: skip
    return Visit(stage.house("TUR"), DRAWING, cast(Any, request), Form())


def test_the_language_is_the_address_s_or_as_chosen_or_the_person_s_or_the_browser_s(stage: Stage) -> None:
    """In that order; what is no language of ours is passed over. Only the address's is kept."""
    asked: list[tuple[dict[str, Any], str]] = [
        ({"query": {"lang": "ar"}, "cookies": {LANGUAGE: "en"}}, "ar"),
        ({"query": {"lang": "xx"}, "cookies": {LANGUAGE: "en"}}, "en"),
        ({"cookies": {LANGUAGE: "xx"}, "accept": "ar"}, "tr"),
        ({"accept": "ar"}, "tr"),
    ]
    for how, language in asked:
        made = visit(stage, "ayla", **how)
        assert made.language == language
        assert [one.key for one in made.cookies] == ([LANGUAGE] if language == "ar" else [])
    for accept, language in (("de, AR-iq;q=0.8, tr", "ar"), ("de", "en"), ("", "en")):
        assert visit(stage, accept=accept).language == language


def test_hijri_days_are_shown_from_when_they_are_asked_for_until_they_are_not(stage: Stage) -> None:
    assert visit(stage, query={"hijri": "1"}).shows_hijri
    assert visit(stage, cookies={HIJRI: "1"}).shows_hijri
    assert not visit(stage, query={"hijri": "0"}, cookies={HIJRI: "1"}).shows_hijri
    assert not visit(stage, query={"hijri": "x"}).shows_hijri


def test_who_is_not_signed_in_is_asked_to_be(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        visit(stage, cookies={SESSION: "x" * 43}).person  # noqa: B018 -- to ask is to be refused
    assert refused.value.code == "sign_in_first"
    assert visit(stage, "ayla").person.name == "ayla"


def test_a_mechanism_that_one_may_not_read_is_refused_like_one_that_is_not_there(stage: Stage) -> None:
    """Deniz administers and holds no office. An identifier is cut after twelve signs and no earlier."""
    [record] = stage.house("TUR").mechanisms()
    assert visit(stage, "ayla", {"mechanism": record.mechanism[:12]}).record is record
    for name, asked in (
        ("deniz", record.mechanism[:12]),
        ("ayla", "0" * 12),
        ("ayla", record.mechanism[:5]),
        ("ayla", ""),
    ):
        with pytest.raises(Refused) as refused:
            visit(stage, name, {"mechanism": asked}).record  # noqa: B018 -- to ask is to be refused
        assert refused.value.code == "mechanism_unknown"


def test_an_answer_leads_to_this_node_alone(stage: Stage) -> None:
    """Seen to fail with two slashes, which a browser takes for another host."""
    made = visit(stage)
    assert made.go("/m/1?on=2").headers["location"] == "/m/1?on=2"
    for elsewhere in ("https://example.org/", "javascript:alert(1)", "//example.org/", "/\\example.org", ""):
        assert made.go(elsewhere).headers["location"] == "/"


def test_cookies_are_for_this_site_and_travel_under_tls_where_the_node_is_reached_so(stage: Stage) -> None:
    made = visit(stage)
    made.keep("x", "1", private=True)
    [cookie] = made.cookies
    assert (cookie.httponly, cookie.samesite, cookie.secure, cookie.path) == (True, "lax", True, "/")


@pytest.mark.parametrize("text", ["TUR/x", "", "TUR", "\u202eTUR/1", "TUR/01"])
def test_what_is_no_reference_is_no_act(text: str) -> None:
    with pytest.raises(Refused) as refused:
        reference(text)
    assert refused.value.code == "act_unknown"
    assert "\u202e" not in str(refused.value.facts)
