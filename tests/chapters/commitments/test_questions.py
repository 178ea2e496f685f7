"""What a commitment answers, on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from tests.chapters.commitments import scenarios as told
from tests.chapters.commitments.scenarios import DUE, FILE, Desk, agreed, at

from comity.chapters.commitments import acts
from comity.core.act import Ref

AUGUST, LATE = date(2024, 8, 31), date(2030, 1, 1)


def waits(desk: Desk, on: date = AUGUST) -> list[tuple[str, str, str]]:
    return [(wait["for"], wait["party"], wait["ref"]) for wait in desk.ask("waits_for", on)]


# ----------------------------------------------------------------------------------------------- status


def test_both_views_are_given_side_by_side_with_their_reasons() -> None:
    found = told.disputed().ask("status", AUGUST)
    assert (found["is"], found["status"], found["since"], found["terms"]) == (
        "disputed",
        "",
        "2024-08-18",
        "agreed",
    )
    assert [(view["party"], view["status"], view["reason"]) for view in found["views"]] == [
        ("IRQ", "obstructed", {"en": "The land is not free."}),
        ("TUR", "done", {}),
    ]


def test_who_owes_an_answer_is_named_with_what_waits_for_it() -> None:
    found = told.unanswered().ask("status", AUGUST)
    assert (found["is"], found["since"]) == ("unanswered", "2024-08-15")
    assert found["behind"] == {"IRQ": {"since": "2024-08-15", "ref": "TUR/41"}}


def test_a_status_tells_whether_the_terms_are_agreed_at_all() -> None:
    desk = Desk()
    desk.propose()
    assert desk.ask("status", AUGUST)["terms"] == "proposed"
    assert desk.ask("status", date(2024, 8, 1)) == {
        "is": "not_open",
        "status": "",
        "since": None,
        "terms": "",
        "views": [],
        "behind": {},
        "overdue": False,
    }


def test_a_closed_one_says_so_and_keeps_what_each_said_last() -> None:
    found = told.dropped().ask("status", AUGUST)
    assert (found["is"], found["terms"], found["since"]) == ("dropped", "dropped", "2024-08-15")
    assert [view["status"] for view in found["views"]] == ["not_started"]


def test_the_day_of_which_a_status_is_said_stands_beside_the_day_it_was_said() -> None:
    desk = agreed()
    desk.say("TUR", "status_asserted", acts.StatusAsserted("done", as_of=date(2024, 8, 1)))
    view = desk.ask("status", AUGUST)["views"][0]
    assert (view["day"], view["as_of"]) == ("2024-08-15", "2024-08-01")


# -------------------------------------------------------------------------------------------------- due


def test_a_due_day_is_told_with_how_it_was_counted_and_the_days_left() -> None:
    found = told.kept().ask("due", date(2025, 1, 1))
    assert found == {
        "on": "2025-01-31",
        "event": {},
        "basis": {"start": "2024-12-31", "count": 1, "unit": "months"},
        "terms": "agreed",
        "owners": ["IRQ", "TUR"],
        "days_left": 30,
        "overdue": False,
        "is": "agreed",
    }


def test_late_is_told_by_how_many_days() -> None:
    found = agreed().ask("due", DUE + timedelta(days=3))
    assert (found["days_left"], found["overdue"]) == (-3, True)


def test_an_event_is_told_in_words() -> None:
    found = told.child().ask("due", AUGUST)
    assert (found["on"], found["event"], found["days_left"], found["overdue"]) == (
        None,
        {"en": "when the centre opens"},
        None,
        False,
    )


def test_what_is_not_open_is_due_never() -> None:
    found = told.without_mandate().ask("due", AUGUST)
    assert (found["on"], found["owners"], found["terms"], found["is"]) == (None, [], "", "not_open")


# -------------------------------------------------------------------------------------------- waits for


def test_the_other_side_is_awaited_until_it_accepts() -> None:
    desk = Desk()
    first = desk.propose()
    assert desk.ask("waits_for", AUGUST) == [
        {"for": "terms", "party": "IRQ", "ref": "TUR/40", "since": "2024-08-15T12:00:00+00:00"}
    ]
    assert waits(desk, date(2024, 8, 14)) == []
    desk.accept("IRQ", first)
    assert waits(desk) == []


def test_other_terms_are_an_answer_and_turn_the_wait_round() -> None:
    desk = Desk()
    first = desk.propose()
    other = desk.terms("IRQ", first, title="Other")
    assert waits(desk) == [("terms", "TUR", str(other))]
    desk.withdraw("IRQ", other)
    assert waits(desk) == [("terms", "IRQ", "TUR/40")]


def test_a_closing_waits_for_the_others_yes() -> None:
    desk = agreed(("IRQ", "SYR", "TUR"))
    off = desk.close("IRQ")
    desk.accept("SYR", off)
    assert waits(desk) == [("closing", "TUR", str(off))]


def test_what_was_put_after_the_day_asked_does_not_wait() -> None:
    desk = agreed()
    desk.terms("TUR", title="Other", how={"time": at(20)})
    assert waits(desk, date(2024, 8, 19)) == []
    assert waits(desk, date(2024, 8, 20)) == [("terms", "IRQ", "TUR/41")]


def test_a_new_agreement_is_awaited_from_all_where_terms_crossed() -> None:
    assert waits(told.crossed_terms()) == [
        ("new_agreement", "IRQ", "TUR/40"),
        ("new_agreement", "TUR", "TUR/40"),
    ]
    assert waits(told.crossed_then_settled()) == []


def test_who_owes_an_answer_on_the_status_is_awaited() -> None:
    assert waits(told.unanswered()) == [("status", "IRQ", "TUR/41")]
    assert waits(told.disputed()) == []


def test_once_it_is_due_every_owner_that_has_said_nothing_since_is_awaited() -> None:
    desk = agreed()
    assert waits(desk, DUE) == []
    late = DUE + timedelta(days=1)
    assert waits(desk, late) == [("status_due", "IRQ", "TUR/40"), ("status_due", "TUR", "TUR/40")]
    for party in desk.parties:
        desk.state(party, "started")
    assert waits(desk, late) == [("status_due", "IRQ", "TUR/40"), ("status_due", "TUR", "TUR/40")]
    body = acts.StatusAsserted("obstructed", {"en": "No permit."})
    moment = at(15).replace(year=2025, month=1, day=2)
    desk.say("TUR", "status_asserted", body, time=moment)
    assert waits(desk, date(2025, 1, 2)) == [("status", "IRQ", "TUR/42")]


def test_an_owner_that_said_it_is_done_is_not_asked_again_when_it_is_due() -> None:
    desk = told.disputed()
    assert waits(desk, DUE + timedelta(days=1)) == [("status_due", "IRQ", "TUR/40")]


def test_a_closed_commitment_waits_for_nobody() -> None:
    desk = agreed()
    desk.state("TUR", "started")
    desk.terms("TUR", title="Other")
    desk.accept("IRQ", desk.close("TUR"))
    assert waits(desk, LATE) == []


def test_waits_have_the_shape_of_those_of_every_chapter() -> None:
    """They are listed together, the oldest first."""
    for story in told.STORIES:
        for wait in story().ask("waits_for", LATE):
            assert set(wait) == {"for", "party", "ref", "since"}
            assert date.fromisoformat(wait["since"][:10])


# --------------------------------------------------------------------------------------------- evidence


def test_withheld_evidence_shows_that_it_exists_and_its_hash() -> None:
    desk = agreed()
    desk.record("TUR")
    assert desk.ask("evidence", AUGUST) == [
        {
            "ref": "TUR/41",
            "by": "TUR",
            "day": "2024-08-15",
            "title": {"en": "Hand-over"},
            "digest": acts.evidence_digest(told.SALT, FILE),
            "size": len(FILE),
            "media_type": "text/plain",
            "shows": "done",
            "is": "withheld",
            "released": [],
        }
    ]


def test_a_released_file_is_held_against_the_hash() -> None:
    found = {item["ref"]: item["is"] for item in told.files().ask("evidence", AUGUST)}
    assert found == {"TUR/41": "withheld", "IRQ/41": "match", "IRQ/44": "mismatch"}


def test_a_destroyed_file_is_told_as_destroyed() -> None:
    desk = told.kept()
    bare = [msgspec.structs.replace(a, body=None) if "released" in a.kind else a for a in desk.acts]
    found = desk.chapter.questions["evidence"](desk.fold(bare).at(desk.sizes), AUGUST)
    assert [(item["is"], item["released"]) for item in found] == [("destroyed", ["IRQ/45"])]


def test_evidence_of_later_days_is_not_told() -> None:
    desk = agreed()
    evidence = desk.record("TUR", time=at(20))
    desk.release("TUR", evidence, time=at(25))
    found = [[item["is"] for item in desk.ask("evidence", at(day).date())] for day in (19, 20, 24, 25)]
    assert found == [[], ["withheld"], ["withheld"], ["match"]]


# ---------------------------------------------------------------------------------------------- lineage


def test_lineage_leads_one_step_each_way() -> None:
    found = told.child().ask("lineage", AUGUST)
    assert found == {
        "source": told.DECISION,
        "mandate": told.MANDATE,
        "parents": ["TUR/10", "IRQ/12"],
        "closings": [],
        "instruments": [],
    }
    found = told.split().ask("lineage", AUGUST)
    assert found["closings"] == [
        {"ref": "TUR/41", "outcome": "replaced", "by": ["TUR/45", "IRQ/50"], "standing": "agreed"}
    ]
    found = told.kept().ask("lineage", AUGUST)
    assert [(one["by"], one["instrument"]) for one in found["instruments"]] == [
        ("IRQ", "IRQ/20"),
        ("TUR", "TUR/3"),
    ]


def test_a_split_that_is_only_proposed_is_told_as_that() -> None:
    desk = agreed()
    desk.close("TUR", *desk.known(("TUR/45", ["TUR/40"])))
    assert desk.ask("lineage", AUGUST)["closings"][0]["standing"] == "open"


# ------------------------------------------------------------------------------------------- next dates


def ahead(desk: Desk, on: date) -> list[tuple[str, str]]:
    return [(entry["on"], entry["standing"]) for entry in desk.ask("next_dates", on)]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (agreed, [("2024-12-31", "agreed")]),
        (told.crossed_terms, [("2025-03-31", "crossed"), ("2025-06-30", "crossed")]),
        (told.kept, []),
        (told.split, []),
        (told.child, []),
        (told.without_mandate, []),
    ],
)
def test_due_days_are_ahead_with_how_firm_they_are(story: Any, expected: list[tuple[str, str]]) -> None:
    assert ahead(story(), AUGUST) == expected


def test_a_proposed_due_day_is_ahead_beside_the_agreed_one_until_it_has_passed() -> None:
    desk = agreed()
    desk.terms("IRQ", due=acts.Due(date(2025, 2, 1)))
    assert ahead(desk, AUGUST) == [("2024-12-31", "agreed"), ("2025-02-01", "proposed")]
    assert ahead(desk, DUE) == [("2024-12-31", "agreed"), ("2025-02-01", "proposed")]
    assert ahead(desk, DUE + timedelta(days=1)) == [("2025-02-01", "proposed")]
    assert desk.ask("next_dates", AUGUST)[0]["title"] == {"en": "Joint centre"}
    assert desk.ask("next_dates", AUGUST)[0]["ref"] == str(Ref("TUR", 40))
