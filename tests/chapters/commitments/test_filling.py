"""What a person leaves out of new terms is taken from those that hold."""

from __future__ import annotations

from datetime import date

import msgspec
from tests.chapters.commitments import scenarios as told
from tests.chapters.commitments.scenarios import Desk, agreed

from comity.chapters.commitments import acts
from comity.chapters.commitments.filling import fill_terms
from comity.core.act import Ref


def test_a_new_due_date_leaves_everything_else_as_it_is() -> None:
    desk = agreed()
    filled = fill_terms(desk.view(), {"terms": {"due": {"on": "2025-06-30"}}}, [])
    read = msgspec.convert(filled, acts.TermsProposed)
    held = desk.view().halves["TUR"].opening.body.terms
    assert read.terms == msgspec.structs.replace(held, due=acts.Due(date(2025, 6, 30)))


def test_terms_that_are_answered_are_the_ground_and_not_those_that_hold() -> None:
    desk = agreed()
    other = desk.terms("IRQ", title="Another centre")
    filled = fill_terms(desk.view(), {"terms": {"owners": ["IRQ"]}}, [other])
    assert filled["terms"]["title"] == {"en": "Another centre"}
    assert fill_terms(desk.view(), {"terms": {}}, [Ref("IRQ", 99)])["terms"]["title"] == {
        "en": "Joint centre"
    }


def test_where_terms_crossed_those_with_the_lowest_reference_are_the_ground() -> None:
    filled = fill_terms(told.crossed_terms().view(), {"terms": {}}, [])
    assert filled["terms"]["due"] == {"on": "2025-06-30"}


def test_what_was_typed_is_never_changed() -> None:
    view = agreed().view()
    given = {"source": "IRQ/1#x", "title": {"tr": "Merkez"}, "unknown": "1"}
    assert {**fill_terms(view, {"terms": given}, [])["terms"], **given} == fill_terms(
        view, {"terms": given}, []
    )["terms"]
    assert fill_terms(view, {}, []) == {}
    assert fill_terms(view, {"terms": "text"}, []) == {"terms": "text"}


def test_nothing_is_filled_where_no_commitment_is_open() -> None:
    assert fill_terms(Desk().view(), {"terms": {}}, []) == {"terms": {}}
