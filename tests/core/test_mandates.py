"""What a docket is opened for stands in the provision cited, and its acts cite no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.chapters.table import Setting
from tests.core.author import NOON

from comity.core.act import Act, Ref
from comity.core.chapter import BodyTerms, Mandate
from comity.core.errors import Refused
from comity.core.mandates import check_body, check_same_mandate

REF = "TUR/3#art-2"
NAMES = {"en": "Joint Committee"}
TERMS = BodyTerms("joint-committee", "committee", NAMES, seats={"TUR": 3})


def opening(mandate: str = REF) -> Act:
    return Act(Ref("TUR", 5), "x.opened/1", Ref("TUR", 5), NOON, "root", mandate, (), {}, "", None)


def setting(*parties: str) -> Setting:
    made = Setting(("IRQ", "SYR", "TUR"))
    made.mandates[REF] = Mandate(REF, NAMES, parties or ("IRQ", "TUR"), (TERMS,), date(2019, 1, 1))
    return made


def test_the_terms_of_the_body_are_given_back() -> None:
    assert check_body(opening(), setting(), TERMS.id, NAMES, ("TUR", "IRQ")) is TERMS
    assert check_body(opening(), setting(), TERMS.id, {}, ("IRQ", "TUR")) is TERMS
    assert check_body(opening(), setting("IRQ", "SYR", "TUR"), TERMS.id, {}, ()) is TERMS


@pytest.mark.parametrize(
    ("code", "facts", "given"),
    [
        ("body_unknown", {"body": "centre", "known": TERMS.id}, ("centre", {}, ("IRQ", "TUR"))),
        ("body_name_differs", {"body": TERMS.id}, (TERMS.id, {"en": "Other"}, ("IRQ", "TUR"))),
        ("parties_differ", {"parties": "IRQ, TUR"}, (TERMS.id, {}, ("TUR",))),
        ("parties_differ", {"parties": "IRQ, TUR"}, (TERMS.id, {}, ())),
        ("parties_differ", {"parties": "IRQ, TUR"}, (TERMS.id, {}, ("IRQ", "TUR", "TUR"))),
    ],
)
def test_what_the_mandate_does_not_say_is_refused(code: str, facts: dict[str, str], given: Any) -> None:
    with pytest.raises(Refused) as refusal:
        check_body(opening(), setting(), *given)
    assert (refusal.value.code, refusal.value.provision, refusal.value.facts) == (code, REF, facts)


def test_a_provision_that_is_none_sets_up_no_body() -> None:
    with pytest.raises(Refused) as refusal:
        check_body(opening("TUR/3#art-9"), setting(), TERMS.id, {}, ())
    assert refusal.value.facts == {"body": TERMS.id, "known": "—"}


def test_acts_of_a_docket_cite_the_provision_under_which_it_was_opened() -> None:
    check_same_mandate(opening(), REF)
    with pytest.raises(Refused) as refusal:
        check_same_mandate(opening("TUR/3#art-9"), REF)
    assert (refusal.value.code, refusal.value.provision) == ("mandate_differs", "law 5")
