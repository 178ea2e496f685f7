"""How a committee is told: title, state, milestones, and the summary that overviews are made of."""

from __future__ import annotations

import json
from datetime import date

import msgspec
import pytest
from tests.chapters.committees import scenarios as at

from comity.chapters.committees import account
from comity.core.act import Ref


def test_a_committee_is_named_by_its_body() -> None:
    room = at.Room()
    room.constitute()
    assert account.title(room.view()) == at.NAMES
    plain = at.Room()
    plain.constitute(names={})
    assert account.title(plain.view()) == {"en": at.BODY}
    assert account.title(at.without_mandate().view()) == {"en": "TUR/1"}


def test_the_whole_state_is_told_with_names_and_who_was_named_in_which_act() -> None:
    told = account.describe(at.main_path().view())
    assert (told["body"], told["mandate"], told["constituted_by"]) == (at.BODY, at.MANDATE, "TUR")
    assert told["seats"] == at.SEATS
    first, second, third = told["terms"]["TUR"]
    assert first == {
        "ref": "TUR/2",
        "seat": "TUR-1",
        "role": "co_chair",
        "since": "2024-09-01",
        "until": "2026-08-31",
        "vacated": "",
        "begun": True,
        "named": "TUR/3",
        "name": "A. Example",
        "capacity": {"en": "Deputy Minister"},
        "destroyed": False,
    }
    assert (second["until"], second["vacated"], second["name"]) == ("2025-02-28", "TUR/6", "B. Example")
    assert (third["until"], third["name"]) == (None, "C. Example")


def test_a_destroyed_name_is_told_as_destroyed_and_the_term_stays() -> None:
    """Seen to fail when a destroyed name is told as never given."""
    room = at.Room()
    room.constitute()
    term = room.fill("TUR")
    room.force(room.act("TUR", "committee.person_named/1", None, answers=[term]))
    unnamed = room.fill("TUR", 2)
    first, second = account.describe(room.view())["terms"]["TUR"]
    assert (first["ref"], first["name"], first["destroyed"], first["until"]) == (
        "TUR/2",
        None,
        True,
        "2026-08-31",
    )
    assert (second["ref"], second["name"], second["destroyed"]) == (str(unnamed), None, False)


def test_a_report_is_told_with_its_hash_its_cut_and_whose_yes_stands() -> None:
    room = at.counter_report()
    counter, first = account.reports(room.view())
    assert {key: counter[key] for key in ("ref", "by", "since", "until", "digest", "at", "answers")} == {
        "ref": "IRQ/2",
        "by": "IRQ",
        "since": "2024-01-01",
        "until": "2024-12-31",
        "digest": "b" * 64,
        "at": {"IRQ": 2},
        "answers": ["TUR/2"],
    }
    assert (counter["standing"], counter["agreed"], counter["newest"]) == ("agreed", True, True)
    assert counter["yes"] == {"IRQ": "IRQ/2", "TUR": "TUR/3"}
    assert (first["standing"], first["agreed"], first["newest"]) == ("overtaken", False, False)
    assert first["yes"] == {"TUR": "TUR/2"}


def test_a_report_that_was_taken_back_has_no_yes() -> None:
    room = at.Room()
    room.constitute()
    room.no("TUR", room.report("TUR"))
    [told] = account.reports(room.view())
    assert (told["standing"], told["yes"]) == ("withdrawn", {})


def test_milestones_are_settled_by_the_acts_that_made_them() -> None:
    room = at.main_path()
    found = {(m.what, m.subject): (dict(m.halves), dict(m.facts)) for m in account.milestones(room.view())}
    assert found["constituted", "TUR/1"] == ({"TUR": 1}, {})
    assert found["seat_filled", "IRQ/1"] == ({"IRQ": 1}, {"seat": "IRQ-1", "since": "2024-09-01"})
    assert found["person_named", "TUR/5"] == ({"TUR": 5}, {"seat": "TUR-2"})
    assert found["seat_vacated", "TUR/6"] == ({"TUR": 6}, {"seat": "TUR-2", "on": "2025-03-01"})
    year = {"since": "2024-01-01", "until": "2024-12-31"}
    assert found["report_agreed", "TUR/9"] == ({"IRQ": 3, "TUR": 9}, year)
    assert account.milestones(at.without_mandate().view()) == []


def test_the_summary_has_terms_and_reports_and_no_name() -> None:
    """What the registers of all committees are made of holds no personal data."""
    room = at.corrected_vacating()
    room.name("TUR", Ref("TUR", 2), "A. Example")
    found = account.summary(room.view())
    assert "Example" not in json.dumps(found)
    assert [term["ref"] for term in found["terms"]["TUR"]] == ["TUR/2", "TUR/8"], "a term that never began"
    assert found["terms"]["IRQ"] == []
    assert {"docket", "mandate", "body", "names", "parties", "seats", "terms", "reports"} <= set(found)
    assert account.summary(at.without_mandate().view()) == {"body": None, "docket": "TUR/1"}


@pytest.mark.parametrize("room", at.scenarios())
def test_the_summary_is_the_state_without_names(room: at.Room) -> None:
    """And has no day in it: it is the same whenever it is asked for, and plain data."""
    found, whole = account.summary(room.view()), account.describe(room.view())
    assert found == msgspec.to_builtins(found)
    if found["body"] is None:
        return
    for party, terms in found["terms"].items():
        begun = [term for term in whole["terms"][party] if term["begun"]]
        assert terms == [{key: term[key] for key in terms[0]} for term in begun] if terms else begun == []
    assert found["reports"] == whole["reports"]
    assert all(date.fromisoformat(term["since"]) for term in found["terms"]["TUR"])
